"""Stores: the texts with their vectors put into a vector store, judged there, asked, and what is in one taken out."""

import numpy as np

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import show_rows


def show(selection: Selection) -> None:
    show_rows(selection, np.arange(len(selection.corpus.texts)), {})


run_page("Stores", show)
