"""Retrieve: what a language model would be given to answer a question from."""

import numpy as np

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.parts import show_rows


def show(selection: Selection) -> None:
    show_rows(selection, np.arange(len(selection.corpus.texts)), {})


run_page("Retrieve", show)
