"""Stores: the texts with their vectors put into a vector store, judged there, asked, and what is in one taken out."""

from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.views.stores import asking, choosing, judging, opening, writing

WRITE, JUDGE, ASK, OPEN = "Write", "Judge", "Ask", "Open"


def show(selection: Selection) -> None:
    place = choosing.choose_store()
    if place is None:
        return
    infos = choosing.show_collections(place)
    view = address.switch("view", "View", [WRITE, JUDGE, ASK, OPEN], label_visibility="collapsed")
    if view == WRITE:
        writing.show(selection, place, infos)
    elif info := choosing.choose_collection(infos):
        if view == JUDGE:
            judging.show(selection, place, info)
        elif view == ASK:
            asking.show(selection, place, info)
        else:
            opening.show(place, info)


run_page("Stores", show)
