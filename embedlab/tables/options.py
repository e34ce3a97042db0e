"""How a file is to be read, as a person or a program says it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ReadOptions:
    """How a file is to be read; None leaves a guess as it is.

    Parameters
    ----------
    encoding : str or None
        Of a text file, such as ``"cp1252"``.
    delimiter : str or None
        One character, or ``""`` for one text a line.
    header_rows : int or None
        How many rows hold the names of the columns: 0 for none, 3 for what survey tools write.
    skip_rows : int or None
        Lines of a text file, or rows of a sheet, above the names that are left out. None finds titles by itself.
    part : str or None
        What is read of a file that holds several tables: a sheet, a table of a database, a file of an archive, a list
        inside of JSON; ``book.xlsx/Answers`` is a sheet in a file of an archive. ``ReadReport.parts`` names them.
    trim : bool
        Set titles above the names and remarks below the rows aside; the report quotes them.
    repair : bool
        Repair cells that were read in the wrong encoding before they were saved, such as ``schÃ¶n``.
    missing : tuple of str or None
        The words that mean a missing cell, such as ``("NA", "n/a")``; None for the usual ones. No cell changes.
    day_first : bool or None
        Whether ``03/04/2024`` is the third of April; None where each column decides. No cell changes.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_rows: int | None = None
    skip_rows: int | None = None
    part: str | None = None
    trim: bool = True
    repair: bool = False
    missing: tuple[str, ...] | None = None
    day_first: bool | None = None

    @property
    def of_file(self) -> dict[str, Any]:
        """What :func:`embedlab.read_table` is told: all but what the cells mean."""
        return {name: value for name, value in asdict(self).items() if name not in ("missing", "day_first")}
