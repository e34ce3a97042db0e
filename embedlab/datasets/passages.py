"""A corpus whose texts are passages of longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.datasets.corpus import Corpus
from embedlab.errors import InvalidInputError
from embedlab.tables import free_name
from embedlab.texts import TextSummary, texts_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from embedlab.texts import Passages


def passage_corpus(corpus: Corpus, passages: Passages) -> Corpus:
    """Return the passages of a corpus as a corpus: a row for each, with the cells of its document.

    Parameters
    ----------
    corpus : Corpus
        The documents.
    passages : Passages
        Of ``corpus.texts``.

    Returns
    -------
    Corpus
        With further columns, all of texts: those of ``Corpus.places``, and ``passage_text``. A document that was blank
        keeps its row among ``whole``.

    Raises
    ------
    InvalidInputError
        When there are no passages.
    """
    if not passages.texts:
        raise InvalidInputError("There are no passages: no text holds anything to read.")
    rows = corpus.summary.kept[passages.document]
    blank = np.setdiff1d(np.arange(len(corpus.whole)), rows)
    every = np.concatenate([rows, blank])
    order = np.argsort(every, kind="stable")
    kept = np.flatnonzero(order < len(rows))
    whole = corpus.whole.iloc[every[order]].reset_index(drop=True)
    columns: dict[str, Iterable[object]] = {**passages.places(corpus.table_rows + 1), "passage_text": passages.texts}
    text_column = ""
    for name, values in columns.items():
        cells = np.full(len(whole), "", dtype=object)
        cells[kept] = np.array([str(value) for value in values], dtype=object)
        text_column = free_name(name, list(whole.columns))
        whole[text_column] = cells
    summary = TextSummary(len(whole), kept, len(passages.texts) - len(set(passages.texts)))
    return Corpus(
        passages.texts,
        whole if len(kept) == len(whole) else whole.iloc[kept],
        summary,
        texts_digest([*passages.texts, passages.digest]),
        text_column,
        whole,
        corpus.meanings.of(whole),
        tuple(whole.columns[len(corpus.whole.columns) :]),
        corpus,
        passages,
    )
