"""A curve in words and as a table to take along."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES
from embedlab.dimensions.curve import KEPT

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.comparison import Result
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
    kept = ", beside the full ones, of which a query reads few" if best.result.cost.rescoring_bytes else ""
    return f"{best.n_bytes:,} bytes instead of {full.n_bytes:,}, one in {full.n_bytes / best.n_bytes:.0f}{kept}."


def curve_table(curve: Curve) -> pd.DataFrame:
    """Return a row for each size of vectors, the smallest first.

    Parameters
    ----------
    curve : Curve

    Returns
    -------
    DataFrame
        ``"told apart"`` says whether the figure differs from that of the full vectors by more than chance. Those that
        have no such figure are at the end.
    """
    import pandas as pd

    rows = [
        {
            "vectors": point.title,
            MEASURES[curve.name].title: curve.figure(point).value,
            **dict(zip(("low", "high"), curve.figure(point).interval or (None, None), strict=True)),
            "to the full": point.behind.value if point.behind else None,
            "told apart": point.behind.told_apart if point.behind else None,
            **_price_of(point.result, is_full=point.is_full),
            "smallest": point is curve.smallest,
            "not beaten": point in curve.front,
        }
        for point in curve.points
    ]
    rows += [{"vectors": each.candidate.vectors_title, **_price_of(each, is_full=False)} for each in curve.others]
    return pd.DataFrame(rows).astype({"smallest": "boolean", "not beaten": "boolean", "bytes beside": "Int64"})


def _price_of(result: Result, *, is_full: bool) -> dict[str, object]:
    """Return what vectors keep, and what they take; of those that cost something what a pass over the texts does."""
    cost, kept = result.cost, result.neighbors_kept
    return {
        # Nobody has looked which neighbours the lengths keep that a server was asked for.
        "neighbours kept": kept.value if kept else 1.0 if is_full else None,
        "bytes": cost.bytes_per_vector,
        "bytes beside": cost.rescoring_bytes or None,
        "GB a million": cost.bytes_per_million / 1e9,
        "GB 100 million": cost.bytes_per_million / 1e7,
        "ms a query": 1000 * cost.query_seconds,
        **({"$ a million texts": cost.dollars_per_million_texts} if cost.dollars_per_million_texts else {}),
    }
