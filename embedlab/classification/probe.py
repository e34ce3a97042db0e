"""Logistic regression on embeddings: one way to fit it, for a model's figure and for the labels of a person's texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.compute import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.linear_model import LogisticRegression

# Strength of the penalty of a probe whose features vary by 1 on average: near the best for short texts and long.
_C = 0.1


@dataclass(frozen=True, eq=False)
class EvenScale:
    """Centres embeddings and scales them as a whole, so that one penalty means the same for every model."""

    center: NDArray[np.float32]
    scale: float

    @classmethod
    def of(cls, rows: NDArray[np.float32]) -> EvenScale:
        """Take centre and scale from rows of shape (n, d)."""
        center = rows.mean(axis=0)
        return cls(center, float(np.sqrt(np.mean((rows - center) ** 2))) or 1.0)

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows as the probe takes them."""
        return (rows - self.center) / self.scale


def logistic_regression() -> LogisticRegression:
    """Return the probe, not fitted: multinomial, with an L2 penalty, for rows scaled by :class:`EvenScale`."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=_C, max_iter=300, tol=1e-3)


@dataclass(frozen=True)
class _OneForEach:
    """A probe for each label, which says whether a row has it."""

    probes: tuple[Any, ...]


@one_blas_thread
def fit_probe(features: NDArray[np.float32], targets: NDArray) -> Any:  # noqa: ANN401 - sklearn has no types
    """Fit a probe to one code a row, or one probe a column to several labels (bool); what never varies is always said.

    Parameters
    ----------
    features : float32 array of shape (n, d)
    targets : int64 array of shape (n,) or bool array of shape (n, n_labels)
    """
    from sklearn.dummy import DummyClassifier

    if targets.ndim == 2:
        return _OneForEach(tuple(fit_probe(features, has_label) for has_label in targets.T.astype(np.int64)))
    probe = logistic_regression() if targets.min() < targets.max() else DummyClassifier(strategy="prior")
    return probe.fit(features, targets)


@one_blas_thread
def probabilities_of(probe: Any, features: NDArray[np.float32], n_classes: int) -> NDArray[np.float32]:  # noqa: ANN401
    """Return the probability of each class, shape (n, n_classes); 0 for those the probe has not seen."""
    if isinstance(probe, _OneForEach):
        return np.stack([probabilities_of(each, features, 2)[:, 1] for each in probe.probes], axis=1)
    found = np.zeros((len(features), n_classes), dtype=np.float32)
    if len(features):
        found[:, probe.classes_] = probe.predict_proba(features)
    return found
