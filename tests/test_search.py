"""Search by cosine: exact, in order, and plain about what it cannot do."""

import numpy as np
import pytest
from sentence_transformers import util

from embedlab.errors import InvalidInputError
from embedlab.search import Hit, SearchIndex


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
    with pytest.raises(InvalidInputError, match="1 texts and 2 embeddings"):
        SearchIndex(["one"], np.eye(2))
    with pytest.raises(InvalidInputError, match="single string"):
        SearchIndex("ab", np.eye(2))
