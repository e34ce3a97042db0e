"""The work of the Stores page, off the page. A store may change at any time, so each look at it is a job of its own.

``nonce`` names what the person asked for: the same one again, after a click elsewhere or a reload, joins the job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from embedlab.exports import to_parquet
from embedlab.jobs import Report, Task
from embedlab.limits import check_memory
from embedlab.stores import Collection, CollectionInfo, Match, Records, Written, open_store, write
from embedlab.stores.exchange import make_table, read_sample
from embedlab.stores.judging import Judged, Sweep, judge_store, sweep_store
from embedlab.ui.tasks import waiting

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.spec import EmbeddingSpec
    from embedlab.stores.exchange import Outgoing, Place

Condition = Mapping[str, Any]
ALL_ROWS, SOME_ROWS, ASKED_PLAINLY = "All rows", "Rows that pass the condition", "The same, asked as most programs do"
# Rows whose metadata say which fields there are, and which values are worth naming.
_LOOKED_AT = 500


@dataclass(frozen=True, eq=False)
class Taken:
    """What was taken out of a collection.

    Parameters
    ----------
    content : bytes
        The table, as a Parquet file.
    embeddings : float32 array of shape (n, d)
    n_rows : int
        Rows of the collection, of which these may be a sample.
    """

    content: bytes
    embeddings: NDArray[np.float32]
    n_rows: int


def collections(place: Place, nonce: str) -> list[CollectionInfo]:
    """Return what collections there are."""

    def work(report: Report) -> list[CollectionInfo]:
        with open_store(str(place.address)) as store:
            return store.list_collections()

    return waiting.await_task(Task(_key("list", place, nonce), "Looking into the store", work, is_short=True))


def fields(place: Place, name: str, nonce: str) -> dict[str, list[Any]]:
    """Return the fields of the metadata of some rows, each with the values it has there, sorted."""

    def work(report: Report) -> dict[str, list[Any]]:
        with open_store(str(place.address)) as store:
            found = store.open_collection(name).get(limit=_LOOKED_AT)
        seen: dict[str, dict[Any, None]] = {}
        for metadata in found.metadatas:
            for field, value in metadata.items():
                seen.setdefault(field, {})[value] = None
        return {field: sorted(values, key=lambda value: (str(type(value)), value)) for field, values in seen.items()}

    return waiting.await_task(Task(_key("fields", place, nonce, name), f"Looking into {name}", work, is_short=True))


def writing(place: Place, name: str, rows: Outgoing, spec: EmbeddingSpec, nonce: str) -> Task[Written]:
    """Write rows into a collection, which is made where there is none; what is there already is left alone."""
    records = rows.records
    embeddings = records.embeddings
    assert embeddings is not None

    def work(report: Report) -> Written:
        with open_store(str(place.address)) as store:
            if store.has_collection(name):
                collection = store.open_collection(name)
            else:
                collection = store.create_collection(name, embeddings.shape[1], spec=spec)
            return write(
                collection,
                records.ids,
                embeddings,
                records.documents,
                records.metadatas,
                spec=spec,
                progress=report,
            )

    return Task(_key("write", place, nonce, name), f"Writing {len(records):,} texts into {name}", work)


def found(
    place: Place,
    name: str,
    query: NDArray[np.float32],
    spec: EmbeddingSpec,
    top_k: int,
    where: Condition | None,
    nonce: str,
) -> list[Match]:
    """Return the rows nearest to a query.

    Raises
    ------
    SpecError
        When it was embedded by another model than the rows.
    """

    def work(report: Report) -> list[Match]:
        with open_store(str(place.address)) as store:
            return store.open_collection(name).query(query[None], top_k, where, spec=spec)[0]

    key = _key("query", place, nonce, name, query.tobytes(), spec.digest, top_k, repr(where))
    return waiting.await_task(Task(key, f"Asking {name}", work, is_short=True))


def taken(place: Place, name: str, n_rows: int, nonce: str) -> Taken:
    """Take rows out of a collection, drawn at random where there are more."""

    def work(report: Report) -> Taken:
        with open_store(str(place.address)) as store:
            records, n_there = read_sample(store.open_collection(name), n_rows, report)
        assert records.embeddings is not None
        return Taken(to_parquet(make_table(records)), records.embeddings, n_there)

    return waiting.await_task(Task(_key("open", place, nonce, name, n_rows), f"Reading {name}", work))


def judged(
    place: Place, name: str, queries: NDArray[np.float32] | None, where: Condition | None, nonce: str
) -> dict[str, Judged]:
    """Hold a collection against exact search: all of its rows, then those that pass a condition, then asked plainly."""

    def work(report: Report) -> dict[str, Judged]:
        with open_store(str(place.address)) as store:
            collection = store.open_collection(name)
            records = _all_rows(collection, report)
            report.step("asking")
            ways = {ALL_ROWS: (collection, None)}
            if where is not None:
                ways[SOME_ROWS] = collection, where
                if (plain := collection.plainly()) is not None:
                    ways[ASKED_PLAINLY] = plain, where
            return {
                title: judge_store(asked, queries, records=records, where=condition, progress=report)
                for title, (asked, condition) in ways.items()
            }

    return waiting.await_task(Task(_key("judge", place, nonce, name), f"Judging {name}", work))


def swept(place: Place, name: str, queries: NDArray[np.float32] | None, where: Condition | None, nonce: str) -> Sweep:
    """Try the settings of the store's index on a copy of a collection."""

    def work(report: Report) -> Sweep:
        with open_store(str(place.address)) as store:
            records = _all_rows(store.open_collection(name), report)
            report.step("building and asking")
            return sweep_store(store, records, queries, where=where, progress=report)

    return waiting.await_task(Task(_key("sweep", place, nonce, name), f"Trying indexes for {name}", work))


def _all_rows(collection: Collection, report: Report) -> Records:
    """Read what stands in a collection, where it fits in memory."""
    n_rows = collection.count()
    check_memory("index", n_rows, collection.dimension)
    report.step("reading its rows")
    return read_sample(collection, max(1, n_rows), report)[0]


def _key(what: str, place: Place, *parts: object) -> tuple[object, ...]:
    return (f"store {what}", str(place.address), *parts)
