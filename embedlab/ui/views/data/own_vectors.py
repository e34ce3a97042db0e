"""Where vectors and a map that were computed elsewhere are brought along."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.datasets import check_directions, read_vectors
from embedlab.encoders import PrecomputedEncoder
from embedlab.errors import InvalidInputError
from embedlab.models import OWN_VECTORS
from embedlab.ui.choices import address, own_vectors
from embedlab.ui.parts import plain_errors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from embedlab.ui.choices import Selection

VECTORS_HELP = (
    "An array (.npy) with a row for each row of the table, or Parquet with a column of lists. They take the place of a "
    "model; searching needs one."
)
MAP_HELP = "Two numbers for each row of the table, as .npy or Parquet; they are drawn in place of UMAP."


MAX_NAMED = 10


def offer(selection: Selection) -> None:
    """Offer to bring vectors and a map of whole texts, and say what of those brought is not used."""
    is_split, selection = selection.splitting is not None, selection.of_documents
    _show_replaced(selection)
    with st.expander("Bring your own vectors"):
        if is_split:
            st.caption("They are of whole texts: a map is drawn once the texts are not split.")
        left, right = st.columns(2)
        # A new key empties the uploaders once a file is taken.
        number = st.session_state.get("n-vectors", 0)
        kinds = ["npy", "parquet"]
        vectors = left.file_uploader("Vectors of the texts", kinds, key=f"vectors-{number}", help=VECTORS_HELP)
        layout = right.file_uploader("Coordinates of a map", kinds, key=f"map-{number}", help=MAP_HELP)
        if own_vectors.map_of(selection) is not None:
            right.caption("A map of yours is drawn for these texts.")
            right.button("Draw UMAP again", on_click=own_vectors.drop_map, args=(selection,))
        with plain_errors():
            if vectors is not None:
                _take_vectors(selection, vectors)
            if layout is not None:
                _take_map(selection, layout)


def _show_replaced(selection: Selection) -> None:
    """Say which rows have a vector of their own that is not used, because their text came before with another one."""
    encoder, corpus = own_vectors.encoder_of(selection.dataset.id), selection.corpus
    if encoder is None or encoder.digest != corpus.digest or not len(encoder.replaced):
        return
    rows = (corpus.summary.kept[encoder.replaced] + 1).tolist()
    n_texts = len({corpus.texts[place] for place in encoder.replaced.tolist()})
    named = ", ".join(f"{row:,}" for row in rows[:MAX_NAMED])
    more = f" and {len(rows) - MAX_NAMED:,} more" if len(rows) > MAX_NAMED else ""
    st.warning(
        f"Texts that stand in several rows with different vectors: {n_texts:,}. "
        f"A text has one vector here, that of its first row. The vectors of these rows are not used: {named}{more}.",
        icon=":material/warning:",
    )


def _read(selection: Selection, file: UploadedFile) -> NDArray[np.float32]:
    summary = selection.corpus.summary
    return read_vectors(file.getvalue(), file.name, summary.kept, summary.n_texts)


def _take_vectors(selection: Selection, file: UploadedFile) -> None:
    vectors = _read(selection, file)
    check_directions(vectors, file.name)
    own_vectors.keep_encoder(selection.dataset.id, PrecomputedEncoder(selection.corpus.texts, vectors))
    address.bring("model", OWN_VECTORS)
    _start_anew()


def _take_map(selection: Selection, file: UploadedFile) -> None:
    coordinates = _read(selection, file)
    if coordinates.shape[1] != 2:
        raise InvalidInputError(
            f"{file.name} holds {coordinates.shape[1]} numbers for each text; a map has two. Keep those."
        )
    digest = blake2b(coordinates.tobytes(), digest_size=16).hexdigest()
    own_vectors.keep_map(selection, digest, coordinates)
    _start_anew()


def _start_anew() -> None:
    st.session_state["n-vectors"] = st.session_state.get("n-vectors", 0) + 1
    st.rerun()
