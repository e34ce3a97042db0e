"""Search by cosine: exact, in order, and plain about what it cannot do."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from sentence_transformers import util

from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows
from embedlab.search import Hit, SearchIndex
from embedlab.search._codes import Codes


@pytest.fixture
def embeddings():
    return np.random.default_rng(0).standard_normal((200, 16)).astype(np.float32)


@pytest.fixture
def index(embeddings):
    return SearchIndex([f"text {i}" for i in range(200)], embeddings)


def test_by_hand():
    """(3, 4) points between north and east, more to the north: cosines 4/5 and 3/5; south is opposed."""
    index = SearchIndex(["north", "east", "south"], [[0, 1], [9, 0], [0, -2]])
    assert index.search([3, 4], top_k=3) == [
        Hit(0, pytest.approx(0.8), "north"),
        Hit(1, pytest.approx(0.6), "east"),
        Hit(2, pytest.approx(-0.8), "south"),
    ]
    assert len(index) == 3


def test_agrees_with_sentence_transformers(index, embeddings):
    query = np.random.default_rng(1).standard_normal(16).astype(np.float32)
    expected = util.semantic_search(query[None], embeddings, top_k=20)[0]
    hits = index.search(query, top_k=20)
    assert [hit.index for hit in hits] == [hit["corpus_id"] for hit in expected]
    np.testing.assert_allclose([hit.score for hit in hits], [hit["score"] for hit in expected], atol=1e-6)
    assert all(hit.text == f"text {hit.index}" for hit in hits)


def test_shape_and_length_of_the_query_do_not_matter(index, embeddings):
    before = embeddings.copy()
    hits = index.search(embeddings[5])
    assert hits[0].index == 5
    assert hits == index.search(embeddings[5:6])
    assert [hit.index for hit in hits] == [hit.index for hit in index.search(embeddings[5] * 64)]
    np.testing.assert_array_equal(embeddings, before)


@pytest.mark.parametrize("top_k", [1, 3, 6])
def test_equal_scores_come_by_position(top_k):
    index = SearchIndex(list("abcdef"), np.ones((6, 2)))
    assert [hit.index for hit in index.search([1, 1], top_k=top_k)] == list(range(top_k))


def test_the_first_hits_do_not_depend_on_how_many_are_asked_for(index, embeddings):
    everything = index.search(embeddings[0], top_k=200)
    assert everything[:7] == index.search(embeddings[0], top_k=7)


@pytest.mark.parametrize("size", [1, 5, 12, 13, 100, 200])
@pytest.mark.parametrize("kind", ["random", "copies"])
def test_rows_limit_the_search(embeddings, size, kind):
    """As a search among these rows alone, whether they are few, and compared at once, or many."""
    embeddings = embeddings[np.arange(200) % 3] if kind == "copies" else embeddings
    index = SearchIndex([f"text {i}" for i in range(200)], embeddings)
    rows = np.random.default_rng(size).permutation(200)[:size]
    query = np.random.default_rng(2).standard_normal(16)
    for top_k in {1, min(3, size), size}:
        alone = SearchIndex([f"text {i}" for i in np.sort(rows)], embeddings[np.sort(rows)]).search(query, top_k)
        hits = index.search(query, top_k, rows=rows)
        assert [(hit.score, hit.text) for hit in hits] == [(hit.score, hit.text) for hit in alone]
        assert all(hit.text == f"text {hit.index}" for hit in hits)


def test_rows_are_a_set(index, embeddings):
    assert index.search(embeddings[0], 3, rows=[7, 5, 7, 9]) == index.search(embeddings[0], 3, rows=[5, 7, 9])
    assert index.search(embeddings[0], rows=np.arange(200)) == index.search(embeddings[0])


def test_what_cannot_be_searched(index):
    with pytest.raises(InvalidInputError, match="top_k=201 .* there are 200 texts; choose at most 200"):
        index.search(np.ones(16), top_k=201)
    with pytest.raises(InvalidInputError, match="top_k=0"):
        index.search(np.ones(16), top_k=0)
    with pytest.raises(InvalidInputError, match="16 and 3 dimensions"):
        index.search([1, 2, 3])
    with pytest.raises(InvalidInputError, match="holds 2 queries"):
        index.search(np.ones((2, 16)))
    with pytest.raises(InvalidInputError, match="all zeros"):
        index.search(np.zeros(16))
    with pytest.raises(InvalidInputError, match="NaN"):
        index.search(np.full(16, np.nan))
    with pytest.raises(InvalidInputError, match="top_k=3 .* rows names 2 texts; choose at most 2"):
        index.search(np.ones(16), top_k=3, rows=[4, 9, 4])
    with pytest.raises(InvalidInputError, match="rows go from -1 to 200"):
        index.search(np.ones(16), rows=[-1, 200])
    with pytest.raises(InvalidInputError, match="rows is empty"):
        index.search(np.ones(16), rows=[])
    with pytest.raises(InvalidInputError, match="1 texts and 2 embeddings"):
        SearchIndex(["one"], np.eye(2))
    with pytest.raises(InvalidInputError, match="single string"):
        SearchIndex("ab", np.eye(2))


def exact_cosines(embeddings, query):
    """In float64; 0 for rows of zeros."""
    rows, query = embeddings.astype(np.float64), query.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    return rows @ query / np.where(lengths == 0, 1, lengths) / np.linalg.norm(query)


@pytest.mark.parametrize(
    "kind", ["random", "near ties", "copies", "zeros among them", "one dimension", "tiny", "huge", "all equal"]
)
@pytest.mark.parametrize("seed", range(5))
def test_rounding_loses_nobody(kind, seed):
    """Against a search in float64: the k-th hit is as near as the k-th nearest, whatever 8 bits make of it."""
    rng = np.random.default_rng(seed)
    n, d = 3000, 1 if kind == "one dimension" else 48
    embeddings = rng.standard_normal((n, d)).astype(np.float32)
    if kind == "near ties":  # all nearer to each other than 8 bits can tell
        embeddings = (np.ones(d) + 1e-4 * embeddings).astype(np.float32)
    elif kind == "copies":
        embeddings = embeddings[rng.integers(0, 20, n)]
    elif kind == "zeros among them":
        embeddings[rng.random(n) < 0.5] = 0
    elif kind in ("tiny", "huge"):
        embeddings *= np.float32(1e-30 if kind == "tiny" else 1e15)
    elif kind == "all equal":
        embeddings[:] = embeddings[0]
    query = rng.standard_normal(d).astype(np.float32)
    cosines = exact_cosines(embeddings, query)
    for top_k in (1, 10, 500, n):
        hits = SearchIndex([""] * n, embeddings).search(query, top_k)
        found = np.array([hit.index for hit in hits])
        assert len(set(found.tolist())) == top_k
        np.testing.assert_allclose(cosines[found], np.sort(cosines)[::-1][:top_k], atol=3e-7)
        np.testing.assert_allclose([hit.score for hit in hits], cosines[found], atol=3e-7)


@pytest.mark.parametrize("d", [1, 3, 64, 384, 4096])
def test_cosines_lie_between_their_bounds(d):
    """Rows that round badly, one dimension a hundred times as large as the others, another always the same."""
    rng = np.random.default_rng(0)
    rows = rng.choice([-1.0, 1.0, 0.01], (2000, d)).astype(np.float32)
    rows[:, 0] *= 100
    rows[:, -1] = 3
    for query in normalize_rows(rng.standard_normal((20, d)).astype(np.float32)):
        lower, upper = Codes(rows).bounds(query)
        cosines = exact_cosines(rows, query)
        assert (lower <= cosines).all()
        assert (cosines <= upper).all()
        assert (upper - lower).max() < 0.1


def test_rows_on_disk_stay_there(tmp_path, embeddings):
    path = tmp_path / "rows.npy"
    np.save(path, embeddings)
    mapped = np.load(path, mmap_mode="r")
    index = SearchIndex([""] * len(mapped), mapped)
    assert np.shares_memory(index._rows, mapped)
    assert index.nbytes == embeddings.size + 8 * len(embeddings)
    assert index.search(embeddings[7])[0].index == 7


def test_threads_search_at_the_same_time(index, embeddings):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda row: index.search(embeddings[row])[0].index, range(200)))
    assert found == list(range(200))


def test_copies_of_a_text_rank_by_position_whatever_their_last_digits():
    """The third is the first text again, embedded in another batch: a hair nearer to the query."""
    rows = np.array([[0.6, 0.8], [0, 1], [0.6 + 3e-7, 0.8]], dtype=np.float32)
    hits = SearchIndex(["late", "lamp", "late"], rows).search([1, 0], top_k=3)
    assert [hit.index for hit in hits] == [0, 2, 1]
    assert hits[0].score == hits[1].score


def test_copies_with_vectors_of_their_own_keep_them():
    hits = SearchIndex(["late", "late"], [[0.6, 0.8], [0.8, 0.6]]).search([1, 0], top_k=2)
    assert [(hit.index, round(hit.score, 6)) for hit in hits] == [(1, 0.8), (0, 0.6)]
