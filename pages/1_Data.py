"""Data: bring a file or take a sample, and see what is in it before anything is computed."""

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views.data import cleaning, columns, own_vectors, reading, sources, texts


def show(selection: Selection) -> None:
    sources.show_sources()
    reading.show_table(selection.dataset)
    columns.show_columns(selection.dataset)
    cleaning.offer(selection)
    texts.show_texts(selection)
    own_vectors.offer(selection)


run_page("Data", show)
