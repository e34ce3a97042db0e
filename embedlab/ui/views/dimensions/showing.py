"""What smaller vectors are worth: the verdict, quality over bytes, and a table."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import MEASURES
from embedlab.dimensions import Curve, curve_table, curve_verdict, quality_curve
from embedlab.escape import escape_markdown
from embedlab.plots import bytes_curve
from embedlab.ui.parts import FIGURE_COLUMNS
from embedlab.ui.tasks import comparing

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.dimensions import Point
    from embedlab.gold import Gold

KINDS = {"dim": "First dimensions", "pca": "PCA", "random": "Random projection"}
TOLD_HELP = (
    "Whether the difference to the full vectors is more than chance, taken on the same rows. Where all vectors are "
    "equally good, a “yes” stands in one table out of twenty at most."
)
PRICE_HELP = (
    "What the model costs that gives them, for texts as long as these. Providers bill tokens, so that a shorter length "
    "saves memory alone."
)


def compute(gold: Gold, candidates: Sequence[Candidate]) -> tuple[Comparison, Load]:
    """Take the figures of all vectors, and show the curve as it grows; the texts are embedded once for all."""
    place, numbers = st.empty(), count()

    def meanwhile(found: Comparison) -> None:
        name = next(iter(found.measures), None)
        if name is None or all(result.candidate != candidates[0] for result in found.results):
            return
        with place.container():
            n_measured = len(found.results)
            st.caption(f":material/hourglass: {n_measured} of {n_measured + found.n_missing} vectors measured.")
            _draw(quality_curve(found, candidates[0], name), f"so-far-{next(numbers)}")

    found = comparing.comparison(gold, candidates, candidates[0], meanwhile)
    place.empty()
    return found, comparing.loader(gold)


def show(curve: Curve) -> None:
    """Show the verdict, the curve and the table of one figure."""
    st.markdown(curve_verdict(curve))
    _draw(curve, "curve")
    st.caption(
        "Filled points lie on the dotted line: none has both fewer bytes and a better figure. The dashed line is the "
        "figure of the full vectors. Bytes are what a query reads of each text; *rescored* vectors have the full ones "
        "beside them, and a figure only where texts are searched."
    )
    if n_apart := len(curve.comparison.gold.apart):
        st.caption(f":material/call_split: {n_apart:,} texts are set apart to fit to; the figures are of the others.")
    # The same is said of each number of dimensions.
    if remark := next((each.remark for each in curve.comparison.results if each.remark), None):
        st.caption(f":material/warning: {escape_markdown(remark)}")
    _show_table(curve_table(curve), curve.name)


def _draw(curve: Curve, key: str) -> None:
    points = curve.points
    st.plotly_chart(
        bytes_curve(
            [point.title for point in points],
            [curve.figure(point).value for point in points],
            [curve.figure(point).interval for point in points],
            [point.n_bytes for point in points],
            [_kind(point) for point in points],
            [points.index(point) for point in curve.front],
            MEASURES[curve.name].title,
            full=curve.figure(curve.full).value if curve.full else None,
        ),
        key=key,
        alt=f"{MEASURES[curve.name].title} of {len(points)} kinds of vectors over their bytes, with 95 % intervals; "
        "the table below has the numbers",
    )


def _kind(point: Point) -> str:
    compression = point.result.candidate.compression
    if compression.is_full and not point.is_full:
        return "Lengths asked for"
    if compression.n_codes:
        return "Product quantisation"
    reduced = KINDS.get(compression.reduction or "")
    if compression.precision == "float32":
        return reduced or "Full vectors"
    return f"{reduced} in fewer bits" if reduced else "Fewer bits"


def _show_table(table: pd.DataFrame, name: str) -> None:
    number, title = st.column_config.NumberColumn, MEASURES[name].title
    st.dataframe(
        table.drop(columns=["smallest", "not beaten"]).round({"neighbours kept": 3}),
        hide_index=True,
        placeholder="",
        column_config={
            **FIGURE_COLUMNS,
            "vectors": st.column_config.TextColumn("Vectors", pinned=True, width="medium"),
            title: number(format="%.3f", help=MEASURES[name].description),
            "to the full": number("To the full", format="%.3f"),
            "told apart": st.column_config.TextColumn("Told apart", help=TOLD_HELP),
            "GB a million": number("GB a million", format="%.3f"),
            "GB 100 million": number("GB 100 million", format="%.1f"),
            "$ a million texts": number("$ a million texts", format="$%.2f", help=PRICE_HELP),
        },
        alt="Figures and prices of all vectors, the smallest first",
    )
