"""A threshold chosen by what it may cost: false matches, what is missed, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.intervals import CONFIDENCE
from embedlab.thresholds.cosines import (
    FEWEST_PAIRS,
    FEWEST_UNITS,
    THRESHOLDS,
    FoundAt,
    KnownCosines,
    check_share,
    f1_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

CRITERIA = {
    "false_matches": "the lowest threshold that no more than a share of the pairs that do not belong together reach",
    "f1": "the threshold with the highest F1, the harmonic mean of precision and recall",
    "cost": "the threshold with the lowest cost of what is missed and of what is matched wrongly",
}
"""What a threshold can be chosen by."""

_TINY = 1e-12


@dataclass(frozen=True)
class Threshold:
    """A chosen threshold. Made by :func:`choose_threshold`.

    Parameters
    ----------
    value : float
        Lowest cosine of a pair that counts as belonging together.
    interval : (float, float) or None
        Where the same choice would lie with other texts of the same kind; docs/figures.md has how often it holds that.
        None where there are fewer than ten texts or groups, or
        fewer than ten false matches at the threshold (missed pairs, too, unless it is chosen by ``"false_matches"``):
        single pairs decide there.
    by : str
        A key of ``CRITERIA``.
    found : FoundAt
        What it would have found.
    """

    value: float
    interval: tuple[float, float] | None
    by: str
    found: FoundAt


def choose_threshold(
    cosines: KnownCosines,
    by: str = "false_matches",
    *,
    max_rate: float = 0.01,
    miss_cost: float = 1.0,
    false_match_cost: float = 1.0,
    share: float | None = None,
) -> Threshold:
    """Choose from which cosine on two texts count as belonging together.

    Parameters
    ----------
    cosines : KnownCosines
        What :func:`known_cosines` has counted.
    by : {"false_matches", "f1", "cost"}, default="false_matches"
        A key of ``CRITERIA``.
    max_rate : float, default=0.01
        For ``"false_matches"``: share of the pairs that do not belong together that may reach it, above 0 and below 1.
    miss_cost, false_match_cost : float, default=1
        For ``"cost"``: what a pair costs that belongs together and is missed, and one that does not and is matched;
        in any unit, 0 or more.
    share : float, optional
        For ``"f1"`` and ``"cost"``, and for the precision that is found: the share of all pairs that belong together
        where the threshold will be used. That of these pairs when not given, which is right only where they are a fair
        sample of those to come: pairs that were picked by hand are not.

    Returns
    -------
    Threshold

    Raises
    ------
    InvalidInputError
        For an unknown criterion, a number outside of its limits, or where more pairs than allowed have a cosine of 1.

    Notes
    -----
    With recall r, false-match rate f and share s: F1 is ``2 r s / (r s + f (1 - s) + s)``, the expected cost of a pair
    ``miss_cost s (1 - r) + false_match_cost (1 - s) f``. Of several thresholds that are equally good the middle one is
    taken. The choice is made anew in a thousand draws of the texts, or of the groups of them that know of each other: a
    pair comes as often as its two texts were drawn. Drawing pairs instead would make the interval far too narrow, as
    each text stands in many. The interval reaches as far as Student's quantile and the spread of these choices say,
    or as 95 % of them lie from the choice made, whichever is farther.

    References
    ----------
    T. Snijders and S. Borgatti, "Non-parametric standard errors and tests for network statistics", Connections 22,
    1999: draws of what pairs are made of.

    Examples
    --------
    >>> from embedlab.thresholds import known_cosines
    >>> embeddings = [[1.0, 0.0], [0.96, 0.28], [0.0, 1.0], [0.28, 0.96]]
    >>> cosines = known_cosines(embeddings, labels=["a", "a", "b", "b"])  # .96 in a label, at most .54 between them
    >>> chosen = choose_threshold(cosines, by="f1")
    >>> chosen.value, chosen.found.recall.value, chosen.found.false_match_rate.value
    (0.749, 1.0, 0.0)
    """
    from scipy.special import stdtrit

    share = check_share(share, cosines.share)
    _check(by, max_rate, miss_cost, false_match_cost)

    def choose(recall: Floats, rate: Floats) -> NDArray[np.int64]:
        if by == "false_matches":
            # Behind the last threshold where none has so few.
            return np.where((rate <= max_rate).any(axis=1), (rate <= max_rate).argmax(axis=1), rate.shape[1])
        if by == "f1":
            return _middle_of_best(f1_of(recall, rate, share))
        return _middle_of_best(-(miss_cost * share * (1 - recall) + false_match_cost * (1 - share) * rate))

    place = int(choose(cosines.matches.shares[None], cosines.others.shares[None])[0])
    if place == len(THRESHOLDS):
        raise InvalidInputError(
            f"{cosines.others.shares[-1]:.1%} of the pairs that do not belong together have a cosine of 1, more than "
            f"{max_rate:.1%}: no threshold tells them apart. Allow more, or try another model."
        )
    value = float(THRESHOLDS[place])
    interval = None
    if _is_settled(cosines, place, by):
        recall, rate = cosines.matches.draws, cosines.others.draws
        has_both = ~np.isnan(recall[:, 0]) & ~np.isnan(rate[:, 0])
        places = np.minimum(choose(recall[has_both], rate[has_both]), len(THRESHOLDS) - 1)
        n_units = min(cosines.matches.n_units, cosines.others.n_units)
        drawn = THRESHOLDS[places]
        student = float(np.std(drawn)) * float(stdtrit(n_units - 1, (1 + CONFIDENCE) / 2))
        reach = max(student, float(np.quantile(np.abs(drawn - value), CONFIDENCE)))
        interval = max(-1.0, value - reach), min(1.0, value + reach)
    return Threshold(value, interval, by, cosines.at(value, share))


def _is_settled(cosines: KnownCosines, place: int, by: str) -> bool:
    """Return whether the line is where it is for more than the accident of a few pairs or texts."""
    n_near = int(cosines.others.reached[place])
    if by != "false_matches":
        n_near = min(n_near, cosines.matches.n_pairs - int(cosines.matches.reached[place]))
    return n_near >= FEWEST_PAIRS and min(cosines.matches.n_units, cosines.others.n_units) >= FEWEST_UNITS


def _middle_of_best(goodness: Floats) -> NDArray[np.int64]:
    """Return the place of the highest number of each row: of neighbours that are equally high, the middle one."""
    is_best = goodness >= goodness.max(axis=1, keepdims=True) - _TINY
    start = is_best.argmax(axis=1)
    is_behind = ~is_best & (np.arange(goodness.shape[1]) > start[:, None])
    end = np.where(is_behind.any(axis=1), is_behind.argmax(axis=1), goodness.shape[1])
    return (start + end - 1) // 2


def _check(by: str, max_rate: float, miss_cost: float, false_match_cost: float) -> None:
    if by not in CRITERIA:
        raise InvalidInputError(f"by={by!r} is nothing to choose a threshold by. Choose one of: {', '.join(CRITERIA)}.")
    if not 0 < max_rate < 1:
        raise InvalidInputError(f"max_rate={max_rate} is no rate; choose a number between 0 and 1, such as 0.01.")
    costs = miss_cost, false_match_cost
    if not all(np.isfinite(cost) and cost >= 0 for cost in costs) or not any(costs):
        raise InvalidInputError(f"The costs are {costs}; give numbers of 0 or more, one of them above 0.")
