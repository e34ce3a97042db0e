"""A curve in words and as a table to take along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES
from embedlab.dimensions.curve import KEPT

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.dimensions.curve import Curve, Point


def curve_verdict(curve: Curve) -> str:
    """Return which vectors are small enough, in plain sentences.

    Names of compressions hold no sign that Markdown reads.
    """
    full, best = curve.full, curve.smallest
    if full is None:
        return _kept(curve)
    others = len(curve.points) - 1
    if not others:
        return "Add a compression to hold against the full vectors."
    yours = f"your {curve.figure(full).n_rows:,} {curve.comparison.gold.unit}"
    if best is full:
        if all(not math.isfinite(point.behind.low) for point in curve.points if point.behind):
            return f"With {yours} there are too few rows to say what smaller vectors cost."
        return (
            f"None of the {others} smaller vectors is as good as the full ones: with {yours}, each costs more than "
            "chance explains."
        )
    assert best is not None
    assert best.behind is not None
    title, value = MEASURES[curve.name].title, curve.figure(best).value
    most = 100 * max(0.0, -best.behind.low)
    return (
        f"**{best.title}**: the smallest that cannot be told from the full vectors. {_price(best, full)} "
        f"{title} is {value:.3f} against {curve.figure(full).value:.3f}; with {yours} they cost {most:.1f} points at "
        f"most (95 %, for all {others} at once)."
    )


def _kept(curve: Curve) -> str:
    """Say what keeps most neighbours, where nothing else is known."""
    best = curve.smallest
    if best is None:
        return f"None of these vectors keeps {KEPT:.0%} of the ten nearest texts of the full ones."
    return (
        f"**{best.title}**: the smallest that keeps {KEPT:.0%} of the ten nearest texts of the full vectors; it keeps "
        f"{curve.figure(best).value:.1%}, with {best.n_bytes:,} bytes a vector. Nothing is known about these texts, so "
        "nobody can say whether what it lost was right."
    )


def _price(best: Point, full: Point) -> str:
    beside = best.result.candidate.compression.rescoring_bytes(full.result.cost.dimension)
    kept = ", beside the full ones, which a query seldom reads" if beside else ""
    return f"{best.n_bytes:,} bytes instead of {full.n_bytes:,}, one in {full.n_bytes / best.n_bytes:.0f}{kept}."


def curve_table(curve: Curve) -> pd.DataFrame:
    """Return a row for each size of vectors, the smallest first.

    Parameters
    ----------
    curve : Curve

    Returns
    -------
    DataFrame
        ``"told apart"`` says whether the figure differs from that of the full vectors by more than chance.
    """
    import pandas as pd

    rows = []
    for point in curve.points:
        result, figure, cost = point.result, curve.figure(point), point.result.cost
        low, high = figure.interval or (None, None)
        beside = result.candidate.compression.rescoring_bytes(cost.dimension)
        rows.append(
            {
                "vectors": point.title,
                MEASURES[curve.name].title: figure.value,
                "low": low,
                "high": high,
                "to the full": point.behind.value if point.behind else None,
                "told apart": _told_apart(point),
                "bytes": point.n_bytes,
                "bytes beside": beside or None,
                "GB a million": point.n_bytes / 1e3,
                "GB 100 million": point.n_bytes / 10,
                "smallest": point is curve.smallest,
                "not beaten": point in curve.front,
            }
        )
    return pd.DataFrame(rows)


def _told_apart(point: Point) -> str | None:
    if point.behind is None:
        return None
    if not math.isfinite(point.behind.low):
        return "too few to say"
    return "yes" if point.behind.is_clear else "no"
