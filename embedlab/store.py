"""Embeddings on disk, row by row, so that no text is ever embedded twice in the same way.

SQLite does what a store of files would have to be taught: a transaction is written whole or not at all, whatever kills
the process, and several processes may write at once. What it does not see, a flipped bit in a vector, a checksum does.
The store is a convenience: where the disk is full or may not be written to, work goes on without it.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab._database import Database, shrink, used_bytes
from embedlab._paths import cache_folder
from embedlab.encoders.tokens import check_texts
from embedlab.spec import EmbeddingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders.base import Encoder, Progress

MAX_BYTES = 4 << 30
"""Size of the file beyond which the texts not used for longest are dropped."""

# What is encoded between two writes, in characters: a second or two of work that a crash would cost.
_CHUNK_CHARACTERS = 100_000
# Parameters of one question to SQLite.
_KEYS_A_QUESTION = 900
_SCHEMA = """
CREATE TABLE IF NOT EXISTS spec (digest TEXT PRIMARY KEY, fields TEXT, dimension INTEGER);
CREATE TABLE IF NOT EXISTS vector (key BLOB, spec TEXT, value BLOB, checksum INTEGER, used INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS by_key ON vector (key);
CREATE INDEX IF NOT EXISTS by_use ON vector (used, spec);
"""


@dataclass(frozen=True)
class StoredEmbeddings:
    """What is kept of one way to embed.

    Parameters
    ----------
    spec : EmbeddingSpec
    n_texts : int
    nbytes : int
        Bytes of the vectors alone.
    last_used : date
        The day one of them was last read or written.
    """

    spec: EmbeddingSpec
    n_texts: int
    nbytes: int
    last_used: date


class EmbeddingStore:
    """Embeddings kept between sessions; safe to share between threads and processes.

    Parameters
    ----------
    folder : Path, default=None
        ``EMBEDLAB_CACHE``, or the user's own cache folder, when not given.
    max_bytes : int, default=4 GiB
        The texts not used for longest are dropped beyond this; by days, so that reading does not write each time.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.path, self.max_bytes = (folder or cache_folder()) / "embeddings-2.sqlite", max_bytes
        self._database = Database(self.path, _SCHEMA)

    def encode(
        self,
        encoder: Encoder,
        texts: str | Sequence[str],
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        prompt_name: str | None = None,
        normalize_embeddings: bool = True,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """Return embeddings as ``encoder.encode`` does, encoding only the texts that are not in the store.

        New ones are stored every few seconds, so that work that was stopped or killed goes on from there.

        Parameters
        ----------
        encoder : Encoder
        texts, pooling_mode, layer, prompt_name, normalize_embeddings, progress
            As for :meth:`embedlab.Encoder.encode`.

        Returns
        -------
        float32 array of shape (n, d)
        """
        ways: dict[str, Any] = {"pooling_mode": pooling_mode, "layer": layer, "prompt_name": prompt_name}
        ways["normalize_embeddings"] = normalize_embeddings
        spec, texts = encoder.spec(**ways), check_texts(texts)
        rows_of = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        different = list(rows_of)
        known, vectors = self.get(spec, different)
        found = {int(row): vector for row, vector in zip(known, vectors, strict=True)}

        def report(done: int, total: int) -> None:
            if progress is not None:
                progress(round((len(found) + done) / len(different) * len(texts)), len(texts))

        if found:
            report(0, len(different))
        for chunk in _chunks([row for row in range(len(different)) if row not in found], different):
            chosen = [different[row] for row in chunk]
            encoded = encoder.encode(chosen, **ways, progress=report)
            self.put(spec, chosen, encoded)
            found.update(zip(chunk, encoded, strict=True))
        if not texts:
            return encoder.encode([], **ways)
        return np.stack([found[rows_of[text]] for text in texts])

    def get(self, spec: EmbeddingSpec, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Look texts up.

        Returns
        -------
        positions : int64 array of shape (m,)
            Which of the texts are known, rising.
        vectors : float32 array of shape (m, d)
            Their embeddings. One that is damaged counts as not known, and is dropped.
        """
        row_of, found = {_key(spec, text): row for row, text in enumerate(texts)}, dict[int, bytes]()
        keys = list(row_of)
        with self._database.opened() as db:
            if db is not None:
                for start in range(0, len(keys), _KEYS_A_QUESTION):
                    for key, value in _look_up(db, keys[start : start + _KEYS_A_QUESTION]):
                        found[row_of[key]] = value
        positions = np.array(sorted(found), dtype=np.int64)
        joined = np.frombuffer(b"".join(found[row] for row in positions.tolist()), "<f4")
        return positions, joined.astype(np.float32).reshape(len(found), -1 if found else 0)

    def put(self, spec: EmbeddingSpec, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store the embeddings of some texts, all or none of them."""
        with self._database.opened() as db:
            if db is None:
                return
            db.execute(
                "INSERT OR IGNORE INTO spec VALUES (?, ?, ?)",
                [spec.digest, json.dumps(asdict(spec)), vectors.shape[1]],
            )
            keys, values = [_key(spec, text) for text in texts], [row.tobytes() for row in vectors.astype("<f4")]
            pairs, today = zip(keys, values, strict=True), date.today().toordinal()
            rows = ((key, spec.digest, value, _checksum(key, value), today) for key, value in pairs)
            db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?, ?)", rows)
            self._evict(db)

    @property
    def nbytes(self) -> int:
        """Size of the store on disk, in bytes."""
        with self._database.opened() as db:
            return used_bytes(db) if db else 0
        return 0

    def entries(self) -> list[StoredEmbeddings]:
        """Return what is kept, the largest part first."""
        counted: list[tuple[str, int, int, int]] = []
        with self._database.opened() as db:
            if db is not None:
                counted = db.execute(
                    "SELECT fields, n, dimension, last FROM spec JOIN "
                    "(SELECT spec, count(*) AS n, max(used) AS last FROM vector GROUP BY spec) ON spec = digest"
                ).fetchall()
        found = [
            StoredEmbeddings(EmbeddingSpec(**json.loads(fields)), n, 4 * n * dimension, date.fromordinal(used))
            for fields, n, dimension, used in counted
        ]
        return sorted(found, key=lambda entry: -entry.nbytes)

    def clear(self, spec: EmbeddingSpec | None = None) -> int:
        """Drop all embeddings, or those of one spec, and return how many."""
        with self._database.opened() as db:
            if db is None:
                return 0
            where, which = ("true", []) if spec is None else ("spec = ?", [spec.digest])
            dropped = db.execute(f"DELETE FROM vector WHERE {where}", which).rowcount
            shrink(db)
            return dropped
        return 0

    def _evict(self, db: sqlite3.Connection) -> None:
        excess = used_bytes(db) - self.max_bytes
        if excess > 0:
            (n_texts,) = db.execute("SELECT count(*) FROM vector").fetchone()
            # A tenth more, so that not every write has to make room.
            share = min(1.0, excess / used_bytes(db) + 0.1)
            oldest = "SELECT rowid FROM vector ORDER BY used, rowid LIMIT ?"
            db.execute(f"DELETE FROM vector WHERE rowid IN ({oldest})", [round(share * n_texts)])
            shrink(db)


def _look_up(db: sqlite3.Connection, keys: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Return key and value of the rows that are there and whole; drop the damaged, note that the others were used."""
    today, where = date.today().toordinal(), f"key IN ({','.join('?' * len(keys))})"
    rows = db.execute(f"SELECT key, value, checksum, used FROM vector WHERE {where}", keys).fetchall()
    damaged = [[key] for key, value, checksum, _ in rows if checksum != _checksum(key, value)]
    if damaged:
        db.executemany("DELETE FROM vector WHERE key = ?", damaged)
    if any(used != today for *_, used in rows):
        db.execute(f"UPDATE vector SET used = ? WHERE {where}", [today, *keys])
    return [(key, value) for key, value, checksum, _ in rows if [key] not in damaged]


def _chunks(rows: list[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """Cut rows, the longest texts first, into parts of a few seconds of work."""
    chunk, size = list[int](), 0
    for row in sorted(rows, key=lambda row: -len(texts[row])):
        chunk.append(row)
        size += len(texts[row])
        if size >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _key(spec: EmbeddingSpec, text: str) -> bytes:
    """Name the embedding of a text by the exact characters it has, nothing folded, and the way it is embedded."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16, key=bytes.fromhex(spec.digest)).digest()


def _checksum(key: bytes, value: bytes) -> int:
    """Return a number that a changed vector, or that of another text, would not have."""
    return zlib.crc32(value, zlib.crc32(key))
