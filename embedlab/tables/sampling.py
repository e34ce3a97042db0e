"""Some rows of a table, where all of them are too many."""

from __future__ import annotations

from dataclasses import replace

from embedlab.rows import sample_positions
from embedlab.tables.table import Table
from embedlab.validation import check_integer, check_random_state


def sample_table(table: Table, n_rows: int, *, random_state: int = 0) -> Table:
    """Draw rows of a table at random, the same every time, in their order.

    Parameters
    ----------
    table : Table
    n_rows : int
        How many; a table that has no more is returned as it is.
    random_state : int, default=0
        The same seed draws the same rows.

    Returns
    -------
    Table
        Its rows are numbered anew; the report says what they are a sample of.

    Raises
    ------
    InvalidInputError
        For less than one row.
    """
    check_integer(n_rows, "n_rows", 1)
    rows = sample_positions(len(table.frame), n_rows, check_random_state(random_state))
    if len(rows) == len(table.frame):
        return table
    note = f"A random sample of {len(rows):,} of {len(table.frame):,} rows, the same every time."
    report = replace(table.report, n_rows=len(rows), notes=(*table.report.notes, note))
    return Table(table.frame.iloc[rows].reset_index(drop=True), report)
