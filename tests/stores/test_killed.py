"""A writer that is killed in the middle: what was said to be written is there, and nothing is there twice."""

import subprocess
import sys

import numpy as np
import pytest

from embedlab.errors import StoreError
from embedlab.stores import open_store, write

N = 4_000
WRITER = f"""
import sys, numpy as np
from embedlab.stores import open_store, write
rows = np.random.default_rng(0).standard_normal(({N}, 64))
ids = [f"row {{number:05}}" for number in range({N})]
collection = open_store(sys.argv[1]).open_collection("reviews")
collection.batch_rows = 50
print("begins", flush=True)
metadatas = [{{"number": number}} for number in range({N})]
write(collection, ids, rows, ids, metadatas, progress=lambda done, _: print(done, flush=True))
"""


@pytest.mark.parametrize("kind", ["lancedb", "faiss", "chroma"])
def test_a_writer_that_is_killed(tmp_path, kind):
    address = f"{kind}://{tmp_path}"
    with open_store(address) as store:
        store.create_collection("reviews", 64)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, text=True)
    said = [writer.stdout.readline().strip() for _ in range(3)]
    writer.kill()
    said += writer.stdout.read().split()
    writer.wait()
    writer.stdout.close()
    written = int(said[-1])
    assert written >= 100
    rows = np.random.default_rng(0).standard_normal((N, 64))
    ids = [f"row {number:05}" for number in range(N)]
    with open_store(address) as store:
        collection = store.open_collection("reviews")
        there = collection.ids()
        assert set(ids[:written]) <= set(there)
        assert len(set(there)) == len(there) == collection.count() <= N
        assert collection.get(there).documents == there
        done = write(collection, ids[:500], rows[:500], ids[:500], [{"number": n} for n in range(500)])
        assert done.n_unchanged == min(500, len(there))
        assert collection.ids() == sorted({*ids[:500], *there})
        (found,) = collection.query(rows[7:8], 1)
        assert found[0].id == ids[7]


def test_half_a_pair_of_files_is_said(tmp_path):
    """What no killed writer leaves, but a disk may."""
    with open_store(f"faiss://{tmp_path}") as store:
        collection = store.create_collection("reviews", 4)
        collection.upsert(["one"], np.ones((1, 4)), ["late"])
        (index,) = tmp_path.glob("reviews/*/index.faiss")
        index.write_bytes(index.read_bytes()[:20])
        with pytest.raises(StoreError, match="could not do it"):
            open_store(f"faiss://{tmp_path}").open_collection("reviews").info  # noqa: B018 - read for what it raises
