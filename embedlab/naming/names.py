"""Names for clusters: the words that set them apart, and the members nearest to their centres."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compute import one_blas_thread
from embedlab.naming.counting import WordCounts, count_words
from embedlab.rows import normalize_rows, sample_positions, top_positions
from embedlab.texts import fold
from embedlab.validation import as_embeddings, check_integer, check_labels, check_texts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Texts of a cluster that are looked at. Of the words of 20 names for 100,000 texts, 95 % were those of all texts,
# 91 % with half as many.
_LOOKED_AT = 2_000

NOISE_NAME = "no cluster"
"""What texts in no cluster are called."""


def name_clusters(texts: Sequence[str], labels: ArrayLike, *, n_words: int = 3) -> dict[int, str]:
    """Name clusters by the words that set them apart: class-based TF-IDF.

    The weight of a word in a cluster is ``tf * log(1 + A / f)``, where ``tf`` is how often it stands in the cluster,
    ``f`` how often in all clusters, and ``A`` the mean number of words of a cluster. Function words of English, German
    and the languages found in the texts do not count, words spread evenly over the clusters come last, and two words
    that mostly stand side by side are named together.

    Parameters
    ----------
    texts : sequence of str of length n
        Korean, Thai, Chinese and Japanese words are found by the segmenters of the extras ``korean``, ``thai``,
        ``chinese`` and ``japanese``; without them names are rough.
    labels : int array-like of shape (n,)
        Cluster of each text; -1 stands for no cluster. Of more than 2,000 texts in one, so many are looked at, drawn
        at random, the same each time.
    n_words : int, default=3
        Words or pairs of words of a name; fewer where a cluster has fewer.

    Returns
    -------
    dict of int to str
        In the order of the labels. Every name is different and none is empty: a cluster without words is called by
        its number. -1 is called ``"no cluster"`` and comes last.

    Raises
    ------
    InvalidInputError
        When there are not as many labels as texts.

    References
    ----------
    M. Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", 2022, section 3.3.

    Examples
    --------
    >>> name_clusters(["my parcel is late", "where is the parcel?", "refund me", "a refund"], [0, 0, 1, 1], n_words=1)
    {0: 'parcel', 1: 'refund'}
    """
    numbers = check_labels(labels, len(check_texts(texts)))
    found, groups = np.unique(numbers, return_inverse=True)
    rows = _drawn(groups)
    counts = count_words([texts[row] for row in rows.tolist()], groups[rows])
    return name_groups(counts, found, n_words=n_words)


def _drawn(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions, rising, of the texts of each group that are looked at."""
    order = np.argsort(groups, kind="stable")
    members = np.split(order, np.bincount(groups).cumsum()[:-1])
    return np.sort(np.concatenate([rows[sample_positions(len(rows), _LOOKED_AT, random_state=0)] for rows in members]))


def name_groups(counts: Sequence[WordCounts], labels: ArrayLike, *, n_words: int = 3) -> dict[int, str]:
    """Name clusters made of whole groups of texts, whose words are counted once for all ways to join them.

    Parameters
    ----------
    counts : sequence of WordCounts of length m
        From :func:`count_words`, such as of the leaves of a tree.
    labels : int array-like of shape (m,)
        Cluster of each group; -1 stands for no cluster.
    n_words : int, default=3

    Returns
    -------
    dict of int to str
        As :func:`name_clusters` names the same clusters of texts.

    Raises
    ------
    InvalidInputError
        When there are not as many labels as groups.
    """
    numbers = check_labels(labels, len(counts))
    check_integer(n_words, "n_words", 1)
    joined = {int(label): WordCounts() for label in np.unique(numbers)}
    for group, label in zip(counts, numbers.tolist(), strict=True):
        joined[label].add(group)
    names = {label: NOISE_NAME for label in joined if label == -1}
    words = {label: found.words for label, found in joined.items() if label != -1}
    overall = _overall(words)
    total = overall.total()
    shares = {word: count / total for word, count in overall.items()}
    for label, weights in class_tf_idf(words).items():
        ranked = _rank(weights, joined[label], shares)
        name = ", ".join(_name_parts(ranked, joined[label], n_words)) or f"cluster {label}"
        names[label] = name if name not in names.values() else f"{name} (cluster {label})"
    return {label: names[label] for label in sorted(names, key=lambda label: (label < 0, label))}


def class_tf_idf(counts: dict[int, Counter[str]]) -> dict[int, dict[str, float]]:
    """Return the weight ``tf * log(1 + A / f)`` of each word of each cluster; see :func:`name_clusters`.

    Parameters
    ----------
    counts : dict of int to Counter
        How often each word stands in each cluster.

    Returns
    -------
    dict of int to dict of str to float
        Above 0.
    """
    overall = _overall(counts)
    average = overall.total() / max(1, len(counts))
    return {
        label: {word: tf * math.log1p(average / overall[word]) for word, tf in words.items()}
        for label, words in counts.items()
    }


@one_blas_thread
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
        Positions of the rows by cosine with the mean of the cluster's normalised rows, nearest first, equally near ones
        by position. Label -1 has no centre and is left out.

    Raises
    ------
    InvalidInputError
        When there are not as many labels as rows, or ``n_members`` is below 1.
    """
    unit = normalize_rows(as_embeddings(embeddings))
    numbers = check_labels(labels, len(unit))
    check_integer(n_members, "n_members", 1)
    members = {}
    for label in np.unique(numbers[numbers != -1]).tolist():
        rows = np.flatnonzero(numbers == label)
        members[label] = rows[top_positions(unit[rows] @ unit[rows].mean(axis=0), n_members)]
    return members


def _overall(counts: dict[int, Counter[str]]) -> Counter[str]:
    overall: Counter[str] = Counter()
    for words in counts.values():
        overall.update(words)
    return overall


def _rank(weights: dict[str, float], counts: WordCounts, shares: dict[str, float]) -> list[str]:
    """Order the words of a cluster by weight, after them those of a single text, and those as common elsewhere."""
    total = counts.words.total()

    def rank(word: str) -> tuple[bool, bool, float, str]:
        return counts.words[word] / total <= shares[word], counts.texts[word] < 2, -weights[word], word

    return sorted(weights, key=rank)


def _name_parts(ranked: Iterable[str], counts: WordCounts, n_words: int) -> list[str]:
    """Take the first words, with the neighbour they mostly stand beside, and none that only bends one taken before."""
    partners: dict[str, tuple[str, ...]] = {}
    for pair, _ in sorted(counts.pairs.items(), key=lambda item: (item[1], item[0])):
        partners.update(dict.fromkeys(pair, pair))
    spellings: dict[str, str] = {}
    for spelling, _ in sorted(counts.spellings.items(), key=lambda item: (item[1], item[0].islower(), item[0])):
        spellings[fold(spelling)] = spelling
    taken: list[str] = []
    parts: list[str] = []
    for word in ranked:
        if len(parts) == n_words:
            break
        if not any(_same_stem(word, other) for other in taken):
            pair = partners.get(word, (word,))
            often = counts.pairs[pair]
            together = often > 1 and 2 * often >= counts.words[word] and not any(other in taken for other in pair)
            taken.extend(pair if together else [word])
            parts.append(" ".join(spellings[other] for other in (pair if together else [word])))
    return parts


def _same_stem(first: str, second: str) -> bool:
    """Whether two words differ in their endings only: refund, refunds; 냉장고는, 냉장고가."""
    common = 0
    while common < min(len(first), len(second)) and first[common] == second[common]:
        common += 1
    return common >= 2 and common >= 0.65 * max(len(first), len(second))
