"""Clusters changed by hand: renamed, merged, split; every change is a line of text that can be done again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embedlab.clustering import Clustering, describe, kmeans
from embedlab.errors import InvalidInputError
from embedlab.naming.names import name_clusters
from embedlab.rows import normalize_rows
from embedlab.validation import as_embeddings, check_integer, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_FORMS = {
    "rename": re.compile(
        r"rename (?P<clusters>\d+) to (?P<name>\S.*?)(?: \[named by (?P<by>\S+?)(?:: (?P<summary>[^\[\]]+))?\])?"
    ),
    "merge": re.compile(r"merge (?P<clusters>\d+(?:, \d+)+)"),
    "split": re.compile(r"split (?P<clusters>\d+) into (?P<number>\d+)"),
}


@dataclass(frozen=True)
class Edit:
    """A change of clusters, which are meant by their labels at that time.

    Parameters
    ----------
    kind : str
        ``"rename"``, ``"merge"`` or ``"split"``.
    clusters : tuple of int
        One; for ``"merge"`` two or more.
    name : str, default=""
        For ``"rename"``.
    n_clusters : int, default=2
        For ``"split"``: how many clusters it becomes.
    by : str, default=""
        The language model that wrote the name; empty for a person.
    summary : str, default=""
        What that model says of the cluster, in a sentence.

    Examples
    --------
    >>> str(Edit("merge", (1, 4)))
    'merge 1, 4'
    >>> Edit.parse("rename 3 to Late parcels").name
    'Late parcels'
    >>> Edit.parse("rename 3 to Late parcels [named by llama3: People wait for parcels.]").by
    'llama3'
    """

    kind: str
    clusters: tuple[int, ...]
    name: str = ""
    n_clusters: int = 2
    by: str = ""
    summary: str = ""

    def __str__(self) -> str:
        clusters = ", ".join(map(str, self.clusters))
        said = f": {self.summary}" if self.summary else ""
        written = f" [named by {self.by}{said}]" if self.by else ""
        endings = {"rename": f" to {self.name}{written}", "split": f" into {self.n_clusters}"}
        return f"{self.kind} {clusters}{endings.get(self.kind, '')}"

    @classmethod
    def parse(cls, text: str) -> Edit:
        """Read what ``str`` has written.

        Raises
        ------
        InvalidInputError
            For anything else.
        """
        kind = text.partition(" ")[0]
        found = _FORMS[kind].fullmatch(text) if kind in _FORMS else None
        if found is None:
            raise InvalidInputError(
                f"{text!r} is no change of clusters. Write it as 'rename 3 to Late parcels', 'merge 1, 4' or "
                "'split 2 into 3'."
            )
        parts = found.groupdict()
        clusters = tuple(int(label) for label in parts["clusters"].split(", "))
        words = {name: parts.get(name) or "" for name in ("name", "by", "summary")}
        return cls(kind, clusters, n_clusters=int(parts.get("number") or 2), **words)


def edit_clusters(
    embeddings: ArrayLike, texts: Sequence[str], clustering: Clustering, edits: Sequence[Edit]
) -> tuple[Clustering, dict[int, str]]:
    """Change clusters by hand.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    texts : sequence of str of length n
    clustering : Clustering
    edits : sequence of Edit
        Done one after the other. A merged cluster has the lowest of the labels, and the labels above a gap move down;
        the further parts of a split one, by KMeans, get the next free labels.

    Returns
    -------
    clustering : Clustering
        With centres and silhouettes of the changed clusters.
    names : dict of int to str
        As :func:`name_clusters` gives them, but for those renamed.

    Raises
    ------
    InvalidInputError
        When a cluster does not exist, or one is split into more parts than it has different texts.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    check_same_length("texts", len(texts), "embeddings", len(unit))
    labels, given = clustering.labels.copy(), dict[int, str]()
    for edit in edits:
        _check(edit, labels)
        if edit.kind == "rename":
            given[edit.clusters[0]] = edit.name
        elif edit.kind == "merge":
            labels, given = _merge(labels, given, edit.clusters)
        else:
            given.pop(edit.clusters[0], None)
            labels = _split(unit, labels, edit)
    return describe(unit, labels), {**name_clusters(texts, labels), **given}


def _check(edit: Edit, labels: NDArray[np.int64]) -> None:
    most = int(labels.max(initial=-1))
    for label in edit.clusters:
        check_integer(label, f"{edit}: cluster", 0, most, f"the clusters have the labels 0 to {most}")


def _merge(
    labels: NDArray[np.int64], given: dict[int, str], clusters: tuple[int, ...]
) -> tuple[NDArray[np.int64], dict[int, str]]:
    target = min(clusters)
    joined = np.where(np.isin(labels, clusters), target, labels)
    place = {label: new for new, label in enumerate(np.unique(joined[joined >= 0]).tolist())}
    numbers = np.array([place.get(label, -1) for label in range(int(labels.max()) + 1)] + [-1], dtype=np.int64)
    kept = {place[label]: name for label, name in given.items() if label in place and label not in clusters}
    return numbers[joined], kept


def _split(unit: NDArray[np.float32], labels: NDArray[np.int64], edit: Edit) -> NDArray[np.int64]:
    label = edit.clusters[0]
    rows = np.flatnonzero(labels == label)
    check_integer(edit.n_clusters, f"{edit}: number of parts", 2, len(rows), f"the cluster has {len(rows):,} texts")
    parts, centers = kmeans(unit[rows], edit.n_clusters, 0)
    if len(centers) < edit.n_clusters:
        raise InvalidInputError(f"{edit}: only {len(centers)} groups of its texts can be told apart.")
    changed = labels.copy()
    changed[rows[parts > 0]] = labels.max() + parts[parts > 0]
    return changed
