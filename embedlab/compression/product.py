"""Product quantisation: a vector is cut into parts, and each is named by the nearest of 256 centroids.

References
----------
H. Jégou, M. Douze and C. Schmid, "Product Quantization for Nearest Neighbor Search", IEEE TPAMI 33, 2011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.compression.compressions import N_CENTROIDS
from embedlab.compute import one_blas_thread
from embedlab.errors import InvalidInputError, MissingDependencyError
from embedlab.rows import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def fit_centroids(rows: Floats, n_parts: int, random_state: int) -> Floats:
    """Return the centroids of each part, by FAISS, shape (n_parts, 256, d / n_parts).

    Raises
    ------
    InvalidInputError
        When the rows cannot be cut into so many equal parts.
    MissingDependencyError
        When FAISS is not installed.
    """
    d = rows.shape[1]
    if d % n_parts:
        fitting = [str(n) for n in range(1, d + 1) if d % n == 0 and n <= d // 2]
        raise InvalidInputError(
            f"{d} dimensions cannot be cut into {n_parts} equal parts, a byte for each. Choose pq and one of: "
            f"{', '.join(fitting)}."
        )
    try:
        import faiss
    except ImportError as error:
        raise MissingDependencyError("faiss-cpu", "pq") from error
    faiss.omp_set_num_threads(1)  # Its threads spin while they wait, on cores that others need.
    quantizer = faiss.ProductQuantizer(d, n_parts, 8)
    quantizer.cp.seed = random_state
    # How few texts it is fitted to is checked before, and its figures are those of other texts.
    quantizer.cp.min_points_per_centroid = 1
    quantizer.train(rows)
    return faiss.vector_to_array(quantizer.centroids).reshape(n_parts, N_CENTROIDS, -1)


@one_blas_thread
def nearest_centroids(rows: Floats, centroids: Floats) -> NDArray[np.uint8]:
    """Return the number of the nearest centroid of each part of each row, shape (n, n_parts)."""
    n_parts, _, width = centroids.shape
    codes = np.empty((len(rows), n_parts), np.uint8)
    squares = np.einsum("pcj,pcj->pc", centroids, centroids)
    for block in row_blocks(len(rows), N_CENTROIDS):
        for part in range(n_parts):
            own = rows[block, part * width : (part + 1) * width]
            codes[block, part] = np.argmin(squares[part] - 2 * own @ centroids[part].T, axis=1)
    return codes


def of_centroids(codes: NDArray[np.uint8], centroids: Floats) -> Floats:
    """Return the rows that codes stand for, shape (n, d)."""
    return centroids[np.arange(len(centroids)), codes].reshape(len(codes), -1)
