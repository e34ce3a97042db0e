"""The shape of the space: how directions, neighbours and lengths lie, and how foreign the texts are to the model."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from embedlab.geometry import SpaceShape
from embedlab.hosted import is_hosted
from embedlab.models import OWN_VECTORS
from embedlab.ui.frame import selecting
from embedlab.ui.parts import PLACE, rows_of
from embedlab.ui.tasks import overview_tasks, services, waiting

if TYPE_CHECKING:
    from embedlab.ui.choices import Selection

TITLE = "Shape of the space"
HELP = (
    "How the vectors of your texts lie, whatever they mean. None of these figures says by itself that a model is good; "
    "they say why cosines are high, why some texts are found by every search, and whether the model knows the language."
)
MEANINGS = {
    "Mean cosine of two texts": "Anisotropy. Near 0 the vectors point all around; near 1 they all point one way, so "
    "that a high cosine means little.",
    "Effective dimensions": "Over how many dimensions the texts spread (participation ratio). Far fewer than there "
    "are: shorter vectors may do. Few texts look flatter than many.",
    "Hubness": "Skewness of how often a text is among the nearest of another. Above about 1 some texts, the hubs, come "
    "up again and again, whatever is looked for.",
    "Neighbours of nobody": "Texts that are among the nearest of none: who goes from text to text does not meet them.",
    "Uniformity": "How evenly the texts lie on the sphere: about -4 when evenly, 0 when all in one point. Lower keeps "
    "more apart.",
    "Alignment": "Mean squared distance of two texts of one label. Lower holds together what belongs together; see it "
    "beside uniformity, since one point for all would have 0.",
    "Length of a vector": "Before it is scaled to 1. Where lengths differ, dot products rank otherwise than cosines.",
    "Tokens a word": "How foreign the texts are to the model: about 1.2 in its own language, 3 and more in one it has "
    "hardly seen.",
    "Unknown tokens": "What the model has no sign for and does not read.",
}


def show(selection: Selection) -> None:
    """List the figures of the space, and the hubs."""
    st.subheader(TITLE, help=HELP)
    corpus = selection.corpus
    task = overview_tasks.measure_shape(services.embedded(selection), corpus, selection.label_column)
    shape = waiting.await_task(task)
    reading = None
    # What its model made of the words is not known, nor how a server counts them.
    if selection.model != OWN_VECTORS and not is_hosted(selection.model):
        model = services.encoder(selection)
        reading = waiting.await_task(overview_tasks.read_words(corpus, model, selection.pooling_mode))
    figures = _figures(shape, reading)
    # A table that can be scrolled would cut what the figures tell.
    st.table(pd.DataFrame({"Here": figures, "What it tells": {name: MEANINGS[name] for name in figures}}))
    st.caption(_counted(shape, reading, selection.label_column))
    _show_hubs(selection, shape)


def _figures(shape: SpaceShape, reading: overview_tasks.Reading | None) -> dict[str, str]:
    """Return the figures that there are, in words."""
    figures = {
        "Mean cosine of two texts": _with_spread(shape.mean_cosine, shape.std_cosine),
        "Effective dimensions": _or_too_few(shape.effective_dimension, f"{{:.0f}} of {shape.n_dimensions:,}"),
        "Hubness": _or_too_few(shape.hubness, "{:.2f}"),
        "Neighbours of nobody": "too few texts" if isnan(shape.hubness) else f"{shape.n_never:,}",
        "Uniformity": _or_too_few(shape.uniformity, "{:.2f}"),
    }
    if shape.n_known_pairs:
        figures["Alignment"] = f"{shape.alignment:.2f}"
    if reading is not None:
        words = reading.fertility
        figures["Length of a vector"] = _with_spread(reading.mean_length, reading.std_length)
        figures["Tokens a word"] = f"{words.tokens_per_word:.2f}" if words.n_words else "no words"
        figures["Unknown tokens"] = f"{words.unknown_share:.2%}" if words.n_tokens else "no tokens"
    return figures


def _or_too_few(value: float, words: str) -> str:
    return "too few texts" if isnan(value) else words.format(value)


def _with_spread(value: float, spread: float) -> str:
    return "too few texts" if isnan(value) else f"{value:.3f} ± {spread:.3f}"


def _counted(shape: SpaceShape, reading: overview_tasks.Reading | None, label_column: str | None) -> str:
    """Say of what the figures are taken."""
    said = f"Of {shape.n_different:,} different texts"
    if shape.n_sampled < shape.n_rows:
        said += f", among {shape.n_sampled:,} taken at random from {shape.n_rows:,}"
    said += "; copies count once."
    if shape.n_zero:
        said += f" {shape.n_zero:,} texts have a vector of zeros, which has no direction, and do not count."
    if reading is not None:
        said += f" Lengths are those of {reading.n_measured:,} texts, tokens of {reading.fertility.n_texts:,}."
    if not shape.n_known_pairs:
        why = "a column of labels is chosen in the panel on the left" if label_column is None else "a label comes twice"
        said += f" Alignment is left out until {why}: it needs texts that belong together."
    return said


def _show_hubs(selection: Selection, shape: SpaceShape) -> None:
    """List the texts that are the neighbours of many."""
    if not len(shape.hubs):
        return
    st.markdown("**Hubs**", help=f"Texts that are among the {shape.n_neighbors} nearest of far more texts than others.")
    st.dataframe(
        rows_of(selection.corpus, shape.hubs, {"nearest of": shape.hub_counts.round(1)}),
        hide_index=True,
        column_config={
            "nearest of": st.column_config.NumberColumn(
                "Nearest of", width="small", help=f"Among the {shape.n_neighbors} nearest of so many texts."
            ),
            "place": PLACE,
        },
        alt="Texts that are the neighbours of many others, the most frequent first",
    )
    selecting.offer(selection.corpus, shape.hubs, key="select-hubs", label="Select the hubs")
