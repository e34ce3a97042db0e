"""Columns of numbers, dates and times, as people and programs write them; pandas is the oracle where it is right."""

# ruff: noqa: E501 - a form a line

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.columns import read_scale
from embedlab.columns.dates import read_dates, read_times
from embedlab.columns.numbers import as_arrow, read_numbers


def numbers(*cells):
    return [None if np.isnan(value) else value for value in read_numbers(as_arrow(list(cells))).values.tolist()]


def dates(*cells, **options):
    found = read_dates(as_arrow(list(cells)), **options)
    return [None if np.isnan(x) else datetime.fromtimestamp(x, UTC).replace(tzinfo=None) for x in found.values.tolist()]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1,037", "12,500", "3"), [1037, 12500, 3]),
        (("3,5", "1.037", "7"), [3.5, 1037, 7]),
        (("1.037", "12.500", "950"), [1037, 12500, 950]),
        (("1.037", "2.5", "1950"), [1.037, 2.5, 1950]),
        (("0.125", "1.250", "3"), [0.125, 1.25, 3]),
        (("12 %", "3%", "5"), [12, 3, 5]),
        (("$1,200.50", "-$3", "($4)", "$ 5"), [1200.5, -3, -4, 5]),
        (("€3", "4 €", "$5", "EUR 6", "€7"), [3, 4, None, None, 7]),
        (("1 234,5", "12'000", "7"), [1234.5, 12000, 7]),
        (("1e5", "1.5E-3", "+5", "−5", "-.5"), [1e5, 0.0015, 5, -5, -0.5]),
        (("1,23,456.7", "2"), [123456.7, 2]),
        (("１２", "٣٫٥", "१"), [12, 3.5, 1]),
        (("1_1", "inf", "nan", "0x1A", "1e999", "--5", "1.2.3", "1,2,3", "5 kg", "", "."), [None] * 11),
        (("00123", "01234"), [None, None]),
        (("0", "0123", "7"), [0, 123, 7]),
    ],
)
def test_numbers_as_people_write_them(cells, expected):
    assert numbers(*cells) == expected


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, unique=True))
def test_numbers_as_programs_write_them(values):
    """In Python's own form, and with a comma between thousands."""
    assert numbers(*map(repr, values)) == values
    grouped = [f"{value:,.2f}" for value in values]
    np.testing.assert_allclose(numbers(*grouped), [float(cell.replace(",", "")) for cell in grouped])


@pytest.mark.parametrize(
    "cell",
    [
        "2024-12-31", "2024/12/31", "2024. 12. 31.", "2024년 12월 31일", "2024年12月31日", "31.12.2024", "31.12.24", "12/31/2024",
        "31/12/2024", "31-Dec-24", "Dec 31, 2024", "Dec. 31 2024", "December 31st, 2024", "31 December 2024", "31. Dezember 2024",
        "Tue, 31 Dec 2024", "31 de diciembre de 2024", "31 décembre 2024", "2024-12-31T00:00:00Z", "2024-12-31 01:00+01:00",
    ],
)  # fmt: skip
def test_one_day_in_many_forms(cell):
    assert dates(cell) == [datetime(2024, 12, 31)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-12-31T10:20:30.5+02:00", datetime(2024, 12, 31, 8, 20, 30, 500_000)),
        ("12/31/2024 3:05 PM", datetime(2024, 12, 31, 15, 5)),
        ("12/31/2024, 12:05 a.m.", datetime(2024, 12, 31, 0, 5)),
        ("31.12.2024 um 14:05 Uhr", datetime(2024, 12, 31, 14, 5)),
        ("2024. 1. 5. 오후 3:20", datetime(2024, 1, 5, 15, 20)),
        ("Mon Apr 06 22:19:45 PDT 2009", datetime(2009, 4, 7, 5, 19, 45)),
        ("Tue, 31 Dec 2024 10:00:00 +0100", datetime(2024, 12, 31, 9)),
        ("2024-12", datetime(2024, 12, 1)),
        ("May 2024", datetime(2024, 5, 1)),
    ],
)
def test_times_and_zones(cell, expected):
    assert dates(cell) == [expected]


@pytest.mark.parametrize(
    "cell", ["today", "now", "May", "10", "2024", "1_1", "2024-02-30", "32.12.2024", "12/31/2024 25:00", "1.2.3", "99/99/99"]
)  # fmt: skip
def test_what_is_no_date(cell):
    assert dates(cell) == [None]


def test_the_column_settles_which_is_the_day():
    assert dates("31/12/2024", "01/02/2024")[1] == datetime(2024, 2, 1)
    assert dates("12/31/2024", "01/02/2024")[1] == datetime(2024, 1, 2)
    assert dates("01/02/2024", day_first=True) == [datetime(2024, 2, 1)]
    assert dates("01.02.2024") == [datetime(2024, 2, 1)], "a point between them is European"
    open_, settled = (read_dates(as_arrow(cells)) for cells in (["01/02/2024"], ["01/13/2024"]))
    assert (open_.day_first, open_.is_settled, settled.is_settled) == (False, False, True)
    assert dates("24.12.31", "24.11.30", "24.10.29") == [
        datetime(2024, 12, 31), datetime(2024, 11, 30), datetime(2024, 10, 29)
    ]  # fmt: skip


def test_whole_numbers_are_dates_under_the_name_of_one_only():
    seconds = [str(1_704_067_200 + 60 * n) for n in range(30)]
    assert read_scale(seconds, name="amount").kind == "number"
    found = read_scale(seconds, name="created_at")
    assert (found.kind, found.numbers[0]) == ("date", 1_704_067_200)
    assert dates("1704067200000", "20241231", is_named=True)[0] == datetime(2024, 1, 1)
    assert dates("20241231", is_named=True) == [datetime(2024, 12, 31)]
    assert read_scale([str(n) for n in range(30)], name="response time").kind == "number"


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1, unique=True), st.sampled_from(
    ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y", "%Y-%m-%dT%H:%M:%S", "%d-%b-%Y"]
))  # fmt: skip
def test_dates_as_pandas_reads_them(days, form):
    cells = [day.strftime(form) for day in days]
    expected = pd.to_datetime(pd.Series(cells), format=form).dt.to_pydatetime().tolist()
    assert dates(*cells) == expected


def test_times_of_day():
    found = read_times(as_arrow(["14:30", "2:30 pm", "25:00", "12:00 AM", "오후 2:10", "14:30:05.5", "x"]))
    np.testing.assert_array_equal(found, [52200, 52200, np.nan, 0, 51000, 52205.5, np.nan])
    assert read_scale([f"{n:02}:15" for n in range(24)]).kind == "time"


def test_most_cells_decide_and_the_others_are_counted():
    days = [(date(2024, 1, 1) + timedelta(n)).isoformat() for n in range(288)]
    scale = read_scale([*days, *["unknown"] * 10, "soon", "later", "N/A", ""])
    assert (scale.kind, scale.ends) == ("date", ("2024-01-01", days[-1]))
    assert scale.unread == {"unknown": 10, "soon": 1, "later": 1}
    assert scale.remark == "12 of 300 cells are no dates: 'unknown' (10), 'soon' (1), 'later' (1)."
    assert np.isnan(scale.numbers[288:]).all()
    assert "month first; no cell settles" in read_scale([f"{m}/{d}/2024" for m in (1, 2) for d in range(1, 13)]).note
    assert "point as the decimal sign" in read_scale([f"{n},037" for n in range(1, 30)]).note


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2", "3", "N/A"] * 10,
        [f"A{n}" if n % 2 else str(n) for n in range(100)],
        [str(n) for n in range(30)] + ["no answer"] * 40,
        [f"room {n}" for n in range(100)],
        [f"{n:05}" for n in range(100)],
        [],
    ],
)
def test_columns_of_categories(cells):
    assert read_scale(cells) is None
