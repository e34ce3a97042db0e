"""Stores judged: by hand, against indexes that are known to miss, and what is said about them."""

from types import SimpleNamespace

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.stores import IndexSettings, Match, Records, open_store
from embedlab.stores.judging import (
    Setting,
    Sweep,
    judge_store,
    judged_table,
    judged_verdict,
    suggest_settings,
    sweep_store,
)

FIVE = Records(
    ["east", "north-east", "north", "west", "east again"],
    ["e", "ne", "n", "w", "e"],
    [{"side": "right"}, {"side": "right"}, {}, {"side": "left"}, {"side": "right"}],
    np.array([[1, 0], [1, 1], [0, 1], [-1, 0], [2, 0]], dtype=np.float32),
)


class Answers:
    """A collection that answers every query with the same ids, and notes what it is asked."""

    def __init__(self, *ids):
        self.ids, self.asked = ids, []
        self.info, self.nbytes = SimpleNamespace(index="hnsw"), 123

    def query(self, embeddings, top_k, where=None, *, effort=None):
        self.asked.append((len(embeddings), top_k, where, effort))
        return [[Match(id, 1.0, "") for id in self.ids] for _ in embeddings]


def test_by_hand():
    """The nearest three of east are east, east again and north-east."""
    store = Answers("east", "west", "north-east")
    judged = judge_store(store, [[5, 0]], records=FIVE, top_k=3, effort=7)
    assert judged.recall == pytest.approx(2 / 3)
    assert (judged.n_short, judged.n_wrong, judged.n_rows, judged.n_kept) == (0, 0, 5, 5)
    assert (judged.index, judged.nbytes, judged.interval) == ("hnsw", 123, None)
    assert set(store.asked) == {(1, 3, None, 7)}
    assert len(judged.seconds) == 1
    assert 0 <= judged.latency_p50 <= judged.latency_p95


def test_of_equals_any_will_do():
    assert judge_store(Answers("east"), [[1, 0]], records=FIVE, top_k=1).recall == 1
    assert judge_store(Answers("east again"), [[1, 0]], records=FIVE, top_k=1).recall == 1
    assert judge_store(Answers("north-east"), [[1, 0]], records=FIVE, top_k=1).recall == 0


def test_what_comes_twice_counts_once_and_what_is_short_misses_the_rest():
    judged = judge_store(Answers("east", "east"), [[1, 0]], records=FIVE, top_k=2)
    assert (judged.recall, judged.n_short) == (0.5, 1)
    assert "1 of 1 answers are shorter" in judged_verdict(judged)


def test_what_the_filter_excludes_is_wrong():
    """Three rows are on the right; of four that are asked for, three is all there is."""
    right = {"side": "right"}
    judged = judge_store(Answers("east", "east again", "north-east"), [[1, 0]], records=FIVE, top_k=4, where=right)
    assert (judged.recall, judged.n_short, judged.n_wrong, judged.n_kept) == (1, 0, 0, 3)
    judged = judge_store(Answers("east", "north", "nobody"), [[1, 0]], records=FIVE, top_k=4, where=right)
    assert (judged.recall, judged.n_short, judged.n_wrong) == (pytest.approx(1 / 3), 0, 2)
    assert "2 rows in its answers are not among those it was asked for" in judged_verdict(judged)
    with pytest.raises(InvalidInputError, match="keeps 0 of 5 rows"):
        judge_store(Answers(), [[1, 0]], records=FIVE, where={"side": "top"})


def test_a_row_that_asks_does_not_count_itself():
    """North-east finds the two east and north equally near, west is farther; it asks for one more than it wants."""
    rows = FIVE.take([1, 0, 2, 3])
    store = Answers("north-east", "east", "north")
    judged = judge_store(store, records=rows, top_k=1, n_queries=1)
    assert judged.n_short == 0
    assert {asked[1] for asked in store.asked} == {2}
    # Every row in turn: of north-east, east, north and west, the first two places hold another one's nearest.
    judged = judge_store(store, records=rows, top_k=1)
    assert judged.found.values.tolist() == [1, 1, 1, 0]


def test_rows_without_a_direction_ask_nothing():
    zeros = Records(["a"], ["a"], [{}], np.zeros((1, 2), dtype=np.float32))
    with pytest.raises(InvalidInputError, match="All queries are zeros"):
        judge_store(Answers(), records=zeros)
    with pytest.raises(InvalidInputError, match="holds no rows"):
        judge_store(Answers(), records=zeros.take([]))
    with pytest.raises(InvalidInputError, match="2 and 3 dimensions"):
        judge_store(Answers(), [[1, 0, 0]], records=FIVE)


@given(st.lists(st.sampled_from([*FIVE.ids, "nobody"]), max_size=6), st.integers(1, 5))
def test_recall_is_what_counting_by_cosine_gives(ids, top_k):
    cosines = {"east": 1.0, "east again": 1.0, "north-east": 0.5**0.5, "north": 0.0, "west": -1.0}
    last = sorted(cosines.values())[-top_k]
    first = list(dict.fromkeys(ids))[:top_k]
    expected = sum(cosines.get(id, -2) >= last for id in first) / top_k
    assert judge_store(Answers(*ids), [[3, 0]], records=FIVE, top_k=top_k).recall == pytest.approx(expected)


@pytest.fixture(scope="module")
def records():
    """3,000 rows in 30 heaps, of which every hundredth is rare, whatever its heap."""
    rng = np.random.default_rng(0)
    heaps = rng.standard_normal((30, 16))
    rows = heaps[rng.integers(30, size=3_000)] + 0.7 * rng.standard_normal((3_000, 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    numbers = range(3_000)
    ids = [f"row {number}" for number in numbers]
    return Records(ids, ids, [{"is_rare": number % 100 == 0} for number in numbers], rows.astype(np.float32))


class PlainFaiss(Answers):
    """HNSW of FAISS, asked as its introduction does, with the rows that pass for a selector."""

    def __init__(self, records):
        super().__init__()
        self.records, self.index = records, faiss.IndexHNSWFlat(16, 32, faiss.METRIC_INNER_PRODUCT)
        self.index.add(records.embeddings)

    def query(self, embeddings, top_k, where=None, *, effort=None):
        search = faiss.SearchParametersHNSW(efSearch=effort or 16)
        if where:
            rare = [row for row, metadata in enumerate(self.records.metadatas) if metadata == where]
            search.sel = faiss.IDSelectorBatch(np.array(rare))
        scores, rows = self.index.search(embeddings, top_k, params=search)
        return [
            [Match(self.records.ids[row], score, "") for row, score in zip(*pair, strict=True) if row >= 0]
            for pair in zip(rows.tolist(), scores.tolist(), strict=True)
        ]


def test_an_index_of_faiss_misses_under_a_filter(records):
    store = PlainFaiss(records)
    whole = judge_store(store, records=records, n_queries=40)
    rare = judge_store(store, records=records, n_queries=40, where={"is_rare": True})
    assert whole.recall > 0.9
    assert rare.recall < 0.5 < whole.interval[0]
    assert rare.interval[0] < rare.recall < rare.interval[1] < 0.7
    assert rare.n_short > 20
    assert "Its index looks among all rows and drops what the filter excludes" in judged_verdict(rare)


def test_a_sweep_finds_the_setting_that_reaches_what_is_wanted(records, tmp_path):
    with open_store(f"faiss://{tmp_path}") as store:
        ivf = IndexSettings("ivf", n_lists=50)
        settings = [Setting(), *(Setting(ivf, effort) for effort in (1, 8, 50))]
        swept = sweep_store(store, records, settings=settings, n_queries=40)
        assert store.list_collections() == []
    exact, one, some, every = swept.tried
    assert exact.recall == every.recall == 1
    assert one.recall < some.recall
    assert one.build_seconds == some.build_seconds != exact.build_seconds
    assert judged_table(swept.tried)["setting"].tolist() == [
        "exact", "ivf, lists=50, nprobe=1", "ivf, lists=50, nprobe=8", "ivf, lists=50, nprobe=50"
    ]  # fmt: skip
    assert swept.reaching(one.recall).recall >= one.recall
    assert swept.reaching(1).recall == 1
    assert judged_table([one])["recall"][0] == one.recall


def test_the_front_by_hand():
    """Slower is on it only where it finds more."""
    tried = [
        SimpleNamespace(latency_p50=seconds, recall=recall)
        for seconds, recall in [(3, 0.9), (1, 0.5), (2, 0.4), (4, 0.95), (5, 0.95)]
    ]
    swept = Sweep(tuple(tried))
    assert [each.latency_p50 for each in swept.front] == [1, 3, 4]
    assert swept.reaching(0.8).latency_p50 == 3
    assert swept.reaching(0.96) is None


def test_a_sweep_that_is_stopped_leaves_nothing(records, tmp_path):
    def stop(done, total):
        raise Cancelled("stopped")

    with open_store(f"lancedb://{tmp_path}") as store:
        some = records.take(range(200))
        with pytest.raises(Cancelled):
            sweep_store(store, some, settings=[Setting(), Setting()], n_queries=5, progress=stop)
        assert store.list_collections() == []
        collection = store.create_collection("reviews", 16)
        collection.upsert(some.ids, some.embeddings, some.documents, some.metadatas)
        judged = judge_store(collection, n_queries=20)  # of the rows it holds itself
        assert (judged.recall, judged.title) == (1, "exact")
        suggested = suggest_settings(collection)
    assert suggested[0] == Setting()
    assert {setting.index.kind for setting in suggested} == set(collection.index_kinds)
    assert all(setting.effort <= 14 for setting in suggested if setting.index.kind == "ivf")
