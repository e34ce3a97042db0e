"""What of a table of texts goes into a collection: ids that stay the same, and metadata that can be filtered by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.columns import read_scale
from embedlab.errors import InvalidInputError
from embedlab.stores import Records, stable_ids
from embedlab.texts import is_blank
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus

Cell = str | int | float | None

# Numbers that are names: a postal code would lose its zero.
_LEADING_ZERO = re.compile(r"[+-]?0\d")
# Beyond it stores that write numbers as JSON round whole numbers.
_LARGEST = 2**53


@dataclass(frozen=True)
class Outgoing:
    """Rows for a collection.

    Parameters
    ----------
    records : Records
        With embeddings.
    n_left_out : int
        Texts whose embedding is nothing but zeros: they have no cosine with anything, and no store takes them.
    """

    records: Records
    n_left_out: int


def make_rows(
    corpus: Corpus,
    embeddings: NDArray[np.float32],
    *,
    id_column: str | None = None,
    rows: NDArray[np.int64] | None = None,
) -> Outgoing:
    """Return the texts of a table as rows of a collection.

    Parameters
    ----------
    corpus : Corpus of n texts
        The other columns of its table become metadata: numbers where every cell of a column is one, else texts; a
        missing cell is left out. Of passages, their place in the document goes along.
    embeddings : float32 array of shape (n, d)
    id_column : str, optional
        The column whose cells name the rows; the texts name them when not given.
    rows : int64 array, optional
        Positions of the texts that are taken; all when not given. An id does not depend on which others are.

    Raises
    ------
    InvalidInputError
        When there is no such column, or it has a blank cell or one that comes twice.
    """
    check_same_length("texts", len(corpus.texts), "embeddings", len(embeddings))
    if id_column is not None and id_column not in _whole(corpus).columns:
        raise InvalidInputError(f"There is no column {id_column!r} for the ids. Choose another, or none.")
    asked = np.arange(len(corpus.texts)) if rows is None else rows
    taken = asked[embeddings[asked].any(axis=1)]
    places = taken.tolist()
    ids = stable_ids(corpus.texts, None if id_column is None else _keys(corpus, id_column))
    columns = _metadata(corpus, id_column)
    records = Records(
        [ids[place] for place in places],
        [corpus.texts[place] for place in places],
        [{name: cell for name, cells in columns.items() if (cell := cells[place]) is not None} for place in places],
        embeddings[taken],
    )
    return Outgoing(records, len(asked) - len(taken))


def id_columns(corpus: Corpus) -> list[str]:
    """Return the columns that could name the rows: no cell is blank, and none comes twice."""
    frame = (corpus.documents or corpus).frame
    return [name for name in frame.columns if frame[name].is_unique and not any(map(is_blank, frame[name]))]


def _whole(corpus: Corpus) -> pd.DataFrame:
    """Return the table that the texts, or the documents they are passages of, come from."""
    return (corpus.documents or corpus).whole


def _keys(corpus: Corpus, column: str) -> list[str]:
    """Return what names each text: the cell of its row, and of a passage its number behind it."""
    cells = _whole(corpus)[column].to_numpy()[corpus.table_rows].tolist()
    if not corpus.places:
        return cells
    return [f"{cell}#{number}" for cell, number in zip(cells, corpus.places["passage"].tolist(), strict=True)]


def _metadata(corpus: Corpus, id_column: str | None) -> dict[str, Sequence[Cell]]:
    """Return what is kept of each text beside it, by field; None where a cell is missing."""
    documents = corpus.documents or corpus
    # What a column holds is decided by all of its rows, so that a part of them is written as the whole is.
    left_out = {documents.text_column, id_column}
    columns: dict[str, Sequence[Cell]] = {}
    for name in documents.whole.columns:
        if name not in left_out:
            cells = _typed(documents.meanings.labels(name), name)
            columns[name] = [cells[row] for row in corpus.table_rows.tolist()]
    return columns | {name: numbers.tolist() for name, numbers in corpus.places.items()}


def _typed(cells: NDArray[np.object_], name: str) -> list[Cell]:
    """Return the cells of a column as numbers where all of them are, else as they are; None for a missing one."""
    scale = read_scale(cells, name=name, least_different=1)
    texts: list[Cell] = [str(cell) or None for cell in cells]
    if scale is None or scale.kind != "number" or scale.unread or any(map(_LEADING_ZERO.match, map(str, cells))):
        return texts
    numbers = scale.numbers
    read = np.isfinite(numbers)
    if (np.abs(numbers[read]) > _LARGEST).any():
        return texts
    is_whole = bool((numbers[read] == np.round(numbers[read])).all())
    kind = int if is_whole else float
    return [kind(number) if known else None for number, known in zip(numbers.tolist(), read.tolist(), strict=True)]
