"""Rows that know of each other: drawn together for intervals, held out together, and no neighbours."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer

from embedlab import Labelled, classify, near_copies
from embedlab.classification import what_is_shared
from embedlab.comparison.measuring import measure
from embedlab.errors import InvalidInputError
from embedlab.gold import build_gold

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def nearly(text, rng):
    """The same text as somebody else might have typed it."""
    place = int(rng.integers(3, len(text) - 3))
    wrong = text[:place] + str(rng.choice(list(LETTERS))) + text[place + 1 :]
    return str(rng.choice([text.capitalize() + "!", text.replace(" ", ", ", 1), wrong, wrong.upper() + " ..."]))


@pytest.fixture(scope="module")
def changed():
    """Sixty random texts with random labels, each five times with small changes; vectors of their letters."""
    rng = np.random.default_rng(1)
    texts, labels = [], []
    for number in range(60):
        text = " ".join("".join(rng.choice(list(LETTERS), 6)) for _ in range(12))
        texts += [text, *(nearly(text, rng) for _ in range(4))]
        labels += [["left", "right"][number % 2]] * 5
    runs = HashingVectorizer(analyzer="char", ngram_range=(3, 3), n_features=1024, alternate_sign=False)
    return texts, labels, runs.transform(texts).toarray().astype(np.float32)


def test_near_duplicates_that_are_apart_are_learned_by_heart(changed):
    """Random labels cannot be predicted; what is nearly the same in a fold that was learned tells them."""
    texts, labels, vectors = changed
    assert len(np.unique(near_copies(texts))) == 60
    frame = pd.DataFrame({"text": texts, "label": labels})
    columns = {"text": "text", "label": "label"}
    apart, together = (build_gold(frame, "labels", columns, near_duplicates=near) for near in (False, True))
    assert measure(apart, vectors)["probe_accuracy"].value > 0.95
    found = measure(together, vectors)
    assert 0.3 < found["probe_accuracy"].value < 0.7
    assert 0.3 < found["neighbor_purity"].value < 0.7
    assert found["probe_accuracy"].n_rows == 60
    assert together.ties == "kept together by near-duplicate: 60 groups of 300 texts"
    assert classify(vectors, labels).accuracy > 0.95
    learned = classify(vectors, labels, groups=what_is_shared(texts, near_duplicates=True))
    assert 0.3 < learned.accuracy < 0.7
    assert (learned.is_grouped, learned.n_groups) == (True, 60)


def test_a_group_column_joins_over_copies():
    """Rows 0 and 1 are copies, 1 and 2 of one author; a row whose author is blank stands alone."""
    texts = ["same", "same", "other", *(f"text {i}" for i in range(9))]
    frame = pd.DataFrame({"text": texts, "author": ["", "Ann", "Ann", *[" "] * 9]})
    gold, plain = (build_gold(frame, "texts", {"text": "text", **more}) for more in ({"group": "author"}, {}))
    assert gold.groups.tolist() == [0, 0, 0, *range(1, 10)]
    assert gold.copies.tolist() == plain.groups.tolist() == [0, 0, *range(1, 11)]
    other = build_gold(frame.rename(columns={"author": "ticket"}), "texts", {"text": "text", "group": "ticket"})
    later = build_gold(pd.concat([pd.DataFrame({"text": [""]}), frame]), "texts", {"text": "text"})
    assert len({each.digest for each in (gold, plain, other, later)}) == 4, "each is told from the others"
    assert (gold.ties, plain.ties) == ("kept together by author: 10 groups of 12 texts", "")
    with pytest.raises(InvalidInputError, match="no column 'nobody' for the group"):
        build_gold(frame, "texts", {"text": "text", "group": "nobody"})


def test_a_question_belongs_to_the_groups_of_all_its_rows():
    frame = pd.DataFrame({"text": list("xyzw"), "query": ["one", "two", "one", "three"], "ticket": list("abbc")})
    gold = build_gold(frame, "queries", {"text": "text", "query": "query", "group": "ticket"})
    assert (gold.queries, gold.groups.tolist()) == (("one", "two", "three"), [0, 0, 1])


def test_pairs_are_joined_by_their_group_and_by_their_letters():
    first = ["The parcel has not arrived yet.", "Once upon a time", "the parcel has not arrived yet", "Nothing else"]
    frame = pd.DataFrame({"text": first, "second": list("abac"), "score": list("1234"), "document": ["", "d", "", "d"]})
    columns = {"text": "text", "second": "second", "score": "score", "group": "document"}
    assert build_gold(frame, "pairs", columns).groups.tolist() == [0, 1, 2, 1]
    gold = build_gold(frame, "pairs", columns, near_duplicates=True)
    assert gold.groups.tolist() == [0, 1, 0, 1]
    assert gold.ties == "kept together by document and near-duplicate: 2 groups of 4 pairs"


def test_what_is_shared_is_no_copy():
    """The silhouette leaves out copies alone; another text of one's author counts."""
    rng = np.random.default_rng(0)
    texts, labels = tuple(f"text {i}" for i in range(40)), tuple("ab" * 20)
    vectors = rng.standard_normal((40, 5)).astype(np.float32)
    authors = [f"author {i // 4}" for i in range(40)]
    plain, shared = (measure(Labelled(texts, labels, shared=who), vectors) for who in (None, authors))
    assert shared["silhouette"].value == plain["silhouette"].value
    assert (plain["silhouette"].n_rows, shared["silhouette"].n_rows) == (40, 10)
