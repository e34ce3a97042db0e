"""The frame around every page: title, menu, the choices that follow a person, and errors in plain words.

Streamlit runs a file in ``pages/`` without ``app.py`` when its address is opened first, so no page relies on
``app.py``: each one ends with :func:`run_page`, which draws the whole frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.checks import say_not_trained
from embedlab.datasets import Dataset
from embedlab.errors import EmbedLabError
from embedlab.escape import escape_markdown
from embedlab.folders import app_folder
from embedlab.hosted import is_hosted, read_name
from embedlab.models import BASELINES, DEFAULT_MODEL, OWN_VECTORS, ModelCard, catalog, is_baseline, is_ready
from embedlab.pooling import POOLING_MODES, pooling_title
from embedlab.samples import SAMPLES
from embedlab.ui.choices import Selection, address, own_vectors
from embedlab.ui.frame import columns, filters, long_texts, selecting
from embedlab.ui.frame.menu import PAGES, show_menu
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import departures, sharing, signin
from embedlab.ui.tasks import model_tasks, services, waiting

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from embedlab.models.kept import KeptModel

# Without a transformer there are no token vectors to choose among.
BASELINE_POOLING = "mean"
DEFAULT_SAMPLE = "support_messages"


def choose() -> tuple[Selection, DeltaGenerator]:
    """Draw the choices that follow the person; return them, and the place to say which texts are cut."""
    st.subheader("Texts")
    dataset = _choose_dataset()
    preparation = columns.choose_texts(dataset)
    label_column = columns.choose_labels(dataset, preparation)
    splitting, cut = st.container(), st.empty()
    st.subheader("Model")
    model, pooling_mode = _choose_model(dataset)
    beside_model = st.container()
    chosen = Selection(dataset, preparation.columns[0] if preparation else None, label_column, model, pooling_mode)
    if preparation:
        chosen = replace(chosen, further_columns=preparation.columns[1:], cleaning=preparation.cleaning)
    try:
        with splitting:
            chosen = long_texts.choose(chosen)
            corpus = chosen.corpus
            long_texts.say_split(corpus)
    except EmbedLabError:
        return chosen, cut  # The page says what is wrong with the column, the model or the passages.
    if said := say_not_trained(corpus.languages, model, sharing.offered_cards().values()):
        beside_model.caption(f":material/warning: {escape_markdown(said)}")
    st.subheader("Selection")
    filter_name, rows = filters.choose(corpus)
    selecting.show(corpus)
    return replace(chosen, filter_name=filter_name, rows=rows), cut


def _choose_model(dataset: Dataset) -> tuple[str, str]:
    # Models the person has brought on the Models page, with the pooling each was trained with.
    own: dict[str, str] = st.session_state.setdefault("own_models", {})
    brought = [OWN_VECTORS] if own_vectors.encoder_of(dataset.id) else []
    asked = [address.brought("model"), st.query_params.get("model")]
    kept, hosted = sharing.kept_here(asked), sharing.usable_hosted(asked)
    model = address.pick(
        "model",
        "Embedding model",
        [*brought, *kept, *own, *sharing.offered_cards(), *hosted, *BASELINES],
        DEFAULT_MODEL,
        help="Turns each text into a list of numbers, its embedding. Texts that mean the same lie close together.",
    )
    card = catalog().get(model)
    if model == OWN_VECTORS:
        st.caption("The vectors you have brought for these texts.")
        return model, BASELINE_POOLING
    if is_baseline(model):
        st.caption(f"{BASELINES[model]}.")
        return model, BASELINE_POOLING
    if is_hosted(model):
        st.caption(_describe_hosted(model))
        return model, BASELINE_POOLING
    trained = card.pooling_mode if card else _pooling_of(model) if model in kept else own[model]
    st.caption(_describe(card) if card else _describe_own(kept.get(model)))
    pooling_mode = address.pick(
        "pooling",
        "Pooling",
        list(dict.fromkeys([*POOLING_MODES, trained])),
        trained,
        scope=model,
        format_func=pooling_title,
        help="How the vectors of the tokens of a text become one vector. The model's own is chosen at first.",
    )
    if pooling_mode != trained:
        st.caption(
            f":material/warning: {escape_markdown(model)} was trained with the pooling **{pooling_title(trained)}**; "
            "this one was not. Compare measures what that costs on your texts."
        )
    return model, pooling_mode


def _describe(card: ModelCard) -> str:
    return (
        f"{card.good_for[:1].upper()}{card.good_for[1:]} · {card.embedding_dimension} dimensions · "
        f"{card.parameters:,.0f} M parameters" + ("" if is_ready(card) else " · not on this machine yet")
    )


def _pooling_of(model: str) -> str:
    """Return the pooling that a kept model was trained with; where it cannot be loaded, the page says why."""
    try:
        return waiting.await_task(model_tasks.load_model(model)).pooling_mode
    except EmbedLabError:
        return BASELINE_POOLING


def _describe_own(kept: KeptModel | None) -> str:
    if kept is None:
        return "A model you have brought."
    return f":material/bookmark: Your own, trained from {escape_markdown(kept.about.base or 'another model')}."


def _describe_hosted(name: str) -> str:
    model = read_name(name)
    where = "on this machine" if model.address.is_loopback else "elsewhere: you are asked before texts are sent"
    price = f" · ${model.card.dollars_per_million:g} a million tokens" if model.card else ""
    return f":material/outbound: Runs at {escape_markdown(model.host)}, {where}{price}"


def _choose_dataset() -> Dataset:
    """Offer the samples, the uploads of this session, and the one a link brought."""
    uploads: list[str] = st.session_state.setdefault("uploads", [])
    linked = address.brought("dataset") or st.query_params.get("dataset")
    if linked and linked not in SAMPLES and linked not in uploads:
        if services.datasets().get(linked) is not None:
            uploads.append(linked)
        else:
            st.warning("The link's dataset is no longer on this server. Load the file again on the Data page.")
    found = {id_: services.datasets().get(id_, departures.visitor()) for id_ in [*uploads, *SAMPLES]}
    present = {id_: dataset for id_, dataset in found.items() if dataset is not None}
    chosen = address.pick(
        "dataset",
        "Dataset",
        list(present),
        DEFAULT_SAMPLE,
        format_func=lambda id_: present[id_].title,
        help="Samples, and the files you have loaded on the Data page.",
    )
    if chosen not in SAMPLES and sharing.policy().is_shared:
        st.caption(f":material/group: {sharing.NOTICE}")
    return present[chosen]


def run_page(title: str, show: Callable[[Selection], None]) -> None:
    """Draw the frame of a page and then its content.

    Parameters
    ----------
    title : str
        Title of an entry of ``PAGES``.
    show : callable
        Draws the content. An ``EmbedLabError`` it raises is shown as a message; anything else is a bug.
    """
    page = next(entry for entry in PAGES if entry.title == title)
    st.set_page_config(
        page_title=f"{title} · EmbedLab" if title != "Home" else "EmbedLab",
        page_icon="/app/static/favicon.png",
        layout="wide",
    )
    static = app_folder() / "static"
    st.logo(str(static / "logo.svg"), size="large", icon_image=str(static / "icon.svg"))
    signin.require()
    sharing.enforce_hosted()
    with st.sidebar:
        menu = st.container()
    if title != "Home":
        st.title(title)
        st.caption(page.description)
    waiting.show_progress_in(st.container())
    with st.sidebar:
        selection, cut = choose()
    with menu:
        show_menu()
    with plain_errors():
        show(selection)
    with cut:
        long_texts.say_cut(selection)
