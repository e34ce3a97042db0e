"""PostgreSQL: its index under a filter, tables of somebody else's, addresses, and a server that is not there."""

import numpy as np
import psycopg
import pytest
from postgres_server import postgres_address

from embedlab.errors import InvalidInputError, StoreError
from embedlab.stores import IndexSettings, Records, open_store
from embedlab.stores.judging import Setting, judge_store, judged_table, judged_verdict, sweep_store

N, RARE = 6_000, {"is_rare": True}


@pytest.fixture(scope="module")
def store():
    with open_store(postgres_address()) as store:
        yield store


@pytest.fixture(scope="module")
def records():
    """6,000 rows in 40 heaps, of which every hundredth is rare, whatever its heap."""
    rng = np.random.default_rng(0)
    heaps = rng.standard_normal((40, 16))
    rows = (heaps[rng.integers(40, size=N)] + 0.7 * rng.standard_normal((N, 16))).astype(np.float32)
    numbers = range(N)
    return Records(
        [f"row {number:04}" for number in numbers],
        ["It came late."] * N,
        [{"is_rare": number % 100 == 0} for number in numbers],
        rows,
    )


def test_the_judge_shows_what_an_index_drops_under_a_filter_and_we_do_not(store, records):
    hnsw = IndexSettings("hnsw")
    settings = [Setting(), Setting(hnsw), Setting(hnsw, is_plain=True)]
    swept = sweep_store(store, records, where=RARE, settings=settings, n_queries=30)
    exact, asked, plain = swept.tried
    assert (exact.recall, exact.n_short, exact.index) == (1, 0, "exact")
    assert (asked.recall, asked.n_short, asked.index) == (1, 0, "hnsw")
    assert plain.recall < 0.3
    assert plain.interval[1] < 0.5
    assert plain.n_short == 30
    assert (plain.n_rows, plain.n_kept, plain.n_wrong) == (N, 60, 0)
    assert "30 of 30 answers are shorter than they should be, without an error" in judged_verdict(plain)
    assert judged_table(swept.tried)["setting"][2] == "hnsw, m=16, ef_construction=100, asked plainly"
    assert asked.build_seconds == plain.build_seconds > 0
    assert asked.nbytes > exact.nbytes > records.embeddings.nbytes
    assert not [info.name for info in store.list_collections() if "sweep" in info.name]


def test_an_index_never_answers_short(store, records):
    """Neither for more rows than it looks at, nor under a filter that keeps more than are simply compared."""
    collection = store.create_collection("never_short", 16)
    metadatas = [{"number": number} for number in range(N)]
    collection.upsert(records.ids, records.embeddings, records.documents, metadatas)
    query = records.embeddings[:1]
    for kind in ("hnsw", "ivf"):
        collection.build_index(IndexSettings(kind))
        assert len(collection.query(query, 500, effort=1)[0]) == 500
        assert len(collection.query(query, 400, {"number": {"gte": 3_000}}, effort=1)[0]) == 400
        assert len(collection.query(query, 20, {"number": {"lte": 6}})[0]) == 7
    assert len(collection.plainly().query(query, 500)[0]) < 500
    store.delete_collection("never_short")


def test_more_dimensions_than_an_index_holds(store):
    collection = store.create_collection("wide", 2_001)
    with pytest.raises(InvalidInputError, match="at most 2,000 dimensions; these have 2,001"):
        collection.build_index(IndexSettings("hnsw"))
    store.delete_collection("wide")


@pytest.fixture
def theirs(store):
    """A table of LangChain's shape, with an index for another distance, a row of zeros and one without embedding."""
    with psycopg.connect(postgres_address(), autocommit=True) as run:
        run.execute("CREATE EXTENSION IF NOT EXISTS vector")
        run.execute("CREATE SCHEMA IF NOT EXISTS shop")
        run.execute(
            'CREATE TABLE shop.reviews ("the id" bigint PRIMARY KEY, embedding vector(2), "100%" numeric, '
            "content varchar, day date, cmetadata jsonb)"
        )
        run.execute(
            "INSERT INTO shop.reviews VALUES (1, '[3,4]', 2.5, 'It came late.', '2024-05-01', '{\"stars\": 1}'), "
            "(2, '[-1,0]', NULL, NULL, NULL, '[]'), (3, '[0,0]', 1, 'zeros', NULL, NULL), "
            "(4, NULL, 1, 'nothing', NULL, NULL)"
        )
        run.execute("CREATE INDEX ON shop.reviews USING hnsw (embedding vector_l2_ops)")
        yield
        run.execute("DROP SCHEMA shop CASCADE")


def test_a_table_of_somebody_elses(store, theirs):
    collection = store.open_collection("shop.reviews")
    info = collection.info
    assert (info.dimension, info.count, info.metric, info.index, info.is_ours) == (2, 3, "l2", "exact", False)
    found = collection.get(["1", "2"], with_embeddings=True)
    assert found.documents == ["It came late.", ""]
    assert found.metadatas == [{"100%": 2.5, "day": "2024-05-01", "stars": 1}, {}]
    assert found.embeddings.tolist() == [[3, 4], [-1, 0]]
    # Cosines, whatever its index compares by; a row of zeros has none.
    (matches,) = collection.query([[1, 0]], 10)
    assert [(match.id, round(match.score, 6)) for match in matches] == [("1", 0.6), ("2", -1)]
    assert collection.ids({"stars": {"gte": 1}}) == collection.ids({"100%": 2.5}) == ["1"]
    for change in (
        lambda: collection.upsert(["5"], [[1, 0]], ["new"]),
        lambda: collection.delete(["1"]),
        lambda: collection.build_index(IndexSettings("hnsw")),
    ):
        with pytest.raises(InvalidInputError, match="not made by EmbedLab"):
            change()
    with pytest.raises(InvalidInputError, match="left alone"):
        store.delete_collection("shop.reviews")
    assert judge_store(collection, [[1, 0]], top_k=2).recall == 1


def test_addresses():
    with pytest.raises(InvalidInputError, match="holds a password") as refused:
        open_store("postgresql://me:secret@localhost/shop")
    assert "secret" not in str(refused.value)
    with pytest.raises(InvalidInputError, match="says options, sslkey, which does not belong"):
        open_store("postgresql://localhost/shop?sslkey=/etc/key&options=-crole%3Dx")


def test_a_server_that_is_not_there():
    with open_store("postgresql://127.0.0.1:1/shop") as store, pytest.raises(StoreError, match="cannot be reached"):
        store.list_collections()


def test_a_password_goes_to_its_host_alone(monkeypatch):
    """What libpq would send to any host comes from PGPASSWORD: it is kept for the host it belongs to."""
    from embedlab.stores.contract import parse_address
    from embedlab.stores.servers.postgres.database import _options

    def sent_to(host):
        return _options(parse_address(f"postgresql://me@{host}/shop"))[0].get("password", "the environment's")

    monkeypatch.setenv("PGPASSWORD", "secret")
    assert sent_to("elsewhere.org") == ""
    monkeypatch.setenv("PGHOST", "db.intern")
    assert (sent_to("db.intern"), sent_to("elsewhere.org")) == ("the environment's", "")
    monkeypatch.setenv("EMBEDLAB_STORE_KEYS", "db.intern:5433=SHOP, other.intern:5432=OTHER")
    monkeypatch.setenv("SHOP", "of the shop")
    assert (sent_to("db.intern:5433"), sent_to("other.intern"), sent_to("db.intern:5434")) == (
        "of the shop",
        "",
        "the environment's",
    )
