"""A book of what was spent: in memory, or by days in a file that outlives the process."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from embedlab.errors import BudgetError

_LOG = logging.getLogger(__name__)

_SCHEMA = "CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, texts INTEGER, characters INTEGER, dollars REAL)"
# Seconds to wait while another process writes, and days that are kept.
_PATIENCE, _KEPT = 20.0, 31


@dataclass(frozen=True)
class Spent:
    """What was sent, and what it cost.

    Parameters
    ----------
    n_texts, n_characters : int
    dollars : float
    """

    n_texts: int = 0
    n_characters: int = 0
    dollars: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        """Return both together."""
        return Spent(self.n_texts + other.n_texts, self.n_characters + other.n_characters, self.dollars + other.dollars)


class Ledger:
    """A book of what was spent, which threads may share, and with a file processes, too.

    Parameters
    ----------
    path : Path, optional
        A file that holds what was spent on each day, by the clock of Greenwich; each day begins at nothing. Without,
        it is kept in memory, for all days together.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock, self._in_memory = threading.Lock(), Spent()

    def read(self) -> Spent:
        """Return what was spent: today, where there is a file.

        Raises
        ------
        BudgetError
            When the file cannot be used.
        """
        return self.add(Spent())

    def add(self, more: Spent, check: Callable[[Spent], None] = lambda _: None) -> Spent:
        """Write down that more is spent, unless ``check`` of what was spent before raises, and return the sum.

        Looking and writing are one step: nobody else spends in between.

        Raises
        ------
        BudgetError
            When the file cannot be used: what is not written down must not be spent.
        """
        if self.path is None:
            with self._lock:
                check(self._in_memory)
                self._in_memory += more
                return self._in_memory
        try:
            return self._add_to_file(self.path, more, check)
        except (sqlite3.Error, OSError) as error:
            # Where it lies is the owner's to know.
            _LOG.error("%s cannot be used: %s", self.path, error)
            raise BudgetError(
                f"What may be spent is limited here, and what was spent cannot be written down in {self.path.name} of "
                "the data folder. So nothing is sent. Make room there, remove the file if it is damaged, or set "
                "EMBEDLAB_DATA to another folder."
            ) from None

    @staticmethod
    def _add_to_file(path: Path, more: Spent, check: Callable[[Spent], None]) -> Spent:
        today = datetime.now(UTC).date()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Each transaction is ours to begin: the look has to lock the file, too.
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as db:
            db.execute(_SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT texts, characters, dollars FROM spent WHERE day = ?", [str(today)]).fetchone()
            before = Spent(*row) if row else Spent()
            check(before)
            after = before + more
            # What is put right after midnight was another day's: it gives today nothing.
            after = Spent(max(0, after.n_texts), max(0, after.n_characters), max(0.0, after.dollars))
            if more != Spent():
                values = [str(today), after.n_texts, after.n_characters, after.dollars]
                db.execute("INSERT OR REPLACE INTO spent VALUES (?, ?, ?, ?)", values)
                db.execute("DELETE FROM spent WHERE day < date(?, ?)", [str(today), f"-{_KEPT} days"])
            db.execute("COMMIT")
        return after
