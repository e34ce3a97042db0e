"""A model server of OpenAI's protocol that notes what it was asked, and refuses or takes its time when told to."""

import contextlib
import json
import time
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import numpy as np
from app_server import answering

from embedlab.hosted import Address, hosted_catalog
from embedlab.hosted.cards import providers

DIMENSION, SMALL, LARGE = 64, "openai/text-embedding-3-small", "openai/text-embedding-3-large"


class Asked:
    """What a server was asked, and how it is to behave.

    ``texts`` are all it was sent, ``n_requests`` how often; ``status`` and ``headers`` are what it refuses with once it
    has answered ``patience`` requests, ``seconds`` how long each answer takes.
    """

    def __init__(self):
        self.address, self.texts, self.keys, self.n_requests = "", [], set(), 0
        self.status, self.headers, self.patience, self.seconds = 200, {}, 0, 0.0


def vector(text):
    """A direction that texts with the same words share."""
    row = np.zeros(DIMENSION)
    for word in text.lower().split():
        row[zlib.crc32(word.encode()) % DIMENSION] += 1.0
    row[0] += 0.1
    return (row / np.linalg.norm(row)).tolist()


@contextlib.contextmanager
def asked_server():
    """Run a server on this machine, and yield what it was asked."""
    asked = Asked()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._answer(200, {"data": [{"id": "tiny", "object": "model"}, {"id": "other", "object": "model"}]})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.n_requests += 1
            asked.keys.add(self.headers["Authorization"])
            time.sleep(asked.seconds)
            if asked.status != 200 and asked.n_requests > asked.patience:
                self._answer(asked.status, {"error": {"message": "no"}}, asked.headers)
                return
            texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
            asked.texts += texts
            data = [{"index": place, "embedding": vector(text)} for place, text in enumerate(texts)]
            self._answer(200, {"data": data, "usage": {"total_tokens": sum(map(len, texts)) // 4}})

        def _answer(self, status, content, headers=()):
            raw = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(raw)),
                **dict(headers),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_):
            pass

    with answering(Handler) as address:
        asked.address = f"{address}/v1"
        yield asked


@contextlib.contextmanager
def in_the_place_of(asked, monkeypatch, *names, key="sk-a-key-of-the-tests"):
    """Let a server stand in the place of those of some hosted models, as if it were elsewhere."""
    monkeypatch.setattr(Address, "is_loopback", False)
    for name in names:
        card = hosted_catalog()[name]
        provider = replace(card.provider, address=asked.address)
        small = replace(card, provider=provider, embedding_dimension=DIMENSION, dimensions=(16, 32))
        monkeypatch.setitem(providers(), provider.name, provider)
        monkeypatch.setitem(hosted_catalog(), name, small)
        monkeypatch.setenv(provider.keys[0], key)
    yield
