"""What a model cannot take in of the texts: what lies beyond its limit, and tokens it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.checks.finding import Finding
from embedlab.rows import sample_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder
    from embedlab.gold import Gold

# Texts that are looked at, at most.
_LOOKED_AT = 10_000
# Share of unknown tokens from which a text counts as one that is not read.
_UNREAD = 0.5


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
    found = []
    at = sample_positions(len(gold.corpus), _LOOKED_AT, random_state=0)
    texts = [gold.corpus[place] for place in at.tolist()]
    numbers = (at if gold.origin is None or len(gold.origin) != len(gold.corpus) else gold.origin[at]) + 1
    for encoder in {encoder.name: encoder for encoder in encoders}.values():
        n_tokens = encoder.count_tokens(texts)
        found += [_cut(encoder, texts, numbers, n_tokens), _unread(encoder, texts, numbers, n_tokens)]
    return [finding for finding in found if finding is not None]


def _cut(
    encoder: Encoder, texts: Sequence[str], numbers: NDArray[np.int64], n_tokens: NDArray[np.int64]
) -> Finding | None:
    limit = encoder.max_seq_length
    if limit is None:
        return None
    return _listed(
        np.flatnonzero(n_tokens > limit),
        f"{encoder.name} cuts {{n}} of {len(texts):,} texts at {limit:,} tokens",
        "What stands behind is not seen by this model. A text that is long is judged by its beginning.",
        texts,
        numbers,
        tokens=n_tokens,
    )


def _unread(
    encoder: Encoder, texts: Sequence[str], numbers: NDArray[np.int64], n_tokens: NDArray[np.int64]
) -> Finding | None:
    n_unknown = encoder.count_unknown_tokens(texts)
    n_own = n_tokens - encoder.count_tokens([""])  # without those that stand around every text
    share = n_unknown / np.maximum(n_own, 1)
    return _listed(
        np.flatnonzero((share >= _UNREAD) | (n_own <= 0)),
        f"{encoder.name} cannot read {{n}} of {len(texts):,} texts",
        "At least half of their tokens are unknown to it, or nothing is left of them. Texts in another script, or of "
        "other signs, all look alike to this model.",
        texts,
        numbers,
        unknown=n_unknown,
    )


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
