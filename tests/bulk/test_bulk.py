"""Files into folders of pieces: every row once whatever ends the work, and the bits of an undisturbed run."""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hashed import Hashed

from embedlab.bulk import MANIFEST, Estimate, PieceFolder, Way, encode_files, estimate, make_plan
from embedlab.datasets import Preparation
from embedlab.errors import InvalidInputError, TableError

WAY = Way("hashed")
TEXTS = [f"{number:04d} text" for number in range(10)]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,text\n" + "".join(f"{n},{text}\n" for n, text in enumerate(TEXTS)), encoding="utf-8")
    return path


@pytest.fixture
def plan(table):
    """Four pieces: 3, 3, 3 and 1 rows."""
    return make_plan([table], Preparation(("text",)), piece_rows=3)


def rows_in(folder):
    return pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("piece-*.parquet"))], ignore_index=True)


def digests_in(folder):
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("piece-*.parquet")}


@pytest.fixture
def undisturbed(plan, tmp_path):
    encode_files(plan, WAY, Hashed(), tmp_path / "undisturbed")
    return digests_in(tmp_path / "undisturbed")


def test_pieces_hold_every_row_and_the_manifest_says_so(tmp_path):
    """Five rows in pieces of two: one is blank and has no embedding; nothing below it moves up."""
    path, encoder = tmp_path / "in.csv", Hashed()
    texts = ["0000 is late", " ", "0002 was here", "0003 is good", "0004 is bad"]
    path.write_text("text,n\n" + "".join(f"{text},{n}\n" for n, text in enumerate(texts)), encoding="utf-8")
    said, out, seen = [], tmp_path / "out", []
    plan = make_plan([path], piece_rows=2, say=said.append)
    assert "texts are taken from the column 'text'" in said[0]
    manifest = encode_files(plan, WAY, encoder, out, lambda *progress: seen.append(progress))
    assert seen[0] == (0, 5)
    assert seen[-1] == (5, 5)
    assert seen == sorted(seen)
    frame = rows_in(out)
    assert frame["text"].tolist() == texts
    assert frame["n"].tolist() == ["0", "1", "2", "3", "4"]
    assert frame["embedding"][1] is None
    kept = [0, 2, 3, 4]
    np.testing.assert_array_equal(np.stack(frame["embedding"][kept]), encoder.encode([texts[row] for row in kept]))
    assert sorted(path.name for path in out.iterdir()) == [
        MANIFEST, "piece-000001.parquet", "piece-000002.parquet", "piece-000003.parquet", "plan.json",
    ]  # fmt: skip
    assert json.loads((out / MANIFEST).read_text(encoding="utf-8")) == json.loads(json.dumps(manifest))
    assert (manifest["rows"], manifest["texts"], manifest["spec"]) == (5, 4, encoder.spec().digest)
    assert [(each["first_row"], each["n_rows"], each["n_texts"]) for each in manifest["pieces"]] == [
        (0, 2, 1), (2, 2, 2), (4, 1, 1),
    ]  # fmt: skip
    assert {each["file"]: each["sha256"] for each in manifest["pieces"]} == digests_in(out)


def test_several_files_are_one_table(tmp_path):
    """As they are when one file is written: columns by their names, and which file a row comes from."""
    (tmp_path / "a.csv").write_text("text,n\n0000 a,1\n", encoding="utf-8")
    pq.write_table(pa.table({"text": ["0001 b"], "who": ["me"]}), tmp_path / "b.parquet")
    plan = make_plan([tmp_path / "a.csv", tmp_path / "b.parquet"], Preparation(("text",)))
    encode_files(plan, WAY, Hashed(), tmp_path / "out")
    frame = rows_in(tmp_path / "out").drop(columns="embedding")
    assert frame.to_dict("list") == {
        "file": ["a.csv", "b.parquet"], "text": ["0000 a", "0001 b"], "n": ["1", ""], "who": ["", "me"],
    }  # fmt: skip
    (tmp_path / "c.csv").write_text("words\nhello there\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"c\.csv has no column 'text'\. It has: words"):
        make_plan([tmp_path / "a.csv", tmp_path / "c.csv"], Preparation(("text",)))
    (tmp_path / "d.csv").touch()
    with pytest.raises(TableError, match=r"1 of 2 files cannot be read: d\.csv is empty"):
        make_plan([tmp_path / "a.csv", tmp_path / "d.csv"])


def test_columns_are_joined_and_cleaned(tmp_path):
    (tmp_path / "a.csv").write_text("title,body\nLate,<b>Where</b> is it?\n", encoding="utf-8")
    plan = make_plan([tmp_path / "a.csv"], Preparation(("title", "body"), ("html",)))
    encode_files(plan, WAY, Hashed(), tmp_path / "out")
    frame = rows_in(tmp_path / "out")
    assert frame["prepared_text"].tolist() == ["Late\n\nWhere is it?"]
    assert list(frame) == ["title", "body", "prepared_text", "embedding"]


def _encode_and_die(plan, folder, notes, at_text, at_note):
    """Encode until the process kills itself: within a piece, or between its file and the note about it."""
    n_texts = 0

    def on_text(_):
        nonlocal n_texts
        n_texts += 1
        if n_texts == at_text + 16:  # 16 texts tell beforehand whether machines compute alike
            os.kill(os.getpid(), signal.SIGKILL)

    def on_note(self, record):
        if record.number == at_note:
            os.kill(os.getpid(), signal.SIGKILL)
        noted(self, record)

    noted, PieceFolder.note = PieceFolder.note, on_note
    encode_files(plan, WAY, Hashed(notes, on_text), folder)


@pytest.mark.parametrize(("at_text", "at_note", "n_left"), [(5, None, 7), (None, 1, 4), (1, None, 10)])
def test_a_run_that_was_killed_goes_on(plan, tmp_path, undisturbed, at_text, at_note, n_left):
    """What was whole is not computed again, not even where it could not be noted any more; the bits are the same."""
    out, notes = tmp_path / "out", tmp_path / "notes"
    process = multiprocessing.get_context("fork").Process(
        target=_encode_and_die, args=(plan, out, tmp_path / "before", at_text or 10_000, at_note)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (out / ".piece-000002.1-abc.part").write_bytes(b"half a piece")
    encode_files(plan, WAY, Hashed(notes), out)
    asked = [line for line in notes.read_text().split() if re.fullmatch(r"\d{4}", line)]
    assert asked == [text[:4] for text in TEXTS[10 - n_left :]]
    assert digests_in(out) == undisturbed
    assert rows_in(out)["text"].tolist() == TEXTS
    assert not list(out.glob(".*"))


def test_what_is_damaged_or_half_noted_is_made_again(plan, tmp_path, undisturbed):
    out = tmp_path / "out"
    encode_files(plan, WAY, Hashed(), out)
    (out / MANIFEST).rename(tmp_path / "manifest.json")
    pieces = json.loads((tmp_path / "manifest.json").read_text())["pieces"]
    lines = [json.dumps(piece) for piece in pieces]
    (out / "finished.jsonl").write_text("\n".join([*lines[:2], lines[2][:40]]))
    (out / "piece-000001.parquet").write_bytes(b"PAR1 cut off")
    (out / "piece-000004.parquet").unlink()
    notes = tmp_path / "notes"
    encode_files(plan, WAY, Hashed(notes), out)
    asked = [line for line in notes.read_text().split() if re.fullmatch(r"\d{4}", line)]
    assert asked == [text[:4] for text in (*TEXTS[:3], TEXTS[9])]
    assert digests_in(out) == undisturbed


def test_a_folder_of_something_else_is_refused(plan, table, tmp_path):
    out = tmp_path / "out"
    encode_files(plan, WAY, Hashed(), out)

    class Other(Hashed):
        revision = "2"

    with pytest.raises(InvalidInputError, match=r"holds pieces of another model \(hashed"):
        encode_files(plan, WAY, Other(), out)
    with pytest.raises(InvalidInputError, match="holds pieces of other files, columns or settings"):
        encode_files(make_plan([table], Preparation(("text",)), piece_rows=5), WAY, Hashed(), out)
    with pytest.raises(InvalidInputError, match=r"holds other files, such as in\.csv\. Name an empty folder"):
        encode_files(plan, WAY, Hashed(), tmp_path)
    # The same file written again with the same content is the same; with another content it is not.
    table.write_bytes(table.read_bytes())
    again = make_plan([table], Preparation(("text",)), piece_rows=3)
    assert encode_files(again, WAY, Hashed(), out)["rows"] == 10
    table.write_text("id,text\n1,0000 other\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"in\.csv was changed"):
        encode_files(plan, WAY, Hashed(), tmp_path / "new")


def test_what_cannot_be_written_leaves_nothing(plan, tmp_path, monkeypatch):
    """A full disk: an error that says so, and no half of a piece under any name."""

    def full(*given, **ways):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        encode_files(plan, WAY, Hashed(), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["plan.json"]


def test_what_it_costs_is_known_before(plan, tmp_path):
    """Of few rows all are looked at: one token a text, and the bytes that are written then."""
    found = estimate(plan, WAY, Hashed())
    assert (found.n_rows, found.n_texts, found.n_tokens, found.n_sampled) == (10, 10, 10, 10)
    assert found.nbytes == encode_files(plan, WAY, Hashed(), tmp_path / "out")["nbytes"]
    assert found.seconds > 0
    path = tmp_path / "many.csv"
    path.write_text("text\n" + "".join(f"{n:04d} text\n" for n in range(9_000)), encoding="utf-8")
    many = estimate(make_plan([path], Preparation(("text",)), piece_rows=1_000), WAY, Hashed())
    assert many.n_sampled <= 9_000
    assert many.n_tokens == pytest.approx(9_000)
    costs = Estimate(3_000_000, 2_994_000, 41e6, 5_400, 3.4e9, 8_192, ())
    assert costs.sentences() == [
        "3,000,000 rows, about 2,990,000 texts and 41,000,000 tokens, by 8,192 rows from all over the files",
        "about 1 h 30 min, and 3.2 GiB to write",
    ]


LIMITED = """
import resource, sys
from pathlib import Path
import psutil, pandas, pyarrow.parquet
from hashed import Hashed
from embedlab.bulk import Way, encode_files, make_plan
from embedlab.datasets import Preparation
encode_files(make_plan([Path(sys.argv[1])], Preparation(("text",))), Way("hashed"), Hashed(), Path(sys.argv[3]))
most = psutil.Process().memory_info().vms + (320 << 20)
resource.setrlimit(resource.RLIMIT_AS, (most, most))
plan = make_plan([Path(sys.argv[2])], Preparation(("text",)))
print(len(plan.pieces), encode_files(plan, Way("hashed"), Hashed(), Path(sys.argv[4]))["rows"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address spaces are limited on Linux")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_memory_is_bounded_whatever_the_size(tmp_path, table, ending):
    """192 MiB of text in 320 MiB of address space, which bytes and letters alone would fill."""
    path, n_rows = tmp_path / f"big.{ending}", 49_152
    line = "word " * 800
    if ending == "csv":
        with path.open("w", encoding="utf-8") as file:
            file.write("id,text\n")
            file.writelines(f"{n},{n:06d} {line}\n" for n in range(n_rows))
    else:
        with pq.ParquetWriter(path, pa.schema([("text", pa.string())]), use_dictionary=False) as file:
            for start in range(0, n_rows, 8_192):
                rows = pa.table({"text": [f"{start + n:06d} {line}" for n in range(8_192)]})
                file.write_table(rows, row_group_size=1 << 20)
    python = os.pathsep.join([str(Path(__file__).parents[1] / "helpers"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, table, path, tmp_path / "first", tmp_path / "out"],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": python, "ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    n_pieces, n_written = map(int, done.stdout.split())
    assert n_written == n_rows
    assert n_pieces >= 6
