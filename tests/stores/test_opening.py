"""What stands in the way of a store, and who else has it open."""

import subprocess
import sys

import numpy as np
import pytest
from app_server import free_port

from embedlab.errors import MissingDependencyError, StoreError
from embedlab.stores import IndexSettings, open_store


@pytest.mark.parametrize(
    ("kind", "package", "extra"),
    [("lancedb", "lancedb", "lancedb"), ("faiss", "faiss", "faiss"), ("chroma", "chromadb", "chroma")],
)
def test_a_package_that_is_missing(tmp_path, monkeypatch, kind, package, extra):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError, match=rf"pip install 'embedlab\[{extra}\]'"):
        open_store(f"{kind}://{tmp_path}")


@pytest.mark.parametrize("kind", ["lancedb", "faiss", "chroma"])
def test_a_folder_that_is_a_file(tmp_path, kind):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match=f"{kind}://{tmp_path}/file could not do it"):
        open_store(f"{kind}://{tmp_path}/file")


def test_a_server_that_is_not_there():
    with pytest.raises(StoreError, match="could not do it"):
        open_store(f"chroma+http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("kind", ["lancedb", "faiss"])
def test_what_another_process_writes_is_found(tmp_path, kind):
    """By a collection that was asked before."""
    address, rows = f"{kind}://{tmp_path}", np.eye(4)
    with open_store(address) as store:
        collection = store.create_collection("reviews", 4)
        collection.upsert(["first"], rows[:1], ["first"])
        assert collection.query(rows[1:2], 1)[0][0].id == "first"
        code = (
            f"import numpy as np; from embedlab.stores import open_store; "
            f"open_store({address!r}).open_collection('reviews').upsert(['other'], np.eye(4)[1:2], ['other'])"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
        assert collection.query(rows[1:2], 1)[0][0].id == "other"


def test_a_folder_of_chroma_is_kept_to_one_process(tmp_path, monkeypatch):
    """Which would not find what another one writes. In one process it is opened as often as one likes."""
    monkeypatch.setattr("embedlab.stores.embedded.chroma_clients._WAITING", 0.1)
    address = f"chroma://{tmp_path}"
    holding = (
        f"from embedlab.stores import open_store; store = open_store({address!r}); print('open', flush=True); input()"
    )
    other = subprocess.Popen([sys.executable, "-c", holding], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "open\n"
    with pytest.raises(StoreError, match="is open in another process.*chroma run --path"):
        open_store(address)
    other.communicate("\n")
    with open_store(address) as store, open_store(address) as again:
        store.create_collection("reviews", 4).upsert(["one"], np.ones((1, 4)), ["late"])
        assert again.open_collection("reviews").count() == 1
    with open_store(address) as store:
        assert store.open_collection("reviews").query(np.ones((1, 4)))[0][0].id == "one"


@pytest.mark.parametrize("kind", ["lancedb", "faiss"])
def test_every_index_finds_what_is_near(tmp_path, kind):
    """Looking far enough; what is written after it was built is found, too, and scores stay cosines."""
    rows = np.random.default_rng(0).standard_normal((400, 8)).astype(np.float32)
    ids = [f"{number:03}" for number in range(400)]
    with open_store(f"{kind}://{tmp_path}") as store:
        collection = store.create_collection("reviews", 8)
        collection.upsert(ids, rows, ids)
        exact = collection.query(rows[:20], 5)
        for index in collection.index_kinds:
            collection.build_index(IndexSettings(index, n_lists=1 if index == "ivf_pq" else 8))
            assert collection.info.index == index
            found = collection.query(rows[:20], 5, effort=400)
            hits = [len({m.id for m in a} & {m.id for m in b}) for a, b in zip(exact, found, strict=True)]
            assert np.mean(hits) > (3 if index == "ivf_pq" else 4.8)
            for query, matches in zip(rows, found, strict=False):
                for match in matches:
                    row = rows[int(match.id)]
                    cosine = row @ query / np.linalg.norm(row) / np.linalg.norm(query)
                    assert match.score == pytest.approx(cosine, abs=1e-5)
        collection.upsert(["new"], rows[7:8] * -1, ["new"])
        assert collection.query(-rows[7:8], 1, effort=400)[0][0].id == "new"
