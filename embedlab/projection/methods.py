"""The ways to lay embeddings out, who draws a UMAP map, and what only umap-learn can do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.projection._layouts import Request, pca, tsne, umap
from embedlab.rows import normalize_rows
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ProjectionMethod:
    """One way to lay embeddings out, with the words the app uses for it.

    ``lay_out`` gives coordinates and the recall of the neighbours used, ``description`` is one plain sentence.
    """

    lay_out: Callable[[Request], tuple[NDArray[np.float32], float]]
    title: str
    description: str


PROJECTION_METHODS: dict[str, ProjectionMethod] = {
    "umap": ProjectionMethod(umap, "UMAP", "Keeps neighbours together and shows groups; large distances mean little."),
    "tsne": ProjectionMethod(
        tsne, "t-SNE", "Keeps the nearest neighbours together; distances between groups mean nothing."
    ),
    "pca": ProjectionMethod(pca, "PCA", "The flat view in which the texts spread most; distances keep their meaning."),
}

UMAP_LEARN = "umap-learn"


@dataclass(frozen=True)
class Engine:
    """A layout of UMAP, with the words the app uses for it."""

    title: str
    description: str


ENGINES = {
    "embedlab": Engine("EmbedLab", "Seconds, on all cores, the same bits for the same seed; as true as umap-learn's."),
    UMAP_LEARN: Engine(
        "umap-learn", "The reference, on one core. It can also be told labels, show density, and compare by distances."
    ),
}

METRICS = {
    "cosine": "The angle between two embeddings, as everywhere else here.",
    "correlation": "The cosine of two embeddings whose own means are taken off.",
    "euclidean": "The straight line between two embeddings; of embeddings of length 1 it orders as the cosine does.",
    "manhattan": "The sum of the differences of all numbers of two embeddings.",
}


def check_engine(method: str, engine: str, metric: str, *, has_labels: bool, densmap: bool) -> None:
    """Refuse what an engine cannot do, with a sentence that says which one can."""
    if engine not in ENGINES:
        raise InvalidInputError(f"There is no engine {engine!r}. Choose one of: {', '.join(ENGINES)}.")
    if metric not in METRICS:
        raise InvalidInputError(f"There is no metric {metric!r} for maps. Choose one of: {', '.join(METRICS)}.")
    if engine == UMAP_LEARN:
        if method != "umap":
            raise InvalidInputError(f"umap-learn draws no {method!r} maps. Leave engine out, or take method='umap'.")
        return
    asked = [f"metric={metric!r}"] * (metric != "cosine") + ["labels"] * has_labels + ["densmap"] * densmap
    if asked:
        raise InvalidInputError(
            f"{' and '.join(asked)}: only UMAP by umap-learn can do that. Add engine='umap-learn', or leave it out."
        )


def compared_rows(rows: NDArray[np.float32], metric: str) -> NDArray[np.float32]:
    """Return what a metric compares: rows of length 1 for the two of angle, else rows of length 1 at most."""
    if metric == "cosine":
        return normalize_rows(rows)
    if metric == "correlation":
        return normalize_rows(rows - rows.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32))
    # One scale for all changes no order, and lets equal rows be told by the same closeness as those of length 1.
    longest = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64).max())
    return (rows / (longest or 1)).astype(np.float32)


def label_codes(
    labels: Sequence[Any] | NDArray[Any], first: NDArray[np.int64], inverse: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return one whole number for the label of each different row, -1 where none is known.

    ``first`` and ``inverse`` come from :func:`embedlab.similarity.different_rows`. Copies that have different labels
    have none: a map shows them as one point.
    """
    check_same_length("embeddings", len(inverse), "labels", len(labels))
    if several := [each for each in labels if isinstance(each, Collection) and not isinstance(each, str)]:
        raise InvalidInputError(f"The label {several[0]!r} is several; a supervised map takes one for each row.")
    # NaN is the one value that is not equal to itself.
    words = np.array(["" if each is None or each != each else str(each).strip() for each in labels])
    _, codes = np.unique(words, return_inverse=True)
    known = words != ""
    lowest = np.full(len(first), len(words))
    highest = np.full(len(first), -1)
    np.minimum.at(lowest, inverse[known], codes[known])
    np.maximum.at(highest, inverse[known], codes[known])
    found = np.where(lowest == highest, lowest, -1)
    if (n_labels := len(np.unique(found[found >= 0]))) < 2:
        raise InvalidInputError(
            f"A supervised map needs two different labels at least, on different rows; here there are {n_labels}. "
            "Choose another label column."
        )
    return found
