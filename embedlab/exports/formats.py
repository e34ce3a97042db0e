"""The files that things leave the lab as: tables that are safe to open in a spreadsheet, and arrays."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.escape import neutralize_formula
from embedlab.exports.workbooks import to_xlsx

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
