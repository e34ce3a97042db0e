"""Models: what each is good for, which are on this machine, and fetching the others."""

from embedlab.models import find_card, is_transformer
from embedlab.models.kept import is_kept_name
from embedlab.ui.choices import Selection
from embedlab.ui.frame import run_page
from embedlab.ui.views.models import cards, catalog, hosted, kept


def show(selection: Selection) -> None:
    catalog.show_recommendations()
    card = catalog.choose_card(selection.languages) or find_card(selection.model)
    if card is not None:
        cards.show_card(card, selection.model)
    elif is_transformer(selection.model) and not is_kept_name(selection.model):
        cards.show_own(selection.model)
    kept.show(selection.model)
    cards.offer_others()
    hosted.show(selection.model)


run_page("Models", show)
