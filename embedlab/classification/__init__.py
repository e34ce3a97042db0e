"""Labels learned from embeddings: how well, which are likely wrong, and what unlabelled texts would get.

Read ``learning.py`` first. ``folds.py`` says what is held out together, ``probe.py`` is the model that is fitted,
``labels.py`` which labels can be learned, ``confusion.py`` the figures of what it says.
"""

from embedlab.classification.folds import deal_folds, held_together, what_is_shared
from embedlab.classification.labels import MAX_CLASSES
from embedlab.classification.learning import Classification, classify
from embedlab.classification.probe import EvenScale, fit_probe, probabilities_of

__all__ = [
    "Classification",
    "EvenScale",
    "MAX_CLASSES",
    "classify",
    "deal_folds",
    "fit_probe",
    "held_together",
    "probabilities_of",
    "what_is_shared",
]
