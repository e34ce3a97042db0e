"""A stand-in for Weaviate: it answers as the public documentation says that a server does, which proves nothing of one.

What it is for: that requests are sent as they should be, that pages are turned, that refusals are said.
"""

import json
import re

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


class WeaviateStandin:
    """A server: its classes, their objects, how long its queue is at each look, and what it refuses."""

    kind = "weaviate"

    def __init__(self, version="1.39.0"):
        self.version, self.key, self.queue, self.refused = version, None, [], {}
        self.classes, self.objects = {}, {}

    def answer(self, method, path, asked, body, headers):
        path = path.removeprefix("/v1").strip("/").split("/")
        if self.key and headers["Authorization"] != f"Bearer {self.key}":
            return 401, {"code": 401, "message": "anonymous access not enabled"}
        if path[0] in self.refused:
            return 422, {"error": [{"message": self.refused[path[0]]}]}
        first = {key: values[0] for key, values in asked.items()}
        return getattr(self, f"{method.lower()}_{path[0]}")(path[1:], first, body)

    def get_meta(self, path, asked, body):
        return 200, {"version": self.version}

    def get_schema(self, path, asked, body):
        if path:
            return 200, self.classes[path[0]]
        return 200, {"classes": list(self.classes.values())}

    def post_schema(self, path, asked, body):
        if path:
            self.classes[path[0]]["properties"].append(body)
            return 200, body
        assert re.fullmatch(r"[A-Z]\w*", body["class"], re.ASCII)
        for each in body["properties"]:
            assert re.fullmatch(r"[A-Za-z_]\w*", each["name"], re.ASCII)
        self.classes[body["class"]], self.objects[body["class"]] = body, {}
        return 200, body

    def delete_schema(self, path, asked, body):
        del self.classes[path[0]], self.objects[path[0]]
        return 200, {}

    def get_nodes(self, path, asked, body):
        left = self.queue.pop(0) if self.queue else 0
        return 200, {"nodes": [{"shards": [{"class": path[0], "vectorQueueLength": left}]}]}

    def post_batch(self, path, asked, body):
        answers = []
        for each in body["objects"]:
            known = {one["name"] for one in self.classes[each["class"]]["properties"]}
            assert set(each["properties"]) <= known
            self.objects[each["class"]][each["id"]] = each
            answers.append({"id": each["id"], "result": {"status": "SUCCESS"}})
        return 200, answers

    def delete_batch(self, path, asked, body):
        space = self.objects[body["match"]["class"]]
        for key in body["match"]["where"]["valueTextArray"]:
            space.pop(key, None)
        return 200, {"results": {"failed": 0}}

    def get_objects(self, path, asked, body):
        if path:
            found = self.objects[path[0]].get(path[1])
            return (200, found) if found else (404, {})
        space = self.objects[asked["class"]]
        keys = sorted(key for key in space if key > asked["after"])[: int(asked["limit"])]
        return 200, {"objects": [space[key] for key in keys]}

    def post_graphql(self, path, asked, body):
        verb, name, arguments, _ = parse(body["query"])
        rows = [
            each
            for each in self.objects[name].values()
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
