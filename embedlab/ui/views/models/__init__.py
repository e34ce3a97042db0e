"""The Models page: the catalog, a card for each model, and models from elsewhere.

Read ``catalog.py`` first.
"""

from embedlab.ui.views.models import cards, catalog, hosted

__all__ = ["cards", "catalog", "hosted"]
