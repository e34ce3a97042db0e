"""Figures for each query, text and pair of lists: by hand, and against scikit-learn."""

from itertools import permutations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import ndcg_score
from sklearn.model_selection import PredefinedSplit

from embedlab.classification import deal_folds
from embedlab.errors import InvalidInputError
from embedlab.evaluation import RANKING_FIGURES, probe_hits, retrieval_figures
from embedlab.evaluation.ranking import ranking_figures


def test_ranking_by_hand():
    """Relevant texts on ranks 2 and 3 of three: nDCG is (1/log2(3) + 1/2) / (1 + 1/log2(3)), MAP (1/2 + 2/3) / 2."""
    gain = (1 / np.log2(3) + 1 / 2) / (1 + 1 / np.log2(3))
    np.testing.assert_allclose(ranking_figures([[0.9, 0.5, 0.1]], [{1: 1, 2: 1}]), [[gain, 1 / 2, 7 / 12, 1, 0.2, 1]])
    never = [[0.9, 0.5, -np.inf]]
    np.testing.assert_allclose(ranking_figures(never, [{2: 1}]), np.zeros((1, 6)))


@pytest.mark.parametrize("levels", [1000, 5, 2, 1])
def test_graded_rankings_agree_with_scikit_learn(levels):
    """Its nDCG takes the mean over the orders of equal scores, too; a thousand cases in all."""
    rng = np.random.default_rng(levels)
    scores, grades = rng.integers(levels, size=(250, 40)) / levels, rng.integers(0, 4, (250, 40))
    grades[:, 0] = 1
    wanted = [{int(place): float(row[place]) for place in np.flatnonzero(row)} for row in grades]
    expected = [ndcg_score([grade], [score], k=10) for grade, score in zip(grades, scores, strict=True)]
    np.testing.assert_allclose(ranking_figures(scores, wanted)[:, 0], expected)


@pytest.mark.parametrize("scores", [[1, 1, 1, 1, 1], [2, 1, 1, 1, 0], [1, 1, 0, 0, 0], [3, 2, 2, 1, 1]])
@pytest.mark.parametrize("wanted", [{0: 1.0}, {2: 1.0, 4: 3.0}, {1: 2.0, 2: 1.0, 3: 1.0}])
@pytest.mark.parametrize("top_k", [1, 3, 5, 10])
def test_ties_have_the_mean_over_all_orders(scores, wanted, top_k):
    """Against every order of five texts written out, of which the first ranks count."""
    orders = [order for order in permutations(range(5)) if sorted(scores, reverse=True) == [scores[i] for i in order]]
    # An order without ties: the scores 5 to 1 in it.
    written = [[5 - order.index(text) for text in range(5)] for order in orders]
    np.testing.assert_allclose(
        ranking_figures([scores], [wanted], top_k)[0],
        ranking_figures(written, [wanted] * len(orders), top_k).mean(axis=0),
    )


def test_many_scores_close_together_are_not_all_equal():
    """A thousand in steps of half a millionth: three of them share a place with the best, and not all of them."""
    scores = 0.5 - 5e-7 * np.arange(1000)
    figures = dict(zip(RANKING_FIGURES, ranking_figures([scores], [{0: 1.0}], 3)[0], strict=True))
    assert figures["recall"] == 1
    assert figures["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert ranking_figures([scores], [{999: 1.0}], 100).max() == 0


def test_a_model_with_one_vector_for_all_finds_by_chance():
    """Of 50 texts, wherever the answer stands: the sum of 1 / log2(rank + 1) over ten ranks, over 50."""
    texts, query = np.ones((50, 3), dtype=np.float32), np.ones((1, 3), dtype=np.float32)
    for answer in (0, 49):
        ndcg, mrr, average, recall, precision, hit_rate = retrieval_figures(texts, query, [{answer: 1.0}])[0]
        assert ndcg == pytest.approx(sum(1 / np.log2(np.arange(2, 12))) / 50)
        assert mrr == pytest.approx(sum(1 / np.arange(1, 11)) / 50)
        assert average == pytest.approx(mrr)
        assert (recall, hit_rate) == pytest.approx((10 / 50, 10 / 50))
        assert precision == pytest.approx(1 / 50)


def test_without_a_vector_nothing_is_found():
    texts = np.array([[0, 0], [1, 0], [-1, 0]], dtype=np.float32)
    queries = np.array([[-1, 0], [0, 0]], dtype=np.float32)
    np.testing.assert_allclose(retrieval_figures(texts, queries, [{0: 1.0}, {1: 1.0}]), np.zeros((2, 6)))


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
