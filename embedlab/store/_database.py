"""An SQLite file that may be lost: made when needed, begun anew when damaged, done without when it fails.

And the rows of vectors in it, named by text and way, each with a checksum.
"""

from __future__ import annotations

import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from hashlib import blake2b
from pathlib import Path

_LOG = logging.getLogger(__name__)

# Seconds to wait while another process writes.
_PATIENCE = 20.0
# Parameters of one question to SQLite.
_KEYS_A_QUESTION = 900
# What SQLite says of a file that is none of ours: torn, of another schema, or with lengths that cannot be.
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_FORMAT", "SQLITE_TOOBIG")


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
        # What SQLite says of a damaged schema quotes it, and Python cannot read that.
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            self._complain(error)
            if db is None:
                yield None

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(self.path, timeout=_PATIENCE)
        # A damaged cell may say that it holds text, and hold none.
        db.text_factory = bytes
        try:
            # These two hold for a file that is being made.
            db.execute("PRAGMA page_size = 16384")
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # Other processes read while one writes; on file systems without shared memory SQLite keeps its old way.
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(self._schema)
        except Exception:
            db.close()
            raise
        return db

    def _complain(self, error: Exception) -> None:
        if isinstance(error, UnicodeDecodeError) or getattr(error, "sqlite_errorname", "").startswith(_DAMAGED):
            try:
                for ending in ("", "-wal", "-shm"):
                    Path(f"{self.path}{ending}").unlink(missing_ok=True)
            except OSError as stuck:
                error = stuck
            else:
                _LOG.warning("%s was damaged (%s); it is begun anew.", self.path, error)
                return
        if not self._has_warned:
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


def look_up(db: sqlite3.Connection, keys: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return key and value of the vectors that are whole; drop the damaged, note that the others were used."""
    found = []
    for start in range(0, len(keys), _KEYS_A_QUESTION):
        found += _look_up_some(db, keys[start : start + _KEYS_A_QUESTION])
    return found


def held_keys(db: sqlite3.Connection, keys: list[bytes]) -> set[bytes]:
    """Return the keys there are vectors of, whole or damaged."""
    held = set[bytes]()
    for start in range(0, len(keys), _KEYS_A_QUESTION):
        asked = keys[start : start + _KEYS_A_QUESTION]
        where = ",".join("?" * len(asked))
        held.update(key for (key,) in db.execute(f"SELECT key FROM vector WHERE key IN ({where})", asked))
    return held


def _look_up_some(db: sqlite3.Connection, keys: list[bytes]) -> list[tuple[bytes, bytes]]:
    today, where = date.today().toordinal(), f"key IN ({','.join('?' * len(keys))})"
    rows = db.execute(f"SELECT key, value, checksum, used FROM vector WHERE {where}", keys).fetchall()
    wanted = set(keys)
    whole = [
        (key, value)
        for key, value, expected, _ in rows
        if key in wanted and isinstance(value, bytes) and expected == checksum(key, value)
    ]
    if len(whole) < len(rows):
        # By the keys that were asked for: one that came back may be damaged, too.
        damaged = wanted.difference(key for key, _ in whole)
        db.executemany("DELETE FROM vector WHERE key = ?", [[key] for key in damaged])
    if any(used != today for *_, used in rows):
        db.execute(f"UPDATE vector SET used = ? WHERE {where}", [today, *keys])
    return whole


def vector_key(spec_digest: str, text: str) -> bytes:
    """Name the embedding of a text by the exact characters it has, nothing folded, and the way it is embedded."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=bytes.fromhex(spec_digest)).digest()


def checksum(key: bytes, value: bytes) -> int:
    """Return a number that a changed vector, or that of another text, would not have."""
    return zlib.crc32(value, zlib.crc32(key))
