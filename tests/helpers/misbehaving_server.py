"""A model server that does as it is told: it answers well, slowly, wrongly, or not at all, and counts what it got."""

import base64
import contextlib
import json
import threading
import time
from collections import Counter
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler

import numpy as np
from app_server import answering

DIMENSION = 8


def vector_of(text, dimension=DIMENSION):
    """The vector of a text: any, of length 1, and always the same."""
    seed = int.from_bytes(blake2b(text.encode(), digest_size=4).digest())
    row = np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)
    return row / np.linalg.norm(row)


class ModelServer:
    """What a server was asked, and what it is to do next.

    ``todo`` holds what is done with the next requests for embeddings, one each; all others are answered well. A step is
    a status, a status with headers and body, or a function of the handler that answers itself.
    """

    def __init__(self):
        self.address = ""
        self.todo = []
        self.bodies, self.headers, self.paths = [], [], []
        self.texts = Counter()  # those that were answered
        self.models = None  # what it says at /models: 404 without
        self.dimension = DIMENSION
        self.facts = {}  # beside the embeddings
        self.lock = threading.Lock()

    def name(self, model="m"):
        """The name of a model there."""
        return f"{self.address}/v1#{model}"

    def content(self, body):
        """The right answer in the form of the request."""
        if "texts" in body:
            rows = [vector_of(text, self.dimension).tolist() for text in body["texts"]]
            return {"embeddings": {"float": rows}, "meta": {"billed_units": {"input_tokens": len(rows)}}}
        given = body["input"]
        rows = [vector_of(text, body.get("dimensions") or self.dimension) for text in given]
        if body.get("encoding_format") == "base64":
            rows = [base64.b64encode(row.tobytes()).decode() for row in rows]
        else:
            rows = [row.tolist() for row in rows]
        data = [{"object": "embedding", "index": number, "embedding": row} for number, row in enumerate(rows)]
        return {"object": "list", "data": data, "usage": {"total_tokens": len(given)}, **self.facts}


def send(handler, status, content, kind="application/json", **headers):
    """Answer a request."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(raw)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(raw)


def changed(change):
    """A step that answers well but for what ``change`` does to the answer."""

    def step(handler, content):
        found = change(content)
        send(handler, 200, content if found is None else found)

    return step


def slow(seconds):
    """A step that answers well after a while."""
    return held(lambda: time.sleep(seconds))


def held(wait):
    """A step that answers well once a function has come back."""

    def step(handler, content):
        wait()
        send(handler, 200, content)

    return step


def cut(handler, content):
    """A step that ends in the middle of the answer."""
    raw = json.dumps(content).encode()
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw[: len(raw) // 2])
    handler.wfile.flush()
    handler.close_connection = True


@contextlib.contextmanager
def model_server():
    """Run one on a free port of this machine."""
    server = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            server.paths.append(self.path)
            if server.models is None:
                send(self, 404, {"error": "there is no list"})
            else:
                send(self, 200, {"object": "list", "data": server.models})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                server.paths.append(self.path)
                server.bodies.append(body)
                server.headers.append(dict(self.headers))
                step = server.todo.pop(0) if server.todo else 200
            if step == 200 or callable(step):
                server.texts.update(body.get("input") or body.get("texts"))
            if callable(step):
                step(self, server.content(body))
            elif step == 200:
                send(self, 200, server.content(body))
            else:
                status, headers, content = (step, {}, {}) if isinstance(step, int) else step
                send(self, status, content or {"error": {"message": f"status {status}"}}, **headers)

        def log_message(self, *_):
            pass

    with answering(Handler) as address:
        server.address = address
        yield server
