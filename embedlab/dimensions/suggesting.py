"""Which compressions are worth a try for vectors of so many dimensions."""

from __future__ import annotations

from importlib.util import find_spec

from embedlab.compression import Compression

# Of vectors of 384 dimensions; others take the same shares.
_WIDTH = 384
_ALONE = ("float16", "vectors=int8", "binary", "binary~rescore")
_REDUCED = {
    256: ("dim256", "pca256", "pca256~binary~rescore"),
    128: ("dim128", "pca128", "random128", "dim128~int8", "pca128~int8", "pca128~binary~rescore"),
    64: ("dim64", "pca64", "random64", "pca64~int8"),
    32: ("dim32", "pca32"),
}
_FITTED_SHARE = 0.4
# Bytes that name so many dimensions each.
_PARTS = (8, 16)


def suggest_compressions(n_dimensions: int, n_texts: int) -> list[Compression]:
    """Return some twenty compressions of vectors, one of each kind at several sizes.

    Parameters
    ----------
    n_dimensions : int
        Of the full vectors.
    n_texts : int
        How many different texts there are. What would be fitted to more than two in five of them is left out, since
        figures are taken of the others alone.

    Returns
    -------
    list of Compression
        Without the full vectors. Product quantisation only where FAISS is installed.

    Examples
    --------
    >>> [compression.key for compression in suggest_compressions(16, 1_000)][:6]
    ['float16', 'vectors=int8', 'binary', 'binary~rescore', 'dim8', 'pca8']
    """
    keys = list(_ALONE)
    for size, written in _REDUCED.items():
        # The largest power of two that takes no larger a share.
        fitting = 2 ** ((size * n_dimensions // _WIDTH).bit_length() - 1) if size * n_dimensions >= _WIDTH else 0
        keys += [key.replace(str(size), str(fitting)) for key in written if 0 < fitting < n_dimensions]
    if find_spec("faiss"):
        keys += [f"pq{n_dimensions // part}" for part in _PARTS if n_dimensions % part == 0]
    found = dict.fromkeys(Compression.parse(key) for key in keys)
    return [compression for compression in found if compression.n_texts_needed <= _FITTED_SHARE * n_texts]
