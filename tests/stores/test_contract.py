"""What every store does, tried on every store: what goes in comes out, and what is found is what numpy finds."""

import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedlab.errors import Cancelled, InvalidInputError, SpecError
from embedlab.spec import EmbeddingSpec
from embedlab.stores import Match, Written, open_store, stable_ids, write

SPEC = EmbeddingSpec("all-MiniLM-L6-v2", "c9745ed1", "mean", 6, None, True, True, "float32")
NAUGHTY = [
    *("a", "A", "it's", 'say "no"', "back\\slash", "100%", "%41", "a`b", "two\nlines", "tab\t", " spaces ", "日本語"),
    *("\U0001f469\u200d\U0001f467", "e\u0301", "\u202eright to left", "'; DROP TABLE reviews; --", "{{7*7}}"),
    *("$where", "#hash", "null", "_under", "x" * 512),
]


# What goes in comes out


def test_a_row_comes_back_as_it_was_written(collection, vectors):
    metadata = {
        "topic": "late",
        "stars": 4,
        "price": 2.5,
        "is_sold": True,
        "year": 2**53,
        "below": -3,
        "left out": None,
    }
    collection.upsert(["one", "two"], vectors[:2] * 7, ["It came late.", ""], [metadata, {}])
    found = collection.get(["two", "nobody", "one"], with_embeddings=True)
    assert found.ids == ["two", "one"]
    assert found.documents == ["", "It came late."]
    del metadata["left out"]
    assert found.metadatas == [{}, metadata]
    assert isinstance(found.metadatas[1]["stars"], int)
    assert found.metadatas[1]["is_sold"] is True
    np.testing.assert_allclose(found.embeddings, vectors[[1, 0]], atol=1e-6)  # of length 1, whatever was given
    assert collection.info.count == collection.count() == 2
    assert (collection.info.dimension, collection.info.metric, collection.info.is_ours) == (8, "cosine", True)


def test_a_second_write_replaces_the_whole_row(collection, vectors):
    collection.upsert(["one"], vectors[:1], ["before"], [{"topic": "late", "stars": 1}])
    collection.upsert(["one"], vectors[1:2], ["after"], [{"stars": 2}])
    found = collection.get(with_embeddings=True)
    assert (found.documents, found.metadatas) == (["after"], [{"stars": 2}])
    np.testing.assert_allclose(found.embeddings, vectors[1:2], atol=1e-6)
    assert collection.count({"topic": "late"}) == 0


def test_naughty_ids_documents_values_and_fields(collection, vectors):
    n = len(NAUGHTY)
    fields = [text[:200] for text in NAUGHTY]
    metadatas = [{field: text} for field, text in zip(fields, NAUGHTY, strict=True)]
    collection.upsert(NAUGHTY, vectors[:n], NAUGHTY, metadatas)
    found = collection.get(NAUGHTY)
    assert (found.ids, found.documents, found.metadatas) == (NAUGHTY, NAUGHTY, metadatas)
    assert collection.ids() == sorted(NAUGHTY)
    for field, text in zip(fields, NAUGHTY, strict=True):
        assert collection.ids({field: text}) == [text]
    collection.delete(NAUGHTY[2:])
    assert collection.ids() == ["A", "a"]


def test_huge_documents_and_metadata(address, collection, vectors):
    document, said = "Lorem 😀 " * 12_500, "é" * 30_000
    most = {"milvus": "Milvus keeps at most 65,535", "pinecone": "Pinecone keeps at most 40,960"}
    refused = most.get(re.match("[a-z]+", address)[0])
    if refused:  # these cut nothing, but keep no such text
        with pytest.raises(InvalidInputError, match=rf"bytes, and {refused}"):
            collection.upsert(["one"], vectors[:1], [document], [{}])
        return
    collection.upsert(["one"], vectors[:1], [document], [{"said": said}])
    assert collection.get(["one"]).documents == [document]
    assert collection.count({"said": said}) == 1


def test_fields_may_be_called_like_columns(collection, vectors):
    fields = ["id", "document", "vector", "embedding", "text", "metadata", "_distance", "and", "or", "score"]
    collection.upsert(["one"], vectors[:1], ["It came late."], [{field: f"of {field}" for field in fields}])
    assert collection.get(["one"]).metadatas == [{field: f"of {field}" for field in fields}]
    assert all(collection.count({field: f"of {field}"}) == 1 for field in fields)


def test_more_rows_than_a_question_takes(collection, address, monkeypatch):
    n = 1_203
    if address.startswith("qdrant:"):  # whose local mode takes 10 ms a row
        monkeypatch.setattr("embedlab.stores.servers.qdrant_rows._PAGE", 100)
        n = 211
    rows = np.random.default_rng(1).standard_normal((n, 8))
    ids = [f"row {number:05}" for number in range(n)]
    collection.upsert(ids, rows, ids, [{"number": number} for number in range(n)])
    assert collection.ids() == ids
    assert collection.get(ids[::-1]).documents == ids[::-1]
    assert len(collection.get(limit=7)) == 7
    assert collection.count({"number": {"gte": 200}}) == n - 200
    sample = collection.sample(100, random_state=3)
    assert sample.ids == sorted(set(sample.ids))
    assert len(sample) == len(sample.embeddings) == 100
    assert sample.ids == collection.sample(100, random_state=3).ids != ids[:100]


# What is found


def test_nearest_by_hand(collection):
    """(3, 4) / 5 has the cosines 0.6, 0.8 and -0.6 with the axes and their opposite."""
    rows = np.zeros((3, 8))
    rows[0, 0], rows[1, 1], rows[2, 0] = 2, 5, -1
    query = np.zeros(8)
    query[:2] = 3, 4
    collection.upsert(["east", "north", "west"], rows, ["e", "n", "w"], [{"x": 1}, {}, {"x": -1}])
    (found,) = collection.query([query], 10)
    assert [(match.id, round(match.score, 5)) for match in found] == [("north", 0.8), ("east", 0.6), ("west", -0.6)]
    assert found[1] == Match("east", found[1].score, "e", {"x": 1})
    assert [match.id for match in collection.query([query], 1, {"x": {"lte": 0}})[0]] == ["west"]


def test_equal_rows_stand_by_id(collection, vectors):
    collection.upsert(["c", "a", "b", "z"], vectors[[0, 0, 0, 1]], ["same", "same", "same", "other"])
    (found,) = collection.query(vectors[:1], 10)
    assert [match.id for match in found] == ["a", "b", "c", "z"]
    assert found[0].score == pytest.approx(1, abs=1e-6)
    assert found[0].score <= 1


def test_nothing_to_find(collection, vectors):
    assert collection.query(vectors[:2], 3) == [[], []]
    assert collection.get().ids == collection.ids() == []
    assert collection.get(["one"], with_embeddings=True).embeddings.shape == (0, 8)
    assert collection.count({"topic": "late"}) == 0
    collection.upsert([], [], [])
    collection.delete([])
    assert collection.query([], 3) == []
    collection.upsert(["one"], vectors[:1], ["late"], [{"topic": "late"}])
    assert collection.query(vectors[:1], 3, {"topic": "blue"}) == [[]]
    assert collection.query(vectors[:1], 3, {"nobody has": 1}) == [[]]


TOPICS = ["late", "blue", "it's", "3", "", "ü"]
NUMBERS = [-1.5, 0, 1, 3, 2.5, 1e-7, 4_000_000_000]
ROW = st.fixed_dictionaries(
    {},
    optional={"topic": st.sampled_from(TOPICS), "stars": st.sampled_from(NUMBERS), "id": st.booleans()},
)
VALUE = st.sampled_from([*TOPICS, *NUMBERS]) | st.booleans()
FIELD = st.sampled_from(["topic", "stars", "id", "nobody has"])
LEAF = st.one_of(
    st.builds(lambda f, o, v: {f: {o: v}}, FIELD, st.sampled_from(["eq", "ne"]), VALUE),
    st.builds(lambda f, vs: {f: {"in": vs}}, FIELD, st.lists(VALUE, min_size=1, max_size=4)),
    st.builds(lambda f, o, v: {f: {o: v}}, FIELD, st.sampled_from(["gte", "lte"]), st.sampled_from(NUMBERS)),
    st.builds(lambda low, high: {"stars": {"gte": low, "lte": high}}, *(st.sampled_from(NUMBERS),) * 2),
)
JOINS = st.sampled_from(["and", "or"])
WHERE = st.recursive(
    LEAF,
    lambda inner: st.builds(lambda join, parts: {join: parts}, JOINS, st.lists(inner, min_size=1, max_size=3)),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def rows(store, vectors):
    """60 rows in a collection that is only read, with what is known about each."""
    rng = np.random.default_rng(5)
    metadatas = [
        {
            key: value
            for key, value in (
                ("topic", TOPICS[rng.integers(len(TOPICS))]),
                ("stars", NUMBERS[rng.integers(len(NUMBERS))]),
                ("id", bool(rng.integers(2))),
            )
            if rng.random() < 0.75
        }
        for _ in range(60)
    ]
    collection = store.create_collection("only_read", 8)
    collection.upsert([f"row {number:02}" for number in range(60)], vectors[:60], ["text"] * 60, metadatas)
    return collection, metadatas


def mask(where, metadatas):
    """Which rows pass, by columns of objects: an answer that shares nothing with the stores' or ours."""
    passing = np.ones(len(metadatas), dtype=bool)
    for key, said in where.items():
        if key in ("and", "or"):
            passing &= (np.all if key == "and" else np.any)([mask(part, metadatas) for part in said], axis=0)
            continue
        for operator, value in said.items():
            values = value if operator == "in" else [value]
            cells = [metadata.get(key) for metadata in metadatas]
            if operator in ("gte", "lte"):
                numbers = np.array([c if type(c) in (int, float) else np.nan for c in cells], dtype=float)
                passing &= numbers >= value if operator == "gte" else numbers <= value
            else:
                equal = [any(isinstance(c, bool) == isinstance(v, bool) and c == v for v in values) for c in cells]
                passing &= ~np.array(equal) if operator == "ne" else np.array(equal)
    return passing


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(where=WHERE, position=st.integers(0, 299), top_k=st.integers(1, 12))
def test_every_condition_is_answered_as_numpy_answers_it(rows, vectors, where, position, top_k):
    collection, metadatas = rows
    expected = np.flatnonzero(mask(where, metadatas))
    assert collection.ids(where) == [f"row {row:02}" for row in expected]
    assert collection.count(where) == len(expected)
    (found,) = collection.query(vectors[position : position + 1], top_k, where)
    cosines = vectors[expected] @ vectors[position]
    np.testing.assert_allclose([match.score for match in found], np.sort(cosines)[::-1][:top_k], atol=1e-5)
    for match in found:
        row = int(match.id[4:])
        assert row in expected
        assert match.score == pytest.approx(vectors[row] @ vectors[position], abs=1e-5)
        assert match.metadata == metadatas[row]


# What is refused


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"embeddings": np.full((1, 8), np.nan)}, "NaN or infinity"),
        ({"embeddings": np.zeros((1, 8))}, "nothing but zeros"),
        ({"embeddings": np.ones((1, 7))}, "7 dimensions, and the collection has 8"),
        ({"embeddings": np.ones((2, 8))}, "There are 1 ids and 2 embeddings"),
        ({"ids": [""]}, "is no id"),
        ({"ids": ["x" * 513]}, "is no id"),
        ({"ids": ["a\0"]}, "NUL"),
        ({"documents": [None]}, "needed is its text"),
        ({"documents": ["\ud800"]}, "half of a character"),
        ({"metadatas": [{"tags": ["a", "b"]}]}, "list; needed is one text"),
        ({"metadatas": [{"stars": float("nan")}]}, "which is no number"),
        ({"metadatas": [{"number": 2**53 + 1}]}, "Write it as a text"),
        ({"metadatas": [{"embedlab_digest": "x"}]}, "Rename it"),
    ],
)
def test_a_row_that_cannot_be_kept_is_refused_before_anything_is_written(collection, row, said):
    good = {"ids": ["one"], "embeddings": np.ones((1, 8)), "documents": ["It came late."], "metadatas": [{}]}
    with pytest.raises(InvalidInputError, match=said):
        collection.upsert(**{**good, **row})
    assert collection.count() == 0


def test_ids_that_come_twice(collection, vectors):
    with pytest.raises(InvalidInputError, match="'b' comes twice"):
        collection.upsert(["a", "b", "b"], vectors[:3], ["", "", ""])


def test_queries_that_cannot_be(collection, vectors):
    for query in (np.zeros((1, 8)), np.ones((1, 9)), np.full((1, 8), np.inf)):
        with pytest.raises(InvalidInputError):
            collection.query(query)
    with pytest.raises(InvalidInputError, match="top_k=0"):
        collection.query(vectors[:1], 0)


def test_names_of_collections(store, collection, name):
    for bad in ("", "ab", "Reviews", "my reviews", "../reviews", "1st", "x" * 64, "bücher"):
        with pytest.raises(InvalidInputError, match="no name for a collection"):
            store.create_collection(bad, 8)
    with pytest.raises(InvalidInputError, match="already"):
        store.create_collection(name, 8)
    with pytest.raises(InvalidInputError, match="Choose cosine"):
        store.create_collection("others", 8, "l2")
    with pytest.raises(InvalidInputError, match=f"has no collection 'nobody'.*{name}"):
        store.open_collection("nobody")
    assert name in [info.name for info in store.list_collections()]
    store.delete_collection(name)
    assert not store.has_collection(name)


def test_a_collection_knows_its_model(store, address, name, vectors):
    store.create_collection(name, 8, spec=SPEC).upsert(["one"], vectors[:1], ["late"], spec=SPEC)
    with open_store(address) as again:
        collection = again.open_collection(name)
        assert (collection.info.spec, collection.info.model) == (SPEC, "all-MiniLM-L6-v2")
        # Other prompts and other arithmetic are the same space.
        assert collection.query(vectors[:1], 1, spec=replace(SPEC, prompt_name="query", backend="openvino"))[0]
        for other in (replace(SPEC, model="e5-small"), replace(SPEC, revision="0" * 8), replace(SPEC, layer=5)):
            with pytest.raises(SpecError, match=f"{name} holds embeddings of all-MiniLM-L6-v2"):
                collection.query(vectors[:1], 1, spec=other)
            with pytest.raises(SpecError):
                write(collection, ["two"], vectors[:1], ["blue"], spec=other)
        assert collection.count() == 1
    store.delete_collection(name)


# Writing


def test_a_second_write_changes_only_what_changed(collection, vectors):
    ids, texts = [f"row {number}" for number in range(50)], ["same"] * 50
    metadatas = [{"number": number} for number in range(50)]
    assert write(collection, ids, vectors[:50], texts, metadatas) == Written(50, 0, 0, 0)
    assert write(collection, ids, vectors[:50], texts, metadatas) == Written(0, 0, 50, 0)
    metadatas[3], texts[4] = {"number": 99}, "another"
    moved = vectors[:50].copy()
    moved[5] = vectors[60]
    assert write(collection, ids[:40], moved[:40], texts[:40], metadatas[:40]) == Written(0, 3, 37, 10)
    assert collection.count() == 50
    assert collection.ids({"number": 99}) == ["row 3"]
    assert collection.query(vectors[60:61], 1)[0][0].id == "row 5"


def test_a_write_that_was_stopped_goes_on(collection, vectors, monkeypatch):
    monkeypatch.setattr(collection, "batch_rows", 40)
    ids, said = stable_ids(["late"] * 100), []

    def stop(done, total):
        said.append((done, total))
        if done == 80:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        write(collection, ids, vectors[:100], ["late"] * 100, progress=stop)
    assert said == [(40, 100), (80, 100)]
    assert collection.count() == 80
    assert write(collection, ids, vectors[:100], ["late"] * 100) == Written(20, 0, 80, 0)


def test_two_writers(address, collection, name, vectors):
    """Each in a thread with a store of its own, half of their rows the same: every row is there once."""
    ids, failed = [f"row {number:03}" for number in range(300)], []

    def work(rows):
        try:
            with open_store(address) as own:
                mine = own.open_collection(name)
                for start in range(0, len(rows), 50):
                    part = rows[start : start + 50]
                    mine.upsert([ids[row] for row in part], vectors[part], ["text"] * 50)
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=work, args=[list(range(start, start + 200))]) for start in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert collection.ids() == ids
    assert collection.count() == 300
