"""A stand-in for Pinecone: it answers as the public documentation says that an index does, which proves nothing of one.

What it is for: that requests are sent as they should be, that pages are turned, that a write is waited for.
"""

import numpy as np

COMPARED = {
    "$eq": lambda held, value: held == value,
    "$ne": lambda held, value: held != value,
    "$in": lambda held, value: held in value,
    "$gte": lambda held, value: held >= value,
    "$lte": lambda held, value: held <= value,
}


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


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


class PineconeStandin:
    """An index of some dimensions: its namespaces, how many looks later a write is seen, and how long a page is."""

    kind = "pinecone"

    def __init__(self, dimension=8, metric="cosine"):
        self.dimension, self.metric, self.lag, self.page = dimension, metric, 0, 100
        self.namespaces, self.pending, self.key, self.indexes = {}, [], None, {}
        self.compare = cosine

    def answer(self, method, path, asked, body, headers):
        if self.key and headers["Api-Key"] != self.key:
            return 401, {"error": {"code": "UNAUTHENTICATED", "message": "Invalid API Key"}, "status": 401}
        if path.startswith("/indexes/"):
            return self.describe_index(path.removeprefix("/indexes/"))
        self.settle()
        return 200, getattr(self, path.strip("/").replace("/", "_"))(body or asked)

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

    def _space(self, name):
        return self.namespaces.setdefault(name, {})

    def describe_index(self, name):
        if name not in self.indexes:
            return 404, {"error": {"code": "NOT_FOUND", "message": f"Index {name} not found"}, "status": 404}
        vectors = {"type": "dense_vector", "dimension": self.dimension, "metric": self.metric}
        return 200, {
            "id": name,
            "name": name,
            "host": self.indexes[name],
            "schema": {"fields": {"_values": vectors}},
            "deployment": {"deployment_type": "managed", "cloud": "aws", "region": "us-east-1", "environment": "x"},
            "status": {"ready": True, "state": "Ready"},
            "deletion_protection": "disabled",
        }

    def describe_index_stats(self, said):
        spaces = self.namespaces.items()
        return {
            "dimension": self.dimension,
            "metric": self.metric,
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
        self.change(lambda: space.update({each["id"]: each for each in numbers}))
        return {"upsertedCount": len(numbers)}

    def vectors_delete(self, said):
        space = self._space(said["namespace"])

        def remove():
            for key in list(space) if said.get("deleteAll") else said["ids"]:
                space.pop(key, None)

        self.change(remove)
        return {}

    def vectors_fetch(self, said):
        space = self._space(said["namespace"][0])
        return {"vectors": {id: space[id] for id in said["ids"] if id in space}}

    def vectors_list(self, said):
        ids = sorted(self._space(said["namespace"][0]))
        start = int(said.get("paginationToken", ["0"])[0])
        end = start + self.page
        more = {"pagination": {"next": str(end)}} if end < len(ids) else {}
        return {"vectors": [{"id": id} for id in ids[start:end]], **more}

    def query(self, said):
        rows = [row for row in self._space(said["namespace"]).values() if passes(said.get("filter"), row["metadata"])]
        query = np.array(said["vector"])
        cosines = [float(self.compare(query, np.array(row["values"]))) for row in rows]
        best = sorted(zip(cosines, rows, strict=True), key=lambda pair: -pair[0])[: said["topK"]]
        keep = ("id", "metadata") if said.get("includeMetadata") else ("id",)
        return {"matches": [{"score": score, **{key: row[key] for key in keep}} for score, row in best]}
