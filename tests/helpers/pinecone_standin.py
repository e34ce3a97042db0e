"""A stand-in for Pinecone: it answers as the public documentation says that an index does, which proves nothing of one.

What it is for: that requests are sent as they should be, that pages are turned, that a write is waited for.
"""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np

COMPARED = {
    "$eq": lambda held, value: held == value,
    "$ne": lambda held, value: held != value,
    "$in": lambda held, value: held in value,
    "$gte": lambda held, value: held >= value,
    "$lte": lambda held, value: held <= value,
}


def kind(value):
    return float if type(value) is int else type(value)


def passes(asked, held):
    """Whether metadata passes a filter: kinds are told apart, and what is not there passes nothing but $exists."""
    for key, said in (asked or {}).items():
        if key in ("$and", "$or"):
            if not (all if key == "$and" else any)(passes(part, held) for part in said):
                return False
            continue
        for operator, value in said.items():
            if operator == "$exists":
                if (key in held) != value:
                    return False
            elif key not in held:
                return False
            else:
                same = kind(held[key]) in {kind(one) for one in (value if operator == "$in" else [value])}
                if not same and operator != "$ne" or same and not COMPARED[operator](held[key], value):
                    return False
    return True


class Standin(ThreadingHTTPServer):
    """An index of some dimensions: its namespaces, what was asked of it, and how many looks later a write is seen."""

    def __init__(self, dimension=8, metric="cosine"):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.dimension, self.metric, self.lag, self.page = dimension, metric, 0, 100
        self.namespaces, self.pending, self.asked = {}, [], []
        self.lock = threading.Lock()

    @property
    def address(self):
        return f"pinecone+http://127.0.0.1:{self.server_port}"

    def change(self, apply):
        """Do it now, or after some looks."""
        self.pending.append([self.lag, apply])
        self.settle()

    def settle(self):
        """One look more."""
        for waiting in list(self.pending):
            if waiting[0] <= 0:
                waiting[1]()
                self.pending.remove(waiting)
            waiting[0] -= 1


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *said):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        self._answer(parts.path, parse_qs(parts.query))

    def do_POST(self):
        self._answer(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}"))

    def _answer(self, path, said):
        with self.server.lock:
            self.server.asked.append((path, said, dict(self.headers)))
            self.server.settle()
            found = getattr(self, path.strip("/").replace("/", "_"))(said)
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _space(self, name):
        return self.server.namespaces.setdefault(name, {})

    def describe_index_stats(self, said):
        spaces = self.server.namespaces.items()
        return {
            "dimension": self.server.dimension,
            "metric": self.server.metric,
            "namespaces": {name: {"vectorCount": len(space)} for name, space in spaces if space},
        }

    def vectors_upsert(self, said):
        space = self._space(said["namespace"])
        numbers = [
            # Numbers are floating ones there.
            {
                **each,
                "metadata": {k: float(v) if type(v) is int else v for k, v in each.get("metadata", {}).items()},
            }
            for each in said["vectors"]
        ]
        self.server.change(lambda: space.update({each["id"]: each for each in numbers}))
        return {"upsertedCount": len(numbers)}

    def vectors_delete(self, said):
        space = self._space(said["namespace"])

        def remove():
            for key in list(space) if said.get("deleteAll") else said["ids"]:
                space.pop(key, None)

        self.server.change(remove)
        return {}

    def vectors_fetch(self, said):
        space = self._space(said["namespace"][0])
        return {"vectors": {id: space[id] for id in said["ids"] if id in space}}

    def vectors_list(self, said):
        ids = sorted(self._space(said["namespace"][0]))
        start = int(said.get("paginationToken", ["0"])[0])
        end = start + self.server.page
        more = {"pagination": {"next": str(end)}} if end < len(ids) else {}
        return {"vectors": [{"id": id} for id in ids[start:end]], **more}

    def query(self, said):
        rows = [row for row in self._space(said["namespace"]).values() if passes(said.get("filter"), row["metadata"])]
        query = np.array(said["vector"])
        cosines = [
            float(np.dot(query, row["values"]) / np.linalg.norm(query) / np.linalg.norm(row["values"])) for row in rows
        ]
        best = sorted(zip(cosines, rows, strict=True), key=lambda pair: -pair[0])[: said["topK"]]
        keep = ("id", "metadata") if said.get("includeMetadata") else ("id",)
        return {"matches": [{"score": score, **{key: row[key] for key in keep}} for score, row in best]}


@contextlib.contextmanager
def running_pinecone(**settings):
    """A stand-in while it is asked."""
    with Standin(**settings) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
