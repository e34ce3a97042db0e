"""Arrow and Feather: every kind of column reads as a person sees it, packed or not; what is damaged harms nobody."""

import datetime as dt
import io
import json
from contextlib import suppress
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import read_table

NOON = dt.datetime(2024, 1, 1, 12)
COLUMNS = {
    "text": pa.array(["a b", None, "물"]),
    "topic": pa.array(["x", "y", None]).dictionary_encode(),
    "list": pa.array([[1, 2], None, []]),
    "by": pa.array([{"name": "Anna", "age": 3}, None, {"name": None, "age": 4}]),
    "when": pa.array([dt.datetime(2024, 1, 1), None, NOON]),
    "there": pa.array([NOON, None, None], pa.timestamp("us", "Europe/Berlin")),
    "number": pa.array([1.5, float("nan"), None]),
    "price": pa.array([Decimal("1.50"), None, None]),
    "nothing": pa.nulls(3),
}
READS_AS = {
    "text": ["a b", "", "물"],
    "topic": ["x", "y", ""],
    "list": ["[1, 2]", "", "[]"],
    "by.name": ["Anna", "", ""],
    "by.age": ["3", "", "4"],
    "when": ["2024-01-01", "", "2024-01-01 12:00:00"],
    "there": ["2024-01-01 13:00:00+01:00", "", ""],
    "number": ["1.5", "", ""],
    "price": ["1.50", "", ""],
    "nothing": ["", "", ""],
}
WRITERS = {"a file": pa.ipc.new_file, "a stream": pa.ipc.new_stream}


def arrow_of(columns, writer=pa.ipc.new_file, compression=None, rows_a_batch=None):
    table, stream = pa.table(columns), io.BytesIO()
    with writer(stream, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as file:
        file.write_table(table, max_chunksize=rows_a_batch)
    return stream.getvalue()


def cells(table):
    return table.frame.to_dict("list")


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
@pytest.mark.parametrize("kind", WRITERS)
def test_every_kind_of_column(kind, compression):
    table = read_table(arrow_of(COLUMNS, WRITERS[kind], compression, rows_a_batch=2), name="a.arrow")
    assert cells(table) == READS_AS
    assert table.report.format == "arrow"


def test_columns_that_point_elsewhere_or_run_on():
    """As Polars writes them: views of texts, in lists and structs too; runs of one value. The same cells as JSON."""
    texts = ["short", "longer than the twelve bytes that stand in a view", None]
    lists, structs = [[texts[0]], texts, None], [{"a": texts[1]}, None, {"a": None}]
    content = arrow_of(
        {
            "text": pa.array(texts, pa.string_view()),
            "list": pa.array(lists, pa.list_view(pa.string_view())),
            "struct": pa.array(structs, pa.struct([("a", pa.string_view())])),
            "word": pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), pa.array(texts[:2], pa.string_view())),
            "run": pa.array(["x", "x", None], pa.run_end_encoded(pa.int32(), pa.string())),
        }
    )
    assert cells(read_table(content, name="a.arrow")) == {
        "text": [texts[0], texts[1], ""],
        "list": [json.dumps(lists[0]), json.dumps(lists[1]), ""],
        "struct.a": [texts[1], "", ""],
        "word": [texts[1], texts[0], ""],
        "run": ["x", "x", ""],
    }


def test_feather_and_records_in_lists():
    """The list of records with the most words is read, as in JSON."""
    frame = pd.DataFrame(
        {"id": [1, 2], "turns": [[{"said": "hello there"}, {"said": "good day"}], [{"said": "well well"}]]}
    )
    stream = io.BytesIO()
    feather.write_feather(frame, stream)
    table = read_table(stream.getvalue(), name="a.feather")
    assert cells(table) == {"id": ["1", "1", "2"], "said": ["hello there", "good day", "well well"]}
    assert table.report.parts == ("the whole file", "[].turns")


def test_feather_of_the_first_version_is_refused_in_a_sentence():
    with pytest.raises(TableError, match="Feather file of the first version"):
        read_table(b"FEA1" + bytes(99) + b"FEA1", name="a.feather")


LABEL = {"_type": "ClassLabel", "names": ["bad", "good"]}


@pytest.mark.parametrize("old", [False, True])
def test_numbers_of_labels_get_the_names_that_stand_beside_them(old):
    """In cells, lists and structs; -1 is a missing label, and what has no name stays a number."""
    several = [LABEL] if old else {"_type": "List", "feature": LABEL}
    records = {"_type": "Sequence", "feature": {"kind": LABEL}} if old else {"kind": LABEL}
    features = {"label": LABEL, "several": several, "by": records, "text": {"_type": "Value", "dtype": "string"}}
    kind = [[1]] * 4 if old else [1] * 4
    table = pa.table(
        {
            "text": ["a b", "c", "d", "e"],
            "label": [0, 1, -1, 7],
            "several": [[0, 1], [], None, [1]],
            "by": [{"kind": one} for one in kind],
        }
    ).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    stream = io.BytesIO()
    pq.write_table(table, stream)
    found = read_table(stream.getvalue(), name="a.parquet")
    assert cells(found) == {
        "text": ["a b", "c", "d", "e"],
        "label": ["bad", "good", "", "7"],
        "several": ['["bad", "good"]', "[]", "", '["good"]'],
        "by.kind": ['["good"]' if old else "good"] * 4,
    }
    assert "'label', 'several', 'by'" in found.report.notes[-1]


# ---------------------------------------------------------------- damage and bombs


def test_what_unpacks_to_too_much(set_limits):
    """Sixteen MiB of zeros pack to some hundred bytes."""
    set_limits(max_unpacked_mib=1)
    content = arrow_of({"text": ["0" * (1 << 24)]}, compression="zstd")
    assert len(content) < 10_000
    with pytest.raises(TableError, match="unpacks to more than 1 MiB"):
        read_table(content, name="a.arrow")


def test_a_buffer_that_claims_more_than_there_is():
    """The first eight bytes of a packed buffer say how long it is: 2⁵⁰ bytes here."""
    length = 100_000
    content = arrow_of({"text": ["a" * length]}, compression="zstd")
    claim, packed = length.to_bytes(8, "little"), b"\x28\xb5\x2f\xfd"
    assert content.count(claim + packed) == 1
    content = content.replace(claim + packed, (1 << 50).to_bytes(8, "little") + packed)
    with pytest.raises(TableError, match="damaged, or far larger inside than it looks"):
        read_table(content, name="a.arrow")


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.nulls(2_000), "up to 1,000 are read"),
        (pa.array([[None] * 2_000], pa.list_(pa.null())), "2,000 values, those in lists included"),
        (pa.array([[("k", None)] * 600], pa.map_(pa.string(), pa.null())), "1,200 values, those in lists included"),
    ],
)
def test_what_takes_no_bytes_is_counted(set_limits, column, said):
    """Gaps are not stored: ten bytes can say a million of them."""
    set_limits(max_rows=1_000, max_cells=1_000)
    with pytest.raises(TableError, match=said):
        read_table(arrow_of({"a": column}), name="a.arrow")


CONTENTS = [
    arrow_of(COLUMNS, writer, compression) for writer in WRITERS.values() for compression in (None, "lz4", "zstd")
]


@given(data=st.data(), content=st.sampled_from(CONTENTS))
@settings(max_examples=40)
def test_changed_and_cut_files_are_a_table_or_a_sentence(data, content):
    """Never another error, whatever bits are turned: each example costs a process."""
    content = bytearray(content[: data.draw(st.sampled_from([None, None, None, len(content) // 2, len(content) - 9]))])
    for at in data.draw(st.lists(st.integers(8, len(content) - 1), max_size=4)):
        content[at] ^= data.draw(st.integers(1, 255))
    with suppress(TableError):
        table = read_table(bytes(content), name="a.arrow")
        assert all(isinstance(cell, str) for cell in table.frame.to_numpy().ravel())


def test_a_table_that_looks_like_a_chat_stays_a_table():
    """What Slack says in JSON is read as a chat; columns of the same names are columns."""
    columns = {"type": ["message"] * 2, "ts": ["1704067200.1"] * 2, "text": ["<@U1> a", "b"], "files": [["x"], []]}
    table = read_table(arrow_of(columns), name="a.arrow")
    assert table.frame["text"].tolist() == columns["text"]
    assert table.report.notes == ()
