"""Settings judged on questions whose answers are known: by the table, or by what a person has said of passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import MEASURES
from embedlab.escape import escape_markdown
from embedlab.gold import Retrieval
from embedlab.retrieval import RetrievalComparison, gold_of_clicks, retrieval_table
from embedlab.ui.choices import address
from embedlab.ui.parts import downloads
from embedlab.ui.retrieval import document_names, tasks
from embedlab.ui.views.retrieve import clicks

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.gold import Gold
    from embedlab.retrieval import Needed, TokenCounter
    from embedlab.ui.choices import Selection
    from embedlab.ui.retrieval import Side

TABLE, CLICKS = "The table", "Your judgements"
BY_DOCUMENT = (
    "Judged by document: one is found at the rank of its first passage in the prompt, and a further passage of it "
    "takes up a place. So settings that split texts differently are judged by the same thing."
)
BY_PLACE = (
    "Judged by place: a passage finds a judged one where both have half of the shorter in common. Passages nobody has "
    "judged count as not answering, which favours the settings whose passages you have looked at."
)
INTERVAL_HELP = "With other questions of the same kind the figure would lie in here 19 times out of 20."
APART_HELP = "Whether the difference to the best is more than chance, taken on the same questions."
SECONDS_HELP = "To search and rerank for a question, by the clock of this machine; without embedding it."
_NAMED = {
    "low": ("from", "%.3f", INTERVAL_HELP),
    "high": ("to", "%.3f", INTERVAL_HELP),
    "to the best": ("To the best", "%.3f", ""),
    "questions needed": ("Questions needed", "localized", ""),
    "passages searched": ("Passages searched", "localized", ""),
    "passages in the prompt": ("Passages in the prompt", "%.1f", "As a mean."),
    "tokens of the prompt": ("Tokens of the prompt", "localized", "As a mean."),
    "questions with a full context": (
        "Full contexts",
        "localized",
        "Questions for which wanted passages had no place.",
    ),
    "near-duplicates in the prompt": ("Near-duplicates", "%.2f", "In a prompt, as a mean."),
    "pairs not read to the end": ("Not read to the end", "percent", "Of the pairs of the cross-encoder."),
    "ms a question": ("Milliseconds a question", "%.1f", SECONDS_HELP),
}


def choose_source(selection: Selection) -> str:
    """Let the person say what is taken for true."""
    n_said = sum(each.grade > 0 for each in clicks.judged(selection))
    return address.pick(
        "true",
        "What is taken for true",
        [TABLE, CLICKS],
        CLICKS if n_said else TABLE,
        format_func=lambda name: f"{name} ({n_said:,} answers)" if name == CLICKS else name,
        help="Questions with the texts that answer them in the table or in a file, or what you have said of passages.",
    )


def known_by_clicks(selection: Selection) -> tuple[Retrieval, list[list[Needed]]]:
    """Return the questions that were judged on this page, with the places that answer them."""
    documents = selection.of_documents.corpus
    names = document_names(documents)
    gold, needed = gold_of_clicks(clicks.judged(selection), dict(zip(names, documents.texts, strict=True)))
    for remark in gold.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")
    return gold, needed


def show(
    gold: Gold, needed: Sequence[Sequence[Needed]] | None, sides: Sequence[Side], counter: TokenCounter
) -> RetrievalComparison | None:
    """Judge the settings, and show the figures; None where nothing is known of questions."""
    if not isinstance(gold, Retrieval):
        st.info(
            "A setting is judged on questions whose answers are known, and this table has none. Choose columns that "
            "hold them, or say of some passages under *Prompt* whether they hold the answer.",
            icon=":material/rule:",
        )
        return None
    found = tasks.judged(gold, needed, [side.way for side in sides], counter)
    name = address.pick(
        "measure",
        "Figure",
        found.measures,
        found.measures[0],
        format_func=lambda key: MEASURES[key].title,
        help=" ".join(f"{MEASURES[key].title}: {MEASURES[key].description}" for key in found.measures),
    )
    st.caption(f"{BY_PLACE if found.by_place else BY_DOCUMENT} {len(gold.queries):,} questions.")
    table = retrieval_table(found, name)
    _verdict(found, name)
    _draw(table)
    with st.container(horizontal=True):
        downloads.offer(downloads.table_files("retrieval", lambda: table), is_primary=False)
    return found


def _verdict(found: RetrievalComparison, name: str) -> None:
    """Say in a sentence whether one setting is better than the other."""
    behind = found.to_best(name)
    if not behind:
        return
    best = found.ranked(name)[0].way
    (apart,) = behind.values()
    said = f"**{escape_markdown(best.title)}** has the higher {MEASURES[name].title}, by {-apart.value:.3f}"
    if apart.told_apart == "yes":
        st.success(f"{said}: more than chance on these questions.", icon=":material/trophy:")
    elif apart.value == 0:
        st.info("Both have the same figure on these questions.", icon=":material/balance:")
    else:
        more = f" About {apart.n_needed:,} questions would tell." if apart.n_needed else ""
        st.info(f"{said}, which may be chance: these questions do not tell the two apart.{more}")


def _draw(table: pd.DataFrame) -> None:
    number = st.column_config.NumberColumn
    st.dataframe(
        table.drop(columns="key"),
        hide_index=True,
        placeholder="",
        column_config={
            "way": st.column_config.TextColumn("Setting", pinned=True, width="medium"),
            **{MEASURES[each].title: number(format="%.3f", help=MEASURES[each].description) for each in MEASURES},
            "told apart": st.column_config.TextColumn("Told apart", help=APART_HELP),
            **{key: number(title, format=form, help=said or None) for key, (title, form, said) in _NAMED.items()},
        },
        alt="Figures of the settings, the best first",
    )
