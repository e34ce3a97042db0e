"""FAISS: for each collection a file with an index and a Parquet file with the rows beside it.

FAISS keeps vectors alone. A write makes both files anew under another name, so that there is always a whole pair of
them: it takes the longer the more rows there are, and suits collections that fit in memory.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from embedlab.rows import top_positions
from embedlab.stores.contract import (
    MARK,
    Address,
    CollectionInfo,
    Condition,
    IndexSettings,
    Kind,
    Mark,
    Match,
    Records,
    Rows,
    VectorStore,
)
from embedlab.stores.embedded.columns import (
    ID,
    check_kind,
    from_columns,
    kinds_in,
    kinds_of,
    passing,
)
from embedlab.stores.embedded.faiss_files import ABOUT, Pair, import_faiss, newest_pair, pairs_in, read_pair, write_pair
from embedlab.stores.embedded.sizes import folder_bytes

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


class FaissStore(VectorStore):
    """A folder with one for each collection: ``faiss:///folder``."""

    failures = (RuntimeError, ValueError, OSError)

    def __init__(self, address: Address) -> None:
        import_faiss().omp_set_num_threads(1)  # Its threads spin while they wait, on cores that others need.
        super().__init__(address)
        with self.asked():
            address.path.mkdir(parents=True, exist_ok=True)

    def _names(self) -> list[str]:
        return [found.name for found in self.address.path.iterdir() if any(found.glob(f"*/{ABOUT}"))]

    def _create(self, name: str, mark: Mark) -> None:
        empty = np.zeros((0, mark.dimension), dtype=np.float32)
        write_pair(self.address.path / name, 1, Records([], [], [], empty), {}, mark, IndexSettings())

    def _rows(self, name: str) -> Rows:
        return FaissRows(self.address.path / name)

    def _delete(self, name: str) -> None:
        # Renamed first: a folder that is half removed would be a damaged collection.
        leaving = self.address.path / f".{name}.leaving"
        shutil.rmtree(leaving, ignore_errors=True)
        (self.address.path / name).rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)

    def close(self) -> None:
        """Nothing is held open between two questions."""


class FaissRows(Rows):
    """The newest pair of files in a folder, read anew when another process has written one."""

    batch_rows = 20_000
    index_kinds = ("exact", "hnsw", "ivf")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock, self._writing = RLock(), FileLock(folder.parent / f".{folder.name}.lock")
        self._pair: Pair | None = None
        about = json.loads((newest_pair(folder) / ABOUT).read_text(encoding="utf-8"))
        mark = Mark.from_json(about[MARK])
        if mark is None:
            raise ValueError(f"{folder / ABOUT} is damaged")
        self._mark = mark

    def info(self) -> CollectionInfo:
        """Return what the collection is now."""
        pair = self._now()
        name, dimension, spec = self._folder.name, self._mark.dimension, self._mark.spec
        return CollectionInfo(name, dimension, "cosine", pair.table.num_rows, spec, True, pair.kind)

    def upsert(self, records: Records) -> None:
        """Write a new pair, with an exact index: one that may miss hits is built when all is written."""
        with self._writing:
            pair = self._now()
            kinds = kinds_of(pair.table.schema)
            for field, kind in kinds_in(records).items():
                check_kind(field, kinds.setdefault(field, kind), kind)
            kept = self._records(pair, without=set(records.ids))
            joined = Records(
                kept.ids + records.ids,
                kept.documents + records.documents,
                kept.metadatas + records.metadatas,
                np.concatenate([kept.embeddings, records.embeddings]),
            )
            self._replace(pair, joined, kinds, IndexSettings())

    def nearest(
        self, queries: NDArray[np.float32], top_k: int, where: Condition | None, effort: int | None
    ) -> list[list[Match]]:
        """Ask the index; under a condition compare with every row that passes, which no index of FAISS does well."""
        pair = self._now()
        if where is None:
            scores, rows = pair.index.search(
                queries, min(top_k, max(1, pair.table.num_rows)), params=_effort(pair, effort)
            )
            found = [(row[row >= 0], score[row >= 0]) for row, score in zip(rows, scores, strict=True)]
        else:
            chosen = np.flatnonzero(passing(where, pair.table))
            products = queries @ pair.vectors(chosen).T
            best = [top_positions(row, top_k) for row in products]
            found = [(chosen[at], row[at]) for at, row in zip(best, products, strict=True)]
        return [_matches(pair.table, *one) for one in found]

    def fetch(self, ids: list[str], *, with_embeddings: bool) -> Records:
        """Return the rows of some ids."""
        pair = self._now()
        rows = np.array([pair.place[id] for id in ids if id in pair.place], dtype=np.int64)
        return from_columns(pair.table.take(rows), pair.vectors(rows) if with_embeddings else None)

    def ids(self, where: Condition | None, limit: int | None) -> list[str]:
        """Return the ids of the rows that pass."""
        table = self._now().table
        column = table.column(ID) if where is None else table.column(ID).filter(passing(where, table))
        return list(column.slice(0, limit).to_pylist())

    def delete(self, ids: list[str]) -> None:
        """Write a new pair without some rows."""
        with self._writing:
            pair = self._now()
            self._replace(pair, self._records(pair, without=set(ids)), kinds_of(pair.table.schema), IndexSettings())

    def count(self, where: Condition | None) -> int:
        """Return how many rows pass."""
        table = self._now().table
        return int(table.num_rows if where is None else passing(where, table).sum())

    def build_index(self, settings: IndexSettings) -> None:
        """Write a new pair with the same rows."""
        with self._writing:
            pair = self._now()
            self._replace(pair, self._records(pair, without=set()), kinds_of(pair.table.schema), settings)

    def nbytes(self) -> int:
        """Return what the pair takes on disk."""
        return folder_bytes(self._now().folder)

    def _now(self) -> Pair:
        with self._lock:
            folder = newest_pair(self._folder)
            if self._pair is None or self._pair.folder != folder:
                self._pair = read_pair(folder)
            return self._pair

    def _records(self, pair: Pair, without: set[str]) -> Records:
        rows = np.array([row for id, row in pair.place.items() if id not in without], dtype=np.int64)
        return from_columns(pair.table.take(rows), pair.vectors(rows))

    def _replace(self, pair: Pair, records: Records, kinds: dict[str, Kind], settings: IndexSettings) -> None:
        write_pair(self._folder, pair.number + 1, records, kinds, self._mark, settings)
        for old in pairs_in(self._folder)[:-1]:
            shutil.rmtree(old, ignore_errors=True)


def _effort(pair: Pair, effort: int | None) -> Any:  # noqa: ANN401 - FAISS has no types
    if effort is None or pair.kind == "exact":
        return None
    if pair.kind == "hnsw":
        return import_faiss().SearchParametersHNSW(efSearch=effort)
    return import_faiss().SearchParametersIVF(nprobe=effort)


def _matches(table: pa.Table, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Match]:
    found = from_columns(table.take(rows))
    return [Match(*row) for row in zip(found.ids, scores.tolist(), found.documents, found.metadatas, strict=True)]
