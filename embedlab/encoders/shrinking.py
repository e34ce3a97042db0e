"""Embeddings made smaller on the way out, in the words of sentence-transformers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from embedlab.compression import Compression, fit_compression, quantize

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOG = logging.getLogger(__name__)


class Cuttable(Protocol):
    """What of an encoder says whether its first dimensions may be cut out."""

    name: str
    embedding_dimension: int
    orders_dimensions: bool


def shrink(rows: NDArray, truncate_dim: int | None, precision: str | None, normalize_embeddings: bool) -> NDArray:
    """Return the first dimensions of some rows, in fewer bits.

    Parameters
    ----------
    rows : float32 array of shape (n, d)
    truncate_dim : int or None
    precision : str or None
        As for :func:`embedlab.compression.quantize`.
    normalize_embeddings : bool
        Whether what is left is scaled to length 1.

    Raises
    ------
    InvalidInputError
        For dimensions or a precision there are not.
    """
    if truncate_dim is not None and len(rows):
        cut = fit_compression(Compression("dim", truncate_dim), rows[:1], normalize_embeddings=normalize_embeddings)
        rows = cut.reduce(rows)
    return rows if precision in (None, "float32") else quantize(rows, precision)


def say_cut(encoder: Cuttable, n_dimensions: int) -> str:
    """Say that the first dimensions of an encoder are none in particular; empty where they are known to say most."""
    if encoder.orders_dimensions or n_dimensions >= encoder.embedding_dimension:
        return ""
    return (
        f"{encoder.name} is not known to be trained so that its first {n_dimensions} dimensions say most (Matryoshka). "
        f"Look at what that costs, and at pca{n_dimensions}, which takes as many bytes."
    )


def warn_of_cut(encoder: Cuttable, n_dimensions: int) -> None:
    """Log what :func:`say_cut` says."""
    if said := say_cut(encoder, n_dimensions):
        _LOG.warning("%s", said)
