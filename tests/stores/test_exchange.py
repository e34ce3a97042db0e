"""Texts into rows and back, and who may name which store."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.datasets import select_texts
from embedlab.errors import InvalidInputError
from embedlab.hosted import HostedPolicy
from embedlab.reading import read_table
from embedlab.stores import Records, open_store, write
from embedlab.stores.exchange import (
    find_place,
    id_columns,
    listed_stores,
    make_rows,
    make_table,
    own_store,
    read_sample,
)

CSV = """key,text,stars,zip,mixed,price,when
a,late,4,01234,1,"1.50",2024-01-02
b,lamp,5,98765,two,2,2024-01-03
c,,3,11111,3,3,2024-01-04
d,late,,20000,4,,2024-01-05
"""


@pytest.fixture
def corpus():
    return select_texts(read_table(CSV.encode(), name="in.csv"), "text")


def vectors(n, d=4):
    return np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)


def test_a_column_is_of_numbers_where_every_cell_is_one(corpus):
    """Worked by hand: a blank text is no row, a blank cell no field, a postal code no number."""
    rows = make_rows(corpus, vectors(3), id_column="key").records
    assert rows.ids == ["a", "b", "d"]
    assert rows.documents == ["late", "lamp", "late"]
    assert rows.metadatas == [
        {"stars": 4, "zip": "01234", "mixed": "1", "price": 1.5, "when": "2024-01-02"},
        {"stars": 5, "zip": "98765", "mixed": "two", "price": 2.0, "when": "2024-01-03"},
        {"zip": "20000", "mixed": "4", "when": "2024-01-05"},
    ]
    assert [type(row.get("stars")) for row in rows.metadatas[:2]] == [int, int]


def test_ids_do_not_depend_on_which_rows_are_taken(corpus):
    """Of two equal texts the second has another id, also when the first is left out."""
    whole = make_rows(corpus, vectors(3)).records
    part = make_rows(corpus, vectors(3), rows=np.array([2])).records
    assert len(set(whole.ids)) == 3
    assert part.ids == whole.ids[2:]
    assert part.metadatas == whole.metadatas[2:]


def test_vectors_of_zeros_are_left_out_and_counted(corpus):
    given = vectors(3)
    given[1] = 0
    found = make_rows(corpus, given, id_column="key")
    assert (found.records.ids, found.n_left_out) == (["a", "d"], 1)


def test_columns_that_could_name_the_rows(corpus):
    assert id_columns(corpus) == ["key", "zip", "mixed", "when"]
    with pytest.raises(InvalidInputError, match="comes twice"):
        make_rows(corpus, vectors(3), id_column="text")
    with pytest.raises(InvalidInputError, match="no column 'nothing'"):
        make_rows(corpus, vectors(3), id_column="nothing")


def test_into_a_store_and_out_of_it(corpus, tmp_path):
    with open_store(f"lancedb://{tmp_path / 'db'}") as store:
        collection = store.create_collection("texts", 4)
        rows = make_rows(corpus, vectors(3), id_column="key").records
        write(collection, rows.ids, rows.embeddings, rows.documents, rows.metadatas)
        found, n_there = read_sample(collection, 10)
        some, _ = read_sample(collection, 2)
    assert n_there == 3
    table = make_table(found).set_index("id")
    assert table["text"].to_dict() == {"a": "late", "b": "lamp", "d": "late"}
    assert table["stars"].to_dict() == {"a": "4", "b": "5", "d": ""}
    assert table["price"].tolist() == ["1.5", "2", ""]
    assert len(some) == 2
    assert set(some.ids) < set(found.ids)
    of_b = found.embeddings[found.ids.index("b")]
    np.testing.assert_allclose(of_b, vectors(3)[1] / np.linalg.norm(vectors(3)[1]), atol=1e-6)


def test_reading_can_be_stopped(corpus, tmp_path):
    with open_store(f"lancedb://{tmp_path / 'db'}") as store:
        collection = store.create_collection("texts", 4)
        collection.upsert(["a"], vectors(1), ["x"])

        def stop(done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            read_sample(collection, 1, stop)


values = st.one_of(st.text(max_size=5), st.integers(-(2**53), 2**53), st.booleans(), st.floats(allow_nan=False))
names = st.sampled_from(["id", "text", "stars", "id_2"])


@given(st.lists(st.dictionaries(names, values), min_size=1, max_size=4))
def test_a_table_holds_every_field_of_every_row(metadatas):
    """Whatever a field is called: each row has its values in the row, and each column a name of its own."""
    ids = [str(n) for n in range(len(metadatas))]
    table = make_table(Records(ids, ["a"] * len(ids), metadatas))
    assert len(set(table.columns)) == len(table.columns) == 2 + len({name for row in metadatas for name in row})
    assert all(isinstance(cell, str) for cell in table.to_numpy().ravel())
    for row, metadata in zip(table.drop(columns=["id", "text"]).to_numpy().tolist(), metadatas, strict=True):
        assert sum(bool(cell) for cell in row) == sum(value != "" for value in metadata.values())


def test_a_collection_without_texts_has_no_column_of_them():
    assert list(make_table(Records(["a"], [" "], [{"body": "x"}])).columns) == ["id", "body"]
    with pytest.raises(InvalidInputError, match="no rows"):
        make_table(Records([], [], []))


LOCAL = [
    "lancedb:///data/x", "faiss:///x", "chroma:///x", "chroma+http://localhost:8000", "qdrant+http://127.0.0.1:6333",
    "pinecone+http://localhost:5081", "weaviate+http://127.0.0.1:8080",
    "qdrant+http://[::1]:6333", "postgresql:///lab?host=/var/run", "postgresql://me@localhost/lab",
]  # fmt: skip
REMOTE = {
    "postgresql://me@db.example:5432/lab": "db.example",
    "postgresql://localhost/lab?host=db.example": "db.example",
    "postgresql://localhost,db.example/lab": "localhost,db.example",
    "postgresql:///lab?service=production": "service",
    "postgresql://localhost@db.example/lab": "db.example",
    "postgresql://localhost/lab?hostaddr=10.0.0.1": "localhost",
    "chroma+http://10.0.0.7:8000": "10.0.0.7",
    "chroma+http://localhost.example:8000": "localhost.example",
    "pinecone://reviews": "pinecone.io",
    "pinecone+https://reviews-a1.svc.aws.pinecone.io": "reviews-a1.svc.aws.pinecone.io",
    "weaviate+https://mine.weaviate.cloud": "mine.weaviate.cloud",
}


@pytest.fixture
def policy(monkeypatch):
    monkeypatch.delenv("EMBEDLAB_STORES", raising=False)
    monkeypatch.delenv("PGHOST", raising=False)

    def set_to(*, is_on):
        monkeypatch.setattr("embedlab.stores.exchange.reach.hosted_policy", lambda: HostedPolicy(is_on))

    set_to(is_on=True)
    return set_to


@pytest.mark.usefixtures("policy")
def test_what_leaves_the_machine_is_known():
    assert {text: find_place(text, is_shared=False, own=None).host for text in LOCAL} == dict.fromkeys(LOCAL)
    assert {text: find_place(text, is_shared=False, own=None).host for text in REMOTE} == REMOTE


def test_nothing_leaves_it_where_hosted_models_are_off(policy, monkeypatch):
    policy(is_on=False)
    for text in LOCAL:
        assert find_place(text, is_shared=False, own=None).host is None
    for text in REMOTE:
        with pytest.raises(InvalidInputError, match="no text leaves it here"):
            find_place(text, is_shared=False, own=None)
    monkeypatch.setenv("EMBEDLAB_STORES", "pinecone://reviews")
    assert find_place("pinecone://reviews", is_shared=False, own=None).host == "pinecone.io"


@pytest.mark.usefixtures("policy")
def test_on_a_shared_server_only_what_its_owner_lists(monkeypatch):
    mine = own_store("somebody")
    for text in [*LOCAL, *REMOTE, f"{mine}/../other", own_store()]:
        with pytest.raises(InvalidInputError, match="this server is shared"):
            find_place(text, is_shared=True, own=mine)
    assert find_place(mine, is_shared=True, own=mine).host is None
    monkeypatch.setenv("EMBEDLAB_STORES", " chroma+http://10.0.0.7:8000 , faiss:///x ")
    assert listed_stores() == ["chroma+http://10.0.0.7:8000", "faiss:///x"]
    assert find_place("faiss:///x", is_shared=True, own=None).host is None
    monkeypatch.setenv("EMBEDLAB_STORES", "postgresql://me:secret@db/x")
    with pytest.raises(InvalidInputError, match="password") as refused:
        listed_stores()
    assert "secret" not in str(refused.value)


def test_metadata_of_a_big_number_stays_a_text(tmp_path):
    table = read_table(b"text,number\na,12345678901234567890\nb,1\n", name="in.csv")
    rows = make_rows(select_texts(table, "text"), vectors(2)).records
    assert [row["number"] for row in rows.metadatas] == ["12345678901234567890", "1"]
    assert isinstance(pd.DataFrame(rows.metadatas)["number"][0], str)
