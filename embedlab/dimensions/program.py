"""What makes vectors smaller, to take away: its numbers in a file, and a program of numpy that reads them."""

from __future__ import annotations

import io
from textwrap import indent
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from embedlab.compression import FittedCompression

_PROGRAM = """\


# The vectors made smaller: {title}.
import numpy as np
{imports}{load}

def reduce(rows):
{reduced}


def shrink(rows):
    rows = reduce(rows)
{shrunk}


small = shrink(embeddings)
"""

_BY_PARTS = """\
parts = rows.reshape(len(rows), len(fitted["centroids"]), 1, -1)
codes = [((part - own) ** 2).sum(axis=2).argmin(axis=1) for part, own in zip(parts.swapaxes(0, 1), fitted["centroids"])]
return np.stack(codes, axis=1).astype(np.uint8)"""

_NORMALIZED = """\
lengths = np.linalg.norm(rows, axis=1, keepdims=True)
return rows / np.where(lengths == 0, 1, lengths)"""


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


def shrinking_program(fitted: FittedCompression, file_name: str, *, searches: bool = False) -> str:
    """Return Python that makes ``embeddings`` smaller, to stand below the program that makes them.

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
    compression = fitted.compression
    imports, shrunk = _shrunk(fitted)
    program = _PROGRAM.format(
        title=compression.title,
        imports=imports,
        load=f'\nwith np.load("{file_name}") as file:\n    fitted = dict(file)\n' if _arrays(fitted) else "",
        reduced=indent(_reduced(fitted), " " * 4),
        shrunk=indent(shrunk, " " * 4),
    )
    asked = "shrink" if compression.precision in ("binary", "ubinary") else "reduce"
    if compression.rescore:
        program += "# The best by these are put in order by `embeddings`, which are kept beside.\n"
    return program + (f"small_queries = {asked}(query_embeddings)\n" if searches else "")


def _reduced(fitted: FittedCompression) -> str:
    """Return the lines that leave fewer dimensions."""
    n_dimensions = fitted.compression.n_dimensions
    if n_dimensions is None:
        return "return rows"
    first = f"rows = rows[:, :{n_dimensions}]" if fitted.matrix is None else 'rows = rows @ fitted["matrix"]'
    return f"{first}\n{_NORMALIZED if fitted.normalize_embeddings else 'return rows'}"


def _shrunk(fitted: FittedCompression) -> tuple[str, str]:
    """Return the import and the lines that leave fewer bits a number."""
    precision = fitted.compression.precision
    if fitted.centroids is not None:
        return "", _BY_PARTS
    if precision in ("float32", "float16"):
        return "", f"return rows.astype(np.{precision})"
    ranges = "" if fitted.ranges is None else ', ranges=fitted["ranges"]'
    imports = "from sentence_transformers import quantize_embeddings\n"
    return imports, f'return quantize_embeddings(rows, precision="{precision}"{ranges})'


def _arrays(fitted: FittedCompression) -> dict[str, np.ndarray]:
    given = {"matrix": fitted.matrix, "ranges": fitted.ranges, "centroids": fitted.centroids}
    return {name: array for name, array in given.items() if array is not None}
