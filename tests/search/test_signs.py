"""Search by one bit a dimension: what it estimates, what it finds, and that it says how much."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence_transformers import quantize_embeddings

from embedlab.compute import threads
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.search import SearchIndex
from embedlab.search._signs import Signs


def clustered(n, d, seed=0):
    """Rows around centres, as texts lie around topics."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((n // 20, d))[np.arange(n) % (n // 20)] + rng.standard_normal((n, d))).astype("f4")


def test_by_hand():
    """Rows (3, 4), (-3, -4) and their mean 0: signs (+, +) and (-, -), lengths 1 / 1.4 on the unit circle.

    The query (1, 1) is rounded to its own signs at full size, so the estimates are the lengths times its sum.
    """
    query = np.array([1, 1], np.float32) / np.sqrt(np.float32(2))
    estimates = Signs(np.array([[3, 4], [-3, -4]], np.float32)).estimates(query)
    np.testing.assert_allclose(estimates, np.array([1, -1]) / 1.4 * np.sqrt(2), rtol=1e-6)


@pytest.mark.parametrize("d", [1, 2, 63, 64, 65, 384, 1000])
def test_estimates_are_those_of_the_signs(d):
    """Beside numpy with whole vectors of signs, for dimensions that fill words of 64 bits and those that do not."""
    rng = np.random.default_rng(d)
    rows = normalize_rows(rng.standard_normal((300, d)).astype(np.float32) + 0.2)
    query = normalize_rows(rng.standard_normal((1, d)).astype(np.float32))[0]
    from_center = rows - rows.mean(axis=0)
    signs = np.where(from_center > 0, 1, -1)
    lengths = np.square(from_center).sum(axis=1) / np.abs(from_center).sum(axis=1)
    # Sixteen values from -largest to largest.
    steps = np.linspace(-1, 1, 16) * np.abs(query).max()
    rounded = steps[np.abs(query[:, None] - steps).argmin(axis=1)]
    np.testing.assert_allclose(Signs(rows).estimates(query), lengths * (signs @ rounded), atol=2e-6 * d)


def test_signs_are_those_of_sentence_transformers():
    """Where the mean row is zero, the bits that are kept are its "ubinary" ones."""
    half = clustered(100, 128)
    rows = np.concatenate([half, -half])
    theirs = quantize_embeddings(normalize_rows(rows), precision="ubinary")
    ours = Signs(rows)._words.transpose(0, 2, 1).reshape(-1, 2)[: len(rows)]
    np.testing.assert_array_equal(np.ascontiguousarray(ours).view(np.uint8), theirs)


def test_binary_finds_nearly_all_in_less_memory():
    rows = clustered(20_000, 128)
    texts = [str(row) for row in range(len(rows))]
    exact = SearchIndex(texts, rows)
    index = SearchIndex(texts, rows, corpus_precision="binary")
    assert index.nbytes < exact.nbytes / 6
    assert exact.recall() == 1
    assert index.recall() > 0.99
    near = rows[::2000] + np.random.default_rng(1).standard_normal((10, 128)) / 2
    for query in near:
        assert index.search(query, 5)[0] == exact.search(query, 5)[0]


def test_recall_counts_what_is_missed():
    """Of random rows, which have no neighbours worth the name, single bits find few unless many are looked at again."""
    rows = np.random.default_rng(0).standard_normal((3000, 16)).astype(np.float32)
    recalls = [
        SearchIndex(list(map(str, range(3000))), rows, corpus_precision="binary", rescore_multiplier=times).recall(
            n_queries=50
        )
        for times in (1, 10, 300)
    ]
    assert recalls[0] < recalls[1] < recalls[2] == 1


@given(st.integers(1, 40), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_all_looked_at_again_is_exact(n, d, seed):
    """Copies, zeros and single rows among them: scores and order are those of the exact search."""
    rows = np.random.default_rng(seed).integers(-1, 2, (n, d)).astype(np.float32)
    query = np.random.default_rng(seed + 1).standard_normal(d)
    texts = [str(row % 7) for row in range(n)]
    index = SearchIndex(texts, rows, corpus_precision="binary", rescore_multiplier=n)
    for top_k in {1, n}:
        assert index.search(query, top_k) == SearchIndex(texts, rows).search(query, top_k)


@pytest.mark.parametrize("size", [5, 100, 200])
def test_rows_limit_the_search(size):
    rows = clustered(200, 64)
    chosen = np.random.default_rng(size).permutation(200)[:size]
    index = SearchIndex([f"text {row}" for row in range(200)], rows, corpus_precision="binary")
    hits = index.search(rows[3], 5, rows=chosen)
    assert len(hits) == 5
    assert {hit.index for hit in hits} <= set(chosen.tolist())


def test_equal_rows_are_all_found():
    """All seem equally near; the first ones by position are the hits, as in the exact search."""
    index = SearchIndex([""] * 1000, np.ones((1000, 8)), corpus_precision="binary", rescore_multiplier=1)
    assert [hit.index for hit in index.search(np.ones(8), 3)] == [0, 1, 2]


def test_same_bits_on_any_number_of_cores(monkeypatch):
    rows, query = clustered(5000, 100), normalize_rows(clustered(20, 100, seed=1))[0]
    found = []
    for cores in (1, 2, 3, 5):
        monkeypatch.setattr(threads, "n_cores", lambda cores=cores: cores)
        found.append(Signs(rows).estimates(query).tobytes())
    assert len(set(found)) == 1


def test_what_cannot_be_indexed():
    with pytest.raises(InvalidInputError, match="corpus_precision='int4' is not known; choose from float32, binary"):
        SearchIndex(["a"], [[1.0]], corpus_precision="int4")
    with pytest.raises(InvalidInputError, match="rescore_multiplier=0 is too small"):
        SearchIndex(["a"], [[1.0]], corpus_precision="binary", rescore_multiplier=0)
    with pytest.raises(InvalidInputError, match="top_k=1 is too large: each text has 0 others"):
        SearchIndex(["a"], [[1.0]]).recall(1)
    with pytest.raises(InvalidInputError, match="All embeddings are zeros"):
        SearchIndex(["a", "b"], np.zeros((2, 3))).recall(1)
