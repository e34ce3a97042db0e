"""FAISS: for each collection a file with an index and a Parquet file with the rows beside it.

FAISS keeps vectors alone. A write makes both files anew under another name, so that there is always a whole pair of
them: it takes the longer the more rows there are, and suits collections that fit in memory.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from embedlab.errors import MissingDependencyError
from embedlab.folders import write_folder
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
    to_columns,
)
from embedlab.stores.embedded.sizes import folder_bytes

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_INDEX, _ROWS, _ABOUT = "index.faiss", "rows.parquet", "collection.json"


class FaissStore(VectorStore):
    """A folder with one for each collection: ``faiss:///folder``."""

    failures = (RuntimeError, ValueError, OSError)

    def __init__(self, address: Address) -> None:
        _faiss().omp_set_num_threads(1)  # Its threads spin while they wait, on cores that others need.
        super().__init__(address)
        with self.asked():
            address.path.mkdir(parents=True, exist_ok=True)

    def _names(self) -> list[str]:
        return [found.name for found in self.address.path.iterdir() if any(found.glob(f"*/{_ABOUT}"))]

    def _create(self, name: str, mark: Mark) -> None:
        empty = np.zeros((0, mark.dimension), dtype=np.float32)
        _write(self.address.path / name, 1, Records([], [], [], empty), {}, mark, IndexSettings())

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


@dataclass(frozen=True, eq=False)
class _Pair:
    """An index with its rows, as they lie in a folder."""

    folder: Path
    index: Any
    table: pa.Table
    place: dict[str, int]
    kind: str

    @property
    def number(self) -> int:
        return int(self.folder.name)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of some rows, shape (m, d)."""
        found = self.index.reconstruct_batch(rows) if len(rows) else np.zeros((0, self.index.d))
        return np.asarray(found, dtype=np.float32)


class FaissRows(Rows):
    """The newest pair of files in a folder, read anew when another process has written one."""

    batch_rows = 20_000
    index_kinds = ("exact", "hnsw", "ivf")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock, self._writing = RLock(), FileLock(folder.parent / f".{folder.name}.lock")
        self._pair: _Pair | None = None
        about = json.loads((_newest(folder) / _ABOUT).read_text(encoding="utf-8"))
        mark = Mark.from_json(about[MARK])
        if mark is None:
            raise ValueError(f"{folder / _ABOUT} is damaged")
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

    def _now(self) -> _Pair:
        with self._lock:
            folder = _newest(self._folder)
            if self._pair is None or self._pair.folder != folder:
                self._pair = _read(folder)
            return self._pair

    def _records(self, pair: _Pair, without: set[str]) -> Records:
        rows = np.array([row for id, row in pair.place.items() if id not in without], dtype=np.int64)
        return from_columns(pair.table.take(rows), pair.vectors(rows))

    def _replace(self, pair: _Pair, records: Records, kinds: dict[str, Kind], settings: IndexSettings) -> None:
        _write(self._folder, pair.number + 1, records, kinds, self._mark, settings)
        for old in _pairs(self._folder)[:-1]:
            shutil.rmtree(old, ignore_errors=True)


def _faiss() -> Any:  # noqa: ANN401 - its types know but some of it
    try:
        import faiss
    except ImportError as error:
        raise MissingDependencyError("faiss-cpu", "faiss") from error
    return faiss


def _pairs(folder: Path) -> list[Path]:
    """Return the whole pairs in a folder, the newest last."""
    return sorted(
        (found for found in folder.glob("[0-9]*") if found.name.isdecimal()), key=lambda found: int(found.name)
    )


def _newest(folder: Path) -> Path:
    found = _pairs(folder)
    if not found:
        raise OSError(f"{folder} was removed")
    return found[-1]


def _read(folder: Path) -> _Pair:
    import pyarrow.parquet as pq

    about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    index, table = _faiss().read_index(str(folder / _INDEX)), pq.read_table(folder / _ROWS)
    if index.ntotal != table.num_rows:
        raise ValueError(f"{folder} is damaged: {index.ntotal} vectors and {table.num_rows} rows")
    if about["index"] == "ivf":
        index.make_direct_map()
    return _Pair(folder, index, table, {id: row for row, id in enumerate(table.column(ID).to_pylist())}, about["index"])


def _write(
    folder: Path, number: int, records: Records, kinds: dict[str, Kind], mark: Mark, settings: IndexSettings
) -> None:
    """Write a pair of files whole, under a number of its own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    index = _build(records, mark.dimension, settings)

    def write(being_written: Path) -> None:
        _faiss().write_index(index, str(being_written / _INDEX))
        pq.write_table(pa.table(to_columns(records, kinds)), being_written / _ROWS, compression="zstd")
        about = {MARK: mark.to_json(), "index": settings.kind}
        (being_written / _ABOUT).write_text(json.dumps(about), encoding="utf-8")

    write_folder(folder / str(number), write)


def _build(records: Records, dimension: int, settings: IndexSettings) -> Any:  # noqa: ANN401 - FAISS has no types
    faiss = _faiss()
    vectors, by_product = np.ascontiguousarray(records.embeddings), faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexFlatIP(dimension)
    if settings.kind == "hnsw":
        index = faiss.IndexHNSWFlat(dimension, settings.m, by_product)
        index.hnsw.efConstruction = settings.ef_construction
    elif settings.kind == "ivf" and len(vectors):
        n_lists = min(settings.n_lists or max(1, round(len(vectors) ** 0.5)), len(vectors))
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, n_lists, by_product)
        index.cp.min_points_per_centroid = 1  # It would warn on standard error of lists with few rows.
        index.train(vectors)
    index.add(vectors)
    return index


def _effort(pair: _Pair, effort: int | None) -> Any:  # noqa: ANN401 - FAISS has no types
    if effort is None or pair.kind == "exact":
        return None
    if pair.kind == "hnsw":
        return _faiss().SearchParametersHNSW(efSearch=effort)
    return _faiss().SearchParametersIVF(nprobe=effort)


def _matches(table: pa.Table, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Match]:
    found = from_columns(table.take(rows))
    return [Match(*row) for row in zip(found.ids, scores.tolist(), found.documents, found.metadatas, strict=True)]
