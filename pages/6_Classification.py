"""Classification: learn the label column, find labels that look wrong, predict texts without one."""

from collections.abc import Callable
from typing import Any

from embedlab.classification import Classification
from embedlab.ui.choices import Selection, address
from embedlab.ui.frame import run_page
from embedlab.ui.parts import warn_of_unread
from embedlab.ui.views import classification

VIEWS: dict[str, Callable[[Selection, Any], None]] = {
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
    # Sets of labels have no table of confusions.
    views = [view for view in VIEWS if view != "Confusions" or isinstance(found, Classification)]
    VIEWS[address.switch("labels_view", "Look at", views, label_visibility="collapsed")](selection, found)
    classification.offer_download(selection, found)


run_page("Classification", show)
