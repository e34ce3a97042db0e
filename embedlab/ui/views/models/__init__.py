"""The Models page: the catalog, a card for each model, and models from elsewhere."""

from embedlab.ui.views.models import cards, catalog

__all__ = ["cards", "catalog"]
