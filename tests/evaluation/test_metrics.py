"""Figures for each query, text and pair of lists: by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ndcg_score
from sklearn.model_selection import PredefinedSplit

from embedlab.classification import deal_folds
from embedlab.errors import InvalidInputError
from embedlab.evaluation import probe_hits, ranking_figures


def test_ranking_by_hand():
    """Relevant texts on ranks 2 and 3 of three: (1/log2(3) + 1/2) / (1 + 1/log2(3))."""
    gain = (1 / np.log2(3) + 1 / 2) / (1 + 1 / np.log2(3))
    np.testing.assert_allclose(ranking_figures([[0, 1, 2]], [{1: 1, 2: 1}]), [[gain, 1 / 2, 1]])
    np.testing.assert_allclose(ranking_figures([[0, 1, 2]], [{7: 1}]), [[0, 0, 0]])


def test_graded_rankings_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    scores, grades = rng.random((30, 40)), rng.integers(0, 4, (30, 40))
    grades[:, 0] = 1
    ranked = np.argsort(-scores, axis=1)
    wanted = [{int(place): float(row[place]) for place in np.flatnonzero(row)} for row in grades]
    expected = [ndcg_score([grade], [score], k=10) for grade, score in zip(grades, scores, strict=True)]
    np.testing.assert_allclose(ranking_figures(ranked, wanted)[:, 0], expected)


def test_a_probe_is_logistic_regression_and_blind_to_scale_and_shift():
    rng = np.random.default_rng(0)
    labels = np.repeat([3, 5, 9], 20)
    rows = (rng.standard_normal((60, 8)) + 0.8 * (labels[:, None] == [3, 5, 9, 0, 0, 0, 0, 0])).astype(np.float32)
    hits = probe_hits(rows, labels)
    scaled = (rows - rows.mean(axis=0)) / np.sqrt(np.mean((rows - rows.mean(axis=0)) ** 2))
    expected = np.empty(60, dtype=bool)
    for train, test in PredefinedSplit(deal_folds(labels, np.arange(60), 5, 0)).split():
        model = LogisticRegression(C=0.1, max_iter=300, tol=1e-3).fit(scaled[train], labels[train])
        expected[test] = model.predict(scaled[test]) == labels[test]
    np.testing.assert_array_equal(hits, expected)
    assert 0.4 < hits.mean() < 1
    assert (probe_hits(rows * 50 + 7, labels) == hits).mean() > 0.96


def test_a_probe_refuses_rare_labels():
    with pytest.raises(InvalidInputError, match="two labels at least"):
        probe_hits(np.eye(6), [0] * 6)
