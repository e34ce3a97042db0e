"""Hard negatives: texts that lie near an anchor although they do not belong to it, looked for by exact neighbours.

Most mistakes of a model trained on such triplets come from false ones: a near text that does belong to the anchor and
that nobody has said so of. What is known to belong, what equals it, and what lies as near as the positive is therefore
left out, and the rest is shown as a table before anything is learned from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.examples.ground import Ground
from embedlab.examples.kinds import LabelledTexts, Triplets
from embedlab.neighbors import nearest_neighbors
from embedlab.similarity import paired_cosine_similarity
from embedlab.validation import check_integer, check_random_state

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, Progress

SAMPLING_STRATEGIES = ("top", "random")
"""The nearest that are left, or any of them."""

_RELATIVE_MARGIN = 0.05


@dataclass(frozen=True, eq=False)
class HardNegatives:
    """Triplets whose negatives were mined, and how they lie.

    Parameters
    ----------
    triplets : Triplets
        A row for each negative; an anchor with several comes several times.
    table : DataFrame
        For each row ``anchor``, ``positive``, ``negative``, their cosines ``positive_cosine`` and ``negative_cosine``
        with the anchor, and ``rank``, which place the negative had among all texts, from 1.
    n_without : int
        Different anchors for which no negative was left.
    left_out : dict of str to int
        Near texts that were left out, by the reason.
    """

    triplets: Triplets = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    n_without: int
    left_out: dict[str, int]


def mine_hard_negatives(
    examples: Triplets | LabelledTexts,
    encoder: Encoder,
    *,
    range_min: int = 0,
    range_max: int = 50,
    max_score: float | None = None,
    min_score: float | None = None,
    absolute_margin: float | None = None,
    relative_margin: float | str | None = "auto",
    num_negatives: int = 3,
    sampling_strategy: str = "top",
    random_state: int = 0,
    progress: Progress | None = None,
) -> HardNegatives:
    """Look for negatives of each anchor among the positives of others and the texts that are only searched.

    Parameters
    ----------
    examples : Triplets or LabelledTexts
        Negatives they have are not looked at. Of labels, each text is an anchor, another one of its label the
        positive, and no text of its label a negative.
    encoder : Encoder
        By whose cosines texts are near: most is learned from mistakes of the model that is trained.
    range_min, range_max : int, default=0, 50
        How many of the nearest that are left are passed over, and how many are looked at.
    max_score, min_score : float, optional
        Largest and smallest cosine with the anchor.
    absolute_margin : float, optional
        How much smaller than that of the positive the cosine has to be.
    relative_margin : float, None or "auto", default="auto"
        The same as a share of the positive's cosine. Of several positives the farthest counts. ``"auto"`` is 0.05,
        and None for labels: what has another label does not belong to the anchor, however near it lies.
    num_negatives : int, default=3
        For each anchor, at most.
    sampling_strategy : {"top", "random"}, default="top"
        The nearest that are left, or any of them.
    random_state : int, default=0
        For ``"random"``, and for the positives of labels.
    progress : callable, optional
        As for :meth:`Encoder.encode`.

    Returns
    -------
    HardNegatives

    Raises
    ------
    InvalidInputError
        For an option out of its range, or when no negative is left.

    Notes
    -----
    Names, defaults of the range and order of the steps are those of ``mine_hard_negatives`` of sentence-transformers,
    but for the margin, which it leaves out unless it is given, and for texts that nearly equal the anchor or one of
    its positives (:func:`embedlab.texts.near_copies`), which it would take.
    """
    check_random_state(random_state)
    check_integer(num_negatives, "num_negatives", 1)
    check_integer(range_min, "range_min", 0)
    check_integer(range_max, "range_max", range_min + num_negatives)
    if sampling_strategy not in SAMPLING_STRATEGIES:
        raise InvalidInputError(f"There is no strategy {sampling_strategy!r}. Choose one of: top, random.")
    ground = Ground.of(examples, random_state)
    embedded = encoder.encode_query(ground.anchors), encoder.encode_document(ground.corpus, progress=progress)
    k = min(len(ground.corpus), range_max + ground.n_known)
    near, cosines = nearest_neighbors(embedded[1], k, queries=embedded[0])
    of_positives = paired_cosine_similarity(embedded[0][ground.anchor_of], embedded[1][ground.positive_of])
    farthest = np.full(len(ground.anchors), np.inf)
    np.minimum.at(farthest, ground.anchor_of, of_positives)
    reasons = {
        "it belongs to the anchor, or nearly equals it or its positive": ground.belongs(near),
        "it lies nearer than the margin allows": _too_near(
            cosines, farthest, absolute_margin, _share(relative_margin, examples)
        ),
        "its cosine is above max_score": cosines > (np.inf if max_score is None else max_score),
        "its cosine is below min_score": cosines < (-np.inf if min_score is None else min_score),
    }
    left_out, is_open = {}, np.ones(near.shape, dtype=bool)
    for reason, applies in reasons.items():
        left_out[reason] = int((is_open & applies).sum())
        is_open &= ~applies
    places = is_open.cumsum(axis=1)
    is_open &= (places > range_min) & (places <= range_max)
    rng = np.random.default_rng(random_state)
    chosen = [_chosen(np.flatnonzero(row), num_negatives, sampling_strategy, rng) for row in is_open]
    return _result(ground, near, cosines, of_positives, chosen, left_out)


def _share(relative_margin: float | str | None, examples: Triplets | LabelledTexts) -> float | None:
    if not isinstance(relative_margin, str):
        return relative_margin
    if relative_margin != "auto":
        raise InvalidInputError(f"relative_margin={relative_margin!r} is no share; give a number, None, or 'auto'.")
    return None if isinstance(examples, LabelledTexts) else _RELATIVE_MARGIN


def _too_near(
    cosines: NDArray[np.float32], farthest: NDArray[np.float64], absolute: float | None, relative: float | None
) -> NDArray[np.bool_]:
    """Return which texts lie nearer than a margin below the farthest positive of their anchor allows."""
    above = np.zeros(cosines.shape, dtype=bool)
    if absolute is not None:
        above |= cosines > (farthest - absolute)[:, None]
    if relative is not None:
        above |= cosines > (farthest - relative * np.abs(farthest))[:, None]
    return above


def _chosen(
    places: NDArray[np.int64], num_negatives: int, strategy: str, rng: np.random.Generator
) -> NDArray[np.int64]:
    if strategy == "top" or len(places) <= num_negatives:
        return places[:num_negatives]
    return np.sort(rng.choice(places, num_negatives, replace=False))


def _result(
    ground: Ground,
    near: NDArray[np.int64],
    cosines: NDArray[np.float32],
    of_positives: NDArray[np.float32],
    chosen: list[NDArray[np.int64]],
    left_out: dict[str, int],
) -> HardNegatives:
    import pandas as pd

    found = [(row, place) for row, anchor in enumerate(ground.anchor_of) for place in chosen[anchor].tolist()]
    if not found:
        why = "; ".join(f"{reason} ({n:,})" for reason, n in left_out.items() if n)
        raise InvalidInputError(
            f"No text is left that could be a hard negative. Of near ones, {why or 'there are none'}. Allow a smaller "
            "margin or a larger range, or add texts to search."
        )
    rows = np.array([row for row, _ in found], dtype=np.int64)
    places = np.array([place for _, place in found], dtype=np.int64)
    anchors = ground.anchor_of[rows]
    negatives = tuple(ground.corpus[text] for text in near[anchors, places].tolist())
    triplets = replace(ground.pairs.take(rows), negatives=negatives)
    table = pd.DataFrame(
        {
            "anchor": triplets.anchors,
            "positive": triplets.positives,
            "negative": negatives,
            "positive_cosine": of_positives[rows],
            "negative_cosine": cosines[anchors, places],
            "rank": places + 1,
        }
    )
    return HardNegatives(triplets, table, sum(not len(places) for places in chosen), left_out)
