"""JSON in its usual shapes, and nested columns of Parquet: no row and no field is lost in silence."""

import datetime as dt
import io
import json
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.limits import Limits
from embedlab.reading import read_table
from embedlab.reading.records import arrow
from embedlab.reading.records.arrow import texts_of

ORIENTS = ["columns", "index", "split", "records", "table"]
NAMES = st.lists(st.text("abcdefg_ ", min_size=1, max_size=8).filter(str.strip), min_size=1, max_size=4, unique=True)
TEXTS = st.none() | st.text("abc é물,.", min_size=1, max_size=12)
TALKS = [
    {"id": 1, "tags": ["x"], "messages": [{"id": "m1", "content": "hello there"}, {"id": "m2", "content": "good day"}]},
    {"id": 2, "tags": [], "messages": []},
]


def read(value, name="a.json", **options):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return read_table(text.encode(), name=name, **options)


def cells(table):
    return table.frame.to_dict("list")


@given(data=st.data(), orient=st.sampled_from(ORIENTS))
@settings(max_examples=200)
def test_what_pandas_writes_comes_back(data, orient):
    """Random texts and numbers under random names; what is missing is an empty cell."""
    names = [name.strip() for name in data.draw(NAMES)]
    names = list(dict.fromkeys(names))
    n_rows = data.draw(st.integers(1, 6))
    frame = pd.DataFrame({name: data.draw(st.lists(TEXTS, min_size=n_rows, max_size=n_rows)) for name in names})
    frame["n"] = range(n_rows)
    table = read_table(frame.to_json(orient=orient).encode(), name="a.json")
    expected = frame.astype(object).where(frame.notna(), "").astype(str)
    assert cells(table) == expected.to_dict("list")


def test_values_have_no_names():
    frame = pd.DataFrame({"text": ["a b", None], "n": [1.5, float("nan")]})
    assert read_table(frame.to_json(orient="values").encode(), name="a.json").frame.to_numpy().tolist() == [
        ["a b", "1.5"],
        ["", ""],
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": ["a b", "c"], "n": [1, None]}, {"text": ["a b", "c"], "n": ["1", ""]}),
        (
            {"q1": {"text": "a b", "n": 1}, "q7": {"text": "c d", "z": True}},
            {"id": ["q1", "q7"], "text": ["a b", "c d"], "n": ["1", ""], "z": ["", "true"]},
        ),
        (
            [{"data": {"text": "a", "by": {"name": "x"}}}, {"data": None}],
            {"data.text": ["a", ""], "data.by.name": ["x", ""]},
        ),
        ({"0": "a b", "1": "c"}, {"text": ["a b", "c"]}),
        ([{"text": "a"}, "b", None], {"text": ["a", "b", ""]}),
        ('[{"text": NaN, "n": Infinity}, {"text": "nan", "n": 1}]', {"text": ["", "nan"], "n": ["", "1"]}),
        ('[{"a": "x", "a": "y"}]', {"a": ["x"], "a (2)": ["y"]}),
        ([["text", "n"], ["a b", 1], ["c d", 2]], {"text": ["a b", "c d"], "n": ["1", "2"]}),
        (
            {"id": 1, "text": "some words", "tags": ["a", "b"]},
            {"id": ["1"], "text": ["some words"], "tags": ['["a", "b"]']},
        ),
    ],
)  # fmt: skip
def test_usual_shapes(value, expected):
    assert cells(read(value)) == expected


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_the_list_with_the_words_is_read_and_another_can_be_chosen(name):
    text = json.dumps(TALKS) if name == "a.json" else "\n".join(map(json.dumps, TALKS))
    table = read(text, name)
    assert cells(table) == {
        "parent.id": ["1", "1"],
        "tags": ['["x"]', '["x"]'],
        "id": ["m1", "m2"],
        "content": ["hello there", "good day"],
    }
    assert table.report.parts == ("the whole file", "[].messages")
    assert any("1 record has no row" in note for note in table.report.notes)
    outer = read(text, name, part="the whole file")
    assert outer.frame["id"].tolist() == ["1", "2"]
    assert json.loads(outer.frame["messages"][0]) == TALKS[0]["messages"]
    with pytest.raises(TableError, match="no part called 'x'"):
        read(text, name, part="x")


def test_what_makes_a_program_of_a_list_is_left_out():
    assert cells(read('window.YTD.tweets.part0 = [{"text": "a = [b]"}]', "tweets.js")) == {"text": ["a = [b]"]}


def test_parquet_reads_as_json_does():
    """The same records in both formats, lists of structs as rows and structs as columns."""
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([{**talk, "by": {"name": "Anna"}} for talk in TALKS]), stream)
    table, same = (
        read_table(stream.getvalue(), name="a.parquet"),
        read([{**talk, "by": {"name": "Anna"}} for talk in TALKS]),
    )
    assert {name: list(column) for name, column in table.frame.items()} == cells(same)
    assert any("1 record has no row" in note for note in table.report.notes)


def test_parquet_cells_read_as_a_person_sees_them():
    columns = {
        "single": pa.array([0.1, float("nan")], pa.float32()),
        "exact": [Decimal("1.50"), None],
        "when": [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 10)],
        "day": [dt.date(2024, 1, 1), None],
        "picture": [b"\0\1", b"abc"],
        "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
    }
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    assert cells(read_table(stream.getvalue(), name="a.parquet")) == {
        "single": ["0.1", ""],
        "exact": ["1.50", ""],
        "when": ["2024-01-01", "2024-01-01 10:00:00"],
        "day": ["2024-01-01", ""],
        "picture": ["(2 bytes)", "abc"],
        "map": ['{"k": 1}', ""],
    }


@given(
    kind=st.sampled_from(["int64", "uint64", "date32", "bool", "string", "double", "dictionary"]),
    places=st.lists(st.none() | st.integers(0, 5), min_size=1, max_size=30),
)
def test_columns_are_written_out_as_python_writes_each_cell(kind, places):
    """Whole columns at once, each different cell once; words of a dictionary that no cell has do not matter."""
    known = {
        "int64": [0, -1, 7, 2**63 - 1, -(2**63), 10**6],
        "uint64": [0, 1, 7, 2**64 - 1, 10, 10**6],
        "date32": [dt.date(1, 1, 1), dt.date(99, 2, 3), dt.date(1969, 12, 31), dt.date(9999, 12, 31)] * 2,
        "bool": [True, False] * 3,
        "string": ["", "a", " NA", "물", "x" * 30, "\n"],
        "double": [0.1, -0.0, 1e300, 1 / 3, 5.0, 1e-7],
    }
    words = known["string" if kind == "dictionary" else kind]
    values = [None if place is None else words[place] for place in places]
    array = pa.array(values, "string" if kind == "dictionary" else kind)
    if kind == "dictionary":
        indices = pa.array([None if place is None else place + 2 for place in places], "int8")
        array = pa.DictionaryArray.from_arrays(indices, pa.array(["unused", None, *words]))
    written = {True: "true", False: "false"} if kind == "bool" else {}
    assert texts_of(array) == ["" if value is None else written.get(value, str(value)) for value in values]


def test_a_long_text_of_a_column_is_cut_just_beyond_what_is_kept(monkeypatch):
    monkeypatch.setattr(arrow, "limits", lambda: Limits(max_cell_chars=3))
    assert texts_of(pa.array(["abc", "물물물물물", None])) == ["abc", "물물물물", ""]
