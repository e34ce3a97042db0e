"""Retrieve: what a language model would be given to answer a question from, and how good the way there is."""

import streamlit as st

from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.parts import is_started, plain_errors
from embedlab.ui.retrieval import Side, tasks
from embedlab.ui.views.compare import known
from embedlab.ui.views.retrieve import answering, choosing, clicks, judging, pairs, showing

PROMPT, FIGURES, PAIRS = "Prompt", "Figures", "What pairs cost"


def show(selection: Selection) -> None:
    view = address.switch("view", "View", [PROMPT, FIGURES, PAIRS], label_visibility="collapsed")
    if view == PAIRS:
        pairs.show(selection)
        return
    question = choosing.type_question() if view == PROMPT else ""
    context = choosing.choose_context()
    sides = choosing.choose_sides(selection, context)
    if view == FIGURES:
        show_figures(selection, sides, context)
    elif question.strip():
        show_prompts(sides, question, context)
        clicks.offer_file(selection)
    else:
        st.info("Type a question to see what a language model would be given.", icon=":material/manage_search:")
        clicks.offer_file(selection)


def show_prompts(sides: list[Side], question: str, context: choosing.Context) -> None:
    found = []
    columns = st.columns(len(sides))
    for side, column in zip(sides, columns, strict=True):
        with column, plain_errors():
            prompt = tasks.prompt(side, question, context.counter)
            found.append((side, prompt))
            showing.show(side, prompt)
    if len(found) == len(sides):
        answering.offer(found)


def show_figures(selection: Selection, sides: list[Side], context: choosing.Context) -> None:
    gold, needed = None, None
    if judging.choose_source(selection) == judging.TABLE:
        gold, _ = known.choose(selection.of_documents)
    else:
        gold, needed = judging.known_by_clicks(selection)
    if gold is not None and is_started("Retrieve", "Judge", ":material/rule:"):
        judging.show(gold, needed, sides, context.counter)


run_page("Retrieve", show)
