"""Where a candidate is weak: its figure on the rows that share a language, a channel, a length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.comparison.measures import MEASURES
from embedlab.intervals import Difference, Estimate, difference_of_parts
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.comparison.candidates import Candidate
    from embedlab.comparison.results import Comparison

BLANK, OTHER = "(blank)", "(other)"
_MOST_SLICES = 12
_N_RANGES = 4


@dataclass(frozen=True)
class Slice:
    """Rows that share something, such as a language, and the figure of one candidate on them.

    Parameters
    ----------
    name : str
    figure : Estimate
    to_rest : Difference
        The figure of these rows minus that of all others; 95 % hold for all slices together.
    """

    name: str
    figure: Estimate
    to_rest: Difference

    @property
    def is_worse(self) -> str:
        """Whether the slice is worse than the rest, in words: yes, no (it is better), or that it cannot be told."""
        if not self.to_rest.is_clear:
            return "cannot be told"
        return "yes" if self.to_rest.value < 0 else "no, better"


def slices(comparison: Comparison, name: str, candidate: Candidate, values: Sequence[Any]) -> list[Slice]:
    """Return the figure of a candidate for each group of rows that share a value.

    Parameters
    ----------
    comparison : Comparison
    name : str
        A key of ``MEASURES``.
    candidate : Candidate
        As it stands in the results.
    values : sequence of length n
        What each row of the figure (pair, question or text) belongs to; see :func:`slice_names`.

    Returns
    -------
    list of Slice
        The worst first; a slice on which the figure is not defined is left out.

    Raises
    ------
    InvalidInputError
        When there is not one value for each row.
    """
    figure = comparison.figure(name, candidate)
    check_same_length("values", len(values), comparison.gold.unit, len(figure.groups))
    names = np.array(slice_names(values), dtype=object)
    kinds = list(dict.fromkeys(names.tolist()))
    parts = {kind: figure.within(names == kind) for kind in kinds}
    found = [
        Slice(kind, part, difference_of_parts(part, figure.within(names != kind), len(kinds)))
        for kind, part in parts.items()
        if np.isfinite(part.value)
    ]
    return sorted(found, key=lambda each: each.figure.value)


def slice_table(found: Sequence[Slice], name: str) -> pd.DataFrame:
    """Return slices as a table: name, rows, the figure with its interval, the difference to the rest, the verdict."""
    import pandas as pd

    rows = []
    for each in found:
        low, high = each.figure.interval or (None, None)
        figures = {MEASURES[name].title: each.figure.value, "low": low, "high": high}
        verdict = {"to the rest": each.to_rest.value, "worse than the rest": each.is_worse}
        rows.append({"slice": each.name, "rows": each.figure.n_rows, **figures, **verdict})
    return pd.DataFrame(rows)


def slice_names(values: Sequence[Any]) -> list[str]:
    """Return the name of the slice each row lies in.

    Words stand for themselves, the rare ones of many together; numbers of many values lie in four ranges of about as
    many rows each.

    Examples
    --------
    >>> slice_names(["de", "en", None, "de"])
    ['de', 'en', '(blank)', 'de']
    >>> slice_names(range(16))[::5]
    ['0 to 3', '4 to 7', '8 to 11', '12 to 15']
    """
    import pandas as pd

    cells = ["" if pd.isna(value) else str(value).strip() for value in values]
    filled = [cell for cell in cells if cell]
    numbers = pd.to_numeric(pd.Series(filled, dtype=object), errors="coerce")
    names = filled
    if numbers.notna().all() and numbers.nunique() > _MOST_SLICES:
        names = _ranges(numbers)
    elif len(set(filled)) > _MOST_SLICES:
        kept = {name for name, _ in Counter(filled).most_common(_MOST_SLICES - 1)}
        names = [name if name in kept else OTHER for name in filled]
    named = iter(names)
    return [next(named) if cell else BLANK for cell in cells]


def _ranges(numbers: pd.Series) -> list[str]:
    """Return the range each number lies in, named by the least and the largest number in it."""
    import pandas as pd

    codes = pd.qcut(numbers, _N_RANGES, labels=False, duplicates="drop")
    ends = numbers.groupby(codes).agg(["min", "max"])
    named = {code: f"{low:g} to {high:g}" for code, low, high in ends.itertuples()}
    return [named[code] for code in codes]
