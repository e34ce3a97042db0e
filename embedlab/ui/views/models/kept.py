"""Models that were trained and kept here: what is known of each, taking it away, and letting it go."""

from __future__ import annotations

import tempfile
import zipfile
from typing import TYPE_CHECKING, BinaryIO, cast

import pandas as pd
import streamlit as st

from embedlab.escape import escape_markdown
from embedlab.store import remove_model
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services
from embedlab.ui.views.models.catalog import size_text

if TYPE_CHECKING:
    from embedlab.models.kept import KeptModel

SOMEBODYS = (
    "This server knows nobody by name: a model belongs to whoever has its link, and goes some time after its last use. "
    "Take it with you as a zip."
)
REMOVE_HELP = "Its files, what was converted from it and its embeddings go for good. Take the zip first to keep it."
ZIP_HELP = "The folder as sentence-transformers reads it; EmbedLab opens it as a folder of this machine."
# From here on the file waits on disk until it is sent.
_IN_MEMORY = 16 << 20


def show(used: str) -> None:
    """Show the kept models that this session may use; nothing where there is none."""
    kept = sharing.kept_here()
    if not kept:
        return
    st.subheader("Your own models", anchor=False)
    if sharing.owner() == sharing.SOMEBODY:
        st.caption(f":material/group: {SOMEBODYS}")
    for model in kept.values():
        with st.container(border=True):
            _show_card(model, model.name == used)


def _show_card(model: KeptModel, is_used: bool) -> None:
    about = model.about
    st.subheader(escape_markdown(model.name), anchor=False)
    if about.verdict:
        st.markdown(escape_markdown(about.verdict))
    facts = {
        f"from {about.base}": about.base,
        about.recipe: about.recipe,
        f"learned from {about.learned_from}": about.learned_from,
        f"judged by {about.held_out}": about.held_out,
        f"trained on {about.trained_on}": about.trained_on,
        size_text(model.nbytes): True,
    }
    st.caption(escape_markdown(" · ".join(fact for fact, is_known in facts.items() if is_known)))
    if about.figures:
        with st.expander("Figures and settings", icon=":material/table:"):
            _show_figures(model)
    with st.container(horizontal=True):
        if is_used:
            st.markdown(":material/check: This is the model in use.")
        else:
            st.button("Use this model", key=f"use:{model.name}", on_click=address.bring, args=("model", model.name))
        _offer_zip(model)
        _offer_removal(model)


def _show_figures(model: KeptModel) -> None:
    figures = model.about.figures
    st.dataframe(
        pd.DataFrame(
            {
                "Figure": list(figures),
                "Before": [before for before, _ in figures.values()],
                "After": [after for _, after in figures.values()],
            }
        ),
        hide_index=True,
        key=f"figures:{model.name}",
        alt=f"The figures before and after the training of {model.name}",
    )
    settings = ", ".join(f"{key}={value}" for key, value in model.about.settings.items() if value is not None)
    st.caption(escape_markdown(settings))


def _offer_zip(model: KeptModel) -> None:
    st.download_button(
        "Download as zip",
        lambda: zip_of(model),
        f"{model.name}.zip",
        "application/zip",
        key=f"zip:{model.name}",
        on_click="ignore",
        icon=":material/folder_zip:",
        help=ZIP_HELP,
    )


def zip_of(model: KeptModel) -> BinaryIO:
    """Return the folder of a model as a zip, open for reading. Weights do not get smaller: nothing is packed."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for part in sorted(model.folder.rglob("*")):
            archive.write(part, arcname=f"{model.name}/{part.relative_to(model.folder).as_posix()}")
    file.seek(0)
    return cast("BinaryIO", file)


def _offer_removal(model: KeptModel) -> None:
    with st.popover("Remove …", icon=":material/delete:", key=f"removing:{model.name}"):
        st.markdown(f"Remove {escape_markdown(model.name)}? {REMOVE_HELP}")
        if st.button("Remove", type="primary", key=f"remove:{model.name}"):
            with plain_errors():
                n_dropped = remove_model(model.name, services.store())
                st.toast(
                    f"{escape_markdown(model.name)} and {n_dropped:,} embeddings removed.", icon=":material/delete:"
                )
                st.rerun()
