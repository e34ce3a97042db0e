"""The answer of a language model, with its citations marked: off until a person names one and agrees."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.chat import ChatEndpoint
from embedlab.escape import escape_markdown
from embedlab.hosted import Offer, hosted_policy
from embedlab.retrieval import Answer, answer_offer, request_of
from embedlab.ui.consent import choose_endpoint, say_place, within
from embedlab.ui.parts import plain_errors
from embedlab.ui.retrieval import tasks
from embedlab.ui.tasks import waiting

if TYPE_CHECKING:
    from embedlab.retrieval import Prompt
    from embedlab.ui.retrieval import Side

SETTING, AGREED = "EMBEDLAB_ANSWERS_BY", "agreed-answer"
HOW = (
    "A language model can answer from these passages. Name a server of OpenAI's chat protocol, Ollama on this machine "
    "for example. It gets the prompt, word for word, and nothing before you have seen what."
)


def offer(found: Sequence[tuple[Side, Prompt]]) -> None:
    """Offer to have a question answered; nothing of it is shown where texts may be sent nowhere."""
    if not hosted_policy().is_on or not any(prompt.placed for _, prompt in found):
        return
    with st.expander("The answer", icon=":material/forum:", expanded=bool(os.environ.get(SETTING))), plain_errors():
        endpoint = choose_endpoint(SETTING, "answers-by", HOW)
        if endpoint is None:
            return
        for (side, prompt), column in zip(found, st.columns(len(found)), strict=True):
            with column, plain_errors():
                _answer(endpoint, side, prompt)
        st.caption("Whether a passage holds what an answer says is for you to say, at the passage.")


def _answer(endpoint: ChatEndpoint, side: Side, prompt: Prompt) -> None:
    """Show the answer where the person has agreed to this very request; ask her where she has not."""
    task = tasks.answering(endpoint, prompt)
    key, agreed = st.session_state.get(f"{AGREED}-{side.name}", (None, None))
    if key != task.key or agreed is None:
        _ask(endpoint, side, prompt, task.key)
        return
    _show(waiting.await_task(within(task, [agreed])), prompt)


def _ask(endpoint: ChatEndpoint, side: Side, prompt: Prompt, key: object) -> None:
    """Show exactly what would be sent, and send it when the person agrees."""
    offered = answer_offer(endpoint, prompt)
    host = escape_markdown(offered.host)
    place = say_place(offered)
    if offered.n_sent:
        label = f"Send the prompt to {host}"
        st.markdown(
            f":material/outbound: **Nothing has been sent yet.** The question and {len(prompt.placed):,} passages, "
            f"{offered.n_characters:,} characters, would go to **{host}**. {place}"
        )
    else:
        label = "Show the answer there is"
        st.markdown("This was answered before, so nothing is sent again.")
    with st.popover("Exactly what goes", icon=":material/data_object:"):
        body = json.dumps(request_of(endpoint, prompt), ensure_ascii=False, indent=2)
        st.code(body, language="json", height=260, wrap_lines=True)
    st.button(
        label,
        key=f"send-answer-{side.name}",
        type="primary",
        icon=":material/send:",
        on_click=_agree,
        args=(side.name, key, offered),
    )


def _agree(name: str, key: object, offered: Offer) -> None:
    st.session_state[f"{AGREED}-{name}"] = key, offered


def _show(answer: Answer, prompt: Prompt) -> None:
    """Show an answer, its citations marked; numbers that are those of no passage in red."""
    known = set(answer.cited)
    said = "".join(
        escape_markdown(words)
        + "".join(f" :{'blue' if number in known else 'red'}-badge[{number}]" for number in numbers)
        for words, numbers in answer.parts
    )
    st.markdown(said)
    st.caption(
        f"Written by {escape_markdown(answer.model)}. A language model may be wrong, and may cite what says otherwise."
    )
    if answer.unknown:
        numbers = ", ".join(map(str, answer.unknown))
        st.warning(f"Cited and not in the prompt: {numbers}. The model has made that up.", icon=":material/link_off:")
    uncited = [each.number for each in prompt.placed if each.number not in known]
    if not known:
        st.warning("It cites no passage, so nothing says where it is from.", icon=":material/link_off:")
    elif uncited:
        st.caption(f"Not cited: {', '.join(map(str, uncited))}.")
