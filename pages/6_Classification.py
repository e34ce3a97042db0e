"""Classification: learn the label column, find labels that look wrong, predict texts without one."""

from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.parts import warn_of_unread
from embedlab.ui.views import classification

VIEWS = {
    "Confusions": classification.show_confusion,
    "Confidently wrong": classification.show_suspects,
    "By label": classification.show_classes,
    "Predict": classification.show_typed,
    "Unlabelled": classification.show_unlabelled,
}


def show(selection: Selection) -> None:
    warn_of_unread(selection)
    found = classification.learn(selection)
    if found is None:
        return
    classification.show_figures(found)
    view = address.switch("labels_view", "Look at", list(VIEWS), label_visibility="collapsed")
    VIEWS[view](selection, found)
    classification.offer_download(selection, found)


run_page("Classification", show)
