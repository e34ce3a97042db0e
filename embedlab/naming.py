"""Names for clusters: the words that set them apart, and the members nearest to their centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab._rows import normalize_rows
from embedlab._validation import as_embeddings
from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NOISE_NAME = "noise"

# Words: two or more letters or digits of any script, starting with a letter.
_TOKEN = r"(?u)\b[^\W\d_]\w+\b"
# scikit-learn has a list for English only; these are the commonest function words of German.
_GERMAN_STOP_WORDS = frozenset(
    "aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dem den der des die dies diese diesem diesen "
    "dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch für gegen haben habe hat hatte hier "
    "ich ihm ihn ihnen ihr ihre im in ist ja jede jeder jedes kann kein keine können man mein meine mich mir mit muss nach "
    "nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll über um und uns unser unter vom von vor war was "
    "wenn wer werden wie wieder will wir wird wo zu zum zur zwischen".split()
)


def name_clusters(texts: Sequence[str], labels: ArrayLike, *, n_words: int = 3) -> dict[int, str]:
    """Name clusters by the words that set them apart: class-based TF-IDF.

    The weight of a word in a cluster is ``tf * log(1 + A / f)``, where ``tf`` is the share of the cluster's words that
    it makes up, ``f`` how often it stands in all clusters, and ``A`` the mean number of words of a cluster. A word
    counts once a text, so that one text that repeats it does not name the cluster.

    Parameters
    ----------
    texts : sequence of str of length n
    labels : int array-like of shape (n,)
        Cluster of each text; -1 stands for no cluster.
    n_words : int, default=3
        Words of a name; fewer where a cluster has fewer.

    Returns
    -------
    dict of int to str
        In the order of the labels. Every name is different and none is empty: a cluster without words is called by
        its number, and -1 is called ``"noise"``.

    Raises
    ------
    InvalidInputError
        When there are not as many labels as texts.

    References
    ----------
    M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022.
    """
    numbers = _check_labels(labels, len(texts))
    groups = [int(label) for label in np.unique(numbers) if label != -1]
    ranked = _ranked_words(texts, numbers, groups) if groups else []
    names: dict[int, str] = {-1: NOISE_NAME} if (numbers == -1).any() else {}
    for label, words in zip(groups, ranked, strict=True):
        name = ", ".join(_without_inflections(words, n_words)) or f"cluster {label}"
        names[label] = name if name not in names.values() else f"{name} ({label})"
    return names


def typical_members(embeddings: ArrayLike, labels: ArrayLike, n_members: int = 5) -> dict[int, NDArray[np.int64]]:
    """Return the members of each cluster that lie nearest to its centre.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
    labels : int array-like of shape (n,)
    n_members : int, default=5
        Fewer where a cluster is smaller.

    Returns
    -------
    dict of int to int64 array
        Positions of the rows, nearest first by cosine; without label -1.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    numbers = _check_labels(labels, len(unit))
    members = {}
    for label in np.unique(numbers[numbers != -1]):
        rows = np.flatnonzero(numbers == label)
        closeness = unit[rows] @ unit[rows].mean(axis=0)
        members[int(label)] = rows[np.argsort(-closeness, kind="stable")[:n_members]]
    return members


def _ranked_words(texts: Sequence[str], labels: NDArray[np.int64], groups: list[int]) -> list[list[str]]:
    """Return for each group its words by falling weight, at most thirty."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    vectorizer = CountVectorizer(
        token_pattern=_TOKEN, binary=True, stop_words=[*ENGLISH_STOP_WORDS, *_GERMAN_STOP_WORDS]
    )
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's way of saying that no text holds a word
        return [[] for _ in groups]
    words = vectorizer.get_feature_names_out()
    in_group = np.vstack([np.asarray(counts[labels == label].sum(axis=0)).ravel() for label in groups]).astype(float)
    totals = in_group.sum(axis=1, keepdims=True)
    share = np.divide(in_group, totals, out=np.zeros_like(in_group), where=totals > 0)
    weights = share * np.log1p(totals.mean() / np.maximum(in_group.sum(axis=0), 1))
    # A word of a single text says little about a group of many; it stays behind every word of two or more.
    weights *= np.where(in_group > 1, 1.0, 1e-3)
    best = np.argsort(-weights, axis=1, kind="stable")[:, :30]
    return [[str(words[i]) for i in row if weights[group, i] > 0] for group, row in enumerate(best)]


def _without_inflections(words: Sequence[str], n_words: int) -> list[str]:
    """Take the first words, leaving out those that only bend one taken before: refund, refunds, refunded."""
    taken: list[str] = []
    for word in words:
        if not any(word.startswith(other) or other.startswith(word) for other in taken) and len(taken) < n_words:
            taken.append(word)
    return taken


def _check_labels(labels: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    numbers = np.asarray(labels)
    if numbers.shape != (n_rows,) or not np.issubdtype(numbers.dtype, np.integer):
        raise InvalidInputError(f"labels must be {n_rows} whole numbers, one a text; they have shape {numbers.shape}.")
    return numbers.astype(np.int64)
