"""The bars of a column: every row is in one of them, whatever the numbers are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedlab.columns import Meanings, profile_columns
from embedlab.columns.bars import Bars, date_bars, label_bars, number_bars, time_bars

NUMBERS = arrays(np.float64, st.integers(0, 60), elements=st.floats(-1e12, 1e12) | st.just(np.nan))


def bars_of(cells, name="column"):
    (found,) = profile_columns(Meanings(pd.DataFrame({name: list(cells)}, dtype=object)))
    return found.bars


@given(NUMBERS)
def test_every_number_is_in_a_bar(numbers):
    bars = number_bars(numbers)
    assert sum(bars.counts) == np.isfinite(numbers).sum()
    assert len(bars.counts) <= 20


@given(NUMBERS)
def test_every_date_is_in_a_bar(seconds):
    bars = date_bars(seconds / 10)
    assert sum(bars.counts) == np.isfinite(seconds).sum()
    assert len(bars.counts) <= 40


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-02-28", "2024-03-01", "per day, 2024-02-28 to 2024-03-01"),
        ("2023-12-01", "2024-03-31", "per month, 2023-12 to 2024-03"),
        ("1999-05-01", "2024-03-31", "per year, 1999 to 2024"),
        ("1800-05-01", "2024-03-31", "1800-05-01 to 2024-03-31, in equal parts"),
    ],
)
def test_dates_are_counted_as_pandas_counts_them(first, last, said):
    days = pd.date_range(first, last, freq="D")
    bars = date_bars(days.astype("datetime64[s]").astype(np.int64).to_numpy(dtype=np.float64))
    assert bars.said == said
    unit = {"per day": "D", "per month": "M", "per year": "Y"}.get(said.split(",")[0])
    if unit:
        assert list(bars.counts) == pd.Series(1, days).groupby(days.to_period(unit)).sum().tolist()


def test_what_lies_far_out_does_not_hide_the_rest():
    numbers = np.concatenate([np.arange(1000.0), [1e9]])
    bars = number_bars(numbers)
    assert bars.said == "0 to 1,000,000,000; the outer ones hold all beyond 10 and 990"
    assert min(bars.counts) > 40
    assert sum(bars.counts) == 1001
    assert number_bars(np.array([5.0, 5.0, 5.0])) == Bars((3,), "5 to 5")


def test_times_and_labels():
    assert time_bars(np.array([0.0, 86_399.0, np.nan])).counts == (1, *[0] * 22, 1)
    bars = label_bars([str(number) for number in range(30)], range(30))
    assert bars == Bars(tuple(range(29, 9, -1)), "20 most frequent of 30 labels")


def test_each_kind_of_column_has_its_bars():
    dates = [f"2024-{month:02d}-{day}" for month in range(1, 13) for day in (10, 20)]
    assert bars_of(dates) == Bars((2,) * 12, "per month, 2024-01 to 2024-12")
    assert bars_of([f"{hour}:30" for hour in range(24)]).counts == (1,) * 24
    assert bars_of(["late;broken", "late", "broken", "late"]) == Bars((3, 2), "2 labels by frequency")
    assert bars_of(["late", "broken", "late", "N/A"]) == Bars((2, 1), "2 labels by frequency")
    assert bars_of(["3", "1.5", "2"]).said == "1.5 to 3"
    assert bars_of(["The parcel came.", "It came too late for me."]).said == "characters, 16 to 24"
    for nothing in ([f"A-{number:05d}" for number in range(40)], ["", "N/A"], ['{"a": 1}', '{"b": 2}', '{"c": 3}']):
        assert bars_of(nothing) == Bars()
