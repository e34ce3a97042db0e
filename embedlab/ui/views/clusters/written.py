"""Names and summaries of clusters by a language model: off until a person names one, and agrees to what it is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.chat import ChatEndpoint, ClusterWords, Described, offer_for, request_for
from embedlab.escape import escape_markdown
from embedlab.hosted import Offer, hosted_policy
from embedlab.ui.consent import choose_endpoint, say_place, within
from embedlab.ui.parts import plain_errors
from embedlab.ui.tasks import services, structure_tasks, waiting
from embedlab.ui.views.clusters import curation

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection
    from embedlab.ui.tasks import Found

SETTING, AGREED = "EMBEDLAB_NAMES_BY", "agreed-names"
HOW = (
    "A language model can name each cluster and say in a sentence what it is. Name a server of OpenAI's chat protocol, "
    "Ollama on this machine for example. It gets the words and a few typical texts of each cluster, and nothing before "
    "you have seen what."
)


def offer(selection: Selection, found: Found) -> None:
    """Offer to have clusters named; nothing of it is shown where texts may be sent nowhere."""
    if not hosted_policy().is_on or not found.clustering.n_clusters:
        return
    with st.expander("Names by a language model", icon=":material/edit_note:"), plain_errors():
        endpoint = choose_endpoint(SETTING, "names-by", HOW)
        if endpoint is None:
            return
        embedded, labels = services.embedded(selection), found.clustering.labels
        clusters = waiting.await_task(structure_tasks.cluster_words_of(selection.corpus, embedded, labels))
        task = structure_tasks.write_names(endpoint, clusters)
        key, agreed = st.session_state.get(AGREED, (None, None))
        if key == task.key and agreed is not None:
            _keep(selection, found, waiting.await_task(within(task, [agreed])))
        _ask(endpoint, clusters, task.key)


def _ask(endpoint: ChatEndpoint, clusters: Sequence[ClusterWords], key: object) -> None:
    """Show exactly what would be sent, and send it when the person agrees."""
    offered = offer_for(endpoint, clusters)
    host = escape_markdown(offered.host)
    place = say_place(offered)
    label = f"Send {offered.n_sent:,} texts to {host}"
    if offered.n_sent:
        st.markdown(
            f":material/outbound: **Nothing has been sent yet.** {len(clusters):,} requests with {offered.n_sent:,} "
            f"texts, {offered.n_characters:,} characters, would go to **{host}**. {place}"
        )
    else:
        label = "Take the answers there are"
        st.markdown("All of this was answered before, so nothing is sent again.")
    seen = st.selectbox(
        "Exactly what goes of", clusters, format_func=lambda cluster: cluster.words, key="names-request"
    )
    body = json.dumps(request_for(endpoint, seen), ensure_ascii=False, indent=2)
    st.code(body, language="json", height=260, wrap_lines=True)
    st.button(
        label,
        key="send-names",
        type="primary",
        icon=":material/send:",
        on_click=_agree,
        args=(key, offered),
    )


def _agree(key: object, offered: Offer) -> None:
    st.session_state[AGREED] = key, offered


def _keep(selection: Selection, found: Found, described: dict[int, Described]) -> None:
    """Give the clusters their names, as changes that can be changed again, and draw the page anew."""
    st.session_state.pop(AGREED)
    if failed := [each for each in described.values() if not each.model]:
        st.toast(f"{len(failed)} clusters keep their words. {escape_markdown(failed[0].said)}")
    named = [each.edit(label) for label, each in described.items() if each.model]
    curation.keep(selection, found.choice, (*(edit for edit in found.edits if not edit.by), *named))
    st.rerun()
