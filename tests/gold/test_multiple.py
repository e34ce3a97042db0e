"""Texts with several labels each: cells as people write them, the guess, and what is known when they are read."""

import numpy as np
import pandas as pd
import pytest

from embedlab import Labelled, MultiLabelled
from embedlab.columns import has_several_labels, read_labels
from embedlab.errors import InvalidInputError
from embedlab.gold import build_gold, guess_layout, labels_in_words
from embedlab.samples import SAMPLES, read_sample


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("late", ("late",)),
        (" late ; damaged;late; ", ("late", "damaged")),
        ("late|damaged", ("late", "damaged")),
        ("late, at night", ("late, at night",)),
        ('["late", " damaged ", "", "late"]', ("late", "damaged")),
        ('["late; at night", "a|b"]', ("late; at night", "a|b")),
        ("[1, 2.5, null]", ("1", "2.5")),
        ("[]", ()),
        ("", ()),
        (" ;|\u200b; ", ()),
        ("[late; damaged]", ("[late", "damaged]")),
        ('[["late"], "x"]', ('[["late"], "x"]',)),
        ("[" * 50_000 + "]", ("[" * 50_000 + "]",)),
        ('{"a": 1}', ('{"a": 1}',)),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_cell_of_labels(cell, labels):
    assert read_labels(cell) == labels


@pytest.mark.parametrize(
    ("cells", "is_several"),
    [
        (["a;b", "a", "b"], True),
        (["b;a", "a|c", "c", "b;c"], True),
        (['["a","b"]', '["a"]', '["b"]'], True),
        (["a", "b", "a", ""], False),
        ([], False),
        (["a, b", "a", "b"], False),
        (["R; D", "Sales", "R; D", "R; D"], False),
        (["R;D", "D; R", "Sales"], False),
        (["R&amp;D", "R&amp;B", "Q&amp;A"], False),
        (["Home|Kitchen", "Home|Garden", "Toys|Dolls", "Toys|Cars"], False),
        (["A|B|c", "A|B|d", "A|E|f", "A|E|g"], False),
        ([":)", ";)", ";(", ":|"], False),
    ],
)
def test_the_guess_makes_no_list_of_ordinary_labels(cells, is_several):
    assert has_several_labels(cells * 3) is is_several


@pytest.mark.parametrize("name", SAMPLES)
def test_no_column_of_a_sample_has_several_labels(name):
    frame = read_sample(name).frame
    assert not [column for column in frame.columns if has_several_labels(frame[column])]


def frame_of(cells):
    return pd.DataFrame({"text": [f"text {number}" for number in range(len(cells))], "topics": cells})


def test_rare_labels_leave_the_sets_and_texts_without_any_are_set_aside():
    frame = frame_of([*["a;b"] * 5, *["b ; a; rare"] * 2, "rare", "", *['["c"]'] * 5, "b"])
    frame.loc[14, "text"] = " "
    layout, columns = guess_layout(frame, "text", "topics")
    assert (layout, columns) == ("several", {"text": "text", "label": "topics"})
    gold = build_gold(frame, layout, columns)
    assert gold.labels == (*[("a", "b")] * 5, *[("b", "a")] * 2, *[("c",)] * 5)
    assert (gold.n_set_aside, gold.origin.tolist()) == (3, [*range(7), *range(9, 14)])
    assert gold.remarks == ("1 label is left out, which has fewer than 5 texts: rare (row 6).",)
    assert gold.names == ("a", "b", "c")
    assert gold.members[[0, 6, 11]].tolist() == [[True, True, False], [True, True, False], [False, False, True]]


def test_a_column_is_guessed_by_its_name_where_it_looks_like_no_labels():
    frame = frame_of(["a;b", "b;c", "c;a", "a;b;c"]).assign(language="en")
    assert guess_layout(frame, "text", None)[0] == "several"
    assert guess_layout(frame, "text", "language")[0] == "labels"
    assert guess_layout(frame.rename(columns={"topics": "authors"}), "text", None)[0] == "texts"


def test_the_order_of_labels_says_nothing():
    texts = tuple(map(str, range(10)))
    one, other = (MultiLabelled(texts, (*[labels] * 5, *[("a",)] * 5)) for labels in (("a", "b"), ("b", "a", "b")))
    assert one.digest == other.digest
    assert labels_in_words(one) == labels_in_words(other) == [*["a; b"] * 5, *["a"] * 5]
    assert labels_in_words(Labelled(texts, tuple("aaaaabbbbb"))) == tuple("aaaaabbbbb")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([("a",)] * 10, "here are 1. Choose another label column"),
        ([("a", "b")] * 10, "not all texts have the same ones"),
        ([*[("a",)] * 6, *[("b",)] * 4], "5 texts each"),
        ([*["ab"] * 5, *[("b",)] * 5], "'ab'. Give a tuple"),
        ([*[()] * 5, *[("b",)] * 5], "Give a tuple with one at least"),
        ([("a",)] * 9, "10 texts and 9 sets of labels"),
        ([tuple(map(str, range(1001)))] * 9 + [("0",)], "1,001 different labels; at most 1,000"),
    ],
)
def test_too_little_is_said(labels, message):
    with pytest.raises(InvalidInputError, match=message):
        MultiLabelled(tuple(map(str, range(10))), tuple(labels))


def test_a_column_without_labels_is_refused():
    with pytest.raises(InvalidInputError, match="here are 0"):
        build_gold(frame_of(["", ";", "a"]), "several", {"text": "text", "label": "topics"})
    assert np.array_equal(build_gold(frame_of(["a"] * 5 + ["b"] * 5), "several", {"text": "text", "label": "topics"})
                          .members, np.repeat(np.eye(2, dtype=bool), 5, axis=0))  # fmt: skip
