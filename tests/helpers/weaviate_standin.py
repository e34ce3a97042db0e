"""A stand-in for Weaviate: it answers as the public documentation says that a server does, which proves nothing of one.

What it is for: that requests are sent as they should be, that pages are turned, that refusals are said.
"""

import contextlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+0-9.eE]+(?![A-Za-z_])|[A-Za-z_]\w*|[{}()\[\]:]')


def parse(query):
    """The one collection that a query asks: under Get or Aggregate, its class, its arguments, what it wants of it."""
    tokens = TOKEN.findall(query.replace(",", " ") if '"' not in query else _commas_out(query))

    def value():
        token = tokens.pop(0)
        if token == "[":
            found = []
            while tokens[0] != "]":
                found.append(value())
            tokens.pop(0)
            return found
        if token == "{":
            return fields("}")
        return json.loads(token) if re.match(r'["\d+-]|true$|false$', token) else token

    def fields(end):
        found = {}
        while tokens[0] != end:
            name = tokens.pop(0)
            assert tokens.pop(0) == ":"
            found[name] = value()
        tokens.pop(0)
        return found

    opened, verb, again, name = (tokens.pop(0) for _ in range(4))
    assert (opened, again) == ("{", "{")
    arguments = {}
    if tokens[0] == "(":
        tokens.pop(0)
        arguments = fields(")")
    return verb, name, arguments, tokens


def _commas_out(query):
    return re.sub(r'("(?:[^"\\]|\\.)*")|,', lambda found: found[1] or " ", query)


def passes(where, held):
    """Whether the properties of an object pass a condition; texts are compared whole, but for outer blanks."""
    operator = where["operator"]
    if operator in ("And", "Or"):
        return (all if operator == "And" else any)(passes(part, held) for part in where["operands"])
    if operator == "Not":
        return not passes(where["operands"][0], held)
    ((_, value),) = ((key, said) for key, said in where.items() if key.startswith("value"))
    have = held.get(where["path"][0])
    have = [] if have is None else have if isinstance(have, list) else [have]
    if operator in ("ContainsAny", "ContainsNone"):
        found = any(one in have for one in value)
        return found if operator == "ContainsAny" else not found
    if operator == "Equal":
        return value in have
    return any(one >= value if operator == "GreaterThanEqual" else one <= value for one in have)


class Standin(ThreadingHTTPServer):
    """A server: its classes, their objects, what was asked, and what it refuses."""

    def __init__(self, version="1.39.0", key=None):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.version, self.key, self.queue = version, key, []
        self.classes, self.objects, self.asked, self.refused = {}, {}, [], {}
        self.lock = threading.Lock()

    @property
    def address(self):
        return f"weaviate+http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *said):
        pass

    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def do_DELETE(self):
        self._answer("DELETE")

    def _answer(self, method):
        parts = urlsplit(self.path)
        length = int(self.headers["Content-Length"] or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        asked = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        path = parts.path.removeprefix("/v1").strip("/").split("/")
        with self.server.lock:
            self.server.asked.append((method, parts.path, asked, body))
            if self.server.key and self.headers["Authorization"] != f"Bearer {self.server.key}":
                status, found = 401, {"code": 401, "message": "anonymous access not enabled"}
            elif path[0] in self.server.refused:
                status, found = 422, {"error": [{"message": self.server.refused[path[0]]}]}
            else:
                status, found = getattr(self, f"{method.lower()}_{path[0]}")(path[1:], asked, body)
        said = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def get_meta(self, path, asked, body):
        return 200, {"version": self.server.version}

    def get_schema(self, path, asked, body):
        if path:
            return 200, self.server.classes[path[0]]
        return 200, {"classes": list(self.server.classes.values())}

    def post_schema(self, path, asked, body):
        if path:
            self.server.classes[path[0]]["properties"].append(body)
            return 200, body
        assert re.fullmatch(r"[A-Z]\w*", body["class"], re.ASCII)
        for each in body["properties"]:
            assert re.fullmatch(r"[A-Za-z_]\w*", each["name"], re.ASCII)
        self.server.classes[body["class"]], self.server.objects[body["class"]] = body, {}
        return 200, body

    def delete_schema(self, path, asked, body):
        del self.server.classes[path[0]], self.server.objects[path[0]]
        return 200, {}

    def get_nodes(self, path, asked, body):
        left = self.server.queue.pop(0) if self.server.queue else 0
        return 200, {"nodes": [{"shards": [{"class": path[0], "vectorQueueLength": left}]}]}

    def post_batch(self, path, asked, body):
        answers = []
        for each in body["objects"]:
            known = {one["name"] for one in self.server.classes[each["class"]]["properties"]}
            assert set(each["properties"]) <= known
            self.server.objects[each["class"]][each["id"]] = each
            answers.append({"id": each["id"], "result": {"status": "SUCCESS"}})
        return 200, answers

    def delete_batch(self, path, asked, body):
        space = self.server.objects[body["match"]["class"]]
        for key in body["match"]["where"]["valueTextArray"]:
            space.pop(key, None)
        return 200, {"results": {"failed": 0}}

    def get_objects(self, path, asked, body):
        if path:
            found = self.server.objects[path[0]].get(path[1])
            return (200, found) if found else (404, {})
        space = self.server.objects[asked["class"]]
        keys = sorted(key for key in space if key > asked["after"])[: int(asked["limit"])]
        return 200, {"objects": [space[key] for key in keys]}

    def post_graphql(self, path, asked, body):
        verb, name, arguments, _ = parse(body["query"])
        rows = [
            each
            for each in self.server.objects[name].values()
            if "where" not in arguments or passes(arguments["where"], {**each["properties"], "id": each["id"]})
        ]
        if verb == "Aggregate":
            return 200, {"data": {"Aggregate": {name: [{"meta": {"count": len(rows)}}]}}}
        distances = [0.0] * len(rows)
        if "nearVector" in arguments:
            query = np.array(arguments["nearVector"]["vector"])
            named = arguments["nearVector"].get("targetVectors")
            vectors = [np.array(each["vectors"][named[0]] if named else each["vector"]) for each in rows]
            distances = [float(1 - v @ query / np.linalg.norm(v) / np.linalg.norm(query)) for v in vectors]
        best = sorted(zip(distances, rows, strict=True), key=lambda pair: pair[0])[: arguments["limit"]]
        hits = [
            {
                **each["properties"],
                "_additional": {"distance": distance, **{k: each.get(k) for k in ("id", "vector", "vectors")}},
            }
            for distance, each in best
        ]
        return 200, {"data": {"Get": {name: hits}}}


@contextlib.contextmanager
def running_weaviate(**settings):
    """A stand-in while it is asked."""
    with Standin(**settings) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
