"""Several files are one table, and each row says which of them it comes from."""

import io

import pandas as pd
import pytest

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading import read_tables


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_joined_by_name(tmp_path):
    one = write(tmp_path / "a", "may.csv", "text,stars\ngood day,5\nbad day,1\n")
    two = write(tmp_path / "b", "may.csv", "text,place\nrain,Bonn\n")
    table = read_tables([one, two])
    assert table.frame.to_dict("list") == {
        "file": ["may.csv", "may.csv", "may.csv_2"],
        "text": ["good day", "bad day", "rain"],
        "stars": ["5", "1", ""],
        "place": ["", "", "Bonn"],
    }
    assert "may.csv_2: no column 'stars'; these cells are empty." in table.report.notes
    assert (table.report.format, table.report.n_rows) == ("csv", 3)
    frames = [pd.read_csv(path, dtype=str) for path in (one, two)]
    expected = pd.concat(frames, ignore_index=True).fillna("")
    assert table.frame.drop(columns="file").equals(expected[["text", "stars", "place"]].astype(object))


def test_files_of_several_kinds_and_a_column_that_is_called_file(tmp_path):
    lines = io.BytesIO(b'{"file": "x.wav", "text": "hello there"}\n')
    lines.name = "talk.jsonl"
    table = read_tables([lines, write(tmp_path, "a.csv", "text;file\none two;y.wav\n")])
    assert list(table.frame) == ["file_2", "file", "text"]
    assert list(table.frame["file"]) == ["x.wav", "y.wav"]
    assert table.report.format == "several"


def test_all_together_stay_within_the_limits(tmp_path, monkeypatch):
    paths = [write(tmp_path, f"{i}.csv", "text,n\ngood day,1\nbad day,2\n") for i in range(3)]
    monkeypatch.setenv("EMBEDLAB_MAX_ROWS", "5")
    limits.cache_clear()
    try:
        with pytest.raises(TableError, match="All files together has 6 rows"):
            read_tables(paths)
    finally:
        monkeypatch.undo()
        limits.cache_clear()
    with pytest.raises(TableError, match="no file"):
        read_tables([])
