"""Models: what each is good for, which are on this machine, and fetching the others."""

from embedlab.baselines import is_baseline
from embedlab.catalog import find_card
from embedlab.ui import catalog, models
from embedlab.ui.frame import Selection, run_page


def show(selection: Selection) -> None:
    catalog.show_recommendations()
    card = catalog.choose_card() or find_card(selection.model)
    if card is not None:
        models.show_card(card, selection.model)
    elif not is_baseline(selection.model):
        models.show_own(selection.model)
    models.offer_others()


run_page("Models", show)
