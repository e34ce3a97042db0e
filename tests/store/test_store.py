"""The store of embeddings: nothing encoded twice, nothing damaged returned, no failure of the disk in the way."""

import os
import sqlite3

import numpy as np
import pytest

import embedlab as el
from embedlab.errors import Cancelled
from embedlab.spec import EmbeddingSpec
from embedlab.store import EmbeddingStore, _missing

TEXTS = [f"{word} {number}" for word in ("parcel", "lamp", "refund") for number in range(20)]
SPEC = EmbeddingSpec("model", "revision", "mean", 6, None, True, True, "float32")
OTHER = EmbeddingSpec("model", "revision", "cls", 6, None, True, True, "float32")


@pytest.fixture
def store(tmp_path):
    return EmbeddingStore(tmp_path / "cache")


@pytest.fixture
def counting(encoder):
    """The encoder, and the texts it was really asked to encode in each way."""

    class Counting:
        asked, passes = [], []
        spec, pooling_mode, is_worth_storing = encoder.spec, encoder.pooling_mode, True
        embedding_dimension = encoder.embedding_dimension

        def kept_by(self, *_):
            return self

        def encode_variants(self, texts, variants, **ways):
            self.asked += texts
            self.passes.append((len(texts), [variant.pooling_mode for variant in variants]))
            return encoder.encode_variants(texts, variants, **ways)

    Counting.asked.clear()
    Counting.passes.clear()
    return Counting()


def vectors(n, d=8, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def test_what_is_put_is_got_bit_for_bit(store):
    rows = vectors(3)
    store.put(SPEC, ["a", "b", "é"], rows)
    positions, found = store.get(SPEC, ["x", "é", "a", "e\u0301"])
    assert positions.tolist() == [1, 2]
    np.testing.assert_array_equal(found, rows[[2, 0]])


def test_two_ways_to_embed_never_mix(store):
    store.put(SPEC, ["a"], vectors(1))
    assert len(store.get(OTHER, ["a"])[0]) == 0
    store.put(OTHER, ["a"], vectors(1, d=5, seed=1))
    np.testing.assert_array_equal(store.get(SPEC, ["a"])[1], vectors(1))
    np.testing.assert_array_equal(store.get(OTHER, ["a"])[1], vectors(1, d=5, seed=1))


def test_equals_the_encoder_and_encodes_only_what_is_new(store, encoder, counting):
    seen = []
    first = store.encode(counting, TEXTS, progress=lambda done, total: seen.append((done, total)))
    np.testing.assert_allclose(first, encoder.encode(TEXTS), atol=1e-6)
    assert sorted(counting.asked) == sorted(TEXTS)
    assert seen[-1] == (60, 60)
    counting.asked.clear()
    longer = [*TEXTS, *(f"new {number}" for number in range(10)), TEXTS[0]]
    second = store.encode(counting, longer)
    assert sorted(counting.asked) == sorted(longer[60:70]), "ten new texts, and the repeated one is known"
    np.testing.assert_array_equal(second[:60], first)
    np.testing.assert_array_equal(second[70], first[0])
    assert store.encode(counting, []).shape == (0, 384)


def test_another_pooling_is_encoded_anew(store, encoder, counting):
    store.encode(counting, TEXTS[:3])
    by_cls = store.encode(counting, TEXTS[:3], pooling_mode="cls", normalize_embeddings=False)
    expected = encoder.encode(TEXTS[:3], pooling_mode="cls", normalize_embeddings=False)
    np.testing.assert_allclose(by_cls, expected, atol=1e-5)
    assert len(counting.asked) == 6


def test_several_ways_in_one_pass_and_a_new_one_alone(store, encoder, counting):
    ways = [el.Variant("mean"), el.Variant("cls"), el.Variant("max", 3)]
    found = store.encode_variants(counting, TEXTS, ways)
    assert counting.passes == [(60, ["mean", "cls", "max"])]
    for way, expected in encoder.encode_variants(TEXTS, ways).items():
        np.testing.assert_allclose(found[way], expected, atol=1e-5)
    counting.passes.clear()
    store.encode_variants(counting, TEXTS, [*ways, el.Variant("lasttoken")])
    assert counting.passes == [(60, ["lasttoken"])]
    # Ten new texts need all ways, ten known ones the new way only.
    counting.passes.clear()
    mixed = [*TEXTS[:10], *(f"new {number}" for number in range(10))]
    more = store.encode_variants(counting, mixed, [el.Variant("mean"), el.Variant("weightedmean")])
    assert sorted(counting.passes) == [(10, ["mean", "weightedmean"]), (10, ["weightedmean"])]
    np.testing.assert_array_equal(more[el.Variant("mean")][:10], found[el.Variant("mean")][:10])
    np.testing.assert_allclose(more[el.Variant("mean")], encoder.encode(mixed), atol=1e-5)


def test_what_is_computed_sooner_than_read_is_not_stored(store):
    tfidf = el.TfidfEncoder(TEXTS)
    np.testing.assert_array_equal(store.encode(tfidf, TEXTS), tfidf.encode(TEXTS))
    assert store.entries() == []


def test_work_that_was_stopped_goes_on_from_there(store, counting, monkeypatch):
    monkeypatch.setattr(_missing, "_CHUNK_CHARACTERS", 100)

    def stop(done, total):
        if done > 30:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        store.encode(counting, TEXTS, progress=stop)
    kept = store.entries()[0].n_texts
    assert 20 <= kept < 60
    counting.asked.clear()
    store.encode(counting, TEXTS)
    assert len(counting.asked) == 60 - kept


def test_what_is_done_at_any_time_is_a_draw_from_all_texts(monkeypatch):
    """Long texts and short ones, from the beginning and the end: the speed so far is that of the rest."""
    monkeypatch.setattr(_missing, "_CHUNK_CHARACTERS", 20_000)
    texts = [str(row) * (1 + row % 40) for row in range(1000, 3000)]
    work, _ = _missing.missing_work({el.Variant("mean"): np.array([], dtype=np.int64)}, texts)
    parts = [rows for _, rows in work]
    assert len(parts) > 5
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(2000))
    lengths = np.array([len(text) for text in texts])
    for rows in parts[:-1]:
        assert rows.mean() == pytest.approx(1000, abs=150)
        assert lengths[rows].mean() == pytest.approx(lengths.mean(), rel=0.2)


def test_texts_that_are_missing_are_found_without_being_read(store):
    assert store.missing(SPEC, ["a", "b", "a"]) == ["a", "b"]
    store.put(SPEC, ["a"], vectors(1))
    assert store.missing(SPEC, ["a", "b", "a"]) == ["b"]
    assert store.missing(OTHER, ["a"]) == ["a"]
    many = [str(number) for number in range(2000)]
    store.put(SPEC, many[:1950], vectors(1950))
    assert store.missing(SPEC, many) == many[1950:]
    assert store.missing(SPEC, []) == []


def test_a_changed_bit_is_noticed_and_the_text_encoded_again(store, counting):
    whole = store.encode(counting, TEXTS)
    with sqlite3.connect(store.path) as db:
        key, value = db.execute("SELECT key, value FROM vector LIMIT 1 OFFSET 7").fetchone()
        flipped = bytearray(value)
        flipped[100] ^= 4
        db.execute("UPDATE vector SET value = ? WHERE key = ?", [bytes(flipped), key])
        key = db.execute("SELECT key FROM vector LIMIT 1 OFFSET 9").fetchone()[0]
        db.execute("UPDATE vector SET value = substr(value, 1, 40) WHERE key = ?", [key])
    db.close()
    counting.asked.clear()
    np.testing.assert_allclose(store.encode(counting, TEXTS), whole, atol=1e-6)
    assert len(counting.asked) == 2
    counting.asked.clear()
    store.encode(counting, TEXTS)
    assert counting.asked == []


@pytest.mark.parametrize("damage", ["nonsense", "cut short", "empty", "holes"])
def test_a_damaged_file_is_begun_anew(store, counting, caplog, damage):
    whole = store.encode(counting, TEXTS)
    content = store.path.read_bytes()
    rng = np.random.default_rng(0)
    store.path.write_bytes(
        {
            "nonsense": b"this is no database" * 100,
            "cut short": content[: len(content) // 2 + 77],
            "empty": b"",
            "holes": content[:4096] + rng.bytes(len(content) - 4096),
        }[damage]
    )
    for _ in range(2):  # the first may only find the damage
        np.testing.assert_allclose(store.encode(counting, TEXTS), whole, atol=1e-6)
    counting.asked.clear()
    store.encode(counting, TEXTS)
    assert counting.asked == [], "kept again"
    assert ("begun anew" in caplog.text) == (damage != "empty")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_used_is_no_obstacle(tmp_path, encoder, counting, caplog):
    (tmp_path / "file").write_text("where a folder should be")
    store = EmbeddingStore(tmp_path / "file" / "cache")
    for _ in range(2):
        np.testing.assert_allclose(store.encode(counting, TEXTS), encoder.encode(TEXTS), atol=1e-6)
    assert (store.nbytes, store.entries(), store.clear()) == (0, [], 0)
    assert caplog.text.count("nothing is kept between sessions") == 1


def test_a_full_disk_is_no_obstacle(store, encoder, counting, monkeypatch, caplog):
    store.put(SPEC, ["a"], vectors(1))
    connect = store._database._connect

    def small_disk():
        db = connect()
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        return db

    monkeypatch.setattr(store._database, "_connect", small_disk)
    np.testing.assert_allclose(store.encode(counting, TEXTS), encoder.encode(TEXTS), atol=1e-6)
    assert "full" in caplog.text
    assert store.get(SPEC, ["a"])[0].tolist() == [0], "what was there is still there"


def test_the_limit_holds_and_the_longest_unused_go_first(tmp_path):
    store = EmbeddingStore(tmp_path, max_bytes=2_000_000)
    old, new = [f"old {i}" for i in range(1000)], [f"new {i}" for i in range(1000)]
    store.put(SPEC, old, vectors(1000, 256))
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE vector SET used = used - 3")
    db.close()
    store.get(SPEC, old[:100])  # used today
    store.put(SPEC, new, vectors(1000, 256, seed=1))
    assert store.nbytes <= 2_000_000
    assert store.path.stat().st_size <= 2_200_000
    assert len(store.get(SPEC, old[:100])[0]) == 100
    assert len(store.get(SPEC, new)[0]) == 1000
    assert 0 < len(store.get(SPEC, old)[0]) < 1000


def test_what_is_kept_is_shown_and_cleared(store):
    store.put(SPEC, ["a", "b"], vectors(2))
    store.put(OTHER, ["a", "b", "c"], vectors(3))
    assert [(entry.spec, entry.n_texts, entry.nbytes) for entry in store.entries()] == [(OTHER, 3, 96), (SPEC, 2, 64)]
    assert store.clear(OTHER) == 3
    assert [entry.spec for entry in store.entries()] == [SPEC]
    assert store.clear() == 2
    assert store.entries() == []
    assert store.path.stat().st_mode & 0o777 <= 0o644
    assert store.path.parent.stat().st_mode & 0o077 == 0


def test_its_place_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "elsewhere"))
    assert el.EmbeddingStore().path.parent == tmp_path / "elsewhere"
