"""Tables out of the lab: CSV and XLSX that are safe to open in a spreadsheet, Parquet, and arrays."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.escape import neutralize_formula
from embedlab.workbooks import to_xlsx

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file that holds a table.

    Parameters
    ----------
    suffix, media_type : str
        The ending of its name, with the dot, and what a browser calls it.
    write : callable
        Turns a ``DataFrame`` into the bytes of the file.
    """

    suffix: str
    media_type: str
    write: Callable[[pd.DataFrame], bytes]


def find_format(path: PurePath) -> ExportFormat:
    """Return the format that the ending of a file name asks for.

    Raises
    ------
    InvalidInputError
        When no format has that ending.
    """
    endings = {format.suffix: format for format in EXPORT_FORMATS.values()}
    if path.suffix not in endings:
        raise InvalidInputError(
            f"{path} ends in none of {', '.join(endings)}; the ending says which format is written."
        )
    return endings[path.suffix]


def add_columns(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with further columns behind its own.

    Parameters
    ----------
    frame : DataFrame with n rows
    columns : mapping of name to sequence, array or Series of length n

    Returns
    -------
    DataFrame with n rows
        A new column whose name is taken already gets a number: ``cluster_2``.
    """
    table = frame.copy()
    for name, values in columns.items():
        table[_free_name(name, list(table.columns))] = values
    return table


def cluster_table(
    frame: pd.DataFrame, labels: NDArray[np.int64], names: Mapping[int, str], coordinates: NDArray[np.float32]
) -> pd.DataFrame:
    """Return the table with cluster, name and map coordinates as further columns; see :func:`add_columns`.

    Parameters
    ----------
    frame : DataFrame with n rows
    labels : int array of shape (n,)
    names : mapping of label to name
    coordinates : float array of shape (n, 2) or (n, 3)

    Returns
    -------
    DataFrame with n rows
    """
    found = {"cluster": labels, "cluster_name": [names[label] for label in labels.tolist()]}
    return add_columns(frame, {**found, **dict(zip("xyz", coordinates.T, strict=False))})


def embedding_table(frame: pd.DataFrame, rows: NDArray[np.int64], embeddings: NDArray[np.float32]) -> pd.DataFrame:
    """Return the table with a column ``embedding``; rows whose text is blank have none.

    Parameters
    ----------
    frame : DataFrame with n rows
    rows : int64 array of shape (m,)
        Rows that have an embedding.
    embeddings : float32 array of shape (m, d)

    Returns
    -------
    DataFrame with n rows
    """
    import pandas as pd

    column = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    for row, embedding in zip(rows.tolist(), embeddings, strict=True):
        column.iat[row] = embedding
    return add_columns(frame, {"embedding": column})


def spread_rows(embeddings: NDArray[np.float32], rows: NDArray[np.int64], n_rows: int) -> NDArray[np.float32]:
    """Return embeddings with one row for each row of a table, NaN where a text is blank, so that rows stay rows.

    Parameters
    ----------
    embeddings : float32 array of shape (m, d)
    rows : int64 array of shape (m,)
        Rows of the table that have an embedding.
    n_rows : int
        Rows of the table.

    Returns
    -------
    float32 array of shape (n_rows, d)
    """
    full = np.full((n_rows, embeddings.shape[1]), np.nan, dtype=np.float32)
    full[rows] = embeddings
    return full


def to_csv(frame: pd.DataFrame, *, excel_safe: bool = True) -> bytes:
    """Return a table as CSV in UTF-8 with a byte-order mark, by which spreadsheets know the encoding.

    Parameters
    ----------
    frame : DataFrame
    excel_safe : bool, default=True
        Put ``'`` before texts and column names that a spreadsheet would run as a formula. Numbers are left alone.

    Returns
    -------
    bytes
    """
    import csv

    safe = frame.map(_neutral) if excel_safe else frame
    if excel_safe:
        safe = safe.rename(columns=lambda name: neutralize_formula(str(name)))
    return safe.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").encode("utf-8-sig", "replace")


def to_parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet; a column of arrays becomes a list column."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), stream)
    return stream.getvalue()


def to_npy(embeddings: NDArray[np.float32]) -> bytes:
    """Return an array as the file that ``numpy.load`` reads, without pickle."""
    stream = io.BytesIO()
    np.save(stream, embeddings, allow_pickle=False)
    return stream.getvalue()


EXPORT_FORMATS: dict[str, ExportFormat] = {
    "CSV": ExportFormat(".csv", "text/csv", to_csv),
    "XLSX": ExportFormat(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", to_xlsx),
    "Parquet": ExportFormat(".parquet", "application/vnd.apache.parquet", to_parquet),
}
"""The files a table can be taken away as; pages and commands offer the same."""


def _neutral(value: object) -> object:
    return neutralize_formula(value) if isinstance(value, str) else value


def _free_name(name: str, taken: list[str]) -> str:
    numbered = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in numbered if candidate not in taken)
