"""What a model cannot take in of the texts: what lies beyond its limit, and tokens it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.checks.finding import Finding
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, Unread
    from embedlab.gold import Gold

# Texts that are looked at, at most.
_LOOKED_AT = 10_000
_QUOTED = 40


def check_encoders(gold: Gold, encoders: Iterable[Encoder]) -> list[Finding]:
    """Look for texts that models cut, and for texts they cannot read.

    Parameters
    ----------
    gold : Gold
    encoders : iterable of Encoder
        Each is looked at once.

    Returns
    -------
    list of Finding
        Of at most ten thousand of the texts, drawn at random and the same every time.
    """
    found: list[Finding] = []
    at = sample_positions(len(gold.corpus), _LOOKED_AT, random_state=0)
    texts = [gold.corpus[place] for place in at.tolist()]
    numbers = (at if gold.origin is None or len(gold.origin) != len(gold.corpus) else gold.origin[at]) + 1
    for encoder in {encoder.name: encoder for encoder in encoders}.values():
        found += check_unread(encoder, texts, encoder.unread(texts), numbers)
    return found


def check_unread(
    encoder: Encoder, texts: Sequence[str], unread: Unread, numbers: NDArray[np.int64] | None = None
) -> list[Finding]:
    """Say which texts an encoder cuts, and which it cannot read.

    Parameters
    ----------
    encoder : Encoder
    texts : sequence of str of length n
    unread : Unread
        What the encoder says of these texts.
    numbers : int array of shape (n,), optional
        The row of each text, counted from 1; as they come when not given.

    Returns
    -------
    list of Finding
        None, one or two: those cut first.
    """
    numbers = np.arange(len(texts)) + 1 if numbers is None else numbers
    found = [
        _listed(
            np.flatnonzero(unread.is_cut),
            f"{encoder.name} cuts {{n}} of {len(texts):,} texts at {encoder.max_seq_length or 0:,} tokens",
            "What stands behind is not seen by this model. A text that is long is judged by its beginning.",
            texts,
            numbers,
            tokens=unread.n_tokens,
        ),
        _listed(
            np.flatnonzero(unread.is_unreadable),
            f"{encoder.name} cannot read {{n}} of {len(texts):,} texts",
            "At least half of their tokens are unknown to it, or nothing is left of them. Texts in another script, or "
            "of other signs, all look alike to this model.",
            texts,
            numbers,
            unknown=unread.n_unknown,
        ),
    ]
    return [finding for finding in found if finding is not None]


def say_not_compared(unread: Unread) -> str:
    """Say how many texts are copies only of texts with the same unread part; empty where all is read."""
    if not unread.n_differing:
        return ""
    holds = "1 text holds" if unread.n_differing == 1 else f"{unread.n_differing:,} texts hold"
    return f"{holds} something this model does not read. What it did not read decides, too, whether they are copies."


def say_not_told_apart(first: str, second: str) -> str:
    """Say that two texts differ in what a model does not read, so that their cosine says less than it seems to.

    Parameters
    ----------
    first, second : str
        What is not read of each, of the ``parts`` of :meth:`embedlab.encoders.Encoder.unread`.

    Returns
    -------
    str
        Empty where nothing, or the same, is not read of both. What is long, as behind a cut, is counted, not quoted.

    Examples
    --------
    >>> say_not_told_apart("👍", "👎"), say_not_told_apart("", "👎"), say_not_told_apart("👍", "👍")
    ('“👍” and “👎”', '“👎” of the second', '')
    >>> say_not_told_apart("behindthecut" * 99, "👎")
    '1,188 letters of the first, “👎” of the second'
    """
    if first == second:
        return ""
    one, other = (f"“{part}”" if len(part) <= _QUOTED else f"{len(part):,} letters" for part in (first, second))
    if first and second:
        is_long = max(len(first), len(second)) > _QUOTED
        return f"{one} of the first, {other} of the second" if is_long else f"{one} and {other}"
    return f"{one} of the first" if first else f"{other} of the second"


def _listed(
    places: NDArray[np.int64],
    title: str,
    meaning: str,
    texts: Sequence[str],
    numbers: NDArray[np.int64],
    **counts: NDArray[np.int64],
) -> Finding | None:
    import pandas as pd

    if not len(places):
        return None
    columns = {"row": numbers[places], **{name: each[places] for name, each in counts.items()}}
    return Finding(
        title.format(n=f"{len(places):,}"),
        meaning,
        pd.DataFrame(columns | {"text": [texts[place] for place in places.tolist()]}),
    )
