"""What stands below the catalog on the Models page: a card with one thing to do, and models from elsewhere."""

from __future__ import annotations

import streamlit as st

from embedlab.errors import ModelLoadError
from embedlab.escape import escape_markdown
from embedlab.models import HubModel, ModelCard, check_model_folder, find_card, hub, is_ready, model_folders
from embedlab.pooling import POOLING_MODES
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import model_tasks, services, waiting
from embedlab.ui.views.models.catalog import about, size_text

HUB_HELP = "As in the address on huggingface.co. Only safetensors weights are read, and no code is run."
FOLDER_HELP = "A folder on the machine EmbedLab runs on, with config.json or modules.json and safetensors weights."

# What the hub has said of a model, while the person has not agreed to fetching it, and from when she has.
FOUND, AGREED = "found-model", "agreed-model"


def show_card(card: ModelCard, used: str) -> None:
    """Show what is known of a model and the one thing to do: use it, or fetch it."""
    facts = [
        f"{card.embedding_dimension} dimensions",
        f"{card.parameters:,.0f} M parameters",
        f"reads {card.max_seq_length:,} tokens",
        card.languages,
        f"licence {card.license}",
        f"{POOLING_MODES[card.pooling_mode].title} pooling" + ("" if card.sentence_head else ", put on top"),
        f"commit `{card.revision[:12]}`" if card.revision else "newest commit",
    ]
    with st.container(border=True):
        st.subheader(card.name, anchor=False)
        st.markdown(
            f"{card.good_for[:1].upper()}{card.good_for[1:]}. On the hub: [{card.hub_id}]({_page(card.hub_id)})"
        )
        st.caption(" · ".join(facts))
        if card.prompts:
            st.caption(
                "Prompts, set by themselves: "
                + ", ".join(f"{n} “{escape_markdown(text)}”" for n, text in card.prompts.items())
            )
        if card.note:
            st.caption(f":material/info: {card.note}")
        if not is_ready(card):
            with plain_errors():
                _offer_fetching(card)
        elif card.name == used:
            st.markdown(":material/check: This is the model in use.")
        else:
            st.button("Use this model", type="primary", on_click=address.bring, args=("model", card.name))


def show_own(name: str) -> None:
    """Say of a model the catalog does not know that it is in use."""
    with st.container(border=True):
        st.markdown(f":material/check: **{escape_markdown(name)}** is on this machine, and the model in use.")


def _page(hub_id: str) -> str:
    return f"https://huggingface.co/{hub_id}"


def _offer_fetching(card: ModelCard) -> None:
    found: HubModel | None = st.session_state.get(FOUND)
    if found is not None and found.hub_id == card.hub_id:
        _confirm(found)
    elif st.button(f"Fetch {card.name} ({about(card)}) …", type="primary", icon=":material/download:"):
        st.session_state[FOUND] = _look_up(card.hub_id, card.revision)
        st.rerun()


def _confirm(found: HubModel) -> None:
    """Say what would be fetched, and fetch it once the person has agreed."""
    if st.session_state.get(AGREED) == found:
        _fetch(found)
        return
    size = size_text(found.nbytes)
    st.markdown(
        f"Fetch **{size}** from the hub? {escape_markdown(found.hub_id)}, commit {escape_markdown(found.revision)}"
    )
    with st.container(horizontal=True):
        st.button(f"Fetch {size}", type="primary", icon=":material/download:", on_click=_agree)
        st.button("Not now", on_click=_forget)


def _look_up(hub_id: str, revision: str | None) -> HubModel:
    with st.spinner("Asking the Hugging Face hub …"):
        return hub.look_up(hub_id, revision)


def _agree() -> None:
    st.session_state[AGREED] = st.session_state[FOUND]


def _forget() -> None:
    st.session_state.pop(FOUND, None)
    st.session_state.pop(AGREED, None)


def _fetch(found: HubModel) -> None:
    """Fetch a model; stopped, it can be started again, but what has failed is asked for anew."""
    try:
        services.fetch_model(found)
        if find_card(found.hub_id) is None:
            adopt(found.hub_id)
    except ModelLoadError:
        _forget()
        raise
    _forget()
    st.rerun()


def offer_others() -> None:
    """Offer models the catalog does not know: of the hub, and from a folder where one may be named."""
    st.subheader("Another model", anchor=False)
    is_private = not sharing.policy().is_shared
    may_name_folders = is_private or bool(model_folders())
    from_hub, from_folder = st.columns(2) if may_name_folders else (st.container(), None)
    # A form takes no other button, so the work, which may show one to cancel it, is done behind it.
    with from_hub:
        with st.form("hub", border=False):
            hub_id = st.text_input("From the Hugging Face hub", placeholder="organisation/name", help=HUB_HELP)
            is_asked = st.form_submit_button("Look it up", icon=":material/search:")
        if is_asked:
            with plain_errors():
                _take_hub_model(hub_id.strip())
    if from_folder is not None:
        with from_folder:
            with st.form("folder", border=False):
                folder = st.text_input(
                    "From a folder on this machine", placeholder="/data/models/mine", help=FOLDER_HELP
                )
                is_asked = st.form_submit_button("Open it", icon=":material/folder_open:")
            if is_asked:
                with plain_errors():
                    adopt(str(check_model_folder(folder.strip(), is_private=is_private)))
                    st.rerun()
    found: HubModel | None = st.session_state.get(FOUND)
    if found is not None and find_card(found.hub_id) is None:
        with st.container(border=True), plain_errors():
            _confirm(found)


def _take_hub_model(hub_id: str) -> None:
    sharing.policy().check_model(hub.check_hub_id(hub_id))
    card = find_card(hub_id)
    if card is not None:
        st.info(f"{card.name} is in the catalog: select its row above.", icon=":material/table_rows:")
    elif hub.on_disk(hub_id):
        adopt(hub_id)
        st.rerun()
    else:
        st.session_state[FOUND] = _look_up(hub_id, None)


def adopt(name: str) -> None:
    """Load a model once, so that one that does not work is said here, and let this session choose it."""
    st.session_state["own_models"][name] = waiting.await_task(model_tasks.load_model(name)).pooling_mode
    address.bring("model", name)
