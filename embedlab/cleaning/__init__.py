"""Steps that take out of texts what is no part of what they say; none is ever taken by itself.

Read ``steps.py`` first: the registry of all steps. ``mails.py`` knows quotations and signatures, ``html.py`` markup.
"""

from embedlab.cleaning.preview import CleaningPreview, preview_cleaning
from embedlab.cleaning.steps import CLEANING_STEPS, clean_texts, in_order

__all__ = ["CLEANING_STEPS", "CleaningPreview", "clean_texts", "in_order", "preview_cleaning"]
