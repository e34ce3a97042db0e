"""Tables out: safe for a spreadsheet, complete on the way back."""

import io

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from embedlab.exports import cluster_table, embedding_table, to_csv, to_parquet
from embedlab.tables import read_table


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
