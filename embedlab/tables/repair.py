"""Text that was read in the wrong encoding somewhere on its way and saved like that: ``schÃ¶n`` for ``schön``.

Nothing is repaired unless a person asks for it. Of 10,500 texts in seven languages ftfy's ``fix_encoding`` changed
two, both of them spoiled; its other repairs, of quotation marks and widths, would change what people wrote and are
not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from embedlab.tables.report import UNREADABLE, Table

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES = 5
# What UTF-8 becomes in an encoding of one byte a letter: two of these together, or one before a space that had been the
# second. ftfy takes some µs for each text, and most have none.
_PAIR = re.compile("[\x80-\u052f\u2000-\u27ff]{2}|[\u00c2-\u00c5] |\ufffd")


@dataclass(frozen=True)
class DoubleEncoding:
    """Cells that look as if they had been read in the wrong encoding once.

    Parameters
    ----------
    n_cells : int
        How many, names of columns among them.
    examples : tuple of (str, str)
        Some of them, different ones, before and after the repair.
    """

    n_cells: int
    examples: tuple[tuple[str, str], ...]


def find_double_encoding(frame: pd.DataFrame) -> DoubleEncoding:
    """Find cells that a repair would change.

    Parameters
    ----------
    frame : DataFrame of str

    Returns
    -------
    DoubleEncoding

    Examples
    --------
    >>> import pandas as pd
    >>> find_double_encoding(pd.DataFrame({"text": ["schÃ¶n", "schön"]}))
    DoubleEncoding(n_cells=1, examples=(('schÃ¶n', 'schön'),))
    """
    n_cells, examples = 0, {}
    for cells in ([str(name) for name in frame.columns], *(frame[column].tolist() for column in frame.columns)):
        repaired = _repairs(cells)
        n_cells += sum(cell in repaired for cell in cells) if repaired else 0
        examples.update(repaired)
    return DoubleEncoding(n_cells, tuple(examples.items())[:_EXAMPLES])


def repair_table(table: Table) -> Table:
    """Return the table with those cells as they were meant, and the report with a note that says how many.

    Parameters
    ----------
    table : Table

    Notes
    -----
    The names of two columns that would become the same are left as they are.
    """
    import pandas as pd

    frame, found = table.frame, find_double_encoding(table.frame)
    if not found.n_cells:
        return table
    names = [str(name) for name in frame.columns]
    renamed = _apply(names, _repairs(names))
    columns = [_apply(frame[name].tolist(), _repairs(frame[name].tolist())) for name in frame.columns]
    kept = renamed if len(set(renamed)) == len(renamed) else names
    note = f"{found.n_cells:,} cells that had been read in the wrong encoding before, such as Ã¶ for ö, were repaired."
    if found.n_cells == 1:
        note = "1 cell that had been read in the wrong encoding before, such as Ã¶ for ö, was repaired."
    report = replace(table.report, notes=(*table.report.notes, note))
    return Table(pd.DataFrame(dict(zip(kept, columns, strict=True)), dtype=object), report)


def _apply(cells: list[str], repaired: dict[str, str]) -> list[str]:
    return [repaired.get(cell, cell) for cell in cells] if repaired else cells


def _repairs(cells: list[str]) -> dict[str, str]:
    """Map every cell that a repair changes to what it becomes."""
    from ftfy import fix_encoding

    foreign = dict.fromkeys(cell for cell in cells if not cell.isascii() and _PAIR.search(cell))
    # A repair may bring to light what make_table has removed from the others.
    repaired = {cell: UNREADABLE.sub("", fix_encoding(cell, fix_c1_controls=False)) for cell in foreign}
    # What was encoded twice is longer than what was meant; other changes are not about that.
    return {before: after for before, after in repaired.items() if len(after) < len(before)}
