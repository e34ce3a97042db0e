"""Several rankings made one: by hand, against a plain loop, and what is refused."""

import numpy as np
import pytest

from embedlab.errors import InvalidInputError
from embedlab.search import FusedHit, LexicalIndex, SearchIndex, fuse_rankings, search_both, search_by


def test_by_hand():
    """With k=60: text 1 is first and second, 1/61 + 1/62; text 4 is first in one only; text 2 third in one only."""
    assert fuse_rankings([[1, 4, 2], [5, 1]]) == [
        FusedHit(1, pytest.approx(1 / 61 + 1 / 62), (1, 2)),
        FusedHit(5, pytest.approx(1 / 61), (None, 1)),
        FusedHit(4, pytest.approx(1 / 62), (2, None)),
        FusedHit(2, pytest.approx(1 / 63), (3, None)),
    ]


def test_agrees_with_a_plain_loop():
    rng = np.random.default_rng(0)
    rankings, weights = [rng.permutation(50)[:20].tolist() for _ in range(3)], [0.2, 0.5, 2.0]
    scores = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for place, index in enumerate(ranking):
            scores[index] = scores.get(index, 0) + weight / (10 + place + 1)
    expected = sorted(scores, key=lambda index: (-scores[index], index))
    hits = fuse_rankings(rankings, weights, k=10, top_k=50)
    assert [hit.index for hit in hits] == expected
    assert [hit.score for hit in hits] == pytest.approx([scores[index] for index in expected])
    assert hits[:7] == fuse_rankings(rankings, weights, k=10, top_k=7)


def test_one_ranking_stays_as_it_is():
    ranking = [9, 3, 7, 1]
    assert [hit.index for hit in fuse_rankings([ranking])] == ranking
    assert [hit.index for hit in fuse_rankings([ranking, [5, 9]], weights=[1, 0])] == ranking
    assert fuse_rankings([[], []]) == []


def test_only_the_ratio_of_weights_counts():
    rankings = [[1, 2, 3], [3, 4]]
    once = [hit.index for hit in fuse_rankings(rankings, [1, 3])]
    assert once == [hit.index for hit in fuse_rankings(rankings, [0.25, 0.75])]


def test_equal_scores_come_by_position():
    assert [hit.index for hit in fuse_rankings([[8], [2]])] == [2, 8]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "no ranking"),
        (([[1, 1]],), r"rankings\[0\] holds a text twice"),
        (([[1], [2]], [1.0]), "2 rankings and 1 weights"),
        (([[1]], [-1.0]), "at least one above 0"),
        (([[1]], [0.0]), "at least one above 0"),
        (([[1]], [float("nan")]), "at least one above 0"),
        (([[1]], None, 60, 0), "top_k=0"),
    ],
)
def test_what_cannot_be_fused(arguments, message):
    with pytest.raises(InvalidInputError, match=message):
        fuse_rankings(*arguments)


@pytest.fixture
def indexes():
    """By words the query finds text 0 only, by meaning text 2 comes first."""
    texts = ["late parcel", "a lamp", "delayed shipment", "a chair"]
    embeddings = [[0.8, 0.6], [0, 1], [1, 0], [-1, 0]]
    return LexicalIndex(texts), SearchIndex(texts, embeddings)


def test_both_ways_tell_their_ranks(indexes):
    hits = search_both(*indexes, "late parcel", [1, 0], top_k=4)
    assert [(hit.index, hit.ranks) for hit in hits] == [(0, (1, 2)), (2, (None, 1)), (1, (None, 3)), (3, (None, 4))]
    assert hits[0].score == pytest.approx(0.5 / 61 + 0.5 / 62)


def test_the_weight_goes_from_words_to_meaning(indexes):
    assert [hit.index for hit in search_both(*indexes, "late parcel", [1, 0], 4, weight=0)] == [0]
    assert [hit.index for hit in search_both(*indexes, "late parcel", [1, 0], 4, weight=1)] == [2, 0, 1, 3]


def test_rows_limit_both(indexes):
    assert [hit.index for hit in search_both(*indexes, "late parcel", [1, 0], 2, rows=[3, 1])] == [1, 3]


def test_a_lowest_score_leaves_hits_out(indexes):
    """Cosines .8, 0, 1 and -1; a word of two in text 0."""
    by_meaning = ("meaning", *indexes, "late parcel", [1, 0], 4)
    assert [hit.index for hit in search_by(*by_meaning, min_score=0.8)] == [2, 0]
    assert [hit.ranks for hit in search_by(*by_meaning, min_score=0.8)] == [(None, 1), (None, 2)]
    assert [hit.index for hit in search_by(*by_meaning, min_score=-1.0)] == [2, 0, 1, 3]
    (hit,) = search_by("words", *indexes, "late", [1, 0], 4)
    assert search_by("words", *indexes, "late", [1, 0], 4, min_score=hit.score) == [hit]
    assert search_by("words", *indexes, "late", [1, 0], 4, min_score=hit.score + 0.01) == []
    for by, min_score in (("both", 0.1), ("meaning", float("nan"))):
        with pytest.raises(InvalidInputError, match="min_score"):
            search_by(by, *indexes, "late", [1, 0], 4, min_score=min_score)


def test_what_both_refuse(indexes):
    with pytest.raises(InvalidInputError, match="weight=1.5 is not in"):
        search_both(*indexes, "late", [1, 0], 2, weight=1.5)
    with pytest.raises(InvalidInputError, match="top_k=3 is too large: 2 texts are searched"):
        search_both(*indexes, "late", [1, 0], 3, rows=[0, 1])
    with pytest.raises(InvalidInputError, match="1 texts to search by words and 4 by meaning"):
        search_both(LexicalIndex(["one"]), indexes[1], "late", [1, 0])
    with pytest.raises(InvalidInputError, match="query is blank"):
        search_both(*indexes, " ", [1, 0], 2)


@pytest.fixture(scope="module")
def passages():
    """2,000 passages of 300 documents, one of them with half of all; each holds some of ten words."""
    rng = np.random.default_rng(0)
    documents = np.sort(np.concatenate([np.zeros(1000, dtype=np.int64), rng.integers(1, 300, 1000)]))
    texts = [" ".join(rng.choice(list("abcdefghij"), 3)) for _ in documents]
    vectors = rng.standard_normal((2000, 8)).astype(np.float32)
    # The best passages are all of one document: to find others, search has to look deeper.
    vectors[:1000, 0] += 3
    return documents, LexicalIndex(texts), SearchIndex(texts, vectors)


@pytest.mark.parametrize("rows", [None, np.arange(500, 1300)])
@pytest.mark.parametrize("by", ["meaning", "words"])
def test_a_document_is_found_by_its_best_passage(passages, by, rows):
    """As grouping a ranking of all passages, whatever depth was looked at."""
    documents, words, meaning = passages
    query = "a b", np.eye(8)[0]
    every = search_by(by, words, meaning, *query, 2000 if rows is None else len(rows), rows=rows)
    best = {}
    for hit in every:
        best.setdefault(documents[hit.index], hit.index)
    for top_k in (1, 10, 1000):
        found = search_by(by, words, meaning, *query, top_k, rows=rows, documents=documents)
        assert [hit.index for hit in found] == list(best.values())[:top_k]
        assert [max(filter(None, hit.ranks)) for hit in found] == list(range(1, len(found) + 1))


def test_both_ways_rank_documents_and_show_the_passage_that_counts_most(passages):
    documents, words, meaning = passages
    query = "a b", np.eye(8)[0]
    rankings, best = [], []
    for by in ("words", "meaning"):
        hits = search_by(by, words, meaning, *query, 100, documents=documents)
        rankings.append([documents[hit.index] for hit in hits])
        best.append({documents[hit.index]: hit.index for hit in hits})
    found = search_by("both", words, meaning, *query, 20, weight=0.5, documents=documents)
    fused = fuse_rankings(rankings, [0.5, 0.5], top_k=20)
    assert [documents[hit.index] for hit in found] == [hit.index for hit in fused]
    assert [(hit.score, hit.ranks) for hit in found] == [(hit.score, hit.ranks) for hit in fused]
    for hit in found:
        ranks = [rank or np.inf for rank in hit.ranks]
        assert hit.index == best[int(ranks[1] <= ranks[0])][documents[hit.index]]
    alone = search_by("both", words, meaning, *query, 5, weight=0, documents=documents)
    assert [hit.index for hit in alone] == list(best[0].values())[:5]
