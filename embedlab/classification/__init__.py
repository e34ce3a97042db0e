"""Labels learned from embeddings: how well, which are likely wrong, and what unlabelled texts would get.

Read ``learning.py`` first. ``folds.py`` says what is held out together, ``probe.py`` is the model that is fitted,
``labels.py`` which labels can be learned, ``confusion.py`` the figures of what it says. ``several.py`` is the result
where a row may have several labels, ``learned.py`` what both results share.
"""

from embedlab.classification.folds import deal_folds, held_together, what_is_shared
from embedlab.classification.labels import MAX_CLASSES
from embedlab.classification.learned import Learned
from embedlab.classification.learning import Classification, classify
from embedlab.classification.probe import EvenScale, fit_probe, probabilities_of
from embedlab.classification.sets import overlap, rarest_labels
from embedlab.classification.several import MultiClassification

__all__ = [
    "Classification",
    "EvenScale",
    "Learned",
    "MAX_CLASSES",
    "MultiClassification",
    "classify",
    "deal_folds",
    "fit_probe",
    "held_together",
    "overlap",
    "probabilities_of",
    "rarest_labels",
    "what_is_shared",
]
