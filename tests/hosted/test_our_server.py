"""Texts through our own server and back: the local encoder's embeddings, stopped in the middle, and none sent twice."""

import threading
import time

import httpx2
import numpy as np
import pytest
import uvicorn
from app_server import free_port

import embedlab as el
from embedlab.errors import Cancelled
from embedlab.samples import sample_texts
from embedlab.serving import make_app

MODEL = "all-MiniLM-L6-v2"


@pytest.fixture
def address(encoder):
    server = uvicorn.Server(uvicorn.Config(make_app({MODEL: encoder}), port=free_port(), log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.config.port}"
    server.should_exit = True
    thread.join(20)


def metrics(address):
    lines = httpx2.get(f"{address}/metrics").text.splitlines()
    return {name: int(value) for name, value in (line.split() for line in lines if not line.startswith("#"))}


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
    while metrics(address)["embedlab_waiting_texts"]:
        time.sleep(0.05)
    assert metrics(address)["embedlab_texts_total"] > 0
    # What was under way when somebody left is kept, too.
    while len(store.missing(hosted.spec(), texts)) > len(texts) - metrics(address)["embedlab_texts_total"]:
        time.sleep(0.05)
    found = store.encode(hosted, texts)
    assert metrics(address)["embedlab_texts_total"] == len(texts)
    np.testing.assert_allclose(found, encoder.encode(texts), atol=1e-6)
