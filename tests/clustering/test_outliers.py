"""Outliers: both numbers by hand, against scikit-learn, and for copies and noise."""

import math

import numpy as np
import pytest
from sklearn.neighbors import LocalOutlierFactor

from embedlab.clustering import outlier_scores
from embedlab.errors import InvalidInputError
from embedlab.neighbors import neighbor_graph


@pytest.fixture(scope="module")
def groups():
    """Two groups of 60 rows in 16 dimensions, and in the last place a row that points elsewhere."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((2, 16))[np.repeat([0, 1], 60)] + 0.2 * rng.standard_normal((120, 16))
    return np.concatenate([rows, rng.standard_normal((1, 16))]).astype(np.float32), np.repeat([0, 1, 1], [60, 60, 1])


def test_distance_by_hand():
    """Centres east and north: 45° is 1 - √½ from both, west is 1 from north."""
    found = outlier_scores([[2, 0], [1, 1], [0, 1], [-3, 0]], [[1, 0], [0, 5]])
    np.testing.assert_allclose(found.distances, [0, 1 - math.sqrt(0.5), 0, 1], atol=1e-6)


def test_the_row_that_points_elsewhere_comes_first(groups):
    found = outlier_scores(*groups)
    assert found.rows(1).tolist() == [120]
    assert found.scores[120] == 1.0
    assert found.distances.argmax() == found.isolation.argmax() == 120
    assert (np.diff(found.scores[found.rows(121)]) <= 0).all()
    assert found.rows(0).tolist() == []


def test_isolation_is_the_local_outlier_factor(groups):
    expected = -LocalOutlierFactor(15, metric="cosine").fit(groups[0]).negative_outlier_factor_
    found = outlier_scores(*groups)
    np.testing.assert_allclose(found.isolation, expected, rtol=1e-4)
    given = outlier_scores(*groups, neighbors=neighbor_graph(groups[0], 15))
    np.testing.assert_array_equal(given.isolation, found.isolation)


def test_labels_stand_for_the_means_of_their_rows_and_noise_has_none(groups):
    rows, labels = groups
    noise = np.where(np.arange(121) == 120, -1, labels)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    centers = np.stack([unit[noise == label].mean(axis=0) for label in (0, 1)])
    found = outlier_scores(rows, noise)
    np.testing.assert_allclose(found.distances, outlier_scores(rows, centers).distances, atol=1e-6)
    assert np.isnan(outlier_scores(rows, np.full(121, -1)).distances).all()
    assert outlier_scores(rows, np.full(121, -1)).rows(1).tolist() == [120]


def test_copies_of_a_text_change_nothing(groups):
    rows = groups[0]
    copied = np.concatenate([rows, np.repeat(rows[:1], 30, axis=0)])
    once, often = outlier_scores(rows, rows[:2]), outlier_scores(copied, rows[:2], neighbor_graph(copied, 15))
    np.testing.assert_allclose(often.isolation[:121], once.isolation, rtol=1e-5)
    np.testing.assert_allclose(often.isolation[121:], once.isolation[0], rtol=1e-5)


@pytest.mark.parametrize("rows", [[[1.0, 2.0]], np.ones((4, 3)), [[1, 0], [0, 1]], np.zeros((2, 2))])
def test_few_rows(rows):
    found = outlier_scores(rows, np.zeros(len(rows), dtype=int))
    assert sorted(found.rows(9).tolist()) == list(range(len(rows)))
    assert np.isfinite(found.scores).all()


def test_what_does_not_fit(groups):
    for labels, words in [([0, 1], "labels"), (np.ones((2, 3)), "dimensions"), ([0.5] * 121, "whole numbers")]:
        with pytest.raises(InvalidInputError, match=words):
            outlier_scores(groups[0], labels)
    with pytest.raises(InvalidInputError, match="rows of neighbors"):
        outlier_scores(*groups, neighbors=neighbor_graph(np.eye(4), 2))
    with pytest.raises(InvalidInputError, match="top_k=-1"):
        outlier_scores(*groups).rows(-1)
