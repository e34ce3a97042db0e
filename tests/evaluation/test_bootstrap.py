"""Intervals and differences: against scipy, and against the figures of rows that are really drawn."""

import numpy as np
import pytest
from scipy.stats import bootstrap, pearsonr, spearmanr
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from embedlab.evaluation import (
    Estimate,
    difference,
    estimate,
    mean_estimate,
    rand_and_information,
    rank_correlation,
    weighted_correlation,
)
from embedlab.evaluation.bootstrap import N_RESAMPLES


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


def test_the_interval_of_a_mean_is_that_of_scipy():
    values = np.random.default_rng(3).exponential(size=200)
    ours = mean_estimate(values)
    low, high = bootstrap(
        [values], np.mean, method="percentile", n_resamples=9999, rng=np.random.default_rng(0)
    ).confidence_interval
    assert ours.value == pytest.approx(values.mean())
    np.testing.assert_allclose(ours.interval, (low, high), atol=0.02)
    # By hand: 1.96 standard errors to either side.
    np.testing.assert_allclose(np.diff(ours.interval)[0], 2 * 1.96 * values.std() / np.sqrt(200), rtol=0.1)
    assert len(ours.draws) == N_RESAMPLES


def test_the_interval_lies_around_the_figure_where_draws_are_off():
    draws = np.random.default_rng(0).normal(5, 1, 1000)
    low, high = Estimate(3.0, draws, 10).interval
    assert low < 3 < high
    assert high - low == pytest.approx(2 * 1.96, rel=0.1)


def test_a_paired_difference_is_known_better_than_either_figure():
    rng = np.random.default_rng(4)
    hard = rng.random(300)
    one, other = mean_estimate(hard), mean_estimate(hard - 0.02 + 0.01 * rng.standard_normal(300))
    found = difference(other, one)
    assert found.is_clear
    assert found.low < -0.02 < found.high
    assert other.interval[0] < one.value < other.interval[1], "alone, the two intervals overlap"


def test_noise_is_no_winner_and_the_rows_needed_are_enough():
    rng = np.random.default_rng(5)

    def pair(n):
        base = rng.random(n)
        return mean_estimate(base), mean_estimate(base + 0.01 + 0.3 * rng.standard_normal(n))

    one, other = pair(100)
    found = difference(other, one)
    assert not found.is_clear
    assert difference(one, one) == difference(other, other)
    assert difference(one, one).n_needed is None
    # (1.96 + 0.84)² variances over the squared difference, by hand.
    expected = (2.8 * 0.3 / 0.01) ** 2
    assert np.mean([difference(*pair(20_000)[::-1]).is_clear for _ in range(3)]) == 1
    true = difference(Estimate(0.01, 0.03 * rng.standard_normal(1000), 100), Estimate(0.0, np.zeros(1000), 100))
    assert true.n_needed == pytest.approx(expected, rel=0.15)


def test_many_comparisons_widen_the_interval():
    figure, best = mean_estimate(np.arange(50.0)), mean_estimate(np.arange(50.0)[::-1] + 1)
    one, many = difference(figure, best), difference(figure, best, n_compared=20)
    assert many.high - many.low > 1.4 * (one.high - one.low)


def test_draws_are_the_same_for_all_and_in_blocks(monkeypatch):
    values = np.random.default_rng(0).random(64)
    whole = mean_estimate(values).draws
    monkeypatch.setattr("embedlab.evaluation.bootstrap._BLOCK_ELEMENTS", 640)
    np.testing.assert_allclose(mean_estimate(values).draws, whole)
    assert estimate(64, lambda counts: counts.sum(axis=1)).draws.tolist() == [64.0] * N_RESAMPLES
