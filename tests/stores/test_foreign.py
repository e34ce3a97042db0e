"""Collections of somebody else's: they are read as they are, and never written to."""

import lancedb
import numpy as np
import pyarrow as pa
import pytest

from embedlab.errors import InvalidInputError
from embedlab.stores import open_store


def refuses_to_write(collection):
    for write in (
        lambda: collection.upsert(["new"], np.ones((1, collection.dimension)), ["new"]),
        lambda: collection.delete(["0"]),
    ):
        with pytest.raises(InvalidInputError, match="was not made by EmbedLab"):
            write()
    return True


@pytest.fixture
def rows():
    """Five vectors of several lengths."""
    return np.random.default_rng(0).standard_normal((5, 4)).astype(np.float32) * [[1], [2], [3], [4], [5]]


def cosines(rows, query):
    return rows @ query / np.linalg.norm(rows, axis=1) / np.linalg.norm(query)


def test_a_table_of_lance_without_ids(tmp_path, rows):
    """Texts, vectors and two columns of its own, one of which no condition can ask of."""
    table = [
        {"page_content": f"text {n}", "emb": row, "page": n, "tags": ["a", "b"]} for n, row in enumerate(rows.tolist())
    ]
    schema = pa.schema(
        [
            pa.field("page_content", pa.string()),
            pa.field("emb", pa.list_(pa.float32(), 4)),
            pa.field("page", pa.int64()),
            pa.field("tags", pa.list_(pa.string())),
        ]
    )
    lancedb.connect(str(tmp_path)).create_table("Theirs", pa.Table.from_pylist(table, schema=schema))
    lancedb.connect(str(tmp_path)).create_table("no_vectors", pa.table({"a": [1]}))
    with open_store(f"lancedb://{tmp_path}") as store:
        assert [info.name for info in store.list_collections()] == ["Theirs"]
        collection = store.open_collection("Theirs")
        assert (collection.info.count, collection.info.dimension, collection.info.is_ours) == (5, 4, False)
        sample = collection.sample(10)
        assert sorted(sample.documents) == [f"text {n}" for n in range(5)]
        order = [int(document[-1]) for document in sample.documents]
        np.testing.assert_allclose(sample.embeddings, rows[order])
        assert sample.metadatas == [{"page": n} for n in order]
        (found,) = collection.query(rows[2:3], 2, {"page": {"gte": 1}})
        assert found[0].document == "text 2"
        expected = np.sort(cosines(rows, rows[2])[1:])[::-1][:2]
        np.testing.assert_allclose([match.score for match in found], expected, atol=1e-6)
        assert refuses_to_write(collection)
        with pytest.raises(InvalidInputError, match="is left alone"):
            store.delete_collection("Theirs")


@pytest.fixture
def chroma(tmp_path):
    import chromadb

    client = chromadb.PersistentClient(str(tmp_path), chromadb.Settings(anonymized_telemetry=False, _env_file=None))
    yield client
    client.close()


def test_a_collection_of_chroma_by_its_own_distance(chroma, tmp_path, rows):
    """Chroma's default is the Euclidean one: scores are cosines all the same, or it is said that they cannot be."""
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [str(n) for n in range(5)]
    for name, vectors in (("unit", unit), ("long", rows)):
        theirs = chroma.create_collection(name, embedding_function=None)
        theirs.add(ids=ids, embeddings=vectors, documents=ids, metadatas=[{"100%": n} for n in range(5)])
    with open_store(f"chroma://{tmp_path}") as store:
        collection = store.open_collection("unit")
        assert (collection.info.metric, collection.info.dimension, collection.info.is_ours) == ("l2", 4, False)
        (found,) = collection.query(rows[1:2], 3, {"100%": {"ne": 1}})
        expected = np.sort(np.delete(cosines(rows, rows[1]), 1))[::-1][:3]
        np.testing.assert_allclose([match.score for match in found], expected, atol=1e-6)
        assert refuses_to_write(collection)
        lengths = store.open_collection("long")
        with pytest.raises(InvalidInputError, match="other lengths than 1"):
            lengths.query(rows[:1], 3)
        np.testing.assert_allclose(lengths.get(ids, with_embeddings=True).embeddings, rows, atol=1e-6)
