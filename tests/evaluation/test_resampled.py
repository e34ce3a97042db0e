"""Figures of rows that were drawn: against those of the rows written out as often as they were drawn."""

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from embedlab.evaluation import rand_and_information, rank_correlation, weighted_correlation


def drawn(counts):
    """The rows written out as often as they were drawn."""
    return np.repeat(np.arange(len(counts)), counts.astype(int))


@pytest.fixture
def counts():
    rng = np.random.default_rng(0)
    return np.array([np.bincount(rng.integers(40, size=40), minlength=40) for _ in range(20)], dtype=float)


def test_correlations_of_draws_are_those_of_the_rows_written_out(counts):
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal(40).round(1), rng.integers(0, 5, 40).astype(float)
    y += x.round()  # with ties in both
    for ours, theirs in ((weighted_correlation, pearsonr), (rank_correlation, spearmanr)):
        expected = [theirs(x[drawn(row)], y[drawn(row)]).statistic for row in counts]
        np.testing.assert_allclose(ours(x, y, counts), expected, atol=1e-12)


def test_agreement_of_clusters_in_draws_is_that_of_the_rows_written_out(counts):
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 4, 40)
    reference = np.where(rng.random(40) < 0.6, labels, rng.integers(0, 6, 40))
    ari, nmi = rand_and_information(labels, reference)(counts)
    for ours, theirs in ((ari, adjusted_rand_score), (nmi, normalized_mutual_info_score)):
        expected = [theirs(reference[drawn(row)], labels[drawn(row)]) for row in counts]
        np.testing.assert_allclose(ours, expected, atol=1e-12)
    assert rand_and_information(labels, labels)(np.ones((1, 40))) == (1, pytest.approx(1))


def test_equal_values_have_no_correlation():
    assert np.isnan(weighted_correlation(np.ones(5), np.arange(5.0), np.ones((1, 5)))[0])
