"""A compression that is ready: codes of embeddings, what they stand for, and how a query is held against them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compression.compressions import Compression
from embedlab.compression.product import fit_centroids, nearest_centroids, of_centroids
from embedlab.compression.quantization import (
    dequantize,
    quantize,
    ranges_of,
    shift_of,
    starts_and_steps,
    unpack_signs,
)
from embedlab.compute import Threads, one_blas_thread
from embedlab.errors import InvalidInputError
from embedlab.rows import normalize_rows, row_blocks
from embedlab.validation import as_embeddings, check_random_state

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float32]

_SIGNS = ("binary", "ubinary")


@dataclass(frozen=True, eq=False)
class FittedCompression:
    """A compression with what was learned from some texts; :func:`fit_compression` makes it.

    Parameters
    ----------
    compression : Compression
    width : int
        Dimensions of the full embeddings.
    normalize_embeddings : bool
        Whether rows with fewer dimensions are scaled to length 1.
    matrix : float32 array of shape (width, n_dimensions) or None
        What embeddings are multiplied by, of ``"pca"`` and ``"random"``. Nothing is taken away before.
    ranges : float32 array of shape (2, n_dimensions) or None
        Smallest and largest number of each dimension, of ``"int8"`` and ``"uint8"``.
    centroids : float32 array of shape (n_parts, 256, n_dimensions / n_parts) or None
        What the codes of a product quantisation name.

    Notes
    -----
    Texts are kept as codes; a query keeps its numbers but where the codes are single bits. The two are compared as
    stores do: by the product of the query and what the codes stand for, which for bits is ``1 - 2 h / d`` with h the
    number of different bits of d (Hamming): the cosine of the signs.
    """

    compression: Compression
    width: int
    normalize_embeddings: bool = True
    matrix: Floats | None = field(default=None, repr=False)
    ranges: Floats | None = field(default=None, repr=False)
    centroids: Floats | None = field(default=None, repr=False)

    @property
    def n_dimensions(self) -> int:
        """Dimensions of the reduced embeddings."""
        return self.compression.n_dimensions or self.width

    def encode(self, embeddings: ArrayLike) -> NDArray:
        """Return the codes that a store keeps of texts.

        Parameters
        ----------
        embeddings : array-like of shape (n, width)

        Returns
        -------
        array of shape (n, m)
            As :func:`quantize` returns them; uint8 of shape (n, n_parts) for a product quantisation.
        """
        reduced = self.reduce(embeddings)
        if self.centroids is not None:
            return nearest_centroids(reduced, self.centroids)
        return quantize(reduced, self.compression.precision, self.ranges)

    def decode(self, codes: NDArray) -> Floats:
        """Return what codes stand for, shape (n, n_dimensions).

        The middle of what has a code, for eight bits; equal numbers with the signs of the bits, of length 1.
        """
        if self.centroids is not None:
            return of_centroids(codes, self.centroids)
        if self.compression.precision in _SIGNS:
            return unpack_signs(codes, self.n_dimensions)
        return codes.astype(np.float32) if self.ranges is None else dequantize(codes, self.ranges)

    def as_queries(self, embeddings: ArrayLike) -> Floats:
        """Return queries so that their products with decoded texts are what a store compares by, (n, n_dimensions)."""
        if self.compression.precision in _SIGNS:
            return self.decode(self.encode(embeddings))
        return self.reduce(embeddings)

    def reduce(self, embeddings: ArrayLike) -> Floats:
        """Return embeddings with fewer dimensions, in float32, of length 1 where they are normalised."""
        rows = as_embeddings(embeddings, min_rows=0)
        if rows.shape[1] != self.width:
            raise InvalidInputError(
                f"The embeddings have {rows.shape[1]} dimensions; this compression was made for {self.width}. Give "
                "those of the same model."
            )
        if self.compression.reduction is None:
            return rows
        if self.matrix is None:
            reduced = rows[:, : self.n_dimensions]
        else:
            with Threads() as threads:
                reduced = threads.product(rows, self.matrix)
        return normalize_rows(reduced) if self.normalize_embeddings else np.ascontiguousarray(reduced)

    def similarities(self, codes: NDArray, query: Floats) -> Floats:
        """Hold one query against codes as they lie in memory.

        Parameters
        ----------
        codes : array of shape (n, m)
            As :meth:`encode` returns them.
        query : float32 array of shape (n_dimensions,)
            A row of :meth:`as_queries`.

        Returns
        -------
        float32 array of shape (n,)
            The products with what the codes stand for.
        """
        if self.compression.precision in _SIGNS:
            asked = quantize(query[None], self.compression.precision)
            n_different = np.bitwise_count(codes.view(np.uint8) ^ asked.view(np.uint8)).sum(axis=1, dtype=np.int32)
            return (1 - n_different * np.float32(2 / self.n_dimensions)).astype(np.float32)
        if codes.dtype == np.float32:
            return codes @ query
        found = np.empty(len(codes), np.float32)
        if codes.dtype == np.float16:
            for block in row_blocks(*codes.shape):
                found[block] = codes[block].astype(np.float32) @ query
            return found
        from embedlab.compression._scan import add_looked_up, add_weighted

        with Threads() as threads:
            if self.centroids is not None:
                table = np.einsum("pcj,pj->pc", self.centroids, query.reshape(len(self.centroids), -1))
                threads.run(add_looked_up, threads.cut(len(codes)), codes, table.astype(np.float32), found)
            else:
                starts, steps = starts_and_steps(self.ranges)  # type: ignore[arg-type]
                offset = np.float32((starts + steps * shift_of(codes)) @ query)
                threads.run(add_weighted, threads.cut(len(codes)), codes, steps * query, offset, found)
        return found


def fit_compression(
    compression: Compression, embeddings: ArrayLike, *, normalize_embeddings: bool = True, random_state: int = 0
) -> FittedCompression:
    """Learn what a compression needs from the embeddings of some texts.

    Parameters
    ----------
    compression : Compression
    embeddings : array-like of shape (n, d)
        Of texts like those it is used on, but not these: on its own texts a fit looks better than it is. Only their
        width counts where nothing is fitted.
    normalize_embeddings : bool, default=True
        Whether rows with fewer dimensions are scaled to length 1.
    random_state : int, default=0
        Which random directions, and where centroids begin.

    Returns
    -------
    FittedCompression

    Raises
    ------
    InvalidInputError
        When there are too few texts, or fewer dimensions than are to be left.
    MissingDependencyError
        When FAISS, which product quantisation needs, is not installed.

    Notes
    -----
    ``"pca"`` takes the principal axes around the mean, as scikit-learn's ``PCA`` finds them, and multiplies by them
    without taking the mean away, as a ``Dense`` layer without bias does in sentence-transformers: with all dimensions
    every cosine stays what it is. ``"random"`` is scikit-learn's ``GaussianRandomProjection``, whose directions are not
    orthogonal.

    Examples
    --------
    >>> made = fit_compression(Compression.parse("dim2~binary"), [[0.6, -0.8, 0.0]])
    >>> made.encode([[0.6, -0.8, 0.0], [0.0, 0.1, 0.9]]).ravel().tolist()
    [0, -64]
    """
    rows = as_embeddings(embeddings)
    if compression.n_dimensions and compression.n_dimensions > rows.shape[1]:
        raise InvalidInputError(
            f"The embeddings have {rows.shape[1]} dimensions; {compression.n_dimensions} cannot be left of them."
        )
    if len(rows) < compression.n_texts_needed:
        raise InvalidInputError(
            f"{compression.title} is fitted to {compression.n_texts_needed:,} texts at least; here are {len(rows):,}. "
            "Add texts, or choose one that takes fewer."
        )
    matrix = _matrix(compression, rows, check_random_state(random_state))
    fitted = FittedCompression(compression, rows.shape[1], normalize_embeddings, matrix)
    if not compression.n_codes and compression.precision not in ("int8", "uint8"):
        return fitted
    reduced = fitted.reduce(rows)
    learned = {"centroids": fit_centroids(reduced, compression.n_codes, random_state)} if compression.n_codes else {}
    learned = learned or {"ranges": ranges_of(reduced)}
    return FittedCompression(compression, rows.shape[1], normalize_embeddings, matrix, **learned)


@one_blas_thread
def _matrix(compression: Compression, rows: Floats, random_state: int) -> Floats | None:
    """Return what embeddings are multiplied by, None where nothing is."""
    if compression.reduction == "random":
        from sklearn.random_projection import GaussianRandomProjection

        made = GaussianRandomProjection(compression.n_dimensions, random_state=random_state).fit(rows[:1])
        return np.ascontiguousarray(made.components_.T, dtype=np.float32)
    if compression.reduction == "pca":
        from sklearn.decomposition import PCA

        # Both are exact, and choose signs by the largest weight of each axis.
        solver = "covariance_eigh" if len(rows) >= rows.shape[1] else "full"
        with np.errstate(invalid="ignore"):  # Equal texts explain no variance; any axes are theirs.
            found = PCA(compression.n_dimensions, svd_solver=solver).fit(rows.astype(np.float64))
        return np.ascontiguousarray(found.components_.T, dtype=np.float32)
    return None
