"""The big list of naughty strings through everything that writes a file or a terminal."""

import io
import json
import re
import subprocess
import sys

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from naughty import FILE, LABEL, LABELS, TEXT, TEXTS, table

from embedlab.cli import main
from embedlab.escape import neutralize_formula
from embedlab.exports import to_csv, to_parquet
from embedlab.exports.workbooks import to_xlsx
from embedlab.reading import read_table
from embedlab.texts import summarize_texts


@pytest.fixture(scope="module")
def naughty_table():
    return read_table(table(), name=FILE)


@pytest.fixture(scope="module")
def all_texts(naughty_table):
    """Ours, and the big list of naughty strings where it is at hand."""
    from places import SHARED

    path = SHARED / "blns" / "blns.json"
    texts = naughty_table.frame[TEXT].tolist()
    return texts + (json.loads(path.read_text(encoding="utf-8")) if path.exists() else [])


def test_columns_and_labels_are_read_as_they_stand(naughty_table):
    assert TEXT in naughty_table.frame.columns
    assert LABEL in naughty_table.frame.columns
    assert set(naughty_table.frame[LABEL]) == set(LABELS)
    assert len(naughty_table.frame) == len(TEXTS)


def test_every_text_has_a_finite_embedding(encoder, all_texts):
    shown = [text for text in all_texts if not summarize_texts([text]).n_blank]
    vectors = encoder.encode(shown)
    assert vectors.shape == (len(shown), encoder.embedding_dimension)
    assert np.isfinite(vectors).all()


def test_parquet_keeps_every_text(all_texts):
    frame = pd.DataFrame({LABEL: all_texts, TEXT: np.arange(len(all_texts))})
    back = pq.read_table(io.BytesIO(to_parquet(frame))).to_pandas()
    assert back.equals(frame)


def test_a_workbook_holds_texts_and_numbers_and_no_formula(all_texts):
    """The numbers in which a workbook writes what XML cannot hold are words here, too."""
    frame = pd.DataFrame({LABEL: all_texts, "n": -np.arange(len(all_texts))})
    content = to_xlsx(frame)
    header, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
    assert [cell.value for cell in header] == [LABEL, "n"]
    assert {row[0].data_type for row in rows} <= {"s", "n", "inlineStr"}
    assert [row[1].value for row in rows] == frame["n"].tolist()
    asleep = [row[0].quotePrefix for row, text in zip(rows, all_texts, strict=True) if text.startswith(tuple("=+-@"))]
    assert len(asleep) >= 5
    assert all(asleep), "a cell that is edited does not become a formula either"
    back = read_table(content, name="out.xlsx").frame
    # XML has one kind of line end, and a cell of white space alone is read as an empty one.
    expected = [re.sub("\r\n?", "\n", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "", t)) for t in all_texts]
    assert back[LABEL].tolist() == [text if text.strip("\t\n ") else "" for text in expected]


def test_csv_comes_back_with_the_prefix_it_says(all_texts):
    back = read_table(to_csv(pd.DataFrame({"text": all_texts, "n": 1})), name="out.csv").frame
    readable = [re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", neutralize_formula(text)) for text in all_texts]
    assert [text.replace("\r\n", "\n") for text in back["text"]] == [text.replace("\r\n", "\n") for text in readable]


@pytest.fixture
def naughty_file(tmp_path):
    path = tmp_path / "\x1b[31m\u202efile.csv"
    path.write_bytes(table())
    return path


def test_nothing_that_is_printed_acts_on_the_terminal(naughty_file, tmp_path, capsys):
    missing = tmp_path / "\x1b]0;owned\x07.csv"
    assert main(["search", str(naughty_file), "alert", "--by", "words", "--text", TEXT]) == 0
    assert main(["search", str(missing), "alert", "--by", "words"]) == 1
    assert main(["search", str(naughty_file), "\x1b[31m", "--by", "words", "--text", "\x1b[31mnone"]) == 1
    assert main(["cluster", str(naughty_file), "--text", TEXT, "--model", "tf-idf", "-o", "\x1b[31m.docx"]) == 1
    with pytest.raises(SystemExit):
        main(["search", str(naughty_file), "alert", "\x1b[31mtoo many"])
    printed = capsys.readouterr()
    assert "alert" in printed.out
    assert "No such file" in printed.err
    assert "unrecognized arguments" in printed.err
    for line in (printed.out + printed.err).split("\n"):
        assert line.replace("\t", "").isprintable(), repr(line)


def test_a_terminal_that_lacks_letters_ends_no_command(naughty_file):
    program = "import sys; from embedlab.cli import main; sys.exit(main(sys.argv[1:]))"
    arguments = ["search", str(naughty_file), "full width شكرا", "--by", "words", "--text", TEXT]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"?1+1 in full width" in done.stdout
