"""What each step would change in some texts, before anybody takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embedlab.cleaning.steps import CLEANING_STEPS
from embedlab.rows import sample_positions
from embedlab.texts import is_blank

# Looked at, of more texts: enough to see what is in one of a thousand.
_LOOKED_AT = 5_000
_EXAMPLES = 5
_SHOWN, _BEFORE = 300, 60


@dataclass(frozen=True)
class CleaningPreview:
    """What one step would change.

    Parameters
    ----------
    step : str
        A key of ``CLEANING_STEPS``.
    n_changed, n_blank : int
        How many of the texts that were looked at would change, and how many would have nothing left.
    n_looked_at : int
        Fewer than all where there are many.
    examples : tuple of (str, str)
        Some texts before and after, cut around the first place that differs.
    """

    step: str
    n_changed: int
    n_blank: int
    n_looked_at: int
    examples: tuple[tuple[str, str], ...]


def preview_cleaning(
    columns: Sequence[Sequence[str]], progress: Callable[[int, int], None] | None = None
) -> list[CleaningPreview]:
    """Find which steps would change something, each taken alone.

    Parameters
    ----------
    columns : sequence of sequences of str of length n
        The columns that make the texts. Of more than 5,000 rows a sample is looked at, the same every time.
    progress : callable, optional
        Called with the steps that were tried, and all steps.

    Returns
    -------
    list of CleaningPreview
        The steps that would change something, in the order of ``CLEANING_STEPS``.

    Examples
    --------
    >>> found = preview_cleaning([["Fine.", "<p>Good</p>", "See www.example.com"]])
    >>> [(each.step, each.n_changed) for each in found]
    [('html', 1), ('links', 1)]
    """
    rows = sample_positions(len(columns[0]), _LOOKED_AT, random_state=0)
    looked_at = [[column[row] for column in columns] for row in rows.tolist()]
    found = []
    for place, (name, step) in enumerate(CLEANING_STEPS.items()):
        if progress is not None:
            progress(place, len(CLEANING_STEPS))
        n_changed = n_blank = 0
        pairs: dict[tuple[str, str], None] = {}
        for cells in looked_at:
            cleaned = list(map(step.clean, cells))
            if cleaned != cells:
                n_changed += 1
                n_blank += all(map(is_blank, cleaned))
                pairs |= dict.fromkeys((old, new) for old, new in zip(cells, cleaned, strict=True) if old != new)
        if n_changed:
            examples = tuple(_excerpts(*pair) for pair in list(pairs)[:_EXAMPLES])
            found.append(CleaningPreview(name, n_changed, n_blank, len(looked_at), examples))
    return found


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Cut a text and its cleaned form alike, a little before they part."""
    pairs = enumerate(zip(before, after, strict=False))
    place = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = 0 if len(before) <= _SHOWN else max(0, place - _BEFORE)
    return tuple(  # type: ignore[return-value]
        ("…" if start else "") + text[start : start + _SHOWN] + ("…" if len(text) > start + _SHOWN else "")
        for text in (before, after)
    )
