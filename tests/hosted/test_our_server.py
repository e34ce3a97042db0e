"""Texts through our own server and back: the local encoder's embeddings, stopped in the middle, and none sent twice."""

import numpy as np
import pytest
from app_server import wait_until
from own_server import counts, running_app

import embedlab as el
from embedlab.comparison import Candidate, compare
from embedlab.dimensions import curve_table, quality_curve
from embedlab.errors import Cancelled, InvalidInputError
from embedlab.gold import Labelled
from embedlab.samples import sample_texts
from embedlab.serving import make_app

MODEL = "all-MiniLM-L6-v2"


@pytest.fixture
def address(encoder):
    with running_app(make_app({MODEL: encoder})) as address:
        yield address


def test_texts_go_through_our_server_and_back(address, encoder, tmp_path):
    short = sorted({text for text in sample_texts() if text.strip()}, key=len)[:199]
    texts = [*short, "A sentence about a parcel that did not come. " * 60]
    hosted, store = el.load_encoder(f"{address}/v1#{MODEL}"), el.EmbeddingStore(tmp_path)
    assert (hosted.embedding_dimension, hosted.revision) == (encoder.embedding_dimension, encoder.revision)

    def leave(done, _total):
        if done:
            raise Cancelled("left")

    with pytest.raises(Cancelled):
        store.encode(hosted, texts, progress=leave)
    wait_until(lambda: not counts(address)["waiting_texts"])
    n_read = counts(address)["texts_total"]
    assert n_read > 0
    # What was under way when somebody left is kept, too.
    wait_until(lambda: len(store.missing(hosted.spec(), texts)) <= len(texts) - n_read)
    found = store.encode(hosted, texts)
    assert counts(address)["texts_total"] == len(texts)
    np.testing.assert_allclose(found, encoder.encode(texts), atol=1e-6)


def test_lengths_are_candidates_on_the_curve(address, encoder, tmp_path):
    """What our server gives for a length is what the first dimensions of its full vectors are here: two ways agree."""
    name = f"{address}/v1#{MODEL}"
    texts = [
        f"{what} number {number} {how}" for number in range(8) for what, how in [("parcel", "late"), ("lamp", "dim")]
    ]
    whole, store = el.load_encoder(name), el.EmbeddingStore(tmp_path)
    shorter = el.load_encoder(f"{name}@64", may_fetch=False)  # by what the server said of the whole
    assert (shorter.embedding_dimension, shorter.model.dimensions) == (64, 64)
    with pytest.raises(InvalidInputError, match="has 384 dimensions, not 400"):
        el.load_encoder(f"{name}@400", may_fetch=False)
    before = counts(address)["texts_total"]
    candidates = [Candidate(name), Candidate.parse(f"{name.replace('#', '%23')}~dim64"), Candidate(f"{name}@64")]
    found = compare(Labelled(texts, ["parcel", "lamp"] * 8), candidates, store=store)
    # Once for each length, with the word that shows whether it is given; nothing to measure.
    assert counts(address)["texts_total"] - before == 2 * len(texts) + 1
    curve = quality_curve(found, Candidate(f"{name}@64"), found.measures[0])
    table = curve_table(curve).set_index("vectors")
    assert sorted(table.index) == ["64 asked for", "first 64 dimensions", "full vectors"]
    assert table.loc["64 asked for", "bytes"] == table.loc["first 64 dimensions", "bytes"] == 256
    same = ["to the full", "told apart", table.columns[0]]
    assert table.loc["64 asked for", same].equals(table.loc["first 64 dimensions", same].rename("64 asked for"))
    assert set(found.to_full(found.measures[0])) == {each.of(whole) for each in candidates[1:]}
    short = store.encode(shorter, texts)
    full = encoder.encode(texts)[:, :64]
    np.testing.assert_allclose(short, full / np.linalg.norm(full, axis=1, keepdims=True), atol=1e-6)
    assert (
        quality_curve(compare(found.gold, candidates[2:], store=store), candidates[2], found.measures[0]).full.n_bytes
        == 256
    )
