"""What is compared on: pairs, questions and labels as people have them, and texts that were spoiled on purpose."""

import pandas as pd
import pytest
from golds import sample_gold

from embedlab.errors import InvalidInputError
from embedlab.gold import LAYOUTS, Unlabelled, build_gold, guess_layout


@pytest.mark.parametrize(
    ("name", "kind", "n_texts", "n_queries"),
    [
        ("sentence_pairs", "pairs", 200, 0),
        ("refrigerators", "retrieval", 78, 45),
        ("support_messages", "labels", 306, 0),
    ],
)
def test_samples_say_what_is_known(name, kind, n_texts, n_queries):
    gold = sample_gold(name)
    assert (gold.kind, len(gold.texts), len(gold.queries)) == (kind, n_texts, n_queries)
    assert gold.digest == sample_gold(name).digest


def test_dirty_pairs_keep_what_can_be_used():
    frame = pd.DataFrame(
        {"sentence1": ["a", " ", "c", "d", "e"], "sentence2": list("vwxyz"), "score": ["4,5", "1", "n/a", "2", "3.5"]}
    )
    layout, columns = guess_layout(frame, "sentence1", None)
    gold = build_gold(frame, layout, columns)
    assert (gold.texts_a, gold.scores.tolist(), gold.n_set_aside) == (("a", "d", "e"), [4.5, 2.0, 3.5], 2)
    assert gold.origin.tolist() == [0, 3, 4]


def test_questions_beside_their_answers():
    frame = pd.DataFrame({"text": ["x", "y", "x", ""], "query": ["one", "one", "two", "three"]})
    layout, columns = guess_layout(frame, "text", None)
    gold = build_gold(frame, layout, columns)
    assert (gold.texts, gold.queries, gold.relevant, gold.n_set_aside) == (
        ("x", "y"),
        ("one", "two"),
        [{0: 1, 1: 1}, {0: 1}],
        1,
    )
    assert gold.origin.tolist() == [0, 2], "of a question that comes twice the first row"


def test_rare_labels_are_set_aside():
    frame = pd.DataFrame({"text": [f"t{i}" for i in range(13)], "label": ["a"] * 6 + ["b"] * 5 + ["c", " "]})
    gold = build_gold(frame, "labels", {"text": "text", "label": "label"})
    assert (len(gold.texts), set(gold.labels), gold.n_set_aside) == (11, {"a", "b"}, 2)
    assert gold.origin.tolist() == list(range(11))


def test_every_row_of_a_figure_knows_its_row_of_the_table():
    """Questions that name rows, and texts alone; what is made by hand comes from no table."""
    frame = pd.DataFrame(
        {"text": [" ", "q", "x", "q", "p", "y"], "id": list("abcdef"), "relevant": ["c", "c", "", "f", "c", ""]}
    )
    gold = build_gold(frame, "relevant", {"text": "text", "id": "id", "relevant": "relevant"})
    assert (gold.queries, gold.origin.tolist()) == (("q", "p"), [1, 4])
    texts = build_gold(pd.DataFrame({"text": ["", *map(str, range(12))]}), "texts", {"text": "text"})
    assert texts.origin.tolist() == list(range(1, 13))
    assert Unlabelled(texts.originals).origin is None


@pytest.mark.parametrize(
    ("layout", "columns", "message"),
    [
        ("pairs", {"second": "text", "score": "text"}, "0 pairs"),
        ("pairs", {"second": "text"}, "no column None for the score"),
        ("queries", {"query": "blank"}, "0 questions"),
        ("labels", {"label": "blank"}, "Choose another label column"),
        ("texts", {}, "12 at least"),
        ("nonsense", {}, "no layout"),
    ],
)
def test_too_little_is_said(layout, columns, message):
    frame = pd.DataFrame({"text": ["one", "two"], "blank": ["", ""]})
    with pytest.raises(InvalidInputError, match=message):
        build_gold(frame, layout, {"text": "text", **columns})
    assert "texts" in LAYOUTS
