"""Tables out: safe for a spreadsheet, complete on the way back."""

import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from embedlab.errors import InvalidInputError
from embedlab.exports import (
    EXPORT_FORMATS,
    add_columns,
    cluster_table,
    embedding_table,
    find_format,
    spread_rows,
    to_csv,
    to_npy,
    to_parquet,
)
from embedlab.exports.workbooks import CUT_MARK, MAX_CELL_CHARS, to_xlsx
from embedlab.reading import read_table


def test_a_workbook_has_numbers_where_the_table_has_and_nothing_where_one_is_missing():
    frame = pd.DataFrame({"rank": [1, None], "score": [0.5, np.nan], "text": ["a", None], "big": [2**40, 3]})
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(frame.astype({"rank": "Int64"})))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        [1, 0.5, "a", 2**40],
        [None, None, None, 3],
    ]


def test_csv_worked_by_hand():
    frame = pd.DataFrame({"=cmd": ["=1+1", 'a "b", c'], "n": [-5, 7]})
    lines = to_csv(frame).decode("utf-8-sig").split("\n")
    assert lines[:3] == ['"\'=cmd","n"', '"\'=1+1",-5', '"a ""b"", c",7']
    assert to_csv(frame, excel_safe=False).decode("utf-8-sig").startswith('"=cmd","n"\n"=1+1",-5')
    assert frame.columns.tolist() == ["=cmd", "n"]


def test_csv_comes_back_as_it_went():
    cells = ["Grüße\nKöln", 'say "hi"; 1,5', "한국어 👋", "NA", ""]
    frame = pd.DataFrame({"text": cells, "n": ["1", "2", "3", "4", "5"]})
    assert read_table(to_csv(frame), name="x.csv").frame.equals(frame.astype(object))


def test_cluster_table_keeps_columns_that_have_the_same_name():
    frame = pd.DataFrame({"text": ["a", "b"], "cluster": ["old", "old"], "x": ["1", "2"]})
    coordinates = np.array([[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]], dtype=np.float32)
    table = cluster_table(frame, np.array([1, 0]), {0: "zero", 1: "one"}, coordinates)
    assert table.columns.tolist() == ["text", "cluster", "x", "cluster_2", "cluster_name", "x_2", "y", "z"]
    assert table["cluster_name"].tolist() == ["one", "zero"]
    assert table["x_2"].tolist() == [0.5, 3.5]
    assert frame.columns.tolist() == ["text", "cluster", "x"]


def test_parquet_holds_vectors_and_leaves_blank_rows_empty():
    frame = pd.DataFrame({"text": ["a", " ", "b"]})
    table = embedding_table(frame, np.array([0, 2]), np.array([[1, 2], [3, 4]], dtype=np.float32))
    back = pq.read_table(io.BytesIO(to_parquet(table)))
    assert back.column("embedding").to_pylist() == [[1.0, 2.0], None, [3.0, 4.0]]


def cells(content):
    """All cells of a workbook but its header, as (value, type) by rows; ``s`` is a text, ``f`` a formula."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_a_workbook_runs_nothing_and_keeps_numbers():
    texts = ["=1+1", "#N/A", "+1", "@SUM(1)", "=cmd|' /C calc'!A0", "Grüße 👋", " two\nlines "]
    frame = pd.DataFrame({"=text": texts, "n": range(7), "x": np.float32([0.5, np.nan, np.inf, 1, 2, 3, 4])})
    found = cells(to_xlsx(frame))
    assert [row[0] for row in found] == [(text, "s") for text in texts]
    assert [row[1] for row in found] == [(n, "n") for n in range(7)]
    assert [row[2][0] for row in found[:3]] == [0.5, None, "inf"]
    back = read_table(to_xlsx(frame), name="x.xlsx").frame
    assert back["=text"].tolist() == texts


def test_a_workbook_leaves_out_what_it_cannot_hold_and_says_what_it_cuts():
    long = "x" * (MAX_CELL_CHARS + 1)
    frame = pd.DataFrame({"text": pd.Series(["a\x00b\x1fc\ud800d\uffff", long, long[:-1]], dtype=object)})
    ((clean, _),), ((cut, _),), ((whole, _),) = cells(to_xlsx(frame))
    assert clean == "abcd"
    assert len(cut) == MAX_CELL_CHARS
    assert cut.endswith(CUT_MARK)
    assert whole == long[:-1]


def test_a_table_too_large_for_a_workbook_is_refused_with_a_way_out():
    with pytest.raises(InvalidInputError, match="1,048,576 rows.*holds 1,048,575 rows.*CSV or the Parquet"):
        to_xlsx(pd.DataFrame({"n": np.zeros(1_048_576)}))
    with pytest.raises(InvalidInputError, match="16,385 columns"):
        to_xlsx(pd.DataFrame(np.zeros((1, 16_385))))


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_is_found_by_its_ending_and_read_again(name):
    format = EXPORT_FORMATS[name]
    assert find_format(Path("out" + format.suffix)) is format
    frame = pd.DataFrame({"text": ["late parcel", "great lamp"], "cluster": [0, 1]})
    back = read_table(format.write(frame), name="out" + format.suffix).frame
    assert back.to_dict("list") == {"text": ["late parcel", "great lamp"], "cluster": ["0", "1"]}


def test_an_unknown_ending_names_those_there_are():
    with pytest.raises(InvalidInputError, match=r"out.docx ends in none of .csv, .xlsx, .parquet"):
        find_format(Path("out.docx"))


def test_added_columns_never_take_the_place_of_others():
    frame = pd.DataFrame({"a": [1], "a_2": [2]})
    table = add_columns(frame, {"a": [3], "b": [4]})
    assert table.to_dict("list") == {"a": [1], "a_2": [2], "a_3": [3], "b": [4]}


def test_an_array_keeps_the_rows_of_the_table():
    vectors = np.array([[1, 2], [3, 4]], dtype=np.float32)
    back = np.load(io.BytesIO(to_npy(spread_rows(vectors, np.array([0, 2]), 3))), allow_pickle=False)
    np.testing.assert_array_equal(back, np.array([[1, 2], [np.nan, np.nan], [3, 4]], dtype=np.float32))
    assert back.dtype == np.float32
