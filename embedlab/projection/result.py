"""What a map is: its coordinates, how far they can be trusted, and who drew it of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.projection.methods import ENGINES, PROJECTION_METHODS
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SUPERVISED = "This map was told the labels: that they lie apart on it is what it was asked for, and no finding."
"""What must be said beside a supervised map."""


@dataclass(frozen=True, eq=False)
class Projection:
    """A map.

    Parameters
    ----------
    coordinates : float32 array of shape (n, n_components)
        Near points are near texts. On a UMAP or t-SNE map neither the axes nor large distances mean anything.
    trustworthiness : dict of int to float
        From 0 to 1, how far neighbours on the map are neighbours among the embeddings by cosine: near, farther and far,
        by the number of neighbours looked at; see :func:`trustworthiness`.
    method : str
        The key of ``PROJECTION_METHODS`` that was used.
    neighbor_recall : float
        Share of the true neighbours the map was made from, from 0 to 1; 1 also where a method needs none.
    engine, metric : str
        Who drew it, a key of ``ENGINES``, and by which metric.
    is_densmap : bool
        Whether dense places were left dense and thin ones thin.
    is_supervised : bool
        Whether it was told labels. It then shows them apart because it was told so.
    """

    coordinates: NDArray[np.float32]
    trustworthiness: dict[int, float]
    method: str
    neighbor_recall: float = 1.0
    engine: str = "embedlab"
    metric: str = "cosine"
    is_densmap: bool = False
    is_supervised: bool = False

    @property
    def kind(self) -> str:
        """What the map is, in a few words that leave nothing out: ``supervised UMAP map by umap-learn``."""
        known = PROJECTION_METHODS.get(self.method)
        drawn = f"{known.title if known else self.method.capitalize()} map"
        if self.engine == "embedlab":
            return drawn
        ways = ["densMAP"] * self.is_densmap + [f"{self.metric} metric"] * (self.metric != "cosine")
        told, said = "Supervised " * self.is_supervised, f" ({', '.join(ways)})" * bool(ways)
        return f"{told}{drawn} by {ENGINES[self.engine].title}{said}"

    @property
    def origin(self) -> str:
        """Which share of the true neighbours it was made from; empty where it was all of them."""
        if self.neighbor_recall == 1:
            return ""
        return f"Made from {self.neighbor_recall:.1%} of the nearest texts, as measured on 500 of them."

    @property
    def caution(self) -> str:
        """What must be said beside the map; empty where nothing must."""
        return SUPERVISED if self.is_supervised else ""

    def estimate_place(self, rows: ArrayLike, similarities: ArrayLike) -> NDArray[np.float32]:
        """Estimate where a text that is not on the map would lie: the mean of its neighbours, by similarity.

        Parameters
        ----------
        rows : int array-like of shape (k,)
            Positions of its nearest texts.
        similarities : array-like of shape (k,)
            Their cosines with it. Those below 0 count as 0; where none is above, all count the same.

        Returns
        -------
        float32 array of shape (n_components,)

        Raises
        ------
        InvalidInputError
            When there are no neighbours, or not one similarity for each.

        Notes
        -----
        A UMAP map has no exact place for a new text. Where the neighbours lie in several groups, this is between them.
        """
        places, weights = np.asarray(rows, dtype=np.int64), np.maximum(np.asarray(similarities, dtype=np.float64), 0)
        check_same_length("rows", len(places), "similarities", len(weights))
        if not len(places):
            raise InvalidInputError("rows is empty; a place is estimated from at least one neighbour.")
        weights = weights if weights.any() else np.ones(len(places))
        return np.average(self.coordinates[places], axis=0, weights=weights).astype(np.float32)
