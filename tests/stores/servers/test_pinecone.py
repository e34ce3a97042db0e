"""Pinecone, as far as it goes without one: what is asked in its language, and how a stand-in of ours is asked.

The stand-in answers by the public documentation; that Pinecone does, the contract says where one is named.
"""

import sys

import numpy as np
import pinecone_standin
import pytest
from pinecone_standin import PineconeStandin
from standin_server import running

from embedlab.errors import InvalidInputError, MissingDependencyError, StoreError
from embedlab.stores import open_store
from embedlab.stores.contract import parse_address, parse_where
from embedlab.stores.servers.pinecone.store import _find_key
from embedlab.stores.servers.pinecone.where import field_key, where_filter

ROWS = np.eye(8)


@pytest.fixture
def standin():
    with running(PineconeStandin()) as standin:
        yield standin


@pytest.fixture
def store(standin):
    with open_store(standin.address) as store:
        yield store


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ({"topic": "late"}, {"topic": {"$eq": "late"}}),
        ({"stars": {"gte": 4}}, {"stars": {"$gte": 4}}),
        # A row without the field passes "ne" here.
        ({"topic": {"ne": "late"}}, {"$or": [{"topic": {"$exists": False}}, {"topic": {"$ne": "late"}}]}),
        # $in takes no truth values.
        ({"sold": {"in": [True, 1]}}, {"$or": [{"sold": {"$eq": True}}, {"sold": {"$eq": 1}}]}),
        ({"a": 1, "b": 2}, {"$and": [{"a": {"$eq": 1}}, {"b": {"$eq": 2}}]}),
        ({"or": [{"a": 1}, {"b": 2}]}, {"$or": [{"a": {"$eq": 1}}, {"b": {"$eq": 2}}]}),
        ({"$ne": "x"}, {"embedlab_x246e65": {"$eq": "x"}}),
    ],
)
def test_a_condition_as_pinecone_asks_it(where, asked):
    assert where_filter(parse_where(where), is_ours=True) == asked


def test_fields_that_would_be_operators_or_paths_stand_under_other_keys():
    assert [field_key(field) for field in ("topic", "Größe", "two words", "100%")] == [
        *("topic", "Größe", "two words", "100%")
    ]
    assert field_key("$or") == "embedlab_x" + b"$or".hex()
    assert len({field_key(field) for field in ("a.b", "_id", "$a", "a$b", "a\n")}) == 5
    assert all(field_key(field).startswith("embedlab_x") for field in ("a.b", "_id", "$a", "a$b", "a\n"))
    with pytest.raises(InvalidInputError, match="no field that Pinecone has conditions on"):
        where_filter(parse_where({"$or": 1}), is_ours=False)


def test_rows_come_back_as_they_were_written(store, standin):
    """Although numbers become floating ones there, and ids are ASCII."""
    collection = store.create_collection("reviews", 8)
    metadata = {"stars": 4, "price": 4.0, "$odd": "x", "sold": True}
    collection.upsert(["plain id", "日本", "embedlab:x"], ROWS[:3], ["a", "b", "c"], [metadata, {}, {"stars": 1}])
    keys = sorted(standin.namespaces["reviews"])
    assert keys[2] == "plain id"
    assert all(key.startswith("embedlab:") and key.isascii() and len(key) == 41 for key in keys[:2])
    held = standin.namespaces["reviews"]["plain id"]["metadata"]
    assert (held["stars"], held["sold"], held["embedlab_x" + b"$odd".hex()]) == (4.0, True, "x")
    found = collection.get(["日本", "plain id"], with_embeddings=True)
    assert (found.ids, found.documents, found.metadatas) == (["日本", "plain id"], ["b", "a"], [{}, metadata])
    assert isinstance(found.metadatas[1]["stars"], int)
    assert found.embeddings.tolist() == ROWS[[1, 0]].tolist()
    assert collection.ids({"stars": {"lte": 1}}) == ["embedlab:x"]
    (hits,) = collection.query(ROWS[:1], 2, {"stars": {"gte": 1}})
    assert [(hit.id, hit.score) for hit in hits] == [("plain id", 1), ("embedlab:x", 0)]


def test_what_is_written_is_waited_for(store, standin):
    collection = store.create_collection("reviews", 8)
    standin.lag = 3
    collection.upsert(["one", "two"], ROWS[:2], ["before", ""])
    assert collection.count() == 2
    collection.upsert(["one"], ROWS[2:3], ["after"])
    assert collection.get(["one"]).documents == ["after"]
    assert collection.query(ROWS[2:3], 1)[0][0].document == "after"
    collection.delete(["two", "nobody"])
    assert collection.ids() == ["one"]
    store.delete_collection("reviews")
    assert not store.has_collection("reviews")


def test_what_is_not_seen_is_said(store, standin, monkeypatch):
    collection = store.create_collection("reviews", 8)
    monkeypatch.setattr("embedlab.stores.contract.waiting._LONGEST", 0.2)
    standin.lag = 10**6
    with pytest.raises(StoreError, match="1 rows of reviews were sent and taken, but Pinecone does not show it"):
        collection.upsert(["one"], ROWS[:1], ["late"])


def test_pages_are_turned_and_large_requests_cut(store, standin, monkeypatch):
    standin.page = 7
    monkeypatch.setattr("embedlab.stores.servers.pinecone.rows.MOST_FOUND", 10)
    monkeypatch.setattr("embedlab.stores.servers.pinecone.rows._IDS", 10)
    monkeypatch.setattr("embedlab.stores.servers.pinecone.rows._AT_ONCE", 2_000)
    collection = store.create_collection("reviews", 8)
    ids = [f"ü {number:02}" for number in range(25)]
    collection.upsert(ids, np.random.default_rng(0).standard_normal((25, 8)), ids, [{"n": n} for n in range(25)])
    sent = [body["vectors"] for _, path, _, body, _ in standin.asked if path == "/vectors/upsert"][1:]
    assert sum(map(len, sent)) == 25
    assert len(sent) > 5
    assert collection.ids() == ids
    assert collection.count() == 25
    assert collection.ids({"n": {"gte": 3}}) == ids[3:]
    assert collection.count({"n": {"gte": 20}}) == 5
    assert len(collection.get(limit=15)) == 15


def test_what_pinecone_cannot_do_is_said(store, standin):
    with pytest.raises(InvalidInputError, match="vectors of 8 dimensions, and these have 4"):
        store.create_collection("reviews", 4)
    collection = store.create_collection("reviews", 8)
    with pytest.raises(InvalidInputError, match="Pinecone keeps at most 40,960"):
        collection.upsert(["one"], ROWS[:1], ["é" * 30_000])
    with pytest.raises(InvalidInputError, match="at most 10,000 rows a query"):
        collection.query(ROWS[:1], 10_001)
    with pytest.raises(InvalidInputError, match="Leave effort out"):
        collection.query(ROWS[:1], 1, effort=8)
    standin.dimension = None
    with pytest.raises(StoreError, match="keeps no vectors of one dimension"):
        open_store(standin.address)
    standin.dimension, standin.metric = 8, "dotproduct"
    with open_store(standin.address) as again:
        with pytest.raises(InvalidInputError, match="compares by dotproduct"):
            again.create_collection("others", 8)
        with pytest.raises(InvalidInputError, match="another distance than the cosine"):
            again.open_collection("reviews").query(ROWS[:1], 1)


def test_rows_that_do_not_pass_are_not_handed_on(store, monkeypatch):
    """Whatever its filter does with kinds."""
    collection = store.create_collection("reviews", 8)
    collection.upsert(["one"], ROWS[:1], ["late"], [{"stars": "3"}])
    assert collection.count({"stars": 3}) == 0
    monkeypatch.setattr(pinecone_standin, "passes", lambda asked, held: True)
    with pytest.raises(StoreError, match="do not pass the condition"):
        collection.query(ROWS[:1], 1, {"stars": 3})


@pytest.mark.parametrize("wrong", ["or", "ne", "kinds"])
def test_conditions_that_are_answered_otherwise_are_not_asked(store, monkeypatch, wrong):
    """What Pinecone makes of missing fields has changed before: once a store it is looked at."""
    collection = store.create_collection("reviews", 8)
    true = pinecone_standin.passes

    def passes(asked, held):
        if wrong == "or" and "$or" in (asked or {}) and not all(key in held for part in asked["$or"] for key in part):
            return False
        if wrong == "ne" and asked == {"embedlab_none": {"$exists": False}}:
            return False
        return wrong == "kinds" and asked == {"embedlab_number": {"$eq": True}} or true(asked, held)

    monkeypatch.setattr(pinecone_standin, "passes", passes)
    with pytest.raises(StoreError, match="answers conditions otherwise than it is described"):
        collection.count({"stars": {"ne": 3}})
    assert collection.count() == 0


def test_what_an_index_compares_by_is_measured_where_it_is_not_said(standin):
    standin.metric = None
    with open_store(standin.address) as store:
        store.create_collection("reviews", 8).upsert(["one"], ROWS[:1], ["late"])
    with open_store(standin.address) as store:
        assert store.open_collection("reviews").query(ROWS[:1], 1)[0][0].score == pytest.approx(1)
    with running(PineconeStandin(metric=None)) as other:
        other.compare = np.dot
        with open_store(other.address) as store:
            with pytest.raises(InvalidInputError, match="compares by something else"):
                store.create_collection("reviews", 8)
            assert store.list_collections() == []


def test_a_namespace_of_somebody_else_s(store, standin):
    row = {"id": "1", "values": [2.0, *[0.0] * 7], "metadata": {"text": "It came late.", "stars": 1.0, "tags": ["a"]}}
    standin.namespaces["__default__"] = {"1": row}
    collection = store.open_collection("__default__")
    assert (collection.info.count, collection.info.is_ours, collection.info.dimension) == (1, False, 8)
    assert collection.get(["1", "nobody"]).metadatas == [{"stars": 1.0, "tags": '["a"]'}]
    assert collection.get(["日本"]).ids == []
    assert collection.query(ROWS[:1], 1, {"stars": 1})[0][0].document == "It came late."
    with pytest.raises(InvalidInputError, match="not made by EmbedLab"):
        collection.delete(["1"])


def test_its_key_goes_to_its_hosts_alone(standin, monkeypatch):
    monkeypatch.delenv("EMBEDLAB_STORE_KEYS", raising=False)
    monkeypatch.setenv("PINECONE_API_KEY", "hunter2-of-pinecone")
    for theirs in ("pinecone://reviews", "pinecone+https://reviews-a1.svc.aws.pinecone.io"):
        assert _find_key(parse_address(theirs)) == "hunter2-of-pinecone"
    assert _find_key(parse_address("pinecone+http://reviews-a1.svc.pinecone.io")) == "none"
    for other in (
        "pinecone+https://pinecone.io.example",
        "pinecone+https://notpinecone.io",
        "pinecone+https://a\\b.pinecone.io",
    ):
        with pytest.raises(InvalidInputError, match="EMBEDLAB_STORE_KEYS="):
            _find_key(parse_address(other))
    standin.key = "hunter2-of-mine"
    with pytest.raises(StoreError, match="Invalid API Key") as refused:
        open_store(standin.address)
    assert "hunter2" not in str(refused.value)
    assert not any("hunter2" in str(headers) for *_, headers in standin.asked)
    monkeypatch.setenv("EMBEDLAB_STORE_KEYS", f"{standin.address.partition('//')[2]}=MINE")
    monkeypatch.setenv("MINE", "hunter2-of-mine")
    open_store(standin.address).close()
    monkeypatch.delenv("PINECONE_API_KEY")
    with pytest.raises(InvalidInputError, match="Put your key into PINECONE_API_KEY"):
        open_store("pinecone://reviews")


def test_an_index_by_its_name(standin, monkeypatch):
    """Where it is, Pinecone itself is asked, whatever the environment says of another."""
    monkeypatch.setenv("PINECONE_API_KEY", "mine")
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", "http://127.0.0.1:1")
    url = standin.address.partition("+")[2]
    monkeypatch.setattr("embedlab.stores.servers.pinecone.store._CONTROL", url)
    standin.indexes = {"reviews": url}
    with open_store("pinecone://reviews") as store:
        store.create_collection("late", 8)
        assert [info.name for info in store.list_collections()] == ["late"]
    with pytest.raises(StoreError, match="pinecone://nobody could not do it"):
        open_store("pinecone://nobody")


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pinecone", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'embedlab\[pinecone\]'"):
        open_store("pinecone://reviews")
