"""Labels learned from embeddings: how well, which are likely wrong, and what unlabelled texts would get.

Read ``learning.py`` first; ``probe.py`` is the model that is fitted, ``confusion.py`` the figures of what it says.
"""

from embedlab.classification.learning import Classification, classify
from embedlab.classification.probe import EvenScale, logistic_regression

__all__ = ["Classification", "EvenScale", "classify", "logistic_regression"]
