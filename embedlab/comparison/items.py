"""Where two candidates part: what each pair, question or text adds to a figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.comparison.measures import MEASURES
from embedlab.errors import InvalidInputError
from embedlab.gold import Gold, Pairs, Retrieval, labels_in_words

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.comparison.candidates import Candidate
    from embedlab.comparison.results import Comparison

_NAMED_ANSWERS = 3


def item_table(comparison: Comparison, name: str, first: Candidate, second: Candidate) -> pd.DataFrame:
    """Return what each row adds to a figure by two candidates, those on which they part most first.

    Parameters
    ----------
    comparison : Comparison
    name : str
        A key of ``MEASURES``.
    first, second : Candidate
        As they stand in the results.

    Returns
    -------
    DataFrame
        A line for each pair, question or text: its row in the table, counted from 1; what it says; what it adds by the
        one and the other, such as 1 for a hit; and the first minus the second. For a correlation that is how near the
        pair is to its place in the order of the scores, from 0 to 1.

    Raises
    ------
    InvalidInputError
        When the figure is one of all rows together, such as the agreement of clusters, or a candidate has none.
    """
    import pandas as pd

    gold = comparison.gold
    one, other = (_values(comparison, name, candidate) for candidate in (first, second))
    taken = np.flatnonzero(~np.isnan(one - other))
    order = taken[np.argsort(-np.abs(one - other)[taken], kind="stable")]
    rows = np.arange(len(one)) if gold.origin is None else gold.origin
    said = {column: [cells[row] for row in order.tolist()] for column, cells in _said(gold).items()}
    titles = first.title, second.title + (" (second)" if second.title == first.title else "")
    return pd.DataFrame(
        {"row": rows[order] + 1, **said}
        | {titles[0]: one[order], titles[1]: other[order], "difference": (one - other)[order]}
    )


def row_lengths(gold: Gold) -> list[int]:
    """Return the number of letters of each row of a figure: of the text, the question, the first text of a pair."""
    return [len(text) for text in next(iter(_said(gold).values()))]


def _values(comparison: Comparison, name: str, candidate: Candidate) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = comparison.figure(name, candidate).values
    if values is None:
        raise InvalidInputError(
            f"{MEASURES[name].title} is a figure of all {comparison.gold.unit} together; none of them adds a number of "
            "its own. Choose another figure."
        )
    return values


def _said(gold: Gold) -> dict[str, Sequence[Any]]:
    """Return what the rows of a figure say, as columns of a table."""
    if isinstance(gold, Pairs):
        return {"text": gold.texts_a, "second text": gold.texts_b, "score": gold.scores.tolist()}
    if isinstance(gold, Retrieval):
        return {"question": gold.queries, "answers": [_answers(gold, grades) for grades in gold.grades]}
    labels = labels_in_words(gold)
    return {"text": gold.corpus} if labels is None else {"text": gold.corpus, "label": labels}


def _answers(gold: Retrieval, grades: dict[int, float]) -> str:
    best = sorted(grades, key=lambda position: -grades[position])
    more = f" … and {len(best) - _NAMED_ANSWERS:,} more" if len(best) > _NAMED_ANSWERS else ""
    return " · ".join(gold.texts[position] for position in best[:_NAMED_ANSWERS]) + more
