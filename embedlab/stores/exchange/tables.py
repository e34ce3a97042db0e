"""A collection as a table: what is in a store, to be looked at like any other texts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.rows import sample_positions
from embedlab.stores import Records
from embedlab.tables import free_name
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.stores import Collection

ID, TEXT = "id", "text"
"""The columns of what every row of a collection has."""
# Rows that are read between two reports.
_A_PART = 1_000


def read_sample(
    collection: Collection, n_rows: int, progress: Callable[[int, int], None] | None = None
) -> tuple[Records, int]:
    """Return rows of a collection with their embeddings, drawn at random, the same every time, and how many it has.

    Parameters
    ----------
    collection : Collection
    n_rows : int
        At most so many; all where there are no more.
    progress : callable, optional
        Called with the rows read, and all that are. What it raises stops the reading.
    """
    ids = collection.ids()
    chosen = [ids[place] for place in sample_positions(len(ids), n_rows, random_state=0).tolist()]
    parts = []
    for start in range(0, len(chosen), _A_PART):
        parts.append(collection.get(chosen[start : start + _A_PART], with_embeddings=True))
        if progress is not None:
            progress(min(start + _A_PART, len(chosen)), len(chosen))
    vectors = [part.embeddings for part in parts if part.embeddings is not None]
    records = Records(
        list(chain.from_iterable(part.ids for part in parts)),
        list(chain.from_iterable(part.documents for part in parts)),
        list(chain.from_iterable(part.metadatas for part in parts)),
        np.concatenate(vectors) if vectors else np.zeros((0, collection.dimension), dtype=np.float32),
    )
    return records, len(ids)


def make_table(records: Records) -> pd.DataFrame:
    """Return rows of a collection as a table of texts, as a file would hold it.

    Returns
    -------
    DataFrame of str
        Columns ``id`` and ``text``, the second only where a row has a text, then a column for each field of the
        metadata, in the order in which they come; blank where a row lacks the field. A field that is called as one
        before it gets a number behind its name.

    Raises
    ------
    InvalidInputError
        When there is no row.

    Examples
    --------
    >>> make_table(Records(["7"], ["late"], [{"stars": 4, "id": "x"}])).to_dict("records")
    [{'id': '7', 'text': 'late', 'stars': '4', 'id_2': 'x'}]
    """
    import pandas as pd

    if not len(records):
        raise InvalidInputError("The collection has no rows, so there is nothing to look at. Write some first.")
    columns: dict[str, list[str]] = {ID: records.ids}
    if not all(map(is_blank, records.documents)):
        columns[TEXT] = records.documents
    fields = dict.fromkeys(name for metadata in records.metadatas for name in metadata)
    for name in fields:
        columns[free_name(name, list(columns))] = [_cell(metadata.get(name)) for metadata in records.metadatas]
    return pd.DataFrame(columns, dtype=object)


def _cell(value: str | int | float | bool | None) -> str:
    """Return a value as a file would have it: whole numbers without a point, truth values in small letters."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if float(value).is_integer() else repr(float(value))
