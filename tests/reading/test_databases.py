"""Databases: one table is read, as SQLite itself gives its cells, and nothing that a file says is run."""

import gzip
import sqlite3
from contextlib import closing, suppress

import pytest

from embedlab.errors import TableError
from embedlab.limits import limits
from embedlab.reading import read_table
from embedlab.reading.databases import sqlite

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
REVIEWS = """
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO products VALUES (1, 'kettle'), (2, 'lamp'), (3, 'desk');
CREATE TABLE reviews (id INTEGER, text TEXT, stars REAL, photo BLOB);
INSERT INTO reviews VALUES (1, 'boils very fast', 4.5, NULL), (2, NULL, 3, x'00ff00'),
    (NULL, 'größer als gedacht', 5, x'');
CREATE VIEW good AS SELECT text FROM reviews WHERE stars > 4;
"""


@pytest.fixture
def make(tmp_path):
    def write(script):
        path = tmp_path / "made.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.executescript(script)
        return path.read_bytes()

    return write


def test_the_table_with_the_most_text_is_read(make):
    table = read_table(make(REVIEWS), name="shop.db")
    assert table.frame.to_dict("list") == {
        "id": ["1", "2", ""],
        "text": ["boils very fast", "", "größer als gedacht"],
        "stars": ["4.5", "3.0", "5.0"],
        "photo": ["", "(3 bytes)", ""],
    }
    assert (table.report.format, table.report.part) == ("sqlite", "reviews")
    assert table.report.parts == ("good", "products", "reviews")
    assert "'good', 'products'" in table.report.notes[0]


def test_a_view_and_a_packed_file(make):
    packed = gzip.compress(make(REVIEWS))
    table = read_table(packed, name="shop.db.gz", part="good")
    assert list(table.frame["text"]) == ["boils very fast", "größer als gedacht"]
    with pytest.raises(TableError, match="no part called 'bad'"):
        read_table(packed, name="shop.db.gz", part="bad")


def test_odd_names_types_and_tables_without_row_numbers(make):
    """Any type may stand in any column, and any sign in a name."""
    content = make(
        """CREATE TABLE "a ""b"" [c]; --" ("select" PRIMARY KEY, "x y") WITHOUT ROWID;
        INSERT INTO "a ""b"" [c]; --" VALUES ('b', 9007199254740993), ('a', 'one two'), (3, 0.1);"""
    )
    table = read_table(content, name="odd.db")
    assert table.frame.to_dict("list") == {"select": ["3", "a", "b"], "x y": ["0.1", "one two", "9007199254740993"]}
    assert table.report.part is None


def test_full_text_indexes_hide_what_they_keep_for_themselves(make):
    content = make("CREATE VIRTUAL TABLE posts USING fts5(title, body); INSERT INTO posts VALUES ('a', 'good day');")
    table = read_table(content, name="posts.db")
    assert table.frame.to_dict("list") == {"title": ["a"], "body": ["good day"]}


def test_bytes_that_are_no_unicode_are_said(make):
    content = make("CREATE TABLE t (a); INSERT INTO t VALUES (CAST(x'67fc74' AS TEXT)), ('gut so');")
    table = read_table(content, name="old.db")
    assert list(table.frame["a"]) == ["g\ufffdt", "gut so"]
    assert "bytes that are no UTF-8: 1;" in " ".join(table.report.notes)


def test_changes_that_lie_beside_the_file_are_said(make):
    content = make("PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('a b');")
    assert "-wal" in " ".join(read_table(content, name="busy.db").report.notes)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (ENDLESS, "asks for more than reading"),
        ("SELECT load_extension('/tmp/evil')", "asks for more than reading"),
        ("SELECT * FROM pragma_database_list", "asks for more than reading"),
        ("SELECT a.x FROM t a, t b, t c, t d, t e, t f ORDER BY random()", "takes longer than"),
        ("SELECT zeroblob(1000000000) AS x", "too big"),
        ("SELECT missing FROM nowhere", "no such table"),
    ],
)
def test_a_view_does_no_harm(make, monkeypatch, view, said):
    """It is never run unless asked for, and then it reads, for a while, or nothing."""
    monkeypatch.setattr(sqlite, "TIMEOUT_S", 0.5)
    rows = ", ".join(f"('text {i}')" for i in range(60))
    content = make(f"CREATE TABLE t (x); INSERT INTO t VALUES {rows}; CREATE VIEW v AS {view};")
    assert read_table(content, name="a.db").report.part == "t"
    with pytest.raises(TableError, match=said):
        read_table(content, name="a.db", part="v")


def test_rows_are_counted_while_they_are_read(make, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_MAX_ROWS", "2")
    limits.cache_clear()
    try:
        with pytest.raises(TableError, match="EMBEDLAB_MAX_ROWS"):
            read_table(make(REVIEWS), name="shop.db")
    finally:
        monkeypatch.undo()
        limits.cache_clear()


def test_damaged_and_empty_databases(make):
    """Whatever byte is changed, there is a table or a sentence."""
    content = make(REVIEWS)
    for at in [*range(16, 120), *range(120, len(content), 97)]:
        changed = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        with suppress(TableError):
            assert len(read_table(changed, name="shop.db").frame)
    with pytest.raises(TableError, match="perhaps damaged"):
        read_table(content[:3000], name="shop.db")
    with pytest.raises(TableError, match="without a table"):
        read_table(make("CREATE TABLE t (a); DROP TABLE t;"), name="none.db")
    with pytest.raises(TableError, match="no rows"):
        read_table(make("CREATE TABLE t (a);"), name="none.db")
