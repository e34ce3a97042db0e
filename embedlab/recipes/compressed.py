"""The part of a program that makes vectors smaller, without EmbedLab: what it needs is learned by it, or in a file."""

from __future__ import annotations

import io
from textwrap import indent
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from embedlab.compression import Compression, FittedCompression

_PROGRAM = """\
{learned}

def reduce(rows):
{reduced}


{learned_of_reduced}def shrink(rows):
    rows = reduce(rows)
{shrunk}


small = shrink(embeddings)
"""

# What a program that holds the first needs.
_IMPORTS = {
    "faiss.": "import faiss  # pip install faiss-cpu",
    "np.": "import numpy as np",
    "quantize_embeddings(": "from sentence_transformers import quantize_embeddings",
    "PCA(": "from sklearn.decomposition import PCA",
    "GaussianRandomProjection(": "from sklearn.random_projection import GaussianRandomProjection",
}

_LEARN_MATRIX = {
    "pca": 'matrix = PCA({n}, svd_solver="full").fit(known.astype(np.float64)).components_.T.astype(np.float32)\n',
    "random": (
        "matrix = GaussianRandomProjection({n}, random_state=0).fit(embeddings[:1]).components_.T.astype(np.float32)\n"
    ),
}

_LEARN_CENTROIDS = """\
quantizer = faiss.ProductQuantizer(reduce(known).shape[1], {n_codes}, 8)
quantizer.cp.seed, quantizer.cp.min_points_per_centroid = 0, 1
quantizer.train(reduce(known))
centroids = faiss.vector_to_array(quantizer.centroids).reshape({n_codes}, 256, -1)


"""

_LEARN_RANGES = """\
ranges = np.stack([reduce(known).min(axis=0), reduce(known).max(axis=0)])


"""

_BY_PARTS = """\
parts = rows.reshape(len(rows), len(centroids), 1, -1)
codes = [((part - own) ** 2).sum(axis=2).argmin(axis=1) for part, own in zip(parts.swapaxes(0, 1), centroids)]
return np.stack(codes, axis=1).astype(np.uint8)"""

_NORMALIZED = """\
lengths = np.linalg.norm(rows, axis=1, keepdims=True)
return rows / np.where(lengths == 0, 1, lengths)"""


def learning_program(compression: Compression, *, normalizes: bool, fitting: str, searches: bool) -> str:
    """Return Python that makes ``small`` of ``embeddings``, and learns what that needs from other texts.

    Parameters
    ----------
    compression : Compression
    normalizes : bool
        Whether rows with fewer dimensions are scaled to length 1.
    fitting : str
        The call that embeds ``fitting_texts``.
    searches : bool
        Whether there are ``query_embeddings``, of which it makes ``small_queries``.
    """
    known = f"known = {fitting}  # other texts than these, a list\n" if compression.is_fitted else ""
    matrix = _LEARN_MATRIX.get(compression.reduction or "", "").format(n=compression.n_dimensions)
    of_reduced = _LEARN_RANGES if compression.precision in ("int8", "uint8") else ""
    if compression.n_codes:
        of_reduced = _LEARN_CENTROIDS.format(n_codes=compression.n_codes)
    return _program(compression, normalizes, searches, known + matrix, of_reduced)


def shrinking_program(fitted: FittedCompression, file_name: str, *, searches: bool = False) -> str:
    """Return Python that makes ``small`` of ``embeddings``, to stand below the program that makes them.

    Parameters
    ----------
    fitted : FittedCompression
    file_name : str
        Of :func:`fitted_file`, which stands beside the program.
    searches : bool, default=False
        Whether there are ``query_embeddings``, too: a query loses its dimensions, but only single bits are rounded.

    Returns
    -------
    str
        It needs numpy, and sentence-transformers for 8 bits and single ones.
    """
    read = "".join(f'    {name} = file["{name}"]\n' for name in _arrays(fitted))
    learned = f'with np.load("{file_name}") as file:\n{read}' if read else ""
    return "\n" + _program(fitted.compression, fitted.normalize_embeddings, searches, learned, "")


def fitted_file(fitted: FittedCompression) -> bytes | None:
    """Return what a compression has learned, as numpy's ``.npz``; None where there is nothing to learn.

    Parameters
    ----------
    fitted : FittedCompression

    Returns
    -------
    bytes or None
        With the arrays ``matrix`` (embeddings are multiplied by it), ``ranges`` (smallest and largest number of each
        dimension) and ``centroids`` (what the codes of a product quantisation name), those of them that there are.
    """
    arrays = _arrays(fitted)
    if not arrays:
        return None
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _program(compression: Compression, normalizes: bool, searches: bool, learned: str, of_reduced: str) -> str:
    asked = "shrink" if compression.precision in ("binary", "ubinary") else "reduce"
    program = _PROGRAM.format(
        learned=learned,
        learned_of_reduced=of_reduced,
        reduced=indent(_reduced(compression, normalizes), " " * 4),
        shrunk=indent(_shrunk(compression), " " * 4),
    )
    if compression.rescore:
        program += "# The best by these are put in order by `embeddings`, which are kept beside.\n"
    program += f"small_queries = {asked}(query_embeddings)\n" if searches else ""
    imports = "".join(f"{line}\n" for name, line in _IMPORTS.items() if name in program)
    return f"\n# Smaller vectors: {compression.title}.\n{imports}\n{program}"


def _reduced(compression: Compression, normalizes: bool) -> str:
    """Return the lines that leave fewer dimensions."""
    if compression.reduction is None:
        return "return rows"
    cut = f"rows[:, :{compression.n_dimensions}]" if compression.reduction == "dim" else "rows @ matrix"
    return f"rows = {cut}\n{_NORMALIZED if normalizes else 'return rows'}"


def _shrunk(compression: Compression) -> str:
    """Return the lines that leave fewer bits a number."""
    precision = compression.precision
    if compression.n_codes:
        return _BY_PARTS
    if precision in ("float32", "float16"):
        return f"return rows.astype(np.{precision})"
    ranges = ", ranges=ranges" if precision in ("int8", "uint8") else ""
    return f'return quantize_embeddings(rows, precision="{precision}"{ranges})'


def _arrays(fitted: FittedCompression) -> dict[str, np.ndarray]:
    given = {"matrix": fitted.matrix, "ranges": fitted.ranges, "centroids": fitted.centroids}
    return {name: array for name, array in given.items() if array is not None}
