"""DuckDB: a table or view is read, as DuckDB itself gives its cells; nothing but the file is opened."""

import sys
from contextlib import closing, suppress

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import MissingDependencyError, TableError
from embedlab.reading import read_table

REVIEWS = """
CREATE TABLE products (id INTEGER, name VARCHAR);
INSERT INTO products VALUES (1, 'kettle'), (2, 'lamp'), (3, 'desk');
CREATE TABLE reviews (id INTEGER, text VARCHAR, stars DECIMAL(3, 1), tags VARCHAR[], "by" STRUCT(name VARCHAR, age INT),
    "at" TIMESTAMPTZ, kind ENUM('praise', 'blame'), photo BLOB);
INSERT INTO reviews VALUES
    (1, 'boils very fast', 4.5, ['a', 'b'], {'name': 'Anna', 'age': 3}, '2024-01-01 10:00:00+02', 'praise', NULL),
    (NULL, 'größer als gedacht', 5, [], NULL, NULL, NULL, '\\x00\\xFF');
CREATE VIEW good AS SELECT text FROM reviews WHERE stars > 4.6;
CREATE SCHEMA "old shop"; CREATE TABLE "old shop"."a ""b" (x INTEGER); INSERT INTO "old shop"."a ""b" VALUES (7);
CREATE TABLE talks (turns STRUCT(role VARCHAR, content VARCHAR)[]);
INSERT INTO talks VALUES ([{'role': 'user', 'content': 'hello there'}, {'role': 'bot', 'content': 'good day'}]);
CREATE VIEW files AS SELECT * FROM read_text('/etc/hostname');
CREATE VIEW numbers AS SELECT * FROM range(10_000_000) t(i);
CREATE VIEW long AS SELECT repeat('a', 200_000_000) AS x FROM range(100);
"""
ODD = 'old shop.a "b'
PARTS = ("files", "good", "long", "numbers", ODD, "products", "reviews", "talks")


def database(folder, script):
    path = folder / "made.duckdb"
    path.unlink(missing_ok=True)
    with closing(duckdb.connect(path)) as made:
        made.execute(script)
    return path.read_bytes()


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return database(tmp_path_factory.mktemp("duckdb"), REVIEWS)


def cells(table):
    return table.frame.to_dict("list")


def test_the_table_with_the_most_text_is_read(content):
    table = read_table(content, name="shop.duckdb")
    assert cells(table) == {
        "id": ["1", ""],
        "text": ["boils very fast", "größer als gedacht"],
        "stars": ["4.5", "5.0"],
        "tags": ['["a", "b"]', "[]"],
        "by.name": ["Anna", ""],
        "by.age": ["3", ""],
        "at": ["2024-01-01 08:00:00+00:00", ""],
        "kind": ["praise", ""],
        "photo": ["", "(2 bytes)"],
    }
    assert (table.report.format, table.report.part, table.report.parts) == ("duckdb", "reviews", PARTS)
    assert "the others are: 'files', 'good'" in table.report.notes[0]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("good", {"text": ["größer als gedacht"]}),
        (ODD, {"x": ["7"]}),
        ("talks", {"role": ["user", "bot"], "content": ["hello there", "good day"]}),
        ("talks/the whole file", {"turns": None}),
    ],
)
def test_another_table_a_view_and_a_list_in_a_table(content, part, expected):
    table = read_table(content, name="shop.duckdb", part=part)
    found = cells(table)
    assert list(found) == list(expected)
    assert all(values is None or found[name] == values for name, values in expected.items())
    assert table.report.part.startswith(part)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("files", "asks for more than reading"),
        ("numbers", "up to 1,000,000 are read"),
        ("long", "damaged, or far larger inside than it looks"),
        ("nothing", "no part called 'nothing'"),
    ],
)
def test_a_view_does_no_harm(content, view, said):
    """It is never run unless asked for, and then it sees this file alone, with so much memory."""
    with pytest.raises(TableError, match=said):
        read_table(content, name="shop.duckdb", part=view)


def test_without_the_package_the_sentence_says_how_to_get_it(content, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'embedlab\[duckdb\]'"):
        read_table(content, name="shop.duckdb")


def test_empty_and_damaged_databases(content, tmp_path):
    with pytest.raises(TableError, match="without a table"):
        read_table(database(tmp_path, "CREATE SCHEMA a;"), name="none.duckdb")
    with pytest.raises(TableError, match="no rows"):
        read_table(database(tmp_path, "CREATE TABLE t (a INTEGER);"), name="none.duckdb")
    with pytest.raises(TableError, match="damaged"):
        read_table(content[: len(content) // 2], name="cut.duckdb")
    newer = content[:12] + (9999).to_bytes(8, "little") + content[20:]
    with pytest.raises(TableError, match="too new or too old|damaged"):
        read_table(newer, name="newer.duckdb")


@given(data=st.data())
@settings(max_examples=15)
def test_changed_databases_are_a_table_or_a_sentence(content, data):
    changed = bytearray(content)
    for at in data.draw(st.lists(st.integers(12, len(content) - 1), min_size=1, max_size=4)):
        changed[at] ^= data.draw(st.integers(1, 255))
    with suppress(TableError):
        assert len(read_table(bytes(changed), name="changed.duckdb").frame)
