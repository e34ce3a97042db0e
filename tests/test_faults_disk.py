"""What goes wrong on the disk while vectors and files are kept: killed processes, full disks, flipped bits, clocks."""

import itertools
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

import embedlab as el
from embedlab.cli import main
from embedlab.cli.shared import write
from embedlab.datasets import Dataset, select_texts
from embedlab.encoders.base import Encoder
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.jobs import Jobs
from embedlab.spec import EmbeddingSpec
from embedlab.store import EmbeddingStore
from embedlab.tables import read_table
from embedlab.ui.tasks import embed

SPEC = EmbeddingSpec("model", "revision", "mean", 6, None, True, True, "float32")
# A thousand characters each: a part of the work, written at once, has a hundred of them.
TEXTS = [f"{number:04d}{' word' * 200}" for number in range(400)]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


class Hashed(Encoder):
    """An encoder quick enough to be killed often: vectors from a digest, and each text asked for noted in a file."""

    name, revision, backend, embedding_dimension = "hashed", "1", "numpy", 16

    def __init__(self, notes=None, on_text=lambda number: None):
        self.notes, self.on_text = notes, on_text

    def count_tokens(self, texts):
        return np.ones(len(texts), dtype=np.int64)

    def _embed(self, texts, specs, report):
        for number, text in enumerate(texts):
            if self.notes is not None:
                with self.notes.open("a") as file:
                    file.write(text[:4] + "\n")
            self.on_text(number)
            report(number + 1)
        rows = np.stack([np.frombuffer(blake2b(text.encode()).digest()[:16], np.uint8) for text in texts])
        return {way: rows.astype(np.float32) for way in specs}


def is_sound(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def corpus_of(texts):
    table = read_table(("text\n" + "\n".join(texts)).encode(), name="texts.csv")
    return select_texts(Dataset("id", "texts.csv", table), "text")


def _embed_and_die(folder, notes, last):
    """Embed the texts as the app does, by a job, and be killed in the middle of the text of that number."""

    def die(number, seen=[]):  # noqa: B006 - counts over the parts of the work
        seen.append(number)
        if len(seen) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    Jobs().submit(embed(corpus_of(TEXTS), Hashed(notes, die), EmbeddingStore(folder), "mean")).result()


@posix
@pytest.mark.parametrize("last", [1, 150, 400])
def test_killed_in_an_encode_goes_on_from_what_is_kept(tmp_path, last):
    notes = tmp_path / "notes"
    process = multiprocessing.get_context("spawn").Process(target=_embed_and_die, args=(tmp_path, notes, last))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    store = EmbeddingStore(tmp_path)
    assert is_sound(store.path)
    kept = sum(entry.n_texts for entry in store.entries())
    assert kept == (last - 1) // 100 * 100, "all parts before the one that was cut off"
    notes.unlink()
    found = Jobs().submit(embed(corpus_of(TEXTS), Hashed(notes), store, "mean")).result().vectors
    np.testing.assert_array_equal(found, Hashed().encode(TEXTS))
    assert len(notes.read_text().split()) == 400 - kept
    assert is_sound(store.path)


def _put_much(folder):
    rows = np.arange(20_000, dtype=np.float32)[:, None] * np.ones(384, np.float32)
    EmbeddingStore(folder).put(SPEC, [f"new {number}" for number in range(20_000)], rows)


@posix
@pytest.mark.parametrize("megabytes", [4, 20])
def test_killed_in_a_write_leaves_all_of_it_or_nothing(tmp_path, megabytes):
    store = EmbeddingStore(tmp_path)
    store.put(SPEC, ["old"], np.ones((1, 384), np.float32))
    log = Path(f"{store.path}-wal")
    process = multiprocessing.get_context("spawn").Process(target=_put_much, args=(tmp_path,))
    process.start()
    while process.is_alive() and not (log.exists() and log.stat().st_size > megabytes * 1_000_000):
        time.sleep(0.001)
    process.kill()
    process.join()
    assert store.get(SPEC, ["old"])[0].tolist() == [0]
    assert len(store.get(SPEC, [f"new {number}" for number in range(20_000)])[0]) in (0, 20_000)
    assert is_sound(store.path)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MiB."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is for root on Linux")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_stops_no_encode_and_is_said_once(small_disk, caplog):
    store, encoder = EmbeddingStore(small_disk), Hashed()
    store.encode(encoder, TEXTS[:1])
    many = [f"text {number}" for number in range(20_000)]
    for _ in range(2):
        np.testing.assert_array_equal(store.encode(encoder, many), encoder.encode(many))
    assert caplog.text.count("nothing is kept between sessions") == 1
    assert "full" in caplog.text
    assert store.get(encoder.spec(), TEXTS[:1])[0].tolist() == [0], "what was there is still there"
    store.encode(encoder, TEXTS[:50])
    assert len(store.get(encoder.spec(), TEXTS[:50])[0]) == 50, "what there is room for is kept"
    assert is_sound(store.path)


def test_a_converted_model_cut_short_by_a_full_disk_is_not_kept(small_disk, tiny_model, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(small_disk))
    (small_disk / "filler").write_bytes(bytes(1_022_000))
    encoder = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    assert np.isfinite(encoder.encode(["a b c"])).all()
    assert list((small_disk / "models").iterdir()) == []


def test_word_vectors_without_room_are_said_plainly(tmp_path, tiny_model, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelLoadError, match="could not be written to .*file.*Make room there, or set EMBEDLAB_CACHE"):
        el.load_encoder(f"static-{tiny_model(pooling_mode='mean')}")


def test_a_file_is_written_whole_or_not_at_all(small_disk, tmp_path, capsys):
    table = tmp_path / "in.csv"
    table.write_text("text\n" + "\n".join(f"parcel {text}" for text in TEXTS))
    output = small_disk / "out.csv"
    command = ["search", str(table), "parcel", "--by", "words", "--top-k", "100", "-o", str(output)]
    assert main(command) == 0
    before = output.read_bytes()
    command[6] = "400"
    (small_disk / "filler").write_bytes(bytes(700_000))
    assert main(command) == 1
    assert "out.csv could not be written: No space left on device" in capsys.readouterr().err
    assert output.read_bytes() == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "out.csv"], "no half file"


@posix
def test_writing_keeps_links_modes_and_devices(tmp_path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write(link, b"new")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
    write(Path(os.devnull), b"gone")
    assert not Path(os.devnull).is_file()
    with pytest.raises(InvalidInputError, match="could not be written: No such file"):
        write(tmp_path / "missing" / "out.csv", b"")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become nobody")
def test_without_a_home_nothing_is_kept_and_all_works():
    """A user the system does not know, as in some containers."""
    code = (
        "import os; from embedlab import EmbeddingStore; os.setuid(54321)\n"
        "store = EmbeddingStore(); print(store.path, store.entries(), store.nbytes)"
    )
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(el.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=False)
    assert done.stdout.endswith("[] 0\n"), done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def kept(tmp_path):
    """A store with 200 texts, and their vectors."""
    store, rows = EmbeddingStore(tmp_path), np.random.default_rng(0).standard_normal((200, 32)).astype(np.float32)
    store.put(SPEC, TEXTS[:200], rows)
    return store, rows


@pytest.mark.parametrize("seed", range(15))
def test_flipped_bits_are_a_miss_and_never_a_wrong_vector(kept, seed):
    store, rows = kept
    rng, content = np.random.default_rng(seed), bytearray(store.path.read_bytes())
    for _ in range(rng.choice([1, 3, 30])):
        # The first page, with the schema, is where most can go wrong.
        content[rng.integers(rng.choice([4096, len(content)]))] ^= 1 << int(rng.integers(8))
    store.path.write_bytes(content)
    for _ in range(2):
        found, vectors = store.get(SPEC, TEXTS[:200])
        assert len(found) == 0 or (vectors == rows[found]).all()
        store.entries()
        store.put(SPEC, TEXTS[:200], rows)
    store.put(SPEC, TEXTS[:200], rows)
    found, vectors = store.get(SPEC, TEXTS[:200])
    np.testing.assert_array_equal(vectors, rows[found])


def test_a_cell_of_another_kind_is_a_miss(kept):
    store, rows = kept
    cells, columns = [None, 5, 1.5, "text", b"", bytes(128)], ["value", "checksum", "key", "used", "spec"]
    with closing(sqlite3.connect(store.path)) as db, db:
        for row, (column, cell) in enumerate(itertools.product(columns, cells), 1):
            # A key of another kind can stand in the file once only.
            db.execute(f"UPDATE OR IGNORE vector SET {column} = ? WHERE rowid = ?", [cell, row])
        db.execute("UPDATE spec SET fields = 5")
    found, vectors = store.get(SPEC, TEXTS[:200])
    np.testing.assert_array_equal(vectors, rows[found])
    assert found.tolist() == [*range(18, 200)], "without the 18 whose value, checksum or key is damaged"
    assert store.entries() == []


def test_a_schema_that_is_no_text_is_begun_anew(kept, caplog):
    """SQLite quotes it in its message, which Python then cannot read."""
    store, rows = kept
    content = store.path.read_bytes()
    assert b"CREATE TABLE spec" in content
    store.path.write_bytes(content.replace(b"CREATE TABLE spec", b"CR\xc5ATE TABLE spec"))
    assert len(store.get(SPEC, TEXTS[:200])[0]) == 0
    store.put(SPEC, TEXTS[:200], rows)
    assert len(store.get(SPEC, TEXTS[:200])[0]) == 200
    assert "begun anew" in caplog.text


def test_a_file_of_another_version_is_begun_anew(kept):
    store, rows = kept
    store.path.unlink()
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("CREATE TABLE vector (key BLOB, vector BLOB)")
    assert len(store.get(SPEC, TEXTS[:200])[0]) == 0
    store.put(SPEC, TEXTS[:200], rows)
    assert len(store.get(SPEC, TEXTS[:200])[0]) == 200


def test_a_folder_in_place_of_the_file_or_a_damaged_one_that_stays_is_said_once(tmp_path, caplog):
    for place, harm in [("folder", Path.mkdir), ("stuck", lambda path: path.write_bytes(b"no database" * 100))]:
        store = EmbeddingStore(tmp_path / place)
        store.path.parent.mkdir()
        harm(store.path)
        # A folder of the name of the log cannot be removed as a file can: the damage stays.
        Path(f"{store.path}-wal").mkdir()
        for _ in range(2):
            np.testing.assert_array_equal(store.encode(Hashed(), TEXTS[:3]), Hashed().encode(TEXTS[:3]))
        assert (store.entries(), store.clear()) == ([], 0)
    assert caplog.text.count("nothing is kept between sessions") == 2


def test_stamps_of_a_clock_that_was_ahead_keep_nothing_for_ever(tmp_path):
    """Texts stamped a year ahead count as used now, and go before those used later; nothing is negative."""
    store = EmbeddingStore(tmp_path, max_bytes=1_000_000)
    rows = np.ones((1000, 128), np.float32)
    store.put(SPEC, [f"ahead {number}" for number in range(1000)], rows)
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE vector SET used = used + 365")
    store.put(SPEC, [f"now {number}" for number in range(1000)], rows)
    assert len(store.get(SPEC, [f"now {number}" for number in range(1000)])[0]) == 1000
    assert 0 < len(store.get(SPEC, [f"ahead {number}" for number in range(1000)])[0]) < 1000
    assert store.nbytes <= 1_000_000


def _write_or_clear(folder, number, failures):
    try:
        store = EmbeddingStore(folder, max_bytes=600_000)
        for turn in range(20):
            if number == 0:
                store.clear()
            else:
                names = range(turn * 50, turn * 50 + 50)
                store.put(SPEC, [f"text {name}" for name in names], np.array([[name] * 256 for name in names], "f4"))
    except BaseException as error:
        failures.put(repr(error))
        raise


def test_clearing_and_evicting_by_several_processes_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    processes = [context.Process(target=_write_or_clear, args=(tmp_path, number, failures)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert failures.empty()
    store = EmbeddingStore(tmp_path, max_bytes=600_000)
    assert is_sound(store.path)
    found, vectors = store.get(SPEC, [f"text {name}" for name in range(1000)])
    np.testing.assert_array_equal(vectors, np.repeat(found[:, None], vectors.shape[1], axis=1))
    assert store.nbytes <= 600_000
