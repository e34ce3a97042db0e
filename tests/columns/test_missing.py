"""Words that mean that nothing is known, and the columns where they are values."""

import numpy as np
import pandas as pd
import pytest

from embedlab.columns import MISSING_WORDS, Meanings, find_missing

OTHERS = ["late", "broken", "late", "refund"]


@pytest.mark.parametrize("word", MISSING_WORDS)
def test_a_usual_word_is_missing_in_capitals_or_not(word):
    for written in {word, f" {word} "} if word == "None" else {word, word.upper(), word.lower(), f" {word} "}:
        if written.strip().casefold() == "nil":
            continue  # Somebody has written it: see below.
        found = find_missing([*OTHERS, written])
        assert found.rows.tolist() == [False] * 4 + [True]
        assert found.words == {written.strip(): 1}


@pytest.mark.parametrize(
    ("cells", "name", "kept"),
    [
        (["DE", "NA", "FR", "DE"], "country", {"NA": 1}),
        (["EMEA", "NA", "APAC", "NA"], "region", {"NA": 2}),
        (["POS", "NEG", "NA"], "label", {}),
        (["Peanuts", "none", "Gluten"], "allergies", {"none": 1}),
        (["Peanuts", "None", "Gluten"], "Which allergies do you have?", {"None": 1}),
        (["Peanuts", "None", "", "Gluten"], "allergies", {"None": 1}),
        (["Peanuts", "None", "Gluten"], "allergies", {}),
        (["North", "na", "South"], "side", {}),
    ],
)
def test_the_careful_default(cells, name, kept):
    found = find_missing(cells, name=name)
    assert found.kept == kept
    assert found.rows.tolist() == [not cell or (cell.casefold() in ("na", "none") and not kept) for cell in cells]


def test_what_a_person_says_counts_everywhere_and_nothing_else():
    assert find_missing(["DE", "NA", "na ", "N/A"], ("NA",)).words == {"NA": 1, "na": 1}
    assert find_missing(["NaN", "", "\u200b"], ()).rows.tolist() == [False, True, True]


def test_words_of_the_usual_list_agree_with_pandas():
    """What pandas takes for missing when it reads a CSV is missing here, but for words that nobody meets in a label."""
    rare = {"1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN", "-nan", "-NaN", "#N/A N/A", ""}
    usual = {"#N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"} - rare
    assert find_missing([*OTHERS, *sorted(usual)]).rows.sum() == len(usual)


def test_cells_stay_and_are_understood():
    frame = pd.DataFrame({"topic": ["a;b", "N/A", "a", "b", ""], "n": ["1", "x", "2", "3", "-"]})
    meanings = Meanings(frame)
    assert meanings.labels("topic").tolist() == ["a;b", "", "a", "b", ""]
    assert meanings.label_sets("topic").tolist() == [("a", "b"), (), ("a",), ("b",), ()]
    assert meanings.label_sets("n") is None
    assert frame["topic"].tolist() == ["a;b", "N/A", "a", "b", ""]
    assert Meanings(frame, ("a",)).labels("topic").tolist() == ["a;b", "N/A", "", "b", ""]
    assert meanings.labels("topic") is meanings.labels("topic")
    assert not np.array_equal(meanings.missing("n").rows, meanings.missing("topic").rows)
