"""The frame around every page: title, menu, the choices that follow a person, and errors in plain words.

Streamlit runs a file in ``pages/`` without ``app.py`` when its address is opened first, so no page relies on
``app.py``: each one ends with :func:`run_page`, which draws the whole frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from embedlab import hub
from embedlab._paths import app_folder
from embedlab.baselines import BASELINES, OWN_VECTORS, is_baseline
from embedlab.catalog import DEFAULT_MODEL, ModelCard, catalog
from embedlab.datasets import Corpus, Dataset
from embedlab.encoders.pooling import POOLING_MODES, pooling_title
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.samples import SAMPLES
from embedlab.ui import address, departures, filters, own_vectors, selecting, services, sharing, signin, waiting
from embedlab.ui.menu import PAGES
from embedlab.ui.messages import plain_errors

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Without a transformer there are no token vectors to choose among.
BASELINE_POOLING = "mean"
DEFAULT_SAMPLE = "support_messages"


@dataclass(frozen=True, eq=False)
class Selection:
    """What the person has chosen in the frame.

    Parameters
    ----------
    dataset : Dataset
    text_column, label_column : str or None
    model, pooling_mode : str
    filter_name : str
        Names the filter on the texts; empty while all are looked at.
    rows : int64 array or None
        Texts that pass the filter; None while all are looked at.
    """

    dataset: Dataset
    text_column: str | None
    label_column: str | None
    model: str
    pooling_mode: str
    filter_name: str = ""
    rows: NDArray[np.int64] | None = None

    @property
    def corpus(self) -> Corpus:
        """The texts that are embedded.

        Raises
        ------
        InvalidInputError
            While no text column is chosen.
        """
        if self.text_column is None:
            raise InvalidInputError(
                f"No column of {self.dataset.title} looks like texts. Choose the text column in the panel on the left, "
                "or load another file on the Data page."
            )
        return services.corpus(self.dataset, self.text_column)

    @property
    def left_out(self) -> NDArray[np.int64] | None:
        """Texts that do not pass the filter; None while all are looked at."""
        return None if self.rows is None else np.setdiff1d(np.arange(len(self.corpus.texts)), self.rows)

    def keep_matching(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some texts that pass the filter, in their order."""
        return rows if self.rows is None else rows[np.isin(rows, self.rows)]


def choose() -> Selection:
    """Draw the choices that follow the person and return them."""
    st.subheader("Texts")
    dataset = _choose_dataset()
    text_column, label_column = _choose_columns(dataset)
    st.subheader("Model")
    model, pooling_mode = _choose_model(dataset)
    chosen = Selection(dataset, text_column, label_column, model, pooling_mode)
    try:
        corpus = chosen.corpus
    except InvalidInputError:
        return chosen  # The page says what is wrong with the column.
    st.subheader("Selection")
    filter_name, rows = filters.choose(corpus, text_column)
    selecting.show(corpus)
    return replace(chosen, filter_name=filter_name, rows=rows)


def _choose_columns(dataset: Dataset) -> tuple[str | None, str | None]:
    columns = list(dataset.table.frame.columns)
    text_column = address.pick(
        "text",
        "Text column",
        columns if dataset.text_column else [address.NONE, *columns],
        dataset.text_column or address.NONE,
        scope=dataset.id,
        format_func=lambda name: "Choose a column" if name == address.NONE else name,
        help="The column whose texts are embedded.",
    )
    others = [column for column in columns if column != text_column]
    label_column = address.pick(
        "label",
        "Label column",
        [address.NONE, *others],
        dataset.label_column if dataset.label_column in others else address.NONE,
        scope=dataset.id,
        format_func=lambda name: "None" if name == address.NONE else name,
        help="Known groups, if there are any, to hold the found clusters against and to learn from.",
    )
    chosen_text, chosen_label = (None if name == address.NONE else name for name in (text_column, label_column))
    return chosen_text, chosen_label


def _choose_model(dataset: Dataset) -> tuple[str, str]:
    # Models the person has brought on the Models page, with the pooling each was trained with.
    own: dict[str, str] = st.session_state.setdefault("own_models", {})
    brought = [OWN_VECTORS] if own_vectors.encoder_of(dataset.id) else []
    model = address.pick(
        "model",
        "Embedding model",
        [*brought, *own, *sharing.offered_cards(), *BASELINES],
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
    trained = card.pooling_mode if card else own[model]
    st.caption(_describe(card) if card else "A model you have brought.")
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
    is_here = card.is_bundled or hub.on_disk(card.hub_id, card.revision)
    return (
        f"{card.good_for[:1].upper()}{card.good_for[1:]} · {card.embedding_dimension} dimensions · "
        f"{card.parameters:,.0f} M parameters" + ("" if is_here else " · not on this machine yet")
    )


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
    with st.sidebar:
        menu = st.container()
        selection = choose()
    with menu:
        for entry in PAGES:
            st.page_link(entry.file, label=entry.title, icon=entry.icon, query_params=address.current())
    if title != "Home":
        st.title(title)
        st.caption(page.description)
    waiting.show_progress_in(st.container())
    with plain_errors():
        show(selection)
