"""How texts are to be grouped, and the groups that were found, as every view is told them."""

from __future__ import annotations

from dataclasses import dataclass

from embedlab.clustering import Clustering
from embedlab.naming import Edit


@dataclass(frozen=True)
class Choice:
    """How the person wants the texts grouped: a key of ``CLUSTER_METHODS``, what it takes, how neighbours are found."""

    method: str = "kmeans"
    n_clusters: int | str = "auto"
    min_cluster_size: int | None = None
    neighbors: str = "auto"


@dataclass(frozen=True)
class Found:
    """Clusters with their names, how they were asked for, and what was changed by hand."""

    clustering: Clustering
    names: dict[int, str]
    choice: Choice = Choice()
    edits: tuple[Edit, ...] = ()

    @property
    def row_names(self) -> list[str]:
        """The name of the cluster of each text."""
        return [self.names[label] for label in self.clustering.labels.tolist()]
