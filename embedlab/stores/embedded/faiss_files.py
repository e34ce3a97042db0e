"""A pair of files: an index of FAISS, and its rows in Parquet; written whole under a number of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import MissingDependencyError
from embedlab.folders import write_folder
from embedlab.stores.contract import MARK, IndexSettings, Kind, Mark, Records
from embedlab.stores.embedded.columns import ID, to_columns

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

ABOUT = "collection.json"
"""The file that says what a pair is."""
_INDEX, _ROWS = "index.faiss", "rows.parquet"


@dataclass(frozen=True, eq=False)
class Pair:
    """An index with its rows, as they lie in a folder."""

    folder: Path
    index: Any
    table: pa.Table
    place: dict[str, int]
    kind: str

    @property
    def number(self) -> int:
        """The number it was written under; a later one is higher."""
        return int(self.folder.name)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of some rows, shape (m, d)."""
        found = self.index.reconstruct_batch(rows) if len(rows) else np.zeros((0, self.index.d))
        return np.asarray(found, dtype=np.float32)


def import_faiss() -> Any:  # noqa: ANN401 - its types know but some of it
    """Return FAISS; raise ``MissingDependencyError`` where it is not installed."""
    try:
        import faiss
    except ImportError as error:
        raise MissingDependencyError("faiss-cpu", "faiss") from error
    return faiss


def pairs_in(folder: Path) -> list[Path]:
    """Return the whole pairs in a folder, the newest last."""
    return sorted(
        (found for found in folder.glob("[0-9]*") if found.name.isdecimal()), key=lambda found: int(found.name)
    )


def newest_pair(folder: Path) -> Path:
    """Return the folder of the newest pair; raise ``OSError`` where there is none."""
    found = pairs_in(folder)
    if not found:
        raise OSError(f"{folder} was removed")
    return found[-1]


def read_pair(folder: Path) -> Pair:
    """Return a pair as it lies in a folder; raise ``ValueError`` where the two do not belong together."""
    import pyarrow.parquet as pq

    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    index, table = import_faiss().read_index(str(folder / _INDEX)), pq.read_table(folder / _ROWS)
    if index.ntotal != table.num_rows:
        raise ValueError(f"{folder} is damaged: {index.ntotal} vectors and {table.num_rows} rows")
    if about["index"] == "ivf":
        index.make_direct_map()
    return Pair(folder, index, table, {id: row for row, id in enumerate(table.column(ID).to_pylist())}, about["index"])


def write_pair(
    folder: Path, number: int, records: Records, kinds: dict[str, Kind], mark: Mark, settings: IndexSettings
) -> None:
    """Write a pair of files whole, under a number of its own."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    index = _build(records, mark.dimension, settings)

    def write(being_written: Path) -> None:
        import_faiss().write_index(index, str(being_written / _INDEX))
        pq.write_table(pa.table(to_columns(records, kinds)), being_written / _ROWS, compression="zstd")
        about = {MARK: mark.to_json(), "index": settings.kind}
        (being_written / ABOUT).write_text(json.dumps(about), encoding="utf-8")

    write_folder(folder / str(number), write)


def _build(records: Records, dimension: int, settings: IndexSettings) -> Any:  # noqa: ANN401 - FAISS has no types
    faiss = import_faiss()
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
