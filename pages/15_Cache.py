"""Cache: the embeddings kept on this machine, and how to drop them."""

from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views import cache


def show(selection: Selection) -> None:
    cache.show_size()
    entries = cache.entries()
    if entries:
        chosen = cache.show_entries(entries)
        cache.offer_clearing(chosen)


run_page("Cache", show)
