"""Several labels in one cell, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.columns import read_labels, write_labels


@pytest.mark.parametrize(
    ("labels", "cell"),
    [
        ((), ""),
        (("late",), "late"),
        (("late", "damaged"), "late; damaged"),
        (("late, at night", "damaged"), "late, at night; damaged"),
        (("R; D", "Sales"), '["R; D", "Sales"]'),
        (("a|b",), '["a|b"]'),
        (("[1]",), '["[1]"]'),
    ],
)
def test_labels_in_a_cell(labels, cell):
    assert write_labels(labels) == cell
    assert read_labels(cell) == labels


NAMES = st.text("ab;|[]\"',\\ é1", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(NAMES, unique=True, max_size=4).map(tuple))
def test_whatever_labels_are_called_they_come_back(labels):
    assert read_labels(write_labels(labels)) == labels
