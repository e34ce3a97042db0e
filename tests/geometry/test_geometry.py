"""The shape of a space: each figure by hand, against a library, and of awkward rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import skew
from sklearn.neighbors import NearestNeighbors

import embedlab as el
from embedlab.geometry import effective_dimension, neighbor_occurrences, uniformity
from embedlab.geometry import shape as shape_module


def rows(n=200, d=12, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)) + 0.5


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_every_figure_agrees_with_a_library():
    x = rows()
    u = unit(x)
    shape = el.space_shape(x)
    cosines = 1 - pdist(u, "cosine")
    assert shape.mean_cosine == pytest.approx(cosines.mean(), abs=1e-6)
    assert shape.std_cosine == pytest.approx(cosines.std(), abs=1e-6)
    eigenvalues = np.linalg.eigvalsh(np.cov(u.T))
    assert shape.effective_dimension == pytest.approx(eigenvalues.sum() ** 2 / (eigenvalues**2).sum(), rel=1e-5)
    assert shape.uniformity == pytest.approx(np.log(np.exp(-2 * pdist(u) ** 2).mean()), abs=1e-6)
    found = NearestNeighbors(n_neighbors=10, metric="cosine").fit(u).kneighbors(return_distance=False)
    counts = np.bincount(found.ravel(), minlength=len(u))
    np.testing.assert_allclose(neighbor_occurrences(x), counts)
    assert shape.hubness == pytest.approx(skew(counts), rel=1e-6)
    hubs = np.flatnonzero(counts > counts.mean() + 2 * counts.std())
    assert sorted(shape.hubs) == hubs.tolist()
    assert shape.hub_counts.tolist() == sorted(counts[hubs], reverse=True)
    assert shape.n_never == (counts == 0).sum()
    lengths = np.linalg.norm(x, axis=1)
    assert (shape.mean_length, shape.std_length) == pytest.approx((lengths.mean(), lengths.std()), rel=1e-6)


@pytest.mark.parametrize("n", [5, 40])
def test_fewer_rows_than_dimensions_spread_as_their_covariance_says(n):
    u = unit(rows(n, 30))
    eigenvalues = np.linalg.eigvalsh(np.cov(u.T))
    assert effective_dimension(u) == pytest.approx(eigenvalues.sum() ** 2 / (eigenvalues**2).sum(), rel=1e-5)
    assert effective_dimension(u) <= n - 1


def test_rows_that_lie_close_together_keep_their_dimension():
    """Rows 0.0001 apart around one direction: the covariance is where products in float32 would have only rounding."""
    spread = np.random.default_rng(1).standard_normal((4000, 8)) * [1, 1, 1, 1, 0, 0, 0, 0]
    assert effective_dimension(np.eye(8)[7] + 1e-4 * spread) == pytest.approx(4, rel=0.02)


def test_a_hub_is_found_and_named():
    """A row in the middle of others that are all far from one another is the nearest of all of them."""
    x = np.vstack([np.eye(30), np.ones(30)])
    shape = el.space_shape(x, n_neighbors=1)
    assert shape.hubs.tolist() == [30]
    assert shape.hub_counts[0] == 30
    assert shape.hubness > 5


def test_equally_near_rows_share_the_places():
    """By position the first of ten rows at right angles would be everybody's neighbours; here nobody is a hub."""
    np.testing.assert_allclose(neighbor_occurrences(np.eye(10), 3), 3)
    shape = el.space_shape(np.eye(10), n_neighbors=3)
    assert (shape.hubness, len(shape.hubs), shape.n_never) == (0, 0, 0)


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(4, 40), st.integers(1, 5))
def test_counts_do_not_hang_on_the_order_of_the_table(seed, n, k):
    """Rows of few small whole numbers are full of ties."""
    rng = np.random.default_rng(seed)
    x = rng.integers(-1, 2, (n + k, 3)).astype(float)
    order = rng.permutation(len(x))
    counts = neighbor_occurrences(x, k)
    np.testing.assert_allclose(neighbor_occurrences(x[order], k), counts[order], atol=1e-6)
    assert counts.sum() == pytest.approx(k * len(x))


def test_copies_and_scale_decide_nothing():
    x = rows(60)
    shape = el.space_shape(x)
    copied = el.space_shape(np.vstack([x, 3 * x[:20], np.repeat(x[:1], 50, axis=0)]))
    for name in ("n_different", "mean_cosine", "std_cosine", "effective_dimension", "hubness", "uniformity"):
        assert getattr(copied, name) == pytest.approx(getattr(shape, name), rel=1e-4)
    assert copied.hubs.tolist() == shape.hubs.tolist()


def test_alignment_by_labels_and_by_pairs():
    x = unit(rows(30))
    labels = list("aabbbcdd") + [""] * 11 + [None] * 11
    pairs = [(0, 1), (2, 3), (2, 4), (3, 4), (6, 7)]
    by_hand = np.mean([np.sum((x[i] - x[j]) ** 2) for i, j in pairs])
    for known in ({"labels": labels}, {"pairs": pairs}):
        shape = el.space_shape(x, **known)
        assert shape.n_known_pairs == 5
        assert shape.alignment == pytest.approx(by_hand, rel=1e-5)
    assert np.isnan(el.space_shape(x).alignment)
    twice = el.space_shape(np.vstack([x, x[:1]]), pairs=[(0, 30), (0, 1)])
    assert twice.n_known_pairs == 1


def test_few_equal_and_zero_rows():
    one = el.space_shape([[3.0, 4.0]])
    assert (one.n_different, one.mean_length, one.std_length) == (1, 5, 0)
    assert np.isnan([one.mean_cosine, one.effective_dimension, one.hubness, one.uniformity, one.alignment]).all()
    equal = el.space_shape(np.ones((50, 4)))
    assert equal.n_different == 1
    zeros = el.space_shape(np.zeros((5, 4)))
    assert (zeros.n_zero, zeros.n_different, zeros.mean_length) == (5, 0, 0)
    some = el.space_shape(np.vstack([rows(50), np.zeros((9, 12))]))
    assert (some.n_zero, some.n_different) == (9, 50)
    assert some.mean_cosine == pytest.approx(el.space_shape(rows(50)).mean_cosine)


def test_very_many_rows_are_sampled(monkeypatch):
    monkeypatch.setattr(shape_module, "MAX_ROWS", 300)
    calls = []
    shape = el.space_shape(rows(1000), progress=lambda done, total: calls.append(done / total))
    assert (shape.n_rows, shape.n_sampled, shape.n_different) == (1000, 300, 300)
    assert shape.mean_cosine == pytest.approx(el.space_shape(rows(1000)[:300]).mean_cosine, abs=0.03)
    assert max(shape.hubs) < 1000
    assert calls == sorted(calls)
    assert calls[-1] == 1


def test_what_cannot_be_is_said():
    with pytest.raises(el.InvalidInputError, match="both"):
        el.space_shape(rows(5), labels=list("aabbc"), pairs=[(0, 1)])
    with pytest.raises(el.InvalidInputError, match="labels"):
        el.space_shape(rows(5), labels=list("ab"))
    with pytest.raises(el.InvalidInputError, match="5 rows"):
        el.space_shape(rows(5), pairs=[(0, 5)])
    with pytest.raises(el.InvalidInputError, match="too large"):
        neighbor_occurrences(rows(5), 4)


def test_uniformity_of_points_spread_evenly_and_of_one_point():
    even = np.random.default_rng(0).standard_normal((3000, 400))
    assert uniformity(even) == pytest.approx(-4, abs=0.05)
    assert uniformity(np.ones((5, 3))) == pytest.approx(0, abs=1e-6)


def test_a_foreign_language_takes_more_tokens(encoder):
    english = el.fertility(encoder, ["The parcel has not arrived yet.", "Where is my money?"])
    assert (english.n_words, english.n_tokens, english.n_unknown) == (10, 12, 0)
    korean = el.fertility(encoder, ["냉장고가 고장 났어요"])
    assert korean.tokens_per_word > 3
    emoji = el.fertility(encoder, ["Great 👍"])
    assert (emoji.n_words, emoji.n_unknown, emoji.unknown_share) == (2, 1, 0.5)
    assert np.isnan(el.fertility(encoder, []).tokens_per_word)
    assert el.fertility(encoder, ["a b"] * 50, max_texts=10).n_texts == 10


def test_words_counted_as_words_have_a_fertility_of_one():
    texts = ["a fridge hums", "the fridge is loud", "where is it"]
    found = el.fertility(el.TfidfEncoder(texts), texts)
    assert (found.tokens_per_word, found.unknown_share) == (1, 0)
    assert el.fertility(el.TfidfEncoder(texts), ["a xylophone"]).n_unknown == 1
