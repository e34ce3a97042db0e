"""What can be learned from a table: found by names and by what is in the columns, changeable, blanks set aside."""

import pandas as pd
import pytest

from embedlab.errors import InvalidInputError
from embedlab.examples import EXAMPLE_LAYOUTS, build_examples, guess_examples

LABELS = {"text": ["a", "b", "c", " ", "e"], "topic": ["x", "x", "y", "y", "N/A"]}


@pytest.mark.parametrize(
    ("table", "label", "layout", "kind", "columns"),
    [
        (LABELS, "topic", "labels", "labels", (("a", "b", "c"),)),
        ({"text": ["q", "r", ""], "Answer": ["a", "b", "c"]}, None, "positives", "pairs", (("q", "r"), ("a", "b"))),
        (
            {"text": ["q", "r"], "positive": ["a", "b"], "negative": ["n", "m"]},
            None,
            "positives",
            "triplets",
            (("q", "r"), ("a", "b"), ("n", "m")),
        ),
        (
            {"text": list("abcd"), "sentence2": list("wxyz"), "score": ["1", "2,5", "?", "4"]},
            None,
            "pairs",
            "scores",
            (("a", "b", "d"), ("w", "x", "z")),
        ),
        ({"text": ["Here.", "Now."], "question": ["Where?", "When?"]}, None, "queries", "pairs", None),
        ({"text": ["one", "two"], "Übersetzung": ["eins", "zwei"]}, None, "translations", "translations", None),
        ({"text": ["one", "two"], "note": ["so", "so"]}, None, "texts", "texts", (("one", "two"),)),
    ],
)
def test_found_by_name_and_content(table, label, layout, kind, columns):
    frame = pd.DataFrame(table)
    found, chosen = guess_examples(frame, "text", label)
    assert found == layout
    examples = build_examples(frame, found, chosen)
    assert examples.kind == kind
    assert columns is None or examples.columns == columns
    assert len(frame) == examples.n_set_aside + len(examples)
    # A row of the table is known for each example.
    assert [
        frame[chosen["text"]][row] in row_texts
        for row, row_texts in zip(examples.origin.tolist(), zip(*examples.columns, strict=True), strict=True)
    ] == [True] * len(examples)


def test_groups_are_kept_together_and_missing_words_can_be_chosen():
    frame = pd.DataFrame(LABELS | {"author": ["Ann", "Bob", "Ann", "Bob", "N/A"]})
    columns = {"text": "text", "label": "topic", "group": "author"}
    examples = build_examples(frame, "labels", columns)
    assert (list(examples.shared), examples.groups.tolist()) == (["Ann", "Bob", "Ann"], [0, 1, 0])
    examples = build_examples(frame, "labels", columns, missing=("y",))
    assert (examples.labels, list(examples.shared)) == (("x", "x", "N/A"), ["Ann", "Bob", "N/A"])


def test_a_question_that_comes_twice_belongs_to_the_groups_of_all_its_rows():
    frame = pd.DataFrame({"text": ["a", "b", "c"], "question": ["q", "q", "r"], "thread": ["one", "two", "two"]})
    examples = build_examples(frame, "queries", {"text": "text", "query": "question", "group": "thread"})
    assert len(set(examples.groups.tolist())) == 1


def test_what_is_wrong_with_a_choice_is_said():
    frame = pd.DataFrame(LABELS)
    with pytest.raises(InvalidInputError, match="no layout 'several'.*labels, pairs"):
        build_examples(frame, "several", {"text": "text"})
    with pytest.raises(InvalidInputError, match="no column None for the label"):
        build_examples(frame, "labels", {"text": "text"})
    assert all(layout.title and layout.description for layout in EXAMPLE_LAYOUTS.values())
