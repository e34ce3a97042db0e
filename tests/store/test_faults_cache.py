"""The cache of embeddings, damaged in every way we could think of: a miss, and never a wrong vector."""

import itertools
import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from app_server import wait_until
from hashed import SPEC, TEXTS, Hashed, is_sound
from patience import PATIENCE

from embedlab.store import EmbeddingStore


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
        for turn in range(8):
            if number == 0:
                store.clear()
            else:
                names = range(turn * 125, turn * 125 + 125)
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
        process.join(PATIENCE)
    assert failures.empty()
    store = EmbeddingStore(tmp_path, max_bytes=600_000)
    assert is_sound(store.path)
    found, vectors = store.get(SPEC, [f"text {name}" for name in range(1000)])
    np.testing.assert_array_equal(vectors, np.repeat(found[:, None], vectors.shape[1], axis=1))
    assert store.nbytes <= 600_000


def _write(folder, n, errors):
    try:
        store = EmbeddingStore(folder)
        for start in range(0, n, 50):
            texts = [f"text {number}" for number in range(start, start + 50)]
            store.put(SPEC, texts, np.stack([np.full(64, number, np.float32) for number in range(start, start + 50)]))
    except Exception as error:
        errors.put(repr(error))


def test_several_processes_may_write_the_same_texts_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    errors = context.Queue()
    processes = [context.Process(target=_write, args=(tmp_path, 500, errors)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert errors.empty()
    positions, found = EmbeddingStore(tmp_path).get(SPEC, [f"text {number}" for number in range(500)])
    assert positions.tolist() == list(range(500))
    np.testing.assert_array_equal(found[:, 0], np.arange(500))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_writer_leaves_only_whole_rows(tmp_path):
    context = multiprocessing.get_context("spawn")
    for _ in range(3):
        errors = context.Queue()
        process = context.Process(target=_write, args=(tmp_path, 100_000, errors))
        process.start()
        store = EmbeddingStore(tmp_path)
        wait_until(store.entries)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        positions, found = store.get(SPEC, [f"text {number}" for number in range(20_000)])
        assert len(positions)
        assert len(positions) % 50 == 0, "a transaction is written whole or not at all"
        np.testing.assert_array_equal(found, np.repeat(positions[:, None], 64, axis=1).astype(np.float32))
        store.clear()
