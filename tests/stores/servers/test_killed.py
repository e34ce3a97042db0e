"""A server ended by kill -9 in the middle of a write: what was said to be written is there, and nothing twice."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from app_server import process_at, running_server
from postgres_server import address_of, kill_postgres, start_postgres

from embedlab.errors import StoreError
from embedlab.stores import open_store, write

CHROMA = str(Path(sys.executable).with_name("chroma"))
N, BATCH = 1_500, 100
IDS = [f"row {number:04}" for number in range(N)]
ROWS = np.random.default_rng(0).standard_normal((N, 16)).astype(np.float32)
TEXTS = ["It came late. " * 20] * N


def write_until_killed(address, kill):
    """Write until the server is killed, in a batch after the fourth; return the rows said to be written."""
    said, killer = [0], threading.Timer(0.03, kill)
    with open_store(address) as store:
        if not store.has_collection("reviews"):
            store.create_collection("reviews", 16)
        collection = store.open_collection("reviews")
        collection.batch_rows = BATCH

        def progress(done, total):
            said.append(done)
            if done == 4 * BATCH:
                killer.start()

        def ask():
            write(collection, IDS, ROWS, TEXTS, progress=progress)
            killer.join()  # The machine was quicker than the clock: what comes next finds no server.
            collection.count()

        with pytest.raises(StoreError):
            ask()
    killer.join()
    return said[-1]


def check_and_go_on(address, n_said):
    """Nothing is lost that was said, nothing is there by halves, and a second write brings the rest."""
    with open_store(address) as store:
        collection = store.open_collection("reviews")
        there = collection.get(with_embeddings=True)
        assert set(there.ids) >= set(IDS[:n_said])
        assert len(there) == len(set(there.ids)) == collection.count()
        positions = [IDS.index(each) for each in there.ids]
        unit = ROWS / np.linalg.norm(ROWS, axis=1, keepdims=True)
        np.testing.assert_allclose(there.embeddings, unit[positions], atol=1e-6)
        written = write(collection, IDS, ROWS, TEXTS)
        assert (written.n_new, written.n_changed) == (N - len(there), 0)
        assert collection.ids() == IDS
        assert collection.count() == N


def test_postgres(tmp_path):
    server = start_postgres(tmp_path / "data")
    n_said = write_until_killed(address_of(server), lambda: kill_postgres(server))
    server.ensure_postgres_running()
    check_and_go_on(address_of(server), n_said)
    server.cleanup()


def chroma_server(folder):
    return running_server(folder, program=(CHROMA, "run", "--path", "data"), health="api/v2/heartbeat")


def test_chroma(tmp_path):
    with chroma_server(tmp_path) as address:
        n_said = write_until_killed(f"chroma+{address}", process_at(address).kill)
    with chroma_server(tmp_path) as address:
        check_and_go_on(f"chroma+{address}", n_said)
