"""Texts through our own server and back: the local encoder's embeddings, stopped in the middle, and none sent twice."""

import numpy as np
import pytest
from app_server import wait_until
from own_server import counts, running_app

import embedlab as el
from embedlab.errors import Cancelled
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
