"""Judgements as people write them: every id that is named counts, and what names nothing is said."""

import pandas as pd
import pytest

from embedlab.gold import build_gold, guess_layout

TEXTS = ["how late?", "how much?", "It is late.", "It costs five.", "Nobody knows."]
IDS = ["q1", "q2", "d1", "d2", "d3"]


def gold_of(*cells, ids=IDS, texts=TEXTS):
    frame = pd.DataFrame({"text": texts, "id": ids, "relevant": [*cells, *[""] * (len(texts) - len(cells))]})
    layout, columns = guess_layout(frame, "text", None)
    assert layout == "relevant"
    return build_gold(frame, layout, columns)


@pytest.mark.parametrize(
    "cell", ["d1 d3", "d1,d3", "d1; d3", "d1|d3", "d1/d3", "[d1, d3]", "['d1', \"d3\"]", "D1, D3", "d1\nd3", "{d1,d3}"]
)
def test_lists_in_every_form(cell):
    gold = gold_of(cell, "d2")
    assert [sorted(grades) for grades in gold.grades] == [[0, 2], [1]]
    assert (gold.n_set_aside, gold.remarks) == (0, ())


def test_numbers_of_a_spreadsheet():
    """1 is written 1.0 where a column once held an empty cell."""
    gold = gold_of("[1, 3]", "2.0", ids=["11", "12", "1.0", "2.0", "3.0"])
    assert [sorted(grades) for grades in gold.grades] == [[0, 2], [1]]


def test_grades():
    gold = gold_of("d1:3 d2:0.5 d3:0", "d2=2")
    assert gold.grades == [{0: 3.0, 1: 0.5}, {1: 2.0}]


def test_an_id_with_a_sign_in_it_is_that_id():
    gold = gold_of("a/b:1", "c d", ids=["q1", "q2", "a/b:1", "c d", "d3"])
    assert gold.grades == [{0: 1.0}, {1: 1.0}]


def test_what_names_nothing_is_counted_and_said():
    gold = gold_of("d1 d2 d3 d7", "d8")
    assert gold.queries == ("how late?",)
    assert gold.n_set_aside == 1
    assert gold.remarks == (
        "2 ids name no row that is searched, so they count as no answer: d7 (row 1), d8 (row 2).",
        "1 questions name no row that is searched, and are set aside.",
    )


def test_an_id_of_two_rows_names_both():
    gold = gold_of("d1", "d2", ids=["q1", "q2", "d1", "d2", "D1"])
    assert [sorted(grades) for grades in gold.grades] == [[0, 2], [1]]
    assert gold.remarks == ("1 ids stand in several rows, which all count as the answer: d1 (row 5).",)
