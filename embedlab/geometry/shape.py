"""All figures of the shape of a space, of some embeddings and what is known of their texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.geometry.hubs import neighbor_occurrences
from embedlab.geometry.spread import effective_dimension, uniformity
from embedlab.rows import normalize_rows, row_blocks, sample_positions, segment_means
from embedlab.similarity import cosine_moments, different_rows
from embedlab.validation import as_embeddings, check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MAX_ROWS = 20_000
"""Of more rows so many are looked at: 200 million pairs, some seconds on two cores."""

MAX_HUBS = 20
_HUB_DEVIATIONS = 2
_NAN = float("nan")
# Distance of two rows of length 1 up to which they are copies, as in `different_rows`; and a count that is none.
_APART, _NEVER = 1e-5, 1e-9


@dataclass(frozen=True, eq=False)
class SpaceShape:
    """How some embeddings lie in their space. Made by :func:`space_shape`; NaN where there are too few rows to say.

    Parameters
    ----------
    n_rows, n_dimensions : int
        Of the embeddings.
    n_sampled : int
        Rows that were looked at; ``n_rows`` unless there are more than ``MAX_ROWS``.
    n_zero : int
        Those of them that are zeros, which have no direction and no part in what follows.
    n_different : int
        Different rows among the others: copies count once.
    mean_length, std_length : float
        Length of all rows as they were given.
    mean_cosine, std_cosine : float
        Of all pairs of different rows, from -1 to 1.
    effective_dimension : float
        The participation ratio, from 1 to the lesser of the dimensions and the different rows less 1.
    n_neighbors : int
        Nearest rows that were counted for the hubs.
    hubness : float
        Skewness of how often a row is among the nearest of another: 0 where all are as often, above 1 where some are
        much more often than most.
    hubs : int64 array
        Positions of the rows that are so more often than the mean and two standard deviations, the most frequent first,
        at most ``MAX_HUBS``.
    hub_counts : float64 array
        Among the nearest of how many rows each of them is.
    n_never : int
        Different rows that are among the nearest of none.
    uniformity : float
        From -8, or about -4 for rows spread evenly in many dimensions, to 0 where all are one point.
    alignment : float
        Mean squared distance of pairs that belong together, from 0 to 4; NaN where none are known.
    n_known_pairs : int
        Such pairs of different rows.
    """

    n_rows: int
    n_dimensions: int
    n_sampled: int
    n_zero: int
    n_different: int
    mean_length: float
    std_length: float
    mean_cosine: float
    std_cosine: float
    effective_dimension: float
    n_neighbors: int
    hubness: float
    hubs: NDArray[np.int64] = field(repr=False)
    hub_counts: NDArray[np.float64] = field(repr=False)
    n_never: int
    uniformity: float
    alignment: float
    n_known_pairs: int


def space_shape(
    embeddings: ArrayLike,
    labels: Sequence[str | None] | NDArray[np.object_] | None = None,
    pairs: ArrayLike | None = None,
    *,
    n_neighbors: int = 10,
    random_state: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> SpaceShape:
    """Measure how some embeddings lie in their space.

    Parameters
    ----------
    embeddings : array-like of shape (n, d)
        As the model gives them, for their lengths; all else is of their directions.
    labels : sequence of str of length n, optional
        Texts of one label belong together; ``""``, None or NaN where nothing is known.
    pairs : int array-like of shape (m, 2), optional
        Positions of texts that belong together, instead of labels.
    n_neighbors : int, default=10
        Nearest rows that are counted for the hubs.
    random_state : int, default=0
        Seed of the sample that is taken from more than ``MAX_ROWS`` rows.
    progress : callable, default=None
        Called with the steps done and all steps; what it raises ends the work.

    Returns
    -------
    SpaceShape

    Raises
    ------
    InvalidInputError
        For labels and pairs at once, not one label a row, positions that do not exist, or ``n_neighbors`` below 1.

    Notes
    -----
    With u and v of length 1:

    - anisotropy: mean and standard deviation of ``u·v`` over all pairs (Ethayarajh 2019), exact without the pairs;
    - effective dimension: ``(Σ λ)² / Σ λ²`` of the eigenvalues of the covariance (Gao et al. 2017);
    - hubness: ``mean((N - k)³) / std(N)³`` with N how often a row is among the k nearest of another (Radovanović et al.
      2010), equally near rows sharing the places that are left;
    - uniformity ``log mean exp(-2 |u - v|²)`` over all pairs and alignment ``mean |u - v|²`` over those that belong
      together (Wang and Isola 2020, t = 2 and alpha = 2).

    A text that stands there twice says nothing new, so copies count once, and a pair of copies is none.

    References
    ----------
    K. Ethayarajh, "How Contextual are Contextualized Word Representations?", EMNLP 2019; P. Gao et al., "A theory of
    multineuronal dimensionality, dynamics and measurement", 2017; M. Radovanović et al., "Hubs in Space", JMLR 11,
    2010; T. Wang and P. Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity on
    the Hypersphere", ICML 2020.

    Examples
    --------
    >>> shape = space_shape([[2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]], labels=["a", "a", "b", "b"])
    >>> round(shape.mean_cosine, 6), shape.effective_dimension, shape.alignment, shape.mean_length
    (-0.333333, 2.0, 2.0, 2.0)
    """
    rows = as_embeddings(embeddings)
    check_integer(n_neighbors, "n_neighbors", 1)
    if labels is not None and pairs is not None:
        raise InvalidInputError("Give labels or pairs: both would be two answers to what belongs together.")
    sampled = sample_positions(len(rows), MAX_ROWS, check_random_state(random_state))
    directed = sampled[rows[sampled].any(axis=1)]
    unit = normalize_rows(rows[directed])
    first = different_rows(unit)[0]
    unit, places = unit[first], directed[first]
    report = progress or (lambda done, total: None)
    mean, std, _ = cosine_moments(unit) if len(unit) else (_NAN, _NAN, None)
    counts = None
    if len(unit) >= n_neighbors + 2:
        counts = neighbor_occurrences(unit, n_neighbors, progress=lambda done, total: report(done, 2 * total))
    hubs, hub_counts = _hubs(counts, places)
    if pairs is not None:
        alignment, n_known = _alignment_of_pairs(rows, _check_pairs(pairs, len(rows)))
    else:
        check_same_length("rows", len(rows), "labels", len(rows if labels is None else labels))
        alignment, n_known = _alignment_of_labels(unit, [] if labels is None else [labels[row] for row in places])
    lengths = _lengths(rows)
    return SpaceShape(
        len(rows), rows.shape[1], len(sampled), len(sampled) - len(directed), len(unit),
        float(lengths.mean()), float(lengths.std()), mean, std, effective_dimension(unit) if len(unit) else _NAN,
        n_neighbors, _skewness(counts), hubs, hub_counts, 0 if counts is None else int((counts < _NEVER).sum()),
        uniformity(unit, progress=lambda done, total: report(total + done, 2 * total)) if len(unit) else _NAN,
        alignment, n_known,
    )  # fmt: skip


def _lengths(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the length of each row; squares are summed in float64, where those of large numbers do not overflow."""
    return np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))


def _skewness(counts: NDArray[np.float64] | None) -> float:
    if counts is None:
        return _NAN
    apart = counts - counts.mean()
    spread = float(np.sqrt(np.mean(apart**2)))
    return float(np.mean(apart**3)) / spread**3 if spread > _NEVER else 0.0


def _hubs(
    counts: NDArray[np.float64] | None, places: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows that are neighbours of many, the most frequent first, and of how many."""
    if counts is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    above = counts > counts.mean() + _HUB_DEVIATIONS * counts.std() + _NEVER
    order = np.argsort(-counts, kind="stable")
    order = order[above[order]][:MAX_HUBS]
    return places[order], counts[order]


def _check_pairs(pairs: ArrayLike, n_rows: int) -> NDArray[np.int64]:
    found = np.asarray(pairs)
    if found.ndim != 2 or found.shape[1] != 2 or not np.issubdtype(found.dtype, np.integer):
        raise InvalidInputError(f"pairs must be positions, shape (pairs, 2); got {found.shape} of {found.dtype}.")
    if found.size and not 0 <= found.min() <= found.max() < n_rows:
        raise InvalidInputError(
            f"pairs go from {found.min()} to {found.max()}, but there are {n_rows:,} rows; choose 0 to {n_rows - 1}."
        )
    return found.astype(np.int64)


def _alignment_of_pairs(rows: NDArray[np.float32], pairs: NDArray[np.int64]) -> tuple[float, int]:
    """Return the mean squared distance of pairs, and of how many: those of copies and zeros left out."""
    total, n_known = 0.0, 0
    for block in row_blocks(len(pairs), 2 * rows.shape[1]):
        a, b = (normalize_rows(rows[pairs[block, side]]) for side in (0, 1))
        squares = np.square(a - b, dtype=np.float64).sum(axis=1)
        is_known = a.any(axis=1) & b.any(axis=1) & (squares > _APART**2)
        total += float(squares[is_known].sum())
        n_known += int(is_known.sum())
    return (total / n_known if n_known else _NAN), n_known


def _alignment_of_labels(unit: NDArray[np.float32], labels: Sequence[str | None]) -> tuple[float, int]:
    """Return the mean squared distance of all pairs of one label, and how many there are; no pair is looked at.

    With s the sum of m rows of a label, the cosines of its pairs add up to ``(|s|² - m) / 2``.
    """
    known = np.array([row for row, label in enumerate(labels) if isinstance(label, str) and label], dtype=np.int64)
    if not len(known):
        return _NAN, 0
    codes = np.unique([str(labels[row]) for row in known], return_inverse=True)[1]
    sizes = np.bincount(codes)
    edges = np.concatenate([[0], np.cumsum(sizes)])
    means = segment_means(unit, known[np.argsort(codes, kind="stable")], edges)
    n_pairs = int((sizes * (sizes - 1) // 2).sum())
    cosines = float((np.square(means).sum(axis=1) * sizes**2 - sizes).sum() / 2)
    return (2 - 2 * cosines / n_pairs if n_pairs else _NAN), n_pairs
