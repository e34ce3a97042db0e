"""Models that run elsewhere: those of the catalog, with what is missing to use them, and servers named by address."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.hosted import HostedCard, hosted_policy, look_up, models_at, parse_address
from embedlab.ui.choices import address
from embedlab.ui.consent import say_spent
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import sharing
from embedlab.ui.views.models import cards

OFF = "Hosted models are switched off here (EMBEDLAB_HOSTED): no text leaves this machine."
HOW = (
    "These run elsewhere, or in a program beside this one. Before the first text of a data set leaves this machine you "
    "are asked, with the number of texts and tokens, the price, and to whom; what was embedded once is kept here and "
    "not sent again."
)
KEYS = (
    "Keys come from the environment the lab is started in, or from `.streamlit/secrets.toml` in the folder it is "
    "started from, and are shown nowhere."
)
ADDRESS_HELP = (
    "Of a server of OpenAI's protocol: Ollama (http://127.0.0.1:11434/v1), vLLM, TEI, llama.cpp, another EmbedLab. It "
    "is asked for the names of its models, and where it does not say how long their embeddings are, for that of the "
    "one word “dimension”."
)
NAMES = "names-at-address"


def show(used: str) -> None:
    """List hosted models, and let the person name a server."""
    st.subheader("Hosted models and model servers", anchor=False)
    if not hosted_policy().is_on:
        st.caption(f":material/cloud_off: {OFF}")
        return
    st.caption(HOW)
    say_spent()
    offered = list(sharing.offered_hosted().values())
    if offered:
        chosen = _choose(offered)
        if chosen is not None:
            _show_card(chosen, used)
    with plain_errors():
        _offer_server()


def _choose(offered: Sequence[HostedCard]) -> HostedCard | None:
    """Show a table of models, and return the card of the selected row."""
    usable = sharing.usable_hosted()
    event = st.dataframe(
        pd.DataFrame(
            {
                "Name": [card.name for card in offered],
                "Here": ["ready" if card.name in usable else f"needs {card.provider.keys[0]}" for card in offered],
                "$ a million tokens": [card.dollars_per_million for card in offered],
                "Good for": [card.good_for for card in offered],
                "Dimension": [card.embedding_dimension for card in offered],
                "Also": [", ".join(map(str, card.dimensions)) or "no other" for card in offered],
                "Tokens": [card.max_seq_length for card in offered],
                "Sent to": [parse_address(card.provider.address).host for card in offered],
                "Languages": [card.languages for card in offered],
            }
        ),
        key="hosted",
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Name": st.column_config.TextColumn(pinned=True),
            "Here": st.column_config.TextColumn(help="Ready, or the key that is missing. " + KEYS),
            "Dimension": st.column_config.NumberColumn(help="Length of an embedding"),
            "Also": st.column_config.TextColumn(help="Shorter lengths it can be asked for, at the same price"),
            "Tokens": st.column_config.NumberColumn(format="localized", help="Longest text it reads"),
            "$ a million tokens": st.column_config.NumberColumn(format="$%.2f"),
        },
        alt="The hosted models EmbedLab knows; select a row to see its card",
    )
    sources = dict.fromkeys(f"{card.price_source}, {card.price_date}" for card in offered)
    st.caption(f"Prices by {escape_markdown('; '.join(sources))}: look at the provider's page before you spend much.")
    rows = event["selection"]["rows"]
    return offered[rows[0]] if rows and rows[0] < len(offered) else None


def _show_card(card: HostedCard, used: str) -> None:
    """Show what is known of a hosted model and the one thing to do: use it, or bring its key."""
    host = parse_address(card.provider.address).host
    with st.container(border=True):
        st.subheader(card.name, anchor=False)
        st.caption(
            f"{card.embedding_dimension:,} dimensions · reads {card.max_seq_length:,} tokens · "
            f"${card.dollars_per_million:g} a million tokens · texts go to {host}"
        )
        name = _choose_length(card)
        if name == used:
            st.markdown(":material/check: This is the model in use.")
        elif card.name in sharing.usable_hosted():
            st.button("Use this model", key="use-hosted", type="primary", on_click=address.bring, args=("model", name))
        else:
            key = card.provider.keys[0]
            st.markdown(f"**{key}** is missing. {KEYS} Start the lab anew with one of:")
            st.code(f"{key}=… embedlab", language="bash")
            st.code(f'{key} = "…"    # .streamlit/secrets.toml', language="toml")


def _choose_length(card: HostedCard) -> str:
    """Let the person choose how long vectors are asked for, and return the model's name with that."""
    if not card.dimensions:
        return card.name
    lengths = [card.embedding_dimension, *card.dimensions]
    chosen = st.segmented_control("Dimensions", lengths, default=lengths[0], required=True, key=f"length-{card.name}")
    return card.name if chosen == lengths[0] else f"{card.name}@{chosen}"


def _offer_server() -> None:
    """Let the person name a server, ask it for its models, and use one."""
    with st.form("server", border=False):
        typed = st.text_input(
            "Address of a model server",
            placeholder="http://127.0.0.1:11434/v1",
            help=ADDRESS_HELP,
            key="server-address",
        )
        is_asked = st.form_submit_button("Ask it", icon=":material/lan:")
    if is_asked:
        st.session_state.pop(NAMES, None)
        place, _, name = typed.strip().partition("#")
        server = parse_address(place)
        if name:
            _use(f"{server}#{name}")
        with st.spinner(f"Asking {escape_markdown(server.origin)} …"):
            st.session_state[NAMES] = str(server), models_at(server)
    server, names = st.session_state.get(NAMES, ("", []))
    if not server:
        return
    if not names:
        st.info(
            "The server names no models. Write the name behind the address, such as "
            f"{escape_markdown(server)}#nomic-embed-text.",
            icon=":material/lan:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(f"Models at {escape_markdown(server)}", names, key="server-model", width=420)
        if st.button("Use this model", key="use-server", type="primary"):
            _use(f"{server}#{name}")


def _use(name: str) -> None:
    """Ask a server once what a model of it is, and let this session choose it."""
    sharing.policy().check_model(name)
    with st.spinner("Asking the server what the model is …"):
        look_up(name)
    cards.adopt(name)
    st.session_state.pop(NAMES, None)
    st.rerun()
