"""The part of a candidate's program that makes vectors smaller, without EmbedLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedlab.compression import Compression

# What a program that holds the first needs.
_IMPORTS = {
    "np.": "import numpy as np",
    "faiss.": "import faiss  # pip install faiss-cpu",
    "quantize_embeddings(": "from sentence_transformers.util import quantize_embeddings",
    "PCA(": "from sklearn.decomposition import PCA",
    "GaussianRandomProjection(": "from sklearn.random_projection import GaussianRandomProjection",
    "normalize(": "from sklearn.preprocessing import normalize",
}

_AXES = {"dim": "rows[:, :{n}]", "pca": "rows @ axes", "random": "rows @ axes"}
_FIT = {
    "pca": 'axes = PCA({n}, svd_solver="full").fit(known.astype(np.float64)).components_.T.astype(np.float32)\n',
    "random": (
        "axes = GaussianRandomProjection({n}, random_state=0).fit(embeddings[:1]).components_.T.astype(np.float32)\n"
    ),
}

_PRODUCT = """\
quantizer = faiss.ProductQuantizer(reduce(known).shape[1], {n_codes}, 8)
quantizer.cp.seed, quantizer.cp.min_points_per_centroid = 0, 1
quantizer.train(reduce(known))
codes = quantizer.compute_codes(np.ascontiguousarray(reduce(embeddings)))
"""

_EIGHT_BITS = """\
ranges = np.stack([reduce(known).min(axis=0), reduce(known).max(axis=0)])
codes = quantize_embeddings(reduce(embeddings), "{precision}", ranges=ranges)
"""


def compressed(compression: Compression, *, normalizes: bool, fitting: str, searches: bool) -> str:
    """Return the lines that make ``codes`` of ``embeddings``, and ``query_codes`` of ``query_embeddings``.

    Parameters
    ----------
    compression : Compression
    normalizes : bool
        Whether rows with fewer dimensions are scaled to length 1.
    fitting : str
        The call that embeds ``fitting_texts``.
    searches : bool
        Whether there are queries: their numbers are not rounded, but to bits where the codes are bits.
    """
    reduced = _AXES.get(compression.reduction or "", "rows").format(n=compression.n_dimensions)
    body = f"normalize({reduced})" if normalizes and compression.reduction else reduced
    lines = [f"known = {fitting}  # other texts than these, a list\n" if compression.is_fitted else ""]
    lines.append(_FIT.get(compression.reduction or "", "").format(n=compression.n_dimensions))
    lines.append(f"\n\ndef reduce(rows):\n    return {body}\n\n\n")
    lines.append(_codes(compression))
    if searches:
        is_signs = compression.precision in ("binary", "ubinary")
        asked = f'quantize_embeddings(reduce(query_embeddings), "{compression.precision}")'
        lines.append(f"query_codes = {asked if is_signs else 'reduce(query_embeddings)'}\n")
    program = "".join(lines)
    imports = "".join(f"{line}\n" for name, line in _IMPORTS.items() if name in program)
    return f"\n# Smaller vectors: {compression.title}\n{imports}\n{program}"


def _codes(compression: Compression) -> str:
    precision = compression.precision
    if compression.n_codes:
        return _PRODUCT.format(n_codes=compression.n_codes)
    if precision in ("int8", "uint8"):
        return _EIGHT_BITS.format(precision=precision)
    if precision in ("binary", "ubinary"):
        return f'codes = quantize_embeddings(reduce(embeddings), "{precision}")\n'
    return f"codes = reduce(embeddings).astype(np.{precision})\n"
