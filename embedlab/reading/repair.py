"""Text that was read in the wrong encoding somewhere on its way and saved like that: ``schÃ¶n`` for ``schön``.

Nothing is repaired unless a person asks for it. Of 10,500 texts in seven languages ftfy's ``fix_encoding`` changed
two, both of them spoiled; its other repairs, of quotation marks and widths, would change what people wrote and are
not used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from embedlab.tables import UNREADABLE, Table

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES = 5
# Encodings of one byte a letter that UTF-8 is taken for; those of one line share most of their letters.
_TAKEN_FOR = (
    ("latin-1", "cp1252", "cp1250", "cp1254", "cp1257", "iso8859-2"),
    *(("cp1251",), ("cp1253",), ("mac_roman",), ("cp437",)),
)


def _read_as(encodings: Sequence[str]) -> tuple[str, str]:
    """Return what the first and the second byte of a letter in UTF-8 read as, as the insides of brackets."""
    first, second = (
        "".join(bytes(range(*span)).decode(encoding, "ignore") for encoding in encodings)
        for span in ((0xC2, 0xF5), (0x80, 0xC0))
    )
    return re.escape(first), f"{re.escape(second)}\x80-\x9f"


# Or one before a space that had been the second. ftfy takes 30 µs for each text, this 5, and most have none.
_PAIRS = ["[{}][{}]".format(*_read_as(encodings)) for encodings in _TAKEN_FOR]
_PAIR = re.compile("|".join([*_PAIRS, "[\u00c2-\u00c5] ", "\ufffd"]))
# A pair of any two of these encodings: one pattern in place of seven for the cells that hold none.
_FIRST, _SECOND = _read_as([*chain.from_iterable(_TAKEN_FOR)])
_LIKE_PAIR = re.compile(f"[{_FIRST}\ufffd](?:[{_SECOND} ]|(?<=\ufffd))")


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
    return _summarize([(cells, _repairs(cells)) for cells in _names_and_columns(frame)])


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

    parts = [(cells, _repairs(cells)) for cells in _names_and_columns(table.frame)]
    found = _summarize(parts)
    if not found.n_cells:
        return table
    names = parts[0][0]
    renamed, *columns = (
        [repaired.get(cell, cell) for cell in cells] if repaired else cells for cells, repaired in parts
    )
    kept = renamed if len(set(renamed)) == len(renamed) else names
    note = f"{found.n_cells:,} cells that had been read in the wrong encoding before, such as Ã¶ for ö, were repaired."
    if found.n_cells == 1:
        note = "1 cell that had been read in the wrong encoding before, such as Ã¶ for ö, was repaired."
    report = replace(table.report, notes=(*table.report.notes, note))
    return Table(pd.DataFrame(dict(zip(kept, columns, strict=True)), dtype=object), report)


def _names_and_columns(frame: pd.DataFrame) -> list[list[str]]:
    """Return the names of the columns, and then the cells of each."""
    return [[str(name) for name in frame.columns], *(frame[column].tolist() for column in frame.columns)]


def _summarize(parts: list[tuple[list[str], dict[str, str]]]) -> DoubleEncoding:
    """Count the cells that repairs change, and take examples."""
    n_cells = sum(cell in repaired for cells, repaired in parts if repaired for cell in cells)
    examples = {before: after for _, repaired in parts for before, after in repaired.items()}
    return DoubleEncoding(n_cells, tuple(examples.items())[:_EXAMPLES])


def _repairs(cells: list[str]) -> dict[str, str]:
    """Map every cell that a repair changes to what it becomes."""
    from ftfy import fix_encoding

    foreign = dict.fromkeys(
        cell for cell in cells if not cell.isascii() and _LIKE_PAIR.search(cell) and _PAIR.search(cell)
    )
    # A repair may bring to light what make_table has removed from the others.
    repaired = {cell: UNREADABLE.sub("", fix_encoding(cell, fix_c1_controls=False)) for cell in foreign}
    # What was encoded twice is longer than what was meant; other changes are not about that.
    return {before: after for before, after in repaired.items() if len(after) < len(before)}
