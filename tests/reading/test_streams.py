"""Files read in stretches: each is what the whole file says there, or the file is refused."""

import csv
import io
import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from awkward.delimited import AROUND, ENCODINGS, SEPARATORS, UNEVEN
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import StretchReader, longtext, read_table, survey
from embedlab.tables import ReadOptions

# What can be read whole and not in parts: no place to begin at, or nothing that says beforehand how bytes are meant.
WHOLE_ALONE = {
    "utf-16 le with a mark", "utf-16 be with a mark", "utf-16 le without a mark", "utf-16 be without a mark",
    "utf-32 without a mark", "two encodings in one file", "utf-16 with an odd byte", "utf-8 cut inside a letter",
    "old macintosh line ends",
}  # fmt: skip


@pytest.fixture
def all_are_long(monkeypatch):
    """Every delimited text is read in parts."""
    monkeypatch.setattr(longtext, "LONG_BYTES", 0)


# Texts of some lines; how many columns there may be is looked at elsewhere.
TEXTS = {name: case for name, case in (ENCODINGS | SEPARATORS | AROUND | UNEVEN).items() if len(case.content) < 10_000}


def in_stretches(path, n_rows=3, options=None, *, shuffled=False):
    """All rows of a file, read in stretches: in order, or in any."""
    stream = survey(path, path.name, options or ReadOptions(), n_rows)
    order = list(range(len(stream.stretches)))
    if shuffled:
        random.Random(0).shuffle(order)
    reader = StretchReader()
    frames = {place: reader.read(stream, stream.stretches[place]) for place in order}
    assert all(len(frame) <= n_rows for frame in frames.values())
    return pd.concat([frames[place] for place in sorted(frames)], ignore_index=True)


def test_awkward_files_are_read_as_they_are_whole(tmp_path, all_are_long):
    """Every awkward text: the cells that are in it, in stretches of three rows, or a refusal, and never other cells."""
    refused = set()
    for number, (name, case) in enumerate(TEXTS.items()):
        path = tmp_path / str(number) / case.name
        path.parent.mkdir()
        path.write_bytes(case.content)
        try:
            found = in_stretches(path)
        except TableError:
            refused.add(name)
            continue
        assert found.to_numpy().tolist() == [list(row) for row in case.rows], name
        assert list(found) == list(case.columns), name
    refused_whole = {name for name, case in TEXTS.items() if case.rows is None}
    assert refused == WHOLE_ALONE | refused_whole


CELLS = st.text(st.sampled_from('ab "\n,;ö'), min_size=1, max_size=6).map(lambda cell: f"x{cell}x")


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=5, max_size=40),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 7),
    st.booleans(),
)
def test_what_is_written_as_csv_is_read_in_stretches(tmp_path_factory, rows, end, n_rows, shuffled):
    """Quotes, delimiters and ends of lines within cells; the end of a stretch is never within a row."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end).writerows([("id", "text"), *rows])
    path = tmp_path_factory.getbasetemp() / "streams.csv"
    path.write_bytes(text.getvalue().encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(longtext, "LONG_BYTES", 0)
        found = in_stretches(path, n_rows, ReadOptions(delimiter=",", header_rows=1, trim=False), shuffled=shuffled)
    assert list(found.itertuples(index=False, name=None)) == rows


def test_what_stands_far_behind_decides_as_well(tmp_path, all_are_long, monkeypatch):
    """The beginning is ASCII; an umlaut in the old encoding comes behind all that was read for the names."""
    monkeypatch.setattr(longtext, "_SHOWN_BYTES", 2_000)
    monkeypatch.setattr(longtext, "HEAD_BYTES", 4_000)
    rows = [f"{number};The parcel came late" for number in range(500)]
    rows += [f"{number};Schöne Grüße aus Köln, über Hürth für Jürgen und Jörg" for number in range(500, 520)]
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(["id;text", *rows, ""]).encode("cp1252"))
    pd.testing.assert_frame_equal(in_stretches(path, 100), read_table(path).frame)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"400;one;two;three\n", "1 row has more cells than the 2 columns of its beginning (line 402)"),
        (b'400;"never closed\n', "the quotation mark in line 402 is closed in none of the next 50 lines"),
        (b"400;" + b"x" * 5_000 + b"\n", "line 402 has more than 0 MiB"),
        ("400;schön\n".encode("cp1252"), "cannot be read as utf-8: 'utf-8' codec can't decode byte 0xf6"),
    ],
)
def test_what_cannot_be_read_in_parts_is_refused_with_its_line(tmp_path, all_are_long, monkeypatch, line, said):
    monkeypatch.setattr("embedlab.reading.delimiters.long._MOST_LINES", 50)
    monkeypatch.setattr("embedlab.reading.delimiters.long._MOST_BYTES", 4_000)
    monkeypatch.setattr(longtext, "_SHOWN_BYTES", 2_000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"id;text\n" + b"".join(b"%d;a text\n" % n for n in range(400)) + line + b"9;b\n" * 60)
    with pytest.raises(TableError, match=said.replace("(", r"\(").replace(")", r"\)")):
        in_stretches(path, 100, ReadOptions(encoding="utf-8"))


def test_parquet_is_read_by_its_groups(tmp_path):
    """Groups of 7 rows and stretches of 3, in any order; structs, gaps and numbers as in the whole file."""
    rng = np.random.default_rng(0)
    table = pa.table(
        {
            "text": pa.array([None if n % 5 == 4 else f"text {n % 3}" for n in range(40)]),
            "n": rng.integers(0, 9, 40),
            "who": [{"name": f"p{n}", "age": n} for n in range(40)],
        }
    )
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=7)
    whole = read_table(path).frame
    assert list(whole) == ["text", "n", "who.name", "who.age"]
    for shuffled in (False, True):
        pd.testing.assert_frame_equal(in_stretches(path, 3, shuffled=shuffled), whole)
    assert [each.n_rows for each in survey(path, "a", ReadOptions(), 3).stretches] == [3, 3, 1] * 5 + [3, 2]


def test_long_rows_make_short_stretches(tmp_path, all_are_long, monkeypatch):
    """No stretch unpacks to more than its bytes, where one row does not."""
    monkeypatch.setattr("embedlab.reading.streams.STRETCH_BYTES", 1_000)
    rows = [f"{n},{'word ' * 50}" for n in range(20)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,text", *rows, ""]), encoding="utf-8")
    assert {each.n_rows for each in survey(path, "a", ReadOptions(), 100).stretches} == {4}
    pq.write_table(pa.table({"text": [f"{n}{'word ' * 50}" for n in range(20)]}), tmp_path / "a.parquet")
    assert max(each.n_rows for each in survey(tmp_path / "a.parquet", "a", ReadOptions(), 100).stretches) <= 4


def test_a_file_that_changes_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text\nThe parcel is late\nWhere is it?\n", encoding="utf-8")
    stream = survey(path, "a.csv", ReadOptions(), 10)
    path.write_text("text\nThe parcel is here\nWhere is it now?\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.csv was changed while it was being read"):
        StretchReader().read(stream, stream.stretches[0])
