"""Collections that somebody else made in Qdrant and Milvus: read as they are, and never written to."""

import pytest
from pymilvus import DataType
from qdrant_client import models

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores import open_store
from embedlab.stores.judging import judge_store


def check_is_left_alone(store, collection):
    assert not collection.info.is_ours
    for change in (lambda: collection.upsert(["9"], [[1, 0]], ["new"]), lambda: collection.delete(["1"])):
        with pytest.raises(InvalidInputError, match="not made by EmbedLab"):
            change()
    with pytest.raises(InvalidInputError, match="left alone"):
        store.delete_collection(collection.name)


@pytest.fixture(scope="module")
def qdrant(tmp_path_factory):
    """A collection as LangChain writes it, one with a flat payload and named vectors, one that compares by product."""
    with open_store(f"qdrant://{tmp_path_factory.mktemp('qdrant')}") as store:
        client = store._client
        cosine = models.VectorParams(size=2, distance=models.Distance.COSINE)
        client.create_collection("nested", cosine)
        client.create_collection("flat", {"text": cosine})
        client.create_collection("product", models.VectorParams(size=2, distance=models.Distance.DOT))
        payloads = [
            {"page_content": "It came late.", "metadata": {"stars": 1, "tags": ["a"]}},
            {"page_content": "Blue."},
        ]
        flat = [{"text": "It came late.", "stars": 1, "a.b": "x"}, {"text": "Blue.", "stars": 5}]
        rows = [[3, 4], [-1, 0]]
        for number, row in enumerate(rows):
            client.upsert("nested", [models.PointStruct(id=number + 1, vector=row, payload=payloads[number])])
            client.upsert("flat", [models.PointStruct(id=number + 1, vector={"text": row}, payload=flat[number])])
        yield store


def test_qdrant(qdrant):
    nested, flat = qdrant.open_collection("nested"), qdrant.open_collection("flat")
    for collection in (nested, flat):
        (found,) = collection.query([[1, 0]], 5)
        said = [(match.id, round(match.score, 5), match.document) for match in found]
        assert said == [("1", 0.6, "It came late."), ("2", -1, "Blue.")]
        assert collection.ids({"stars": {"lte": 2}}) == ["1"]
        there = collection.get(["2", "1"], with_embeddings=True)
        assert (there.ids, there.documents) == (["2", "1"], ["Blue.", "It came late."])
        assert there.embeddings[0].tolist() == [-1, 0]
        assert judge_store(collection, [[1, 0]], top_k=1).recall == 1
        check_is_left_alone(qdrant, collection)
    assert nested.get(["1"]).metadatas == [{"stars": 1, "tags": '["a"]'}]
    assert flat.get(["1"]).metadatas == [{"stars": 1, "a.b": "x"}]
    assert flat.ids({"a.b": "x"}) == ["1"]
    with pytest.raises(InvalidInputError, match="quotation marks"):
        flat.ids({'a"b': "x"})
    assert nested.get(["nobody", "1"]).ids == ["1"]


def test_scores_of_another_distance_are_no_cosines(qdrant):
    assert qdrant.open_collection("product").info.metric == "dot"
    with pytest.raises(InvalidInputError, match="another distance than the cosine"):
        qdrant.open_collection("product").query([[1, 0]], 1)


def test_a_server_of_qdrant_that_is_not_there():
    with pytest.raises(StoreError, match="could not do it"):
        open_store("qdrant+http://127.0.0.1:1")


@pytest.fixture(scope="module")
def milvus(tmp_path_factory):
    """A collection with numbers for ids and fields of its own, and one that compares by distance."""
    with open_store(f"milvus://{tmp_path_factory.mktemp('milvus')}/theirs.db") as store:
        client = store._client
        for name, metric in (("theirs", "COSINE"), ("distance", "L2")):
            schema = client.create_schema(auto_id=False)
            schema.add_field("number", DataType.INT64, is_primary=True)
            schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
            schema.add_field("text", DataType.VARCHAR, max_length=100)
            schema.add_field("stars", DataType.INT64)
            index = client.prepare_index_params()
            index.add_index("vector", index_type="FLAT", metric_type=metric)
            client.create_collection(name, schema=schema, index_params=index)
            client.upsert(
                name,
                [
                    {"number": 1, "vector": [3, 4], "text": "It came late.", "stars": 1},
                    {"number": 2, "vector": [-1, 0], "text": "Blue.", "stars": 5},
                ],
            )
        yield store


def test_milvus(milvus):
    collection = milvus.open_collection("theirs")
    (found,) = collection.query([[1, 0]], 5)
    assert [(match.id, round(match.score, 5), match.document, match.metadata) for match in found] == [
        ("1", 0.6, "It came late.", {"stars": 1}),
        ("2", -1, "Blue.", {"stars": 5}),
    ]
    there = collection.get(["2", "nobody", "1"], with_embeddings=True)
    assert (there.ids, there.embeddings.tolist()) == (["2", "1"], [[-1, 0], [3, 4]])
    assert (collection.ids({"stars": {"lte": 2}}), collection.ids({"stars": {"ne": 1}})) == (["1"], ["2"])
    with pytest.raises(InvalidInputError, match="no field that Milvus has conditions on"):
        collection.ids({'stars > 0 or number == "': 1})
    assert judge_store(collection, [[1, 0]], top_k=1).recall == 1
    check_is_left_alone(milvus, collection)
    assert milvus.open_collection("distance").info.metric == "l2"
    with pytest.raises(InvalidInputError, match="compares by L2"):
        milvus.open_collection("distance").query([[1, 0]], 1)


def test_the_name_of_a_file(tmp_path):
    with pytest.raises(InvalidInputError, match="ends in .db"):
        open_store(f"milvus://{tmp_path}/theirs")
