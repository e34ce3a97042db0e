"""Tables out of the lab: what was found, as further columns of the table it was found in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.classification import MultiClassification
from embedlab.tables import free_name

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.classification import Learned
    from embedlab.duplicates import DuplicateGroups
    from embedlab.search import FusedHit


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
        table[free_name(name, list(table.columns))] = values
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


def classification_table(frame: pd.DataFrame, found: Learned) -> pd.DataFrame:
    """Return the table with the predicted label, its probability, and whether the given label is suspect.

    Where more than copies were held out together, the number of the group of each row is a further column.

    Parameters
    ----------
    frame : DataFrame with n rows
    found : Classification or MultiClassification
        Of these rows.

    Returns
    -------
    DataFrame with n rows
        Of several labels, ``prediction`` and ``probability`` list all of a row, blank where none is predicted, and
        ``missing`` and ``surplus`` are the labels that make it suspect.
    """
    rows = np.arange(len(frame))
    added: dict[str, Any] = {"prediction": found.names(rows)}
    if isinstance(found, MultiClassification):
        added["probability"] = found.listed_probabilities(rows)
        added["missing"], added["surplus"] = found.names_in(found.missing), found.names_in(found.surplus)
    else:
        added["probability"] = found.probabilities.max(axis=1)
    added["suspect"] = found.is_suspect
    if found.is_grouped:
        added["held_together"] = found.together
    return add_columns(frame, added)


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
    added = {"group": [number + 1 for number in numbers], "duplicate_of": [stays[number] for number in numbers]}
    return add_columns(frame.iloc[rows[gone]], added)


def hits_table(
    texts: Sequence[str],
    queries: Sequence[str],
    found: Sequence[Sequence[FusedHit]],
    places: Mapping[str, NDArray[np.int64]] | None = None,
) -> pd.DataFrame:
    """Return what several queries have found, one row a hit.

    Parameters
    ----------
    texts : sequence of str
        What was searched.
    queries : sequence of str of length n
    found : sequence of length n
        The hits of each, best first.
    places : mapping of str to int64 array, optional
        Where each text stands, if the texts are passages: :attr:`embedlab.Corpus.places`.

    Returns
    -------
    DataFrame
        With the columns ``query``, ``rank`` (from 1), ``score`` and ``text``, and those of ``places``. A query that has
        found nothing has one row without a rank, so that nobody misses it.
    """
    import pandas as pd

    columns: list[Any] = [texts, *(places or {}).values()]
    rows: list[tuple[str | int | float | None, ...]] = []
    for query, hits in zip(queries, found, strict=True):
        rows += [(query, rank, hit.score, *(cells[hit.index] for cells in columns)) for rank, hit in enumerate(hits, 1)]
        rows += [] if hits else [(query, None, None, *[None] * len(columns))]
    table = pd.DataFrame(rows, columns=["query", "rank", "score", "text", *(places or {})])
    return table.astype(dict.fromkeys(["rank", *(places or {})], "Int64"))
