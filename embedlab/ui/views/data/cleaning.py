"""What could be taken out of the texts: found, shown before and after, and left to the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.cleaning import CLEANING_STEPS, CleaningPreview
from embedlab.ui.choices import address
from embedlab.ui.parts import plain_errors
from embedlab.ui.tasks import table_tasks, waiting

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

HOW = (
    "Nothing changes unless you turn it on. The file and its columns stay as they are; every download has the texts as "
    "they were embedded in a column of their own."
)
NOTHING = "Nothing was found that a step would take out."


def offer(selection: Selection) -> None:
    """Say which steps would change how many texts, show some, and let the person turn each on."""
    preparation = selection.preparation
    if preparation is None:
        return
    with plain_errors():
        _show(selection, waiting.await_task(table_tasks.preview_steps(selection.dataset, preparation.columns)))


def _show(selection: Selection, found: list[CleaningPreview]) -> None:
    previews = {each.step: each for each in found}
    shown = [name for name in CLEANING_STEPS if name in previews or name in selection.cleaning]
    with st.expander(f"Cleaning: {_said(len(found), len(selection.cleaning))}", icon=":material/cleaning_services:"):
        st.caption(HOW if shown else NOTHING)
        for name in shown:
            _offer_step(selection, name, previews.get(name))


def _said(n_found: int, n_on: int) -> str:
    steps = "1 step would change something" if n_found == 1 else f"{n_found} steps would change something"
    return f"{steps if n_found else 'nothing found'}{f', {n_on} on' if n_on else ''}"


def _offer_step(selection: Selection, name: str, preview: CleaningPreview | None) -> None:
    step, cleaning = CLEANING_STEPS[name], selection.cleaning
    key = f"clean-{name}:{selection.dataset.id}"
    # What decides is the address; the switch follows it.
    st.session_state[key] = name in cleaning
    others = [each for each in cleaning if each != name]
    wanted = others if name in cleaning else [*others, name]
    st.toggle(step.title, key=key, help=step.help, on_change=address.bring_several, args=("clean", wanted))
    if preview is None:
        st.caption("Changes nothing here.")
        return
    sampled = preview.n_looked_at < len(selection.dataset.table.frame)
    among = f"{preview.n_looked_at:,} texts" + (" drawn at random" if sampled else "")
    blank = f"; {preview.n_blank:,} of them would be blank, and set aside" if preview.n_blank else ""
    st.caption(f"Changes {preview.n_changed:,} of {among}{blank}.")
    st.dataframe(
        [{"As it stands": before, "Cleaned": after} for before, after in preview.examples],
        hide_index=True,
        alt="Some texts before and after this step",
        key=f"cleaned-{name}",
    )
