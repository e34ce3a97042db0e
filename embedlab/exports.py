"""Tables out of the lab: CSV that is safe to open in a spreadsheet, and Parquet."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.escape import neutralize_formula

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.classification import Classification
    from embedlab.duplicate_groups import DuplicateGroups
    from embedlab.fusion import FusedHit


def cluster_table(
    frame: pd.DataFrame, labels: NDArray[np.int64], names: Mapping[int, str], coordinates: NDArray[np.float32]
) -> pd.DataFrame:
    """Return the table with cluster, name and map coordinates as further columns.

    Parameters
    ----------
    frame : DataFrame with n rows
    labels : int array of shape (n,)
    names : mapping of label to name
    coordinates : float array of shape (n, 2) or (n, 3)

    Returns
    -------
    DataFrame with n rows
        A new column whose name is taken already gets a number: ``cluster_2``.
    """
    table = frame.copy()
    added = {"cluster": labels, "cluster_name": [names[label] for label in labels.tolist()]}
    for name, values in [*added.items(), *zip("xyz", coordinates.T, strict=False)]:
        table[_free_name(name, list(frame.columns))] = values
    return table


def classification_table(frame: pd.DataFrame, found: Classification) -> pd.DataFrame:
    """Return the table with the predicted label, its probability, and whether the given label is suspect.

    Parameters
    ----------
    frame : DataFrame with n rows
    found : Classification
        Of these rows.

    Returns
    -------
    DataFrame with n rows
        A new column whose name is taken already gets a number: ``prediction_2``.
    """
    table = frame.copy()
    added = {
        "prediction": [found.classes[code] for code in found.predictions.tolist()],
        "probability": found.probabilities.max(axis=1),
        "suspect": found.is_suspect,
    }
    for name, values in added.items():
        table[_free_name(name, list(frame.columns))] = values
    return table


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
    table = frame.copy()
    table[_free_name("embedding", list(frame.columns))] = column
    return table


def cleaned_table(frame: pd.DataFrame, rows: NDArray[np.int64], kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the table without the rows that go as duplicates; rows whose text is blank stay.

    Parameters
    ----------
    frame : DataFrame with n rows
    rows : int64 array of shape (m,)
        Rows whose texts were compared.
    kept : bool array of shape (m,)
        Which of these stay.

    Returns
    -------
    DataFrame
        In the order of the table.
    """
    stays = np.ones(len(frame), dtype=bool)
    stays[rows[~kept]] = False
    return frame[stays]


def removed_table(
    frame: pd.DataFrame, rows: NDArray[np.int64], groups: DuplicateGroups, kept: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the rows that go as duplicates, each with the number of its group, from 1, and the text that stays for it.

    Parameters
    ----------
    frame, rows, kept
        As for :func:`cleaned_table`.
    groups : DuplicateGroups
        Of the m rows.

    Returns
    -------
    DataFrame
        In the order of the table, with the further columns ``group`` and ``duplicate_of``.
    """
    gone = np.flatnonzero(~kept)
    staying = np.flatnonzero(kept & (groups.labels >= 0)).tolist()
    stays = {int(groups.labels[row]): groups.texts[row] for row in staying}
    numbers = groups.labels[gone].tolist()
    table = frame.iloc[rows[gone]].copy()
    table[_free_name("group", list(frame.columns))] = [number + 1 for number in numbers]
    table[_free_name("duplicate_of", list(frame.columns))] = [stays[number] for number in numbers]
    return table


def hits_table(texts: Sequence[str], queries: Sequence[str], found: Sequence[Sequence[FusedHit]]) -> pd.DataFrame:
    """Return what several queries have found, one row a hit.

    Parameters
    ----------
    texts : sequence of str
        What was searched.
    queries : sequence of str of length n
    found : sequence of length n
        The hits of each, best first.

    Returns
    -------
    DataFrame
        With the columns ``query``, ``rank`` (from 1), ``score`` and ``text``. A query that has found nothing has one
        row without a rank, so that nobody misses it.
    """
    import pandas as pd

    rows: list[tuple[str, int | None, float | None, str | None]] = []
    for query, hits in zip(queries, found, strict=True):
        rows += [(query, rank, hit.score, texts[hit.index]) for rank, hit in enumerate(hits, 1)]
        rows += [] if hits else [(query, None, None, None)]
    return pd.DataFrame(rows, columns=["query", "rank", "score", "text"]).astype({"rank": "Int64"})


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


def _neutral(value: object) -> object:
    return neutralize_formula(value) if isinstance(value, str) else value


def _free_name(name: str, taken: list[str]) -> str:
    numbered = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in numbered if candidate not in taken)
