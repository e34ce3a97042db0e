"""Why one embeds: what it would take a cross-encoder to compare all texts, with speeds measured on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.reranking import rerankers_on_disk
from embedlab.ui.choices import address
from embedlab.ui.parts import is_started
from embedlab.ui.retrieval import tasks
from embedlab.ui.sessions import sharing

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

_NUMBERS = (100, 1_000, 10_000, 100_000, 1_000_000)
_STEPS = ((365.25 * 86_400, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
STORY = (
    "A cross-encoder reads two texts together, and is the better judge of them. To find the nearest of all texts it "
    "has to read every pair. An embedding is made once for each text, and two of them are compared by a product. The "
    "paper that brought sentence embeddings (Reimers and Gurevych 2019) tells of 10,000 sentences: 65 hours against 5 "
    "seconds. Here it is with the speeds of this machine."
)


def show(selection: Selection) -> None:
    """Measure the speeds, and say what they come to."""
    st.markdown(STORY)
    names = [name for name in rerankers_on_disk() if sharing.policy().allows(name) or name.startswith("/")]
    if not names:
        st.info(
            "No cross-encoder is on this machine, so there is nothing to measure. Fetch one, such as "
            "cross-encoder/ms-marco-MiniLM-L6-v2, or name the folders of yours in EMBEDLAB_MODEL_FOLDERS.",
            icon=":material/download:",
        )
        return
    reranker = address.pick("pairs-by", "Cross-encoder", names, names[0])
    if not is_started("Pairs", "Measure on this machine", ":material/timer:"):
        return
    cost = tasks.pair_cost(selection, reranker)
    numbers = sorted({*_NUMBERS, len(selection.corpus.texts)})
    st.dataframe(
        pd.DataFrame(
            {
                "Texts": numbers,
                "Pairs": [cost.n_pairs(n) for n in numbers],
                "All pairs by the cross-encoder": [in_words(cost.by_cross_encoder(n)) for n in numbers],
                "All pairs by embeddings": [in_words(cost.by_embeddings(n)) for n in numbers],
                "A question: cross-encoder": [in_words(cost.of_a_question(n, 50)[0]) for n in numbers],
                "Embeddings": [in_words(cost.of_a_question(n, 50)[1]) for n in numbers],
                "Embeddings, 50 reranked": [in_words(cost.of_a_question(n, 50)[2]) for n in numbers],
            }
        ),
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="localized") for name in ("Texts", "Pairs")},
        alt="What it takes to compare all texts, and to answer a question, by numbers of texts",
    )
    st.caption(
        f"Measured by the clock on some of these texts: {escape_markdown(cost.reranker)} reads "
        f"{cost.pairs_per_second:,.0f} pairs a second on {cost.device}, {escape_markdown(cost.encoder)} "
        f"{cost.texts_per_second:,.0f} texts, and {cost.products_per_second:,.0f} pairs of embeddings are multiplied. "
        "The rest is computed from that. What else runs on this machine makes all of them slower."
    )


def in_words(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> in_words(234_000), in_words(5), in_words(0.0021), in_words(5e9)
    ('2.7 days', '5 seconds', '2.1 ms', '158 years')
    """
    if seconds < 1:
        return f"{1000 * seconds:.2g} ms"
    size, unit = next((size, unit) for size, unit in _STEPS if seconds >= size)
    number = seconds / size
    said = f"{number:,.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return f"{said} {unit}{'' if said == '1' else 's'}"
