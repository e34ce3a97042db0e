"""An SQLite file that may be lost: made when needed, begun anew when damaged, done without when it fails."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_LOG = logging.getLogger(__name__)

# Seconds to wait while another process writes.
_PATIENCE = 20.0
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


class Database:
    """A file with tables, opened anew for every piece of work, so that threads and processes may share it.

    Parameters
    ----------
    path : Path
    schema : str
        Statements that make the tables where there are none.
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path, self._schema = path, schema
        self._has_warned = False

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection | None]:
        """Give a connection for one transaction, or None where the file cannot be had.

        What SQLite raises inside ends the block and is not passed on: nothing of the transaction is kept then.
        """
        db = None
        try:
            db = self._connect()
            with closing(db), db:
                yield db
        except (sqlite3.Error, OSError) as error:
            self._complain(error)
            if db is None:
                yield None

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(self.path, timeout=_PATIENCE)
        try:
            # These two hold for a file that is being made.
            db.execute("PRAGMA page_size = 16384")
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # Other processes read while one writes; on file systems without shared memory SQLite keeps its old way.
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(self._schema)
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _complain(self, error: sqlite3.Error | OSError) -> None:
        if getattr(error, "sqlite_errorname", "").startswith(_DAMAGED):
            _LOG.warning("%s was damaged (%s); it is begun anew.", self.path, error)
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)
        elif not self._has_warned:
            self._has_warned = True
            _LOG.warning("%s cannot be used (%s); nothing is kept between sessions.", self.path, error)


def used_bytes(db: sqlite3.Connection) -> int:
    """Return the bytes of the file that hold something."""
    pages, free, size = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def shrink(db: sqlite3.Connection) -> None:
    """Give what deleting has freed back to the disk."""
    # As a script, because a single statement would be stepped once: one page.
    db.executescript("PRAGMA incremental_vacuum")
