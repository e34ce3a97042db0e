"""Large files: rows kept by column, lines cut piece by piece, and nothing of it to be seen in the table."""

import csv
import io
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import read_table
from embedlab.reading.delimiters import parse_best
from embedlab.reading.delimiters import rows as delimited_rows
from embedlab.reading.layout import Cells, cells

CELLS = st.text(alphabet='ab1 ,"\n\ré', max_size=4)
# Three rows at once, of which six tell whether cells are equal.
SMALL = patch.multiple(cells, _AT_ONCE=3, _TRIED=6)


def filled(rows):
    """The rows, appended one by one."""
    found = Cells()
    for row in rows:
        found.append(list(row))
    return found


@given(rows=st.lists(st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=2), max_size=20), cut=st.data())
def test_cells_are_a_list_of_rows(rows, cut):
    """Whatever their widths, and at whatever row these begin to differ."""
    first, last = (cut.draw(st.integers(-25, 25)) for _ in range(2))
    with SMALL:
        found = filled(rows)
        assert list(found) == rows
        assert len(found) == len(rows)
        assert [found[i] for i in range(-len(rows), len(rows))] == rows + rows
        assert list(found[first:last]) == rows[first:last]
        assert list(found[first:]) == rows[first:]
        is_even = len(set(map(len, rows))) <= 1
        assert found.columns == ([list(column) for column in zip(*rows, strict=True)] if is_even else None)


def test_equal_cells_share_one_string():
    """Of a column in which most come back; one of different cells is not looked up for ever."""
    with SMALL:
        labels, ids = filled([["late"[:i] + "late"[i:], f"r{i}"] for i in range(5)] * 9).columns
    assert len(set(map(id, labels))) == 1
    assert ids == [f"r{i}" for i in range(5)] * 9
    with SMALL:
        different = filled([[f"r{i}"] for i in range(20)] + [["r1"[:1] + "1"]])
    assert different.columns[0][-1] == different.columns[0][1]
    assert different._shared == [None]


@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12))
def test_rows_are_those_of_the_csv_module(rows):
    """Quoted as a program quotes: commas, quotation marks and ends of lines come back; blank rows alone go."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    with SMALL, patch.object(delimited_rows, "_PIECE_CHARS", 5):
        found = parse_best(stream.getvalue(), ",")
    assert list(found.cells) == list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert found.cells.columns is not None
    assert not found.odd_quotes


@given(text=st.text(alphabet="abc1 ,;\"'\\\n\r\té.:", max_size=60))
@example('"a, ""b""",c\nd, "e"\n')
@example("id,text,label\n1,good,\n2,bad,x\nSource: a survey\n")
@example("n,text\n1,\n2,\n")
def test_a_table_is_the_same_by_column_and_by_row(text):
    """Names, cells, notes and all else in the report, or the same refusal."""

    def read():
        try:
            table = read_table(text.encode(), name="a.csv")
        except TableError as error:
            return str(error)
        return table.frame.to_dict("list"), table.report

    with SMALL, patch.object(delimited_rows, "_PIECE_CHARS", 7):
        by_column = read()
    with patch.object(Cells, "columns", None):
        assert read() == by_column


@given(text=st.text(alphabet="ab\n\r\x0b\x1c\x85\u2028", max_size=40), newline=st.sampled_from(["", None]))
def test_lines_are_those_of_the_whole_text(text, newline):
    """Pieces end behind a line; a carriage return and its line feed stay together."""
    with patch.object(delimited_rows, "_PIECE_CHARS", 3):
        assert list(delimited_rows._lines_of(text, newline)) == list(io.StringIO(text, newline=newline))
