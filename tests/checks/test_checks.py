"""What is found in tables that are wrong, each by hand; and that nothing is said of those that are not."""

import numpy as np
import pandas as pd
import pytest

from embedlab import Labelled, MultiLabelled, Pairs, Retrieval, TfidfEncoder, check_encoders, check_gold
from embedlab.checks import guess_split
from embedlab.errors import InvalidInputError
from embedlab.gold import build_gold


def listed(finding):
    return finding.table.to_dict("list")


def test_labels_that_contradict_each_other():
    frame = pd.DataFrame(
        {
            "text": [" ", "Where is it?", *(f"text {i}" for i in range(8)), " where  IS it?", "text 0"],
            "label": ["a", "a", *"aaaabbbb", "b", "a"],
        }
    )
    gold = build_gold(frame, "labels", {"text": "text", "label": "label"})
    contradiction, repeated = check_gold(gold)
    assert contradiction.title == "1 text has several labels"
    assert listed(contradiction) == {
        "row": [2, 11],
        "label": ["a", "b"],
        "text": ["Where is it?", " where  IS it?"],
    }
    assert contradiction.line.startswith("1 text has several labels (rows 2, 11). One of them is wrong")
    assert repeated.title == "1 of 11 texts repeat another"
    assert listed(repeated) == {"row": [12], "text": ["text 0"]}


def test_pairs_that_stand_twice_or_are_equal():
    gold = Pairs(
        ("a", "b", "B ", "same", "SAME", "x"), ("b", "a", "A", "Same", "same", "y"), np.array([1.0, 4, 1, 2, 3, 5])
    )
    different, equal, repeated = check_gold(gold)
    assert different.title == "5 pairs are scored several times, and differently"
    assert listed(different)["row"] == [1, 2, 3, 4, 5]
    assert equal.title == "1 pair is of one text twice, with a score in the lower half of the scale"
    assert listed(equal) == {"row": [4], "score": [2.0], "first": ["same"], "second": ["Same"]}
    assert listed(repeated) == {"row": [2], "text": ["a | b"]}


def test_questions_that_are_searched_and_answers_with_a_copy():
    gold = Retrieval(("What?", "Who?"), ("WHAT? ", "an answer", "An  answer", "another"), [{1}, {3}])
    asked, copy = check_gold(gold)
    assert asked.title == "1 question is also among the texts that are searched"
    assert listed(asked) == {"row": [1], "question": ["What?"]}
    assert copy.title == "1 question has answers with a copy that does not count as an answer"
    assert listed(copy) == {"row": [1], "question": ["What?"], "copy": ["An  answer"]}


def test_texts_in_several_parts():
    frame = pd.DataFrame(
        {
            "text": ["x", "X ", "y", "y", "z", *map(str, range(10))],
            "label": [*"aaaaa", *"bbbbbbbbbb"],
            "Split": ["train", " Test", "train", "training", "", *["dev"] * 10],
        }
    )
    columns = {"text": "text", "label": "label"}
    gold = build_gold(frame, "labels", columns)
    assert guess_split(frame) == "Split"
    parts, repeated = check_gold(gold, frame, columns, "Split")
    assert parts.title == "1 text stands in several parts of Split"
    assert listed(parts) == {"row": [1, 2], "part": ["train", " Test"], "text": ["x", "X "]}
    assert [each.title for each in check_gold(gold, frame, columns)] == [repeated.title]
    with pytest.raises(InvalidInputError, match="no column 'nobody'"):
        check_gold(gold, frame, columns, "nobody")


def test_a_question_that_comes_back_is_looked_for_in_all_its_rows():
    """What is known keeps a question once; the table has it in both parts."""
    frame = pd.DataFrame({"text": list("xyz"), "query": ["q", "q", "r"], "part": ["train", "test", "test"]})
    columns = {"text": "text", "query": "query"}
    (parts,) = check_gold(build_gold(frame, "queries", columns), frame, columns, "part")
    assert listed(parts)["row"] == [1, 2]


@pytest.mark.parametrize(
    ("name", "cells"),
    [("split", ["train", "dev"]), ("SET", ["Training", "validation"]), ("kind", None), ("split", None)],
)
def test_a_split_is_told_by_its_name_and_its_values(name, cells):
    frame = pd.DataFrame({"text": ["a", "b"], name: cells or ["left", "train"]})
    assert guess_split(frame) == (name if cells else None)


def test_nothing_is_said_where_nothing_is_wrong():
    assert check_gold(Labelled(tuple("abcdefghij"), tuple("xxxxxyyyyy"))) == []


def test_texts_that_a_model_cuts_or_cannot_read(encoder):
    texts = ("A short text", "word " * 400, "ꙮ ꙮꙮ", "Good ꙮ morning to you", *"abcdefgh")
    gold = Labelled(texts, tuple("xxxxxxyyyyyy"), origin=np.arange(12) * 2)
    cut, unread = check_encoders(gold, [encoder, encoder])
    assert cut.title == f"all-MiniLM-L6-v2 cuts 1 of 12 texts at {encoder.max_seq_length} tokens"
    assert (listed(cut)["row"], listed(cut)["tokens"]) == ([3], [402])
    assert unread.title == "all-MiniLM-L6-v2 cannot read 1 of 12 texts"
    assert (listed(unread)["row"], listed(unread)["unknown"]) == ([5], [2])


def test_word_counts_cannot_read_what_has_no_word():
    encoder = TfidfEncoder(["one two", "three four"])
    assert encoder.unread(["one five", "?!", "six seven"]).n_unknown.tolist() == [1, 0, 2]
    gold = Labelled(("one", "?!", "six seven", *"abcdefg"), tuple("xxxxxyyyyy"))
    (unread,) = check_encoders(gold, [encoder])
    assert listed(unread)["row"] == list(range(2, 11))


def test_a_label_of_one_group_cannot_be_learned():
    texts = tuple(f"text {i}" for i in range(15))
    gold = Labelled(texts, tuple("aaaaabbbbbccccc"), shared=[*"xxxxx", *"xyxyx", *"yzyzy"])
    (alone,) = check_gold(gold)
    assert alone.title == "1 label lies in one group of texts that are kept together"
    assert listed(alone) == {"row": [1], "label": ["a"], "texts": [5]}


def test_sets_of_labels_contradict_each_other_in_no_mere_order():
    texts = ("x", "X", "y", "Y ", *map(str, range(8)))
    labels = (("a", "b"), ("b", "a"), ("a",), ("b", "a"), *[("a", "b")] * 2, *[("b",)] * 6)
    gold = MultiLabelled(texts, labels, origin=np.arange(12) * 2)
    (differing,) = check_gold(gold)
    assert differing.title == "1 text has other labels in another row"
    assert listed(differing) == {"row": [5, 7], "label": ["a", "a; b"], "text": ["y", "Y "]}


def test_one_of_several_labels_may_lie_in_one_group():
    labels = (*[("a", "b")] * 5, *[("b", "c")] * 5)
    gold = MultiLabelled(tuple(map(str, range(10))), labels, shared=[*"xxxxx", *"xyzyz"])
    (alone,) = check_gold(gold)
    assert listed(alone) == {"row": [1], "label": ["a"], "texts": [5]}
    assert "none of them is given it" in alone.meaning
