"""Cosines of all with all, row with row, the best pairs in blocks, and the order that shows groups."""

import numpy as np
import pytest
from sklearn.metrics import pairwise

from embedlab.errors import InvalidInputError
from embedlab.similarity import (
    Pair,
    cosine_similarity,
    extreme_pairs,
    hierarchical_order,
    neighbor_rank,
    paired_cosine_similarity,
    similar_pairs,
)
from embedlab.similarity import _tiles as pairs_module
from embedlab.similarity import order as order_module


@pytest.fixture
def embeddings():
    """50 random rows of 16 numbers; row 7 repeats row 3, row 9 is row 3 twice as long, row 20 is zeros."""
    x = np.random.default_rng(0).standard_normal((50, 16)).astype(np.float32)
    x[7], x[9], x[20] = x[3], 2 * x[3], 0
    return x


@pytest.fixture
def small_blocks(monkeypatch):
    """Tiles of four rows, so that a small matrix is cut into many."""
    monkeypatch.setattr(pairs_module, "_TILE", 4)


def all_pairs(x):
    """Every pair by scikit-learn, best first."""
    similarity = pairwise.cosine_similarity(x.astype(np.float64))
    i, j = np.triu_indices(len(x), k=1)
    order = np.argsort(-similarity[i, j], kind="stable")
    return [(int(i[o]), int(j[o]), similarity[i[o], j[o]]) for o in order]


def test_by_hand():
    """(3, 4) has length 5: its cosine with (1, 0) is 3/5, with (0, 2) 4/5, with (-3, -4) -1."""
    matrix = cosine_similarity([[3, 4]], [[1, 0], [0, 2], [-3, -4], [0, 0]])
    np.testing.assert_allclose(matrix, [[0.6, 0.8, -1.0, 0.0]], atol=1e-7)
    assert matrix.dtype == np.float32


def test_agrees_with_scikit_learn_and_sentence_transformers(embeddings):
    from sentence_transformers import util

    other = embeddings[::2] + 1
    np.testing.assert_allclose(cosine_similarity(embeddings), pairwise.cosine_similarity(embeddings), atol=1e-6)
    expected = util.cos_sim(embeddings, other).numpy()
    np.testing.assert_allclose(cosine_similarity(embeddings, other), expected, atol=1e-6)


def test_two_ways_agree(embeddings):
    """Row with row is the diagonal of all with all; the length of a row does not matter."""
    other = embeddings[::-1] * 7
    paired = paired_cosine_similarity(embeddings, other)
    np.testing.assert_allclose(paired, np.diag(cosine_similarity(embeddings, other)), atol=1e-6)
    np.testing.assert_allclose(paired, paired_cosine_similarity(embeddings * 0.01, other), atol=1e-6)
    assert paired.shape == (50,)


def test_stays_between_minus_one_and_one():
    x = np.random.default_rng(1).standard_normal((200, 3)).astype(np.float32)
    both = np.concatenate([x, -x, x * 3])
    for values in (cosine_similarity(both), paired_cosine_similarity(both, both)):
        assert np.abs(values).max() <= 1


def test_very_large_and_very_small_numbers():
    assert cosine_similarity([[1e30, 1e30]], [[1e-30, 0.0]]).item() == pytest.approx(0.5**0.5)


def test_arguments_stay_unchanged(embeddings):
    before = embeddings.copy()
    embeddings.setflags(write=False)
    cosine_similarity(embeddings)
    paired_cosine_similarity(embeddings, embeddings)
    similar_pairs(embeddings, 0.2)
    extreme_pairs(embeddings)
    hierarchical_order(cosine_similarity(embeddings))
    np.testing.assert_array_equal(embeddings, before)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("threshold", [0.3, -0.5])
def test_similar_pairs_are_all_pairs_above_the_threshold(embeddings, threshold):
    expected = [pair for pair in all_pairs(embeddings) if pair[2] >= threshold]
    found = similar_pairs(embeddings, threshold)
    assert {(pair.i, pair.j) for pair in found} == {(i, j) for i, j, _ in expected}
    np.testing.assert_allclose([pair.similarity for pair in found], [s for _, _, s in expected], atol=1e-6)
    assert all(pair.i < pair.j for pair in found)


@pytest.mark.usefixtures("small_blocks")
def test_similar_pairs_finds_repeated_rows(embeddings):
    found = similar_pairs(embeddings, 1.0)
    assert {(pair.i, pair.j) for pair in found} == {(3, 7), (3, 9), (7, 9)}
    assert similar_pairs(np.eye(5), 0.5) == []


@pytest.mark.usefixtures("small_blocks")
def test_max_pairs_keeps_the_best(embeddings):
    everything = similar_pairs(embeddings, -1.0)
    assert len(everything) == 50 * 49 // 2
    assert similar_pairs(embeddings, -1.0, max_pairs=17) == everything[:17]


@pytest.mark.usefixtures("small_blocks")
def test_extreme_pairs(embeddings):
    expected = all_pairs(embeddings)
    most, least = extreme_pairs(embeddings, 8)
    np.testing.assert_allclose([pair.similarity for pair in most], [s for *_, s in expected[:8]], atol=1e-6)
    np.testing.assert_allclose([pair.similarity for pair in least], [s for *_, s in expected[:-9:-1]], atol=1e-6)
    i, j, _ = expected[-1]
    assert (least[0].i, least[0].j) == (i, j)


def test_extreme_pairs_of_few_rows():
    """Three rows have three pairs, one row has none."""
    most, least = extreme_pairs([[1, 0], [1, 0], [0, 1]])
    assert most == [Pair(0, 1, 1.0), Pair(0, 2, 0.0), Pair(1, 2, 0.0)]
    assert least == [Pair(0, 2, 0.0), Pair(1, 2, 0.0), Pair(0, 1, 1.0)]
    assert extreme_pairs([[1.0, 0.0]]) == ([], [])
    assert similar_pairs([[1.0, 0.0]]) == []


def test_order_puts_groups_side_by_side():
    """Three groups, shuffled: in the new order each is one run."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat([0, 1, 2], 12))
    embeddings = np.eye(3)[labels] + 0.1 * rng.standard_normal((36, 3))
    order = hierarchical_order(cosine_similarity(embeddings))
    assert sorted(order) == list(range(36))
    assert np.count_nonzero(np.diff(labels[order])) == 2
    assert order.dtype == np.int64


def test_order_by_hand():
    """On a quarter circle the optimal order goes from one end to the other."""
    angles = np.radians([10, 80, 20, 60, 45])
    order = hierarchical_order(cosine_similarity(np.column_stack([np.cos(angles), np.sin(angles)])))
    assert order.tolist() in ([0, 2, 4, 3, 1], [1, 3, 4, 2, 0])


def test_order_of_many_rows(monkeypatch):
    """Beyond the limit of optimal ordering the order is still a permutation."""
    monkeypatch.setattr(order_module, "MAX_OPTIMAL_LEAVES", 10)
    x = np.random.default_rng(0).standard_normal((30, 4))
    assert sorted(hierarchical_order(cosine_similarity(x))) == list(range(30))


@pytest.mark.parametrize("n", [1, 2])
def test_order_of_one_and_two_rows(n):
    assert hierarchical_order(np.ones((n, n))).tolist() == list(range(n))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([1.0, 2.0], r"shape \(2,\).*x\[None, :\]"),
        (np.ones((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.ones((2, 0)), r"shape \(2, 0\)"),
        (np.ones((0, 3)), "0 rows; needed are at least 1"),
        ([[1.0, np.nan], [1, 2]], "NaN or infinity in 1 of 2 rows, first row 0"),
        ([[1.0, 2.0], [1e300, 2]], "first row 1"),
        ([[1.0], [1.0, 2.0]], "rows of equal length"),
        ([["a", "b"]], "must be numbers"),
    ],
)
def test_wrong_embeddings_are_named(wrong, message):
    with pytest.raises(InvalidInputError, match=message):
        cosine_similarity(wrong)


def test_wrong_arguments_are_named(embeddings):
    with pytest.raises(InvalidInputError, match="16 and 3 dimensions"):
        cosine_similarity(embeddings, np.ones((2, 3)))
    with pytest.raises(InvalidInputError, match="50 rows in a and 2 in b"):
        paired_cosine_similarity(embeddings, np.ones((2, 16)))
    with pytest.raises(InvalidInputError, match=r"threshold=1.1"):
        similar_pairs(embeddings, 1.1)
    with pytest.raises(InvalidInputError, match="max_pairs=0"):
        similar_pairs(embeddings, max_pairs=0)
    with pytest.raises(InvalidInputError, match="n_pairs"):
        extreme_pairs(embeddings, 2.5)
    with pytest.raises(InvalidInputError, match="square"):
        hierarchical_order(embeddings)


def test_rank_among_all_others(embeddings):
    cosines = pairwise.cosine_similarity(embeddings.astype(np.float64))
    for row, other in ((0, 1), (1, 0), (49, 13)):
        others = np.delete(cosines[row], row)
        assert neighbor_rank(embeddings, row, other) == 1 + (others > cosines[row, other] + 1e-6).sum()
    assert neighbor_rank(embeddings, 3, 7) == neighbor_rank(embeddings, 7, 3) == 1


def test_rank_of_a_row_that_is_not_there():
    with pytest.raises(InvalidInputError, match="other=3"):
        neighbor_rank(np.eye(3), 0, 3)
    with pytest.raises(InvalidInputError, match="both 1"):
        neighbor_rank(np.eye(3), 1, 1)
