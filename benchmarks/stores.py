"""Vector stores on one machine: how fast they are written, what they find of what is there, and how fast they say so.

``python benchmarks/stores.py [STORE ...] [--rows N ...]`` measures the stores that are asked for, or all that run here,
with 20,000 and 200,000 rows, and writes ``docs/stores.json`` after each; the tables of ``docs/stores.md`` are drawn
from it. Texts are embedded once and kept for the next time. The filter keeps one row in a hundred, drawn at random.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from _shared import RATIOS, put, short_texts, table

from embedlab.encoders import load_encoder
from embedlab.errors import EmbedLabError
from embedlab.models import DEFAULT_MODEL
from embedlab.store import EmbeddingStore
from embedlab.stores import Collection, IndexSettings, Records, VectorStore, open_store, write
from embedlab.stores.judging import Judged, Setting, judge_store

sys.path.insert(0, str(RATIOS.parents[1] / "tests" / "helpers"))
from app_server import free_port
from postgres_server import address_of, start_postgres

DOCUMENT = RATIOS.parent / "stores.md"
KEPT = RATIOS.parent / "stores.json"
SIZES = (20_000, 200_000)
# What is meant for a trial is given what it can bear.
MOST = {"Qdrant (local mode)": 2_000, "Milvus Lite": 500}
# Of each index: as it is built and asked where nobody says otherwise, and asked with more effort.
SETTINGS = (
    Setting(),
    Setting(IndexSettings("hnsw")),
    Setting(IndexSettings("hnsw"), 200),
    Setting(IndexSettings("ivf")),
    Setting(IndexSettings("ivf"), 32),
)
# Questions; as many as a store for trials answers in a minute.
QUERIES, FEW_QUERIES, FEW_ROWS, KEPT_SHARE = 200, 30, 2_000, 100
FILTER = {"shard": {"eq": 7}}

Row = dict[str, Any]


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run Chroma's server for a while, and give its address."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=1).close()
                break
            time.sleep(0.1)
        yield f"chroma+http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Run PostgreSQL for a while, and give its address."""
    server = start_postgres(folder)
    try:
        yield address_of(server)
    finally:
        server.cleanup()


def at(kind: str, name: str = "db") -> Any:  # noqa: ANN401 - a context manager
    """Return what gives the address of a store that is a folder or a file."""

    @contextmanager
    def place(folder: Path) -> Iterator[str]:
        yield f"{kind}://{folder / name}"

    return place


STORES = {
    "LanceDB": at("lancedb"),
    "FAISS": at("faiss"),
    "Chroma": at("chroma"),
    "Chroma (server)": chroma_server,
    "PostgreSQL, pgvector": postgres_server,
    "Qdrant (local mode)": at("qdrant"),
    "Milvus Lite": at("milvus", "lite.db"),
}


def main() -> None:
    """Measure what is asked for, and write down what is known of all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stores", nargs="*", metavar="STORE", help=", ".join(STORES))
    parser.add_argument("--rows", nargs="*", type=int, default=SIZES)
    options = parser.parse_args()
    for n_rows in options.rows:
        records = make_records(n_rows)
        for name in options.stores or STORES:
            few = min(n_rows, MOST.get(name, n_rows))
            if few < n_rows and n_rows != min(options.rows):
                continue
            note(f"{name}, {few}", measured(name, records.take(range(few))))


def note(name: str, found: list[Row]) -> None:
    """Write down what was measured, and draw the tables anew."""
    known = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    known[name] = found
    KEPT.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), "stores", described(known)), encoding="utf-8")
    print(described({name: found}), flush=True)


def make_records(n_rows: int) -> Records:
    """Return so many texts with their embeddings, each in one of a hundred shards."""
    texts = short_texts(n_rows)
    embeddings = EmbeddingStore(max_bytes=4 << 30).encode(load_encoder(DEFAULT_MODEL), texts)
    shards = np.random.default_rng(0).integers(KEPT_SHARE, size=n_rows).tolist()
    return Records([f"row-{row}" for row in range(n_rows)], texts, [{"shard": shard} for shard in shards], embeddings)


def measured(name: str, records: Records) -> list[Row]:
    """Write rows into a store and judge each of its indexes, with and without the filter."""
    assert records.embeddings is not None
    with tempfile.TemporaryDirectory() as folder, STORES[name](Path(folder)) as address, open_store(address) as store:
        collection = store.create_collection("measured", records.embeddings.shape[1])
        began = time.perf_counter()
        write(collection, records.ids, records.embeddings, records.documents, records.metadatas)
        rate = len(records) / (time.perf_counter() - began)
        rows = judged_settings(store, collection, records)
    return [{"rows": len(records), "written a second": round(rate), **row} for row in rows]


def judged_settings(store: VectorStore, collection: Collection, records: Records) -> list[Row]:
    """Judge each setting that a store knows; one that builds its own index, as it is."""
    if not collection.index_kinds:
        return [judged(collection, None, records, None)]
    rows, built, seconds = [], None, None
    for setting in (each for each in SETTINGS if each.index.kind in collection.index_kinds):
        if setting.index != built:
            began = time.perf_counter()
            collection.build_index(setting.index)
            built, seconds = setting.index, time.perf_counter() - began
            collection = store.open_collection(collection.name)
        rows.append(judged(collection, setting, records, None if setting.index.kind == "exact" else seconds))
    return rows


def judged(collection: Collection, setting: Setting | None, records: Records, seconds: float | None) -> Row:
    """Return what a collection finds, with and without the filter, and asked plainly where that is something else."""
    ways = {"all": (collection, None), "filtered": (collection, FILTER)}
    if (plain := collection.plainly()) is not None:
        ways["plainly"] = plain, FILTER
    effort = setting.effort if setting else None
    n_queries = FEW_QUERIES if len(records) <= FEW_ROWS else QUERIES
    row: Row = {"setting": setting.title if setting else collection.info.index, "built in s": seconds}
    for way, (asked, where) in ways.items():
        try:
            found: Judged = judge_store(asked, records=records, where=where, effort=effort, n_queries=n_queries)
        except EmbedLabError as error:
            print(f"{row['setting']}, {way}: {error}", file=sys.stderr)
            continue
        row[way] = {"recall": found.recall, "p50": found.latency_p50 * 1e3, "p95": found.latency_p95 * 1e3}
        row["MB"] = None if found.nbytes is None else found.nbytes / 1e6
    return row


def described(known: dict[str, list[Row]]) -> str:
    """Return a table for each number of rows."""
    parts = []
    for n_rows in sorted({row["rows"] for rows in known.values() for row in rows}):
        lines = [
            f"{name.rpartition(', ')[0]} | {row['setting']} | {row['written a second']:,} | "
            f"{number(row['built in s'])} | {number(row.get('MB'))} | {answered(row.get('all'))} | "
            f"{answered(row.get('filtered'))} | {answered(row.get('plainly'))}"
            for name, rows in known.items()
            for row in rows
            if row["rows"] == n_rows
        ]
        header = (
            "store | index | rows written a second | built in s | MB | recall@10, ms (p95) | with the filter | asked "
            "plainly with the filter"
        )
        parts.append(f"{n_rows:,} rows\n\n{table(header, lines)}")
    return "\n\n".join(parts)


def answered(found: Row | None) -> str:
    """Return a recall with the times of its queries; one that is too low in bold."""
    if found is None:
        return ""
    recall = f"{found['recall']:.3f}"
    return f"{f'**{recall}**' if found['recall'] < 0.9 else recall}, {found['p50']:.1f} ({found['p95']:.1f})"


def number(value: float | None) -> str:
    """Return a number, or nothing."""
    return "" if value is None else f"{value:,.1f}"


if __name__ == "__main__":
    main()
