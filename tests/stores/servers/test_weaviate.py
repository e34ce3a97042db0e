"""Weaviate, as far as it goes without one: what is asked in its language, and how a stand-in of ours is asked.

The stand-in answers by the public documentation; that Weaviate does, the contract says where one is named.
"""

import json

import numpy as np
import pytest
from standin_server import running
from weaviate_standin import WeaviateStandin

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores import open_store
from embedlab.stores.contract import parse_where
from embedlab.stores.servers.weaviate.where import facts, number_property, where_text

ROWS = np.eye(8)
STARS = number_property("stars")


@pytest.fixture
def standin():
    with running(WeaviateStandin()) as standin:
        yield standin


@pytest.fixture
def store(standin):
    with open_store(standin.address) as store:
        yield store


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ({"topic": "late"}, r'{path: ["facts"], operator: ContainsAny, valueText: ["[\"topic\", \"late\"]"]}'),
        ({"stars": 4}, r'{path: ["facts"], operator: ContainsAny, valueText: ["[\"stars\", 4.0]"]}'),
        ({"sold": {"ne": True}}, r'{path: ["facts"], operator: ContainsNone, valueText: ["[\"sold\", true]"]}'),
        (
            {"topic": {"in": ["a", "b"]}},
            r'{path: ["facts"], operator: ContainsAny, valueText: ["[\"topic\", \"a\"]", "[\"topic\", \"b\"]"]}',
        ),
        ({"stars": {"gte": 4}}, f'{{path: ["{STARS}"], operator: GreaterThanEqual, valueNumber: 4}}'),
        # No row has a number there, so that none passes; a property that is not there would be a mistake.
        ({"price": {"lte": 4}}, '{path: ["facts"], operator: ContainsAny, valueText: ["{}"]}'),
        (
            {"stars": {"gte": 1, "lte": 2.5}},
            f'{{operator: And, operands: [{{path: ["{STARS}"], operator: GreaterThanEqual, valueNumber: 1}}, '
            f'{{path: ["{STARS}"], operator: LessThanEqual, valueNumber: 2.5}}]}}',
        ),
        (
            {'say "no"': "a\nb\\"},
            r'{path: ["facts"], operator: ContainsAny, valueText: ["[\"say \\\"no\\\"\", \"a\\nb\\\\\"]"]}',
        ),
    ],
)
def test_a_condition_as_weaviate_asks_it(where, asked):
    assert where_text(parse_where(where), {STARS: {}}, is_ours=True) == asked


def test_facts_are_compared_whole():
    """With blanks and empty texts; kinds are told apart, and long ones stand as digests."""
    rows = [{"a": " x "}, {"a": "x"}, {"a": ""}, {"a": 1}, {"a": True}, {"a": "1"}, {"b": "x"}, {"a": "x" * 10_000}]
    said = [facts(row) for row in rows]
    assert all(one[0] == "[]" and one[1] == one[1].strip() for one in said)
    assert len({one[1] for one in said}) == len(rows)
    assert facts({"a": 1}) == facts({"a": 1.0})
    assert len(said[-1][1]) == 33
    assert facts({}) == ["[]"]


def test_a_collection_is_a_class_in_which_nothing_is_compared_word_by_word(store, standin):
    collection = store.create_collection("reviews", 8)
    made = standin.classes["Reviews"]
    assert (made["vectorIndexType"], made["vectorIndexConfig"]["distance"]) == ("flat", "cosine")
    kinds = {each["name"]: each for each in made["properties"]}
    assert [name for name, each in kinds.items() if each["indexFilterable"]] == ["facts"]
    assert kinds["facts"]["tokenization"] == "field"
    metadata = {"stars": 4, "Größe, in cm": 2.5, "id": "x", "sold": True}
    collection.upsert(["日本"], ROWS[:1], ["It came late."], [metadata])
    assert [each["description"] for each in made["properties"][4:]] == ["Größe, in cm", "stars"]
    found = collection.get(["nobody", "日本"], with_embeddings=True)
    assert (found.ids, found.documents, found.metadatas) == (["日本"], ["It came late."], [metadata])
    assert found.embeddings.tolist() == [ROWS[0].tolist()]
    assert [info.name for info in store.list_collections()] == ["reviews"]
    with pytest.raises(InvalidInputError, match="already"):
        store.create_collection("reviews", 8)


def test_a_field_of_numbers_that_another_has_added(store, standin):
    collection = store.create_collection("reviews", 8)
    collection.upsert(["a", "b"], ROWS[:2], ["", ""], [{"stars": 1}, {"stars": "none"}])
    assert collection.count({"price": {"gte": 0}}) == 0
    with open_store(standin.address) as other:
        other.open_collection("reviews").upsert(["c"], ROWS[2:3], [""], [{"price": 2}])
    assert collection.ids({"price": {"gte": 0}}) == ["c"]
    assert collection.ids({"stars": {"gte": 0}}) == ["a"]
    assert collection.ids({"stars": {"ne": "none"}}) == ["a", "c"]


def test_pages_are_turned(store, monkeypatch):
    monkeypatch.setattr("embedlab.stores.servers.weaviate.rows._PAGE", 7)
    monkeypatch.setattr("embedlab.stores.servers.weaviate.rows._MOST_FOUND", 10)
    collection = store.create_collection("reviews", 8)
    ids = [f"{number:02}" for number in range(25)]
    collection.upsert(ids, np.random.default_rng(0).standard_normal((25, 8)), ids, [{"n": n} for n in range(25)])
    assert collection.ids() == ids
    assert collection.ids({"n": {"gte": 3}}) == ids[3:]
    assert len(collection.get(limit=15)) == 15
    assert len(collection.get(where={"n": {"gte": 3}}, limit=12)) == 12
    with pytest.raises(InvalidInputError, match="at most 10 rows a query"):
        collection.query(ROWS[:1], 11)


def test_vectors_that_are_searched_later_are_waited_for(store, standin, monkeypatch):
    collection = store.create_collection("reviews", 8)
    standin.queue = [2, 1, 0]
    collection.upsert(["one"], ROWS[:1], [""])
    assert standin.queue == []
    monkeypatch.setattr("embedlab.stores.contract.waiting._LONGEST", 0.1)
    standin.queue = [1] * 100
    with pytest.raises(StoreError, match="1 rows of reviews were sent and taken, but Weaviate does not show it"):
        collection.upsert(["one"], ROWS[:1], [""])


def test_what_it_refuses_is_said_in_its_words(store, standin, monkeypatch):
    collection = store.create_collection("reviews", 8)
    failed = [{"result": {"status": "FAILED", "errors": {"error": [{"message": "disk is full\nat line 1"}]}}}]
    monkeypatch.setattr(WeaviateStandin, "post_batch", lambda *asked: (200, failed))
    with pytest.raises(StoreError, match="did not take all rows of reviews: disk is full"):
        collection.upsert(["one"], ROWS[:1], [""])
    monkeypatch.setattr(WeaviateStandin, "post_graphql", lambda *asked: (200, {"errors": [{"message": "no class"}]}))
    with pytest.raises(StoreError, match="could not do it: no class"):
        collection.query(ROWS[:1], 1)
    standin.refused = {"graphql": "graphql api is disabled"}
    with pytest.raises(StoreError, match="its GraphQL is switched off.*DISABLE_GRAPHQL=false"):
        collection.query(ROWS[:1], 1)
    standin.version = "1.32.4"
    with pytest.raises(StoreError, match=r"is Weaviate 1\.32\.4; needed is 1\.33"):
        open_store(standin.address)
    with pytest.raises(StoreError, match="could not do it"):
        open_store("weaviate+http://127.0.0.1:1")
    with pytest.raises(InvalidInputError, match=r"Write it as weaviate\+http://host:port"):
        open_store("weaviate://reviews")


def test_its_key_goes_to_its_host_alone(standin, monkeypatch):
    host = standin.address.partition("//")[2]
    monkeypatch.setenv("MINE", "hunter2")
    standin.key = "hunter2"
    monkeypatch.setenv("EMBEDLAB_STORE_KEYS", "other.example:8080=MINE")
    with pytest.raises(StoreError, match="401: anonymous access not enabled") as refused:
        open_store(standin.address)
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in str(standin.asked)
    monkeypatch.setenv("EMBEDLAB_STORE_KEYS", f"{host}=MINE")
    open_store(standin.address).close()


@pytest.fixture
def theirs(store, standin):
    """A class of somebody else's with two named vectors, one by product without rows, and one of tenants."""
    texts = {"tokenization": "word"}
    properties = [
        {"name": "text", "dataType": ["text"], **texts},
        {"name": "author", "dataType": ["text"], "tokenization": "field"},
        {"name": "views", "dataType": ["int"]},
        {"name": "price", "dataType": ["number"]},
        {"name": "sold", "dataType": ["boolean"]},
        {"name": "written", "dataType": ["date"]},
    ]
    hnsw = {"vectorIndexType": "hnsw", "vectorIndexConfig": {"distance": "cosine"}}
    product = {"vectorIndexType": "hnsw", "vectorIndexConfig": {"distance": "dot"}}
    standin.classes = {
        "Article": {"class": "Article", "properties": properties, "vectorConfig": {"small": hnsw, "large": hnsw}},
        "Product": {"class": "Product", "properties": properties, **product},
        "Tenants": {"class": "Tenants", "properties": [], "multiTenancyConfig": {"enabled": True}, **hnsw},
    }
    rows = [
        {"text": "It came late.", "author": "ada", "views": 2**40, "price": 1.5, "sold": True, "tags": ["a"]},
        {"text": "Blue.", "author": "ada l", "views": 3, "price": None},
    ]
    keys = [f"{number:08}-0000-4000-8000-000000000000" for number in (1, 2)]
    vectors = [[3.0, 4.0], [-1.0, 0.0]]
    standin.objects = {
        "Article": {
            key: {"id": key, "properties": row, "vectors": {"small": vector, "large": [0.0] * 5}}
            for key, row, vector in zip(keys, rows, vectors, strict=True)
        },
        "Product": {keys[0]: {"id": keys[0], "properties": rows[0], "vector": [1.0, 0.0]}},
        "Tenants": {},
    }
    return store.open_collection("Article")


def test_a_class_of_somebody_else_s(theirs, store):
    first, second = theirs.ids()
    assert (theirs.info.dimension, theirs.info.index, theirs.info.count, theirs.info.is_ours) == (2, "hnsw", 2, False)
    (found,) = theirs.query([[1, 0]], 5)
    assert [(hit.id, round(hit.score, 5), hit.document) for hit in found] == [
        (first, 0.6, "It came late."),
        (second, -1, "Blue."),
    ]
    whole = {"author": "ada", "views": 2**40, "price": 1.5, "sold": True, "tags": '["a"]'}
    there = theirs.get([second, "nobody", first], with_embeddings=True)
    assert (there.ids, there.metadatas[1], there.embeddings.tolist()) == ([second, first], whole, [[-1, 0], [3, 4]])
    assert found[0].metadata == whole
    assert theirs.ids({"views": {"gte": 4}}) == theirs.ids({"author": "ada"}) == theirs.ids({"sold": True}) == [first]
    assert theirs.ids({"price": {"ne": 1.5}}) == [second]
    assert theirs.ids({"author": {"in": ["ada", "ada l"]}}) == [first, second]
    with pytest.raises(InvalidInputError, match="not made by EmbedLab"):
        theirs.delete([first])
    assert [info.name for info in store.list_collections()] == ["Article", "Product"]
    with pytest.raises(InvalidInputError, match=r"another distance than the cosine \(dot\)"):
        store.open_collection("Product").query([[1, 0]], 1)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"text": "Blue."}, "word by word"),
        ({"views": "3"}, "holds a number in each row"),
        ({"views": 3.5}, "holds whole numbers"),
        ({"written": "2026"}, "no field to have conditions on; choose from author, price, sold, text, views"),
        ({'x"}]': 1}, "no field to have conditions on"),
    ],
)
def test_what_it_would_compare_otherwise_is_refused(theirs, where, said):
    with pytest.raises(InvalidInputError, match=said):
        theirs.ids(where)


def test_what_is_asked_is_json_where_it_quotes():
    """So that nothing of a text ends its quotes."""
    text = '"}]) { x } #\\'
    asked = where_text(parse_where({text: text}), {}, is_ours=True)
    quoted = asked.partition("valueText: ")[2].removesuffix("}")
    assert json.loads(json.loads(quoted)[0]) == [text, text]
