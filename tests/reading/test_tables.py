"""Dirty files: the right table, or one sentence that says what is wrong; never a silently shifted column."""

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_files import read, rows

from embedlab.columns import guess_label_column, guess_text_column
from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading import read_table


def test_public_files(shared_data):
    """Sizes from their INDEX; headers where they have one."""
    stsb = read_table(shared_data / "stsb" / "stsb-de-dev.csv")
    assert (stsb.report.n_rows, stsb.report.header_rows) == (1500, 0)
    parakqc = read_table(shared_data / "parakqc" / "paraKQC_v1.txt")
    assert (parakqc.report.n_rows, parakqc.report.n_columns) == (10_000, 3)
    nlu = read_table(next((shared_data / "nlu_similarity_de").glob("*.csv")))
    assert (nlu.report.n_rows, nlu.report.header_rows) == (1127, 1)


def test_csv_spectrum(shared_data):
    """Awkward files with their right reading; one of them is at odds with its own JSON and is left out."""
    for path in sorted((shared_data / "csv_spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if path.stem in ("location_coordinates", "newlines_crlf"):
            continue
        assert read_table(path).frame.to_dict("records") == expected, path.name


# ---------------------------------------------------------------- other formats


def test_json_lines_keep_nested_fields():
    content = '{"text": "a", "n": 1, "more": {"x": [1, "ü"]}}\n{"text": "b", "ok": true}\n'
    table = read(content, name="table.jsonl")
    assert list(table.frame.columns) == ["text", "n", "more.x", "ok"]
    assert rows(table) == [["a", "1", '[1, "ü"]', ""], ["b", "", "", "true"]]


def test_json_lines_in_a_file_called_csv_and_a_json_list():
    assert read('{"text": "a"}\n{"text": "b"}\n').report.format == "jsonl"
    assert read('[{"text": "a"}, {"text": "b"}]', name="x.json").frame["text"].tolist() == ["a", "b"]
    assert read('["a", "b"]', name="x.json").frame["text"].tolist() == ["a", "b"]


def test_json_half_surrogates_are_removed():
    assert read('{"text": "a\\ud800b"}', name="x.jsonl").frame["text"].tolist() == ["ab"]


def test_broken_json():
    with pytest.raises(TableError, match="Line 2 of x.jsonl"):
        read('{"text": "a"}\nnonsense\n{"text": "c"}\n', name="x.jsonl")
    cut = read('{"text": "a"}\n{"text": "b"}\n{"te', name="x.jsonl")
    assert cut.frame["text"].tolist() == ["a", "b"]
    assert "cut off" in cut.report.notes[0]
    with pytest.raises(TableError, match="not a JSON list"):
        read('[{"text": "a"', name="x.json")


def test_parquet_with_dictionary_nested_and_missing_cells():
    columns = {
        "text": pa.array(["a", None]),
        "topic": pa.array(["x", "y"]).dictionary_encode(),
        "n": pa.array([1, None]),
        "list": pa.array([[1, 2], None]),
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    table = read(stream.getvalue(), name="x.parquet")
    assert rows(table) == [["a", "x", "1", "[1, 2]"], ["", "y", "", ""]]
    with pytest.raises(TableError, match="damaged Parquet"):
        read(stream.getvalue()[:-20], name="x.parquet")


# ---------------------------------------------------------------- refusals and limits

REFUSED = [
    (b"", "empty"),
    (b"\n \n,,\n", "blank"),
    (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG picture"),
    (b"\xff\xd8\xff\xe0" + bytes(99), "JPEG"),
    (b"%PDF-1.7 ...", "PDF"),
    (b"\x1f\x8b\x08" + bytes(99), "damaged archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "is damaged"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
    (b"<!DOCTYPE html><html></html>", "web page"),
    (b"PK\x03\x04 broken", "damaged"),
    (bytes(np.random.default_rng(0).integers(0, 256, 4000, dtype=np.uint8)), "binary"),
    (b"text,n\n", "no rows"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_is_no_table_is_said_in_one_sentence(content, message):
    with pytest.raises(TableError, match=message) as refused:
        read(content)
    assert "\n" not in str(refused.value)


def test_a_column_called_like_a_magic_number():
    assert read("PK,text\n1,hello there\n").frame["PK"].tolist() == ["1"]


def test_a_field_of_ten_megabytes():
    table = read("text,n\n" + "x" * 10_000_000 + ",1\nshort,2\n")
    assert len(table.frame["text"][0]) == limits().max_cell_chars
    assert table.frame["n"].tolist() == ["1", "2"]


# ---------------------------------------------------------------- sources and columns


def test_path_bytes_and_file_object_are_the_same(tmp_path):
    content = b"text,n\nhello,1\n"
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with path.open("rb") as file:
        tables = [read_table(path), read_table(str(path)), read_table(content, name="a.csv"), read_table(file)]
    assert all(table.frame.equals(tables[0].frame) and table.report == tables[0].report for table in tables)


def test_columns_are_guessed():
    lines = [
        "id,when,label,review,stars",
        "1,2024-01-01,good,I like it a lot,5",
        "2,2024-01-02,bad,It broke at once,1",
        "3,2024-01-03,good,Would buy it again,4",
        "4,2024-01-04,bad,Not what I ordered,2",
    ]
    frame = read("\n".join(lines)).frame
    assert guess_text_column(frame).column == "review"
    assert guess_label_column(frame, "review") == "label"
    with pytest.raises(TableError, match="No column of this table holds words"):
        guess_text_column(read("a,b\n1,2024-01-01\n2,2024-01-02\n").frame)


def test_control_characters_leave_every_format():
    table = read('{"text": "a\\u0000b\\u0007"}', name="x.jsonl")
    assert table.frame["text"].tolist() == ["ab"]
    assert "2 control characters" in table.report.notes[0]


@pytest.mark.parametrize("options", [{"encoding": "a\0b"}, {"encoding": "undefined"}, {"encoding": "zip"}])
@pytest.mark.parametrize("delimiter", [None, ";;", '"', "\n"])
def test_impossible_choices_are_said(options, delimiter):
    with pytest.raises(TableError):
        read("text,n\na,1\n", **options, delimiter=delimiter)


def test_half_a_kilobyte_of_parquet_that_says_one_text_for_ever():
    """A dictionary holds the text once; written out it would take 100 GB."""
    stream = io.BytesIO()
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"text": texts}), stream, compression="zstd", store_schema=False)
    assert len(stream.getvalue()) < 10_000
    with pytest.raises(TableError, match="more than 500,000,000 characters"):
        read(stream.getvalue(), name="x.parquet")
