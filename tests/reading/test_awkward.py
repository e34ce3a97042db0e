"""Files as the world has them: the right table or one sentence; no crash, no hanging, no column shifted in silence."""

import csv
import io
from contextlib import suppress

import pytest
from awkward import CASES
from awkward.binary import parquet_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from embedlab.errors import TableError
from embedlab.reading import find_double_encoding, read_table
from embedlab.reading.delimiters.rows import parse
from embedlab.tables import Table


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_awkward_files(case):
    if case.rows is None:
        with pytest.raises(TableError, match="^[^\n]+$") as refused:
            read_table(case.content, name=case.name)
        assert case.said in str(refused.value)
        return
    table = read_table(case.content, name=case.name)
    assert list(table.frame.columns) == case.columns
    assert table.frame.to_numpy().tolist() == case.rows
    if case.said:
        assert any(case.said in note for note in table.report.notes), table.report.notes
    else:
        assert not [note for note in table.report.notes if "set aside" in note]


# ---------------------------------------------------------------- properties

# Control characters and halves of surrogate pairs leave every file, and a mark at its beginning says its encoding.
CELLS = st.text(st.characters(blacklist_categories=("Cc", "Cs")) | st.sampled_from(",;\t|\"'\n\\# ="), max_size=12)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(cells=TABLES, delimiter=st.sampled_from(",;\t|"), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(max_examples=300)
def test_what_csv_writes_is_read_back(cells, delimiter, quoting):
    """Any texts, with separators, quotation marks and line ends inside them."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting)
    names = [f"name {i}" for i in range(len(cells[0]))]
    writer.writerows([names, *cells])
    table = read_table(stream.getvalue().encode(), delimiter=delimiter, header_rows=1, trim=False)
    assert list(table.frame.columns) == names
    assert table.frame.to_numpy().tolist() == cells


WORDS = st.text(st.characters(categories=("Ll", "Lu")) | st.sampled_from(",;\t|\"'\n. "), min_size=1, max_size=30)


@given(
    cells=st.lists(st.tuples(WORDS.filter(str.strip), st.integers(0, 99).map(str)), min_size=3, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
)
@settings(max_examples=200)
def test_what_csv_writes_is_found_out(cells, delimiter):
    """Texts and numbers below names, every text in quotes, as most programs export: nothing has to be said."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("text", "stars"), *cells])
    table = read_table(stream.getvalue().encode(), name="table.csv")
    assert table.report.delimiter == delimiter
    assert [tuple(row) for row in table.frame.to_numpy().tolist()] == cells


@given(
    content=st.binary(max_size=2000)
    | st.text(max_size=500).map(lambda text: text.encode("utf-8", "ignore"))
    | st.text(st.sampled_from("ab1,;\t|\"'\n\r\\#[]{}:é\0"), max_size=500).map(str.encode),
    head=st.sampled_from(
        [b"", b"PK\x03\x04", b"PAR1", b"{", b"[", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"sep=;\n"]
    ),
    name=st.sampled_from(["a.csv", "a.txt", "a.json", "a.jsonl", "a.xlsx"]),
)
@example(content=b"!|\n:\r|", head=b"", name="a.csv")  # a last row shorter than the names above it
@example(content=b"[[],[null]]", head=b"", name="a.json")  # a list of nothing, and of nothing but a blank
@example(content=b"[[null, null], [null, null]]", head=b"", name="a.json")
@example(content=b"[[],[]]", head=b"", name="a.json")
@settings(max_examples=300)
def test_any_bytes_are_a_table_or_a_sentence(content, head, name):
    with suppress(TableError):
        table = read_table(head + content, name=name)
        assert isinstance(table, Table)
        assert all(isinstance(cell, str) for cell in table.frame.to_numpy().ravel())


# ---------------------------------------------------------------- what would hang or fill the memory


def test_quotes_that_never_close_do_not_read_the_file_over_and_over():
    """Each line opens a quote that only the end of the file ends; read over from each, the suite would not end."""
    text = 'a","\n' * 100_000
    rows = parse(text, ",")
    assert len(rows.cells) == 100_000


def test_lists_in_parquet_are_counted_before_they_are_read(set_limits):
    set_limits(max_cells=1000)
    with pytest.raises(TableError, match="1,003 values, those in lists included; up to 1,000"):
        read_table(parquet_of({"text": ["a", "b"], "list": [list(range(1000)), [1]]}), name="a.parquet")


# ---------------------------------------------------------------- lines that are set aside come back, and repairs


def test_what_was_set_aside_can_be_kept():
    content = b"Survey 2024\ntext,n\na b,1\nc d,2\n\nSource: us\n"
    assert read_table(content).frame["text"].tolist() == ["a b", "c d"]
    kept = read_table(content, trim=False).frame.to_numpy().ravel().tolist()
    assert {"Survey 2024", "Source: us"} <= set(kept)


GERMAN = ["schön", "Grüße aus Köln", "naïve café – “so”", "plain", "日本語", "Ã"]


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_double_encoding_is_found_and_repaired_only_when_asked(wrong):
    spoiled = [
        text.encode().decode(wrong, "replace") if text in ("schön", "Grüße aus Köln") else text for text in GERMAN
    ]
    content = ("größe".encode().decode("latin-1") + "\n" + "\n".join(spoiled)).encode()
    table = read_table(content, delimiter="", header_rows=1)
    assert table.frame.iloc[:, 0].tolist() == spoiled
    found = find_double_encoding(table.frame)
    assert found.n_cells == 3
    assert (spoiled[0], "schön") in found.examples
    repaired = read_table(content, delimiter="", header_rows=1, repair=True)
    assert repaired.frame["größe"].tolist() == GERMAN
    assert "3 cells that had been read in the wrong encoding" in repaired.report.notes[-1]


@given(cells=st.lists(st.text(st.characters(categories=("L", "N", "Zs", "Po")), max_size=30), min_size=1, max_size=5))
@settings(max_examples=100)
def test_a_repair_undoes_what_was_done(cells):
    """Whatever is repaired was UTF-8 read as something else: nothing is repaired that is not such a text."""
    import pandas as pd

    found = find_double_encoding(pd.DataFrame({"text": cells}))
    assert all(len(after.encode()) < len(before.encode()) for before, after in found.examples)


def test_clean_public_texts_stay_as_they_are(shared_data):
    """Of these files two texts are double-encoded at the source."""
    counts = {}
    for path in sorted(shared_data.rglob("*.[ct]sv")):
        counts[path.stem] = find_double_encoding(read_table(path).frame).n_cells
    assert {name: count for name, count in counts.items() if count} == {"stsb-en-dev": 2}
