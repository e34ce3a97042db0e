"""What is taken away: the table, and of one kind of vectors those of the texts, their numbers, and the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.dimensions import Curve, curve_table
from embedlab.exports import embedding_table, to_npy, to_parquet
from embedlab.recipes import fitted_file, recipe, shrinking_program
from embedlab.ui.parts import downloads
from embedlab.ui.tasks import comparing, services

if TYPE_CHECKING:
    from embedlab.comparison import Load
    from embedlab.compression import FittedCompression
    from embedlab.ui.choices import Selection

BYTES = "application/octet-stream"
NPY_HELP = "A row for each text that is not blank, in their order."
PARQUET_HELP = "The whole table with a column of vectors; where a text is blank there is none."
FITTED_HELP = "What the program reads: the axes of a projection, the range of each dimension, or the named parts."
ASKED = (
    "Vectors of a length that the model was asked for are those of another model: choose it by its name (model@256) in "
    "the panel on the left, and they are taken away on Clusters. They are kept, and not sent again."
)
PROGRAM_HELP = (
    "Plain sentence-transformers and numpy, without EmbedLab. A test runs such programs and compares the codes."
)


def offer_take_away(curve: Curve, selection: Selection, load: Load) -> None:
    """Offer the table, and what one kind of vectors is made of; the smallest that is good enough at first."""
    table = downloads.table_files("dimensions", lambda: curve_table(curve))
    small = [point for point in curve.points if not point.result.candidate.compression.is_full]
    if len(small) + 1 < len(curve.points):
        st.caption(ASKED)
    if not small:
        downloads.offer(table, label="Table", is_primary=False)
        return
    start = small.index(curve.smallest) if curve.smallest in small else 0
    point = st.selectbox(
        "Vectors", small, start, format_func=lambda point: f"{point.title} ({point.n_bytes:,} bytes)", key="taken"
    )
    candidate, searches = point.result.candidate, bool(curve.comparison.gold.queries)
    found = services.searched(selection) if searches else services.embedded(selection)
    fitted = comparing.fitted_to_all(candidate, found)
    stem = candidate.compression.key.replace("~", "-").replace("=", "-")
    files = _files(fitted, selection, stem)
    with st.container(horizontal=True):
        for number, (label, file) in enumerate(files.items()):
            downloads.draw(label, file, "secondary" if number else "primary")
        downloads.offer(table, label="Table", is_primary=False)
    if candidate.compression.is_fitted:
        st.caption(
            f"Fitted to all {len(found.vectors):,} texts. The figures above come from a fit to a part of the texts "
            "and are taken on the others: on those it was fitted to it would look better than it is."
        )
    st.markdown("The program that makes these vectors", help=PROGRAM_HELP)
    full = recipe(candidate.full, load(candidate), searches=searches)
    st.code(full + shrinking_program(fitted, f"{stem}.npz", searches=searches), language="python")


def _files(fitted: FittedCompression, selection: Selection, stem: str) -> dict[str, downloads.File]:
    """Return the vectors of the texts in two formats, and what was fitted where something was."""
    corpus = selection.corpus
    found = services.embedded(selection)

    def table() -> bytes:
        return to_parquet(embedding_table(corpus.whole, corpus.summary.kept, fitted.encode(found.vectors)))

    files = {
        "Vectors (npy)": downloads.File(f"{stem}.npy", BYTES, lambda: to_npy(fitted.encode(found.vectors)), NPY_HELP),
        "Vectors (Parquet)": downloads.File(f"{stem}.parquet", BYTES, table, PARQUET_HELP),
    }
    learned = fitted_file(fitted)
    return files | (
        {"Fitted (npz)": downloads.File(f"{stem}.npz", BYTES, lambda: learned, FITTED_HELP)} if learned else {}
    )
