"""Rows of a long text that do not fit its columns: noted as they pass by, and said or refused at the end."""

from __future__ import annotations

from embedlab.errors import TableError
from embedlab.reading.delimiters import TextRow
from embedlab.reading.layout import extent_of
from embedlab.tables import count_rows, list_lines


class Misfits:
    """What does not fit.

    Parameters
    ----------
    width : int
        Cells of a row that fits.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._short: list[int] = []
        self._longer: list[int] = []
        self._wide: list[int] = []
        self._odd: list[int] = []

    def look_at(self, row: TextRow) -> None:
        """Note a row that does not fit."""
        if row.is_odd:
            self._odd.append(row.line)
        if len(row.cells) < self._width:
            self._short.append(row.line)
        elif len(row.cells) > self._width:
            (self._wide if extent_of(row.cells) > self._width else self._longer).append(row.line)

    def notes(self, name: str, n_rows: int) -> list[str]:
        """Say which of so many rows do not fit.

        Raises
        ------
        TableError
            When some have more cells than there are columns: these would be lost.
        """
        if self._wide:
            raise TableError(
                f"{name}: {count_rows(len(self._wide))} more cells than the {self._width:,} columns of its beginning "
                f"({list_lines(self._wide)}). If texts were cut at a delimiter, quotation marks are missing around "
                "them. Mend these rows, or save the table as Parquet."
            )
        notes = []
        if self._short:
            notes.append(
                f"{count_rows(len(self._short))} fewer cells than there are columns ({list_lines(self._short)}); "
                "these are left empty."
            )
        # Where most rows end in a delimiter, that is a habit of the file.
        if self._longer and 2 * len(self._longer) < n_rows:
            notes.append(
                f"{count_rows(len(self._longer))} a delimiter more than there are columns, and nothing behind it "
                f"({list_lines(self._longer)}): look whether the cells stand in the right columns."
            )
        if self._odd:
            notes.append(f"Quotation marks do not pair up in {list_lines(self._odd)}; they are kept as they stand.")
        return notes
