"""What a cosine means here: how many pairs that belong together reach it, how many others, and where to draw a line."""

from __future__ import annotations

from math import ceil, isnan
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab.comparison import Candidate
from embedlab.duplicates import FLOORS
from embedlab.escape import escape_markdown
from embedlab.gold import LAYOUTS, Pairs, guess_layout
from embedlab.plots import cosine_curves
from embedlab.thresholds import CRITERIA, KnownCosines, Rate, Threshold, choose_threshold, usual_cut
from embedlab.ui.choices import address
from embedlab.ui.consent import sent_by
from embedlab.ui.tasks import overview_tasks, services, table_tasks, text_tasks, waiting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.ui.choices import Selection

TITLE = "What a cosine means here"
HELP = (
    "Models differ in how large their cosines are: 0.8 is nearly the same for one and unrelated for another. So a "
    "cosine is held against pairs of your own texts: those that belong together, by a label or by pairs you have "
    "brought, and those that do not."
)
NOTHING_KNOWN = (
    "Nothing is known of which texts belong together. Choose a label column in the panel on the left, or load a table "
    "with pairs and a score, or with questions and answers: then a threshold can be chosen, with what it finds and "
    "what it mixes up. Meanwhile these are the cosines of any two texts, and of each text with its nearest."
)
BY_TITLES = {"false_matches": "False matches", "f1": "F1", "cost": "Cost"}
BY_HELP = " ".join(f"{BY_TITLES[by]}: {said}." for by, said in CRITERIA.items())
RATES = ["0.0001", "0.001", "0.01", "0.05", "0.1"]
AS_HERE = "as here"
SHARES = [AS_HERE, "0.5", "0.1", "0.01", "0.001", "0.0001"]
SHARE_HELP = (
    "Of all pairs where the threshold will be used, how many belong together. Precision, F1 and cost depend on it; "
    "recall and false matches do not. Among all pairs of a table it is far smaller than among pairs that were picked."
)
CUT_HELP = "Pairs with this score or a higher one belong together."
SEARCH_HELP = (
    "Hits with a lower cosine are left out. A short query often lies farther from a text than two texts that say the "
    "same; a table of questions and answers gives a threshold that was chosen on such pairs."
)
FEW = "There are too few texts, or pairs near the line, for an interval of it: single ones decide."
SEARCH_FROM, DUPLICATES_STEP = 0.0, 0.005


def show(selection: Selection) -> None:
    """Show what a cosine means, and let the person choose a threshold and take it along."""
    st.subheader(TITLE, help=HELP)
    found = _known(selection)
    if found is None:
        st.info(NOTHING_KNOWN, icon=":material/label_off:")
        _show_unknown(selection)
        return
    cosines, what = found
    _say(cosines, what)
    chosen = _choose(cosines)
    _show_chosen(chosen)
    _hand_on(chosen)
    curves = {"Belong together": cosines.matches.counts, "Do not": cosines.others.counts}
    # The last place is a cosine of exactly 1, which is drawn with those just below it.
    bins = {name: np.append(counts[:-2], counts[-2:].sum()) for name, counts in curves.items()}
    st.plotly_chart(
        cosine_curves(bins, chosen.value, chosen.interval),
        key="cosine_curves",
        alt="Curves of the cosines of pairs that belong together and of others, with the threshold between them",
    )
    sampled = f", taken at random from {cosines.n_texts:,}" if cosines.n_sampled < cosines.n_texts else ""
    copies = f" {cosines.n_copies:,} pairs of copies are left out." if cosines.n_copies else ""
    st.caption(
        f"{cosines.matches.n_pairs:,} pairs belong together and {cosines.others.n_pairs:,} do not, of "
        f"{cosines.n_sampled:,} texts{sampled}.{copies} For the intervals texts are drawn again, not pairs: each "
        "text stands in many."
    )


def _known(selection: Selection) -> tuple[KnownCosines, str] | None:
    """Return the cosines of what is known, and what belongs together in words; None where nothing is known."""
    whole = selection.of_documents
    corpus = whole.corpus
    layout, columns = guess_layout(corpus.whole, corpus.text_column, selection.label_column)
    ways = [LAYOUTS[layout].title] if layout in ("pairs", "queries", "relevant") else []
    ways += ["Labels"] if selection.label_column is not None else []
    if not ways:
        return None
    way = address.switch("known_by", "What is known", ways) if len(ways) > 1 else ways[0]
    if way == "Labels" and selection.label_column is not None:
        task = overview_tasks.know_labels(services.embedded(selection), selection.corpus, selection.label_column)
        return waiting.await_task(task), f"of the same {selection.label_column}"
    named = {"text": corpus.text_column, **columns}
    gold = waiting.await_task(table_tasks.read_known(whole, layout, named, near_duplicates=False))
    cut, what = None, "of a question and its answer"
    if isinstance(gold, Pairs):
        low, high = float(gold.scores.min()), float(gold.scores.max())
        box = st.columns(3)[0]
        cut = box.number_input(
            "Score from which a pair belongs together", low, high, usual_cut(gold), key="cut", bind="query-params",
            help=CUT_HELP,
        )  # fmt: skip
        what = f"with a score of at least {cut:g}"
    candidate, model = Candidate(whole.model, whole.pooling_mode), services.encoder(whole)
    task = overview_tasks.know_gold(gold, candidate, model, services.store(), cut)
    return waiting.await_task(task, sends=sent_by(gold, candidate, model, services.store())), what


def _say(cosines: KnownCosines, what: str) -> None:
    """Let the person choose any cosine, and say what reaches it."""
    box, sentence = st.columns([1, 2], vertical_alignment="center")
    cosine = box.slider("A cosine of", 0.0, 1.0, 0.8, 0.01, key="cosine", bind="query-params")
    at = cosines.at(cosine)
    sentence.markdown(
        f"**{_rate(at.recall)}** of the pairs {escape_markdown(what)} have a cosine of {cosine:.2f} or more, and "
        f"**{_rate(at.false_match_rate)}** of the others."
    )


def _choose(cosines: KnownCosines) -> Threshold:
    """Let the person say what a threshold may cost, and choose it."""
    st.markdown("**Choose a threshold**")
    boxes = st.columns([5, 4, 4, 4], vertical_alignment="bottom")
    with boxes[0]:
        title = address.switch("chosen_by", "By", list(BY_TITLES.values()), help=BY_HELP)
    by = next(name for name, words in BY_TITLES.items() if words == title)
    rate, miss, false_match = 0.01, 1.0, 1.0
    if by == "false_matches":
        with boxes[1]:
            words = "False matches, at most"
            rate = float(address.pick("max_rate", words, RATES, "0.01", format_func=lambda each: f"{float(each):g}"))
    elif by == "cost":
        with boxes[1]:
            miss = float(address.count("miss_cost", "Cost of a missed pair", 1, (0, 1_000_000)))
        with boxes[2]:
            false_match = float(address.count("false_cost", "Cost of a false match", 1, (0, 1_000_000)))
    with boxes[3]:
        share = address.pick("share", "Share that belongs together", SHARES, AS_HERE, help=SHARE_HELP)
    return choose_threshold(
        cosines, by, max_rate=rate, miss_cost=miss, false_match_cost=false_match,
        share=None if share == AS_HERE else float(share),
    )  # fmt: skip


def _show_chosen(chosen: Threshold) -> None:
    """Show a threshold and what it would have found, with their intervals."""
    found = chosen.found
    ends = "too few to say" if chosen.interval is None else f"{chosen.interval[0]:.3f} to {chosen.interval[1]:.3f}"
    shown = {
        "Threshold": (f"{chosen.value:.3f}", ends, "Lowest cosine of two texts that count as belonging together."),
        "Recall": (*_words(found.recall), "Share of the pairs that belong together that reach the threshold."),
        "False matches": (*_words(found.false_match_rate), "Share of the other pairs that reach it."),
        "Precision": (
            *_words(found.precision),
            f"Share that belongs together of what reaches it, where {_percent(found.share)} of all pairs do.",
        ),
    }
    for column, (label, (value, interval, words)) in zip(st.columns(len(shown)), shown.items(), strict=True):
        column.metric(label, value, interval, delta_color="off", delta_arrow="off", border=True, help=words)
    if chosen.interval is None:
        st.caption(FEW)


def _hand_on(chosen: Threshold) -> None:
    """Offer the threshold to the pages that have use for one."""
    up = ceil(round(chosen.value / DUPLICATES_STEP, 6)) * DUPLICATES_STEP
    floor = next((each for each in FLOORS if each <= up), None)
    with st.container(horizontal=True):
        st.page_link(
            "pages/3_Duplicates.py",
            label=f"Find duplicates from {up:.3f} on",
            icon=":material/content_copy:",
            query_params={**address.current(), "threshold": f"{up:.3f}", **({"floor": str(floor)} if floor else {})},
            disabled=floor is None,
        )
        st.page_link(
            "pages/5_Search.py",
            label=f"Search for hits from {chosen.value:.2f} on",
            icon=":material/search:",
            query_params={**address.current(), "lowest": f"{max(SEARCH_FROM, chosen.value):.2f}"},
            help=SEARCH_HELP,
        )
    if floor is None:
        st.caption(f"Duplicates are looked for from a cosine of {FLOORS[-1]} on: this threshold is lower.")


def _show_unknown(selection: Selection) -> None:
    """Draw the cosines of any two texts and those of each with its nearest."""
    embedded = services.embedded(selection)
    curves = {"Any two texts": waiting.await_task(overview_tasks.count_cosines(embedded)).counts}
    neighbors = waiting.await_task(text_tasks.find_neighbors(embedded))
    if neighbors is not None:
        nearest: NDArray[np.float32] = neighbors.similarities[:, 0]
        curves["A text and its nearest"] = np.histogram(nearest, len(curves["Any two texts"]), (-1, 1))[0]
    st.plotly_chart(
        cosine_curves(curves),
        key="cosine_curves",
        alt="Curves of the cosines of any two texts, and of each text with its nearest",
    )


def _words(rate: Rate) -> tuple[str, str]:
    ends = "too few to say" if rate.interval is None else " to ".join(map(_percent, rate.interval))
    return _percent(rate.value), ends


def _rate(rate: Rate) -> str:
    value, ends = _words(rate)
    return f"{value} ({ends})" if rate.interval else value


def _percent(value: float) -> str:
    if isnan(value):
        return "–"
    return f"{value:.1%}" if value >= 0.01 or value == 0 else f"{value:.3%}"
