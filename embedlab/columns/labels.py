"""How a cell lists several labels, and how they are written into one."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from embedlab.texts import is_blank

_MAX_LABEL_CHARS, _MAX_LABELS = 40, 200
# A comma stands inside too many names of one label to part two of them.
_BETWEEN = re.compile(r"[;|]")
# Different cells that are looked at, at most: a page guesses on every run.
_LOOKED_AT = 5_000
# An array of numpy is printed without commas, and Python takes two strings side by side for one.
_SIDE_BY_SIDE = re.compile(r"""(['"])\s+(['"])""")
# Longer lists are no labels, and reading a literal of Python takes a while.
_MAX_LIST_CHARS = 10_000


def read_labels(cell: str) -> tuple[str, ...]:
    """Return the labels that a cell lists: a list of JSON or of Python, or what stands between ``;`` or ``|``.

    Parameters
    ----------
    cell : str

    Returns
    -------
    tuple of str
        In the order of the cell, each once, without white space around it; empty for a blank cell.

    Examples
    --------
    >>> read_labels("late ;damaged; late")
    ('late', 'damaged')
    >>> read_labels('["late; at night", "damaged"]')
    ('late; at night', 'damaged')
    >>> read_labels("['late', 'damaged']")
    ('late', 'damaged')
    >>> read_labels("late, at night")
    ('late, at night',)
    """
    listed = _listed(cell)
    parts = _BETWEEN.split(cell) if listed is None else listed
    return tuple(dict.fromkeys(part.strip() for part in parts if not is_blank(part)))


def write_labels(labels: tuple[str, ...]) -> str:
    """Return labels as one cell, from which :func:`read_labels` gets them back.

    Parameters
    ----------
    labels : tuple of str
        Different ones, without white space around them.

    Returns
    -------
    str
        With ``"; "`` between them; a list of JSON where a name would be taken for several ones.

    Examples
    --------
    >>> write_labels(("late", "damaged")), write_labels(("late; at night", "damaged"))
    ('late; damaged', '["late; at night", "damaged"]')
    """
    cell = "; ".join(labels)
    return cell if read_labels(cell) == labels else json.dumps(labels, ensure_ascii=False)


def _listed(cell: str) -> list[str] | None:
    """Return the names and numbers of a list as JSON or Python write it; None for anything else."""
    cell = cell.strip()
    if not (cell.startswith("[") and cell.endswith("]")):
        return None
    for read in (json.loads, _python_list):
        try:
            filled = [each for each in read(cell) if each is not None] if len(cell) <= _MAX_LIST_CHARS else [[]]
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        return [str(each) for each in filled] if all(isinstance(each, str | int | float) for each in filled) else None
    return None


def _python_list(cell: str) -> list[object]:
    """Return a list that has single quotes around its texts; a literal is data, nothing in it is run."""
    return list(ast.literal_eval(_SIDE_BY_SIDE.sub(r"\1, \2", cell)))


def has_several_labels(cells: Iterable[str]) -> bool:
    """Return whether a column seems to list several labels in a cell.

    Most of the labels that stand beside another must stand in a cell with other labels, too, or alone. So a name such
    as ``Research; Development`` stays one label, however often it comes, and so do the steps of a tree:
    ``Home | Kitchen``, ``Home | Garden``.

    Parameters
    ----------
    cells : iterable of str

    Examples
    --------
    >>> has_several_labels(["late;damaged", "late", "damaged"]), has_several_labels(["R; D", "Sales", "R; D"])
    (True, False)
    """
    sets = {frozenset(read_labels(cell)) for cell in islice(dict.fromkeys(cells), _LOOKED_AT)}
    n_sets = Counter(label for labels in sets for label in labels)
    listed = {label for labels in sets if len(labels) > 1 for label in labels}
    return 2 * sum(n_sets[label] > 1 for label in listed) > len(listed)


def are_few(n_different: int, n_cells: int, mean_chars: float) -> bool:
    """Return whether the different cells of a column are few and short enough to be labels."""
    return n_different <= max(2, min(_MAX_LABELS, n_cells // 2)) and mean_chars <= _MAX_LABEL_CHARS
