"""Which texts a training has moved: their neighbours, and the labels that are taken for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.classification import Classification, classify
from embedlab.neighbors import nearest_others
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from embedlab.gold import Labelled

_NAMED_NEIGHBORS = 3


def changed_neighbors(before: ArrayLike, after: ArrayLike, texts: Sequence[str], n_neighbors: int = 10) -> pd.DataFrame:
    """Return the texts with how many of their nearest neighbours are still there, those that have lost most first.

    Parameters
    ----------
    before, after : array-like of shape (n, d) and (n, d')
        Embeddings of the same texts.
    texts : sequence of str of length n
    n_neighbors : int, default=10
        As many as there are other texts, where those are fewer.

    Returns
    -------
    DataFrame
        Columns ``row`` (position, from 0), ``text``, ``kept`` (share of the neighbours, from 0 to 1), ``gone`` and
        ``come`` (the nearest of those lost and of those gained, three at most, one a line).

    Raises
    ------
    InvalidInputError
        When the numbers of rows differ, or there are fewer than two texts.

    Examples
    --------
    >>> before = [[1.0, 0.0], [0.9, 0.1], [0.0, 1.0]]
    >>> after = [[1.0, 0.0], [0.0, 1.0], [0.9, 0.1]]
    >>> changed_neighbors(before, after, ["a", "b", "c"], 1)[["text", "kept", "gone", "come"]].values.tolist()
    [['a', 0.0, 'b', 'c'], ['b', 0.0, 'a', 'c'], ['c', 0.0, 'b', 'a']]
    """
    import pandas as pd

    first, second = as_embeddings(before, "before"), as_embeddings(after, "after")
    check_same_length("rows before", len(first), "after", len(second))
    check_same_length("rows", len(first), "texts", len(texts))
    check_integer(len(texts), "the number of texts", 2)
    n_neighbors = min(n_neighbors, len(texts) - 1)
    every = np.arange(len(texts))
    near = [nearest_others(rows, every, n_neighbors).tolist() for rows in (first, second)]
    rows = [
        {
            "row": row,
            "text": text,
            "kept": len(set(old) & set(new)) / n_neighbors,
            "gone": _named(texts, old, new),
            "come": _named(texts, new, old),
        }
        for row, (text, old, new) in enumerate(zip(texts, *near, strict=True))
    ]
    return pd.DataFrame(rows).sort_values("kept", kind="stable", ignore_index=True)


def _named(texts: Sequence[str], those: list[int], but: list[int]) -> str:
    return "\n".join([texts[row] for row in those if row not in but][:_NAMED_NEIGHBORS])


def confusions(before: ArrayLike, after: ArrayLike, gold: Labelled) -> tuple[Classification, Classification]:
    """Return what is learned of the labels from the embeddings before and after, the same rows held out together."""
    first, second = (classify(rows, gold.labels, groups=gold.groups) for rows in (before, after))
    assert isinstance(first, Classification)
    assert isinstance(second, Classification)
    return first, second
