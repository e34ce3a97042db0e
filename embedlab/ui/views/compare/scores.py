"""What a comparison says: figures with their intervals, and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import MEASURES, comparison_table
from embedlab.escape import escape_markdown
from embedlab.plots import cost_scatter, score_intervals
from embedlab.pooling import pooling_title
from embedlab.ui.tasks import comparing
from embedlab.ui.views.compare.tables import SPEED_HELP, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from embedlab.comparison import Candidate, Comparison, Load, Result
    from embedlab.gold import Gold
    from embedlab.intervals import Difference

NOTHING_KNOWN = (
    "Nothing is known about these texts, so the figures say how candidates differ and how steady they are, not which "
    "is right. Labels for some texts, or scores for some pairs, would tell."
)
NOT_CHOSEN = "A figure of this kind cannot be taken from these texts. Add texts, or say what is known about them."


def compute(gold: Gold, candidates: Sequence[Candidate], reference: Candidate | None) -> tuple[Comparison, Load]:
    """Take all figures, and show them as they come; return them, and what gives the encoder of a candidate."""
    place = st.empty()

    def meanwhile(found: Comparison) -> None:
        with place.container():
            show_so_far(found)

    found = comparing.comparison(gold, candidates, reference, meanwhile)
    place.empty()
    return found, comparing.loader(gold)


def show_so_far(found: Comparison) -> None:
    """Show the figures that are there; what comes first is said when all are."""
    if not found.measures:
        return
    chosen = st.session_state.get(_measure_key(found))
    name = chosen if chosen in found.measures else found.measures[0]
    n_measured = len(found.results)
    speeds = " Speeds are measured last." if any(not result.cost.is_measured for result in found.results) else ""
    st.caption(f":material/hourglass: {n_measured} of {n_measured + found.n_missing} candidates measured.{speeds}")
    show_table(comparison_table(found, name).drop(columns=["to the best", "told apart", "rows needed"]))


def _measure_key(comparison: Comparison) -> str:
    return f"measure:{comparison.gold.kind}"


def choose_measure(comparison: Comparison) -> str | None:
    """Let the person choose the figure that counts."""
    if not comparison.measures:
        st.info(NOT_CHOSEN, icon=":material/rule:")
        return None
    name = st.segmented_control(
        "The figure that counts",
        comparison.measures,
        default=comparison.measures[0],
        required=True,
        key=_measure_key(comparison),
        format_func=lambda measure: MEASURES[measure].title,
    )
    st.caption(MEASURES[name].description + (f" {NOTHING_KNOWN}" if comparison.gold.kind == "texts" else ""))
    return name


def show_scores(comparison: Comparison, name: str) -> None:
    """Show the verdict, the figures with their intervals, and what choices against the training cost."""
    ranked = comparison.ranked(name)
    st.markdown(_verdict(comparison, name))
    st.plotly_chart(
        score_intervals(
            [result.candidate.title for result in ranked],
            [result.figures[name].value for result in ranked],
            [result.figures[name].interval for result in ranked],
            MEASURES[name].title,
            colors=[comparison.results.index(result) for result in ranked],
        ),
        key="scores",
        alt=f"{MEASURES[name].title} of {len(ranked)} candidates with 95 % intervals; the table below has the numbers",
    )
    show_part(comparison)
    costs, smaller = comparison.to_trained(name), comparison.to_full(name)
    for result in comparison.results:
        if result.candidate in costs:
            st.caption(_cost_of_choice(comparison, result, costs[result.candidate], name))
        if result.candidate in smaller:
            st.caption(_cost_of_bytes(result, smaller[result.candidate], name))
    show_table(comparison_table(comparison, name))


def show_part(comparison: Comparison) -> None:
    """Say how many texts were set apart, where some were."""
    apart, gold = len(comparison.gold.apart), comparison.gold
    if apart:
        st.caption(
            f":material/call_split: {apart:,} texts are set apart, to fit smaller vectors to. All candidates are "
            f"judged by the others: {len(gold.corpus):,} texts, {len(gold.groups):,} {gold.unit}."
        )


def _verdict(comparison: Comparison, name: str) -> str:
    best, *others = comparison.ranked(name)
    n, unit = best.figures[name].n_rows, comparison.gold.unit
    kind = f"groups of {unit}" if comparison.gold.ties else f"different {unit}"
    yours = f"{n:,} {kind}" if n < len(comparison.gold.groups) else f"{n:,} {unit}"
    place = "is nearest to the reference" if name == "agreement" else "comes first"
    said = f"**{escape_markdown(best.candidate.title)}** {place}: {_with_interval(best, name)}."
    if not others:
        return said + " Add another candidate to compare it with."
    to_best = comparison.to_best(name)
    level = [result for result in others if not to_best[result.candidate].is_clear]
    if not level:
        return said + f" With your {yours}, that is more than chance against all the others."
    names = ", ".join(escape_markdown(result.candidate.title) for result in level[:4])
    more = f" and {len(level) - 4} more" if len(level) > 4 else ""
    needed = [found for result in level if (found := to_best[result.candidate].n_needed)]
    would_do = (
        f" About {_rounded(min(needed))} {unit} would do for the widest of these differences, "
        f"{_rounded(max(needed))} for the narrowest."
        if len(needed) > 1
        else f" About {_rounded(needed[0])} {unit} would do."
        if needed
        else ""
    )
    return said + f" With your {yours} it cannot be told apart from {names}{more}.{would_do}"


def _cost_of_choice(comparison: Comparison, result: Result, found: Difference, name: str) -> str:
    trained = next(
        other for other in comparison.results if other.as_trained and other.candidate.model == result.candidate.model
    )
    own = pooling_title(trained.candidate.pooling_mode or "mean")
    title = escape_markdown(result.candidate.title)
    return f":material/info: **{title}** is not how the model was trained ({own}). Here {_points(found, name)}"


def _cost_of_bytes(result: Result, found: Difference, name: str) -> str:
    title, remark = escape_markdown(result.candidate.title), escape_markdown(result.remark)
    said = f":material/compress: **{title}** takes {result.cost.bytes_per_vector:,} bytes a text. Against the full "
    return f"{said}vectors {_points(found, name)} {remark}"


def _points(found: Difference, name: str) -> str:
    """Say what a choice costs, in points of the figure."""
    figure = MEASURES[name].title
    if not found.is_clear:
        return f"no difference in {figure} can be told from chance ({100 * found.value:+.1f} points)."
    points, *ends = (100 * abs(each) for each in (found.value, found.low, found.high))
    verb = "costs" if found.value < 0 else "gains"
    return f"it {verb} {points:.1f} points of {figure} (95 %: {min(ends):.1f} to {max(ends):.1f})."


def _with_interval(result: Result, name: str) -> str:
    ends = result.figures[name].interval
    said = f"95 %: {ends[0]:.3f} to {ends[1]:.3f}" if ends else "too few rows for an interval"
    return f"{MEASURES[name].title} {result.figures[name].value:.3f} ({said})"


def _rounded(n: int) -> str:
    """Return a number of rows to two digits: it is an estimate."""
    return f"{int(float(f'{n:.2g}')):,}"


def show_cost(comparison: Comparison, name: str) -> None:
    """Draw the figure against the time it takes."""
    ranked, front = comparison.ranked(name), comparison.pareto_front(name)
    st.plotly_chart(
        cost_scatter(
            [result.candidate.title for result in ranked],
            [result.figures[name].value for result in ranked],
            [result.cost.texts_per_second for result in ranked],
            [ranked.index(result) for result in front],
            MEASURES[name].title,
            colors=[comparison.results.index(result) for result in ranked],
        ),
        key="costs",
        alt="Figure against texts a second; the table below has the numbers",
    )
    names = ", ".join(f"**{escape_markdown(result.candidate.title)}**" for result in front)
    st.caption(f"Nothing is both better and quicker than: {names}. Filled points lie on this line.", help=SPEED_HELP)
    show_table(comparison_table(comparison, name))
