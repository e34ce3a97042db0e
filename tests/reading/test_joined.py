"""Several files are one table, and each row says which of them it comes from."""

import io
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import TableError, UnreadFilesError
from embedlab.limits import limits
from embedlab.reading import number_names, read_table, read_tables


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
        "file": ["may.csv", "may.csv", "may_2.csv"],
        "text": ["good day", "bad day", "rain"],
        "stars": ["5", "1", ""],
        "place": ["", "", "Bonn"],
    }
    assert "may_2.csv: no column 'stars'; these cells are empty." in table.report.notes
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


def test_all_that_cannot_be_read_is_named_at_once(tmp_path):
    paths = [
        write(tmp_path, "a.csv", "text\ngood day\n"),
        write(tmp_path, "b.csv", ""),
        write(tmp_path, "c.csv", ",,\n"),
    ]
    with pytest.raises(
        UnreadFilesError, match="2 of 3 files cannot be read: b.csv is empty.* c.csv is blank"
    ) as caught:
        read_tables(paths)
    assert list(caught.value.said) == ["b.csv", "c.csv"]


@given(st.lists(st.sampled_from(["a.csv", "a_2.csv", "a_3.csv", "a", "b.tar.gz"]), max_size=8))
def test_numbered_names_differ_and_those_that_differed_stay(names):
    numbered = number_names(names)
    assert len(set(numbered)) == len(numbered) == len(names)
    assert all(name in numbered for name in names)
    if len(set(names)) == len(names):
        assert numbered == names
    assert [name.rpartition(".")[2] for name in numbered if "." in name] == [
        name.rpartition(".")[2] for name in names if "." in name
    ]


def test_what_the_files_have_in_common_is_reported_and_nothing_else():
    texts = {"a.csv": "text;n\nschön;1\n".encode("cp1252"), "b.csv": "text,n\nmüde,2\n".encode("cp1252")}
    report = read_tables(list(texts.items()), encoding="cp1252").report
    assert (report.encoding, report.delimiter) == ("cp1252", None)
    assert report.files == ("a.csv", "b.csv")
    assert [row for _, row in report.head] == [("text", "n"), ("schön", "1")], "those of the first"
    assert read_tables([("a.csv", texts["a.csv"])] * 2).report.delimiter == ";"


def packed(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return stream.getvalue()


def book(*sheets):
    stream, made = io.BytesIO(), openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(stream)
    return stream.getvalue()


MONTHS = {
    "2024/may.csv": "text,n\ngood day,1\n",
    "2024/june.csv": "n;text\n2;bad day\n",
    "read me.txt": "By month. " * 99,
}


def test_all_tables_of_a_zip_are_one():
    one = read_table(packed(**MONTHS), name="year.zip")
    assert one.report.part == "2024/may.csv"
    assert one.report.parts == (*MONTHS, "/")
    assert "The part '/' of year.zip is all its tables as one." in one.report.notes
    table = read_table(packed(**MONTHS), name="year.zip", part="/")
    assert table.frame.to_dict("list") == {
        "file": ["2024/may.csv", "2024/june.csv"],
        "text": ["good day", "bad day"],
        "n": ["1", "2"],
    }
    assert (table.report.part, table.report.parts) == ("/", (*MONTHS, "/"))
    assert table.report.files == ("2024/may.csv", "2024/june.csv")
    assert "Not called tables, and left out: 'read me.txt'." in table.report.notes
    assert "/" not in read_table(packed(**{"a.csv": "text\na b\n", "b.txt": "c"}), name="a.zip").report.parts


def test_a_sheet_of_a_file_of_a_zip_is_chosen():
    rows = {"Keys": [("code",), ("a",)], "Answers": [("comment",), ("The parcel is late",)]}
    files = {"notes.csv": "text\na b\n", "book.xlsx": book(*rows.items())}
    table = read_table(packed(**files), name="all.zip", part="book.xlsx/Answers")
    assert list(table.frame["comment"]) == ["The parcel is late"]
    assert table.report.parts == ("notes.csv", "book.xlsx/Keys", "book.xlsx/Answers", "/")
    assert read_table(packed(**files), name="all.zip", part="book.xlsx").report.part == "book.xlsx/Keys"
    # A file that is really called so wins over a part of another.
    files["book.xlsx/Answers"] = "text\nit is me\n"
    assert list(read_table(packed(**files), name="all.zip", part="book.xlsx/Answers").frame["text"]) == ["it is me"]
    for wrong, message in (
        ("book.xlsx/Sheet9", "book.xlsx has no part called 'Sheet9'"),
        ("x", "all.zip has no part"),
    ):
        with pytest.raises(TableError, match=message):
            read_table(packed(**files), name="all.zip", part=wrong)


def test_one_of_a_zip_that_cannot_be_read_is_named():
    files = packed(**{"a/x.csv": "text\ngood day\n", "b/x.csv": ",,\n"})
    with pytest.raises(UnreadFilesError, match="1 of 2 files cannot be read: b/x.csv is blank"):
        read_table(files, name="all.zip", part="/")


def test_all_of_a_zip_together_unpack_to_no_more_than_one_file_may(monkeypatch):
    cells = "text\n" + "good day\n" * 80_000
    content = packed(**{f"{place}.csv": cells for place in range(3)})
    monkeypatch.setenv("EMBEDLAB_MAX_UNPACKED_MIB", "1")
    limits.cache_clear()
    try:
        assert len(read_table(content, name="all.zip").frame) == 80_000
        with pytest.raises(UnreadFilesError, match=r"all.zip unpacks to more than 1 MiB"):
            read_table(content, name="all.zip", part="/")
    finally:
        monkeypatch.undo()
        limits.cache_clear()
