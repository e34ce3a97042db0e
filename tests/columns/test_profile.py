"""What is said of each column, on tables small enough to be counted by hand."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.columns import Meanings, profile, profile_columns

DAYS = [f"{day:02d}/{month:02d}/2024" for day in range(1, 5) for month in range(1, 6)]


def profile_of(cells, name="column", **options):
    (found,) = profile_columns(Meanings(pd.DataFrame({name: list(cells)}, dtype=object), **options))
    return found


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("empty", ["", " ", "N/A", "-"]),
        ("number", [f"{number / 7:.2f}" for number in range(40)]),
        ("number", ["3", "1.5", "2"]),
        ("date", DAYS),
        ("date", ["2024-01-03", "2024-05-06"]),
        ("time of day", [f"{hour}:30" for hour in range(24)]),
        ("label", ["late", "broken", "late", "late"]),
        ("several labels", ["late;broken", "late", "broken"]),
        ("several labels", ['["late", "broken"]', '["late"]', '["broken"]']),
        ("text", ["The parcel never came.", "It came too late for me.", "Where is it?"]),
        ("text", ["아직도 배송이 안 왔어요", "환불해 주세요", "감사합니다"]),
        ("text", ["Anna", "Berta", "Clara"]),
        ("JSON", [json.dumps({"stars": stars, "text": "It came late"}) for stars in range(3)]),
        ("id, code or address", [f"A-{number:05d}" for number in range(40)]),
        ("id, code or address", ["https://example.com/a", "https://example.com/b", "https://example.com/c"]),
        ("id, code or address", ["007", "012", "040"]),
    ],
)
def test_the_kind_of_a_column(kind, cells):
    assert profile_of(cells).kind == kind


def test_a_column_counted_by_hand():
    """Of eight cells two are blank and three say so in words; three are filled, two of them different."""
    found = profile_of(["late", "N/A", "", "late", "n/a", " ", "N/A", "broken"])
    assert (found.n_rows, found.n_missing, found.n_different, found.filled) == (8, 5, 2, 3 / 8)
    assert found.missing_words == {"N/A": 2, "n/a": 1}
    assert found.examples == ("late", "broken")
    assert found.notes == ()


def test_labels_are_shown_by_how_often_they_come():
    assert profile_of(["c", "b", "a", "b", "a", "a"]).examples == ("a", "b", "c")


def test_words_that_are_values_are_named_too():
    found = profile_of(["DE", "NA", "FR", "DE", "NA"], "country")
    assert (found.n_missing, found.kept_words) == (0, {"NA": 2})


def test_words_that_somebody_names_count():
    assert profile_of(["late", "nobody knows", "late"], missing=("Nobody knows",)).missing_words == {"nobody knows": 1}


def test_marks_are_labels_and_that_is_said():
    found = profile_of(["1", "2", "1", "2", "1"])
    assert found.kind == "label"
    assert "each is a label" in found.notes[0]
    assert "same in every row" in profile_of(["en", "en", "en", "en"]).notes[0]


def test_what_does_not_fit_is_said():
    found = profile_of([*(str(number) for number in range(30)), "about ten"])
    assert found.notes == ("1 of 31 cells are no numbers: 'about ten' (1).",)


def test_the_order_of_day_and_month_is_open_until_somebody_says_it():
    found = profile_of(DAYS)
    assert found.has_open_order
    assert "no cell settles" in found.notes[0]
    assert not profile_of(DAYS, day_first=True).has_open_order
    assert not profile_of([*DAYS, "31/12/2024"]).has_open_order


def test_of_a_large_table_some_rows_are_looked_at_but_all_of_its_dates(monkeypatch):
    """One cell of many settles the order of day and month; a sample would hardly ever hold it."""
    monkeypatch.setattr(profile, "_MOST_CELLS", 10)
    frame = pd.DataFrame({"day": DAYS * 500, "text": ["It came late"] * 10_000}, dtype=object)
    assert profile_columns(Meanings(frame))[0].has_open_order
    frame.loc[7, "day"] = "31/12/2024"
    found = profile_columns(Meanings(frame))
    assert [column.n_rows for column in found] == [1_000, 1_000]
    assert found[0].kind == "date"
    assert not found[0].has_open_order


def test_a_table_without_rows_or_columns():
    assert profile_columns(Meanings(pd.DataFrame())) == []
    (found,) = profile_columns(Meanings(pd.DataFrame({"text": []}, dtype=object)))
    assert (found.kind, found.n_rows, found.filled) == ("empty", 0, 0.0)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=30))
def test_the_figures_are_those_of_pandas(cells):
    found = profile_of(cells)
    known = pd.Series(cells, dtype=object)[~Meanings(pd.DataFrame({"column": cells})).missing("column").rows]
    assert found.n_rows - found.n_missing == len(known)
    assert found.n_different == known.nunique()
    assert sum(found.missing_words.values()) <= found.n_missing
    assert len(found.examples) == min(3, found.n_different)
