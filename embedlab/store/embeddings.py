"""Embeddings on disk, row by row, so that no text is ever embedded twice in the same way.

SQLite does what a store of files would have to be taught: a transaction is written whole or not at all, whatever kills
the process, and several processes may write at once. What it does not see, a flipped bit in a vector, a checksum does.
The store is a convenience: where the disk is full or may not be written to, work goes on without it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.encoders.running import check_texts
from embedlab.folders import cache_folder
from embedlab.limits import check_memory, limits
from embedlab.spec import EmbeddingSpec, Variant
from embedlab.store._database import Database, checksum, held_keys, look_up, shrink, used_bytes, vector_key
from embedlab.store._missing import joined, missing_work

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, Progress

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
    max_bytes : int, default=None
        The texts not used for longest are dropped beyond this; by days, so that reading does not write each time. None
        takes ``Limits.max_cache_mib``.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, folder: Path | None = None, max_bytes: int | None = None) -> None:
        self.path = (folder or cache_folder()) / "embeddings-2.sqlite"
        self.max_bytes = limits().max_cache_mib << 20 if max_bytes is None else max_bytes
        self._database = Database(self.path, _SCHEMA)

    def encode(
        self,
        encoder: Encoder,
        texts: str | Sequence[str],
        *,
        pooling_mode: str | None = None,
        layer: int = -1,
        progress: Progress | None = None,
        **options: Any,  # noqa: ANN401 - handed on
    ) -> NDArray[np.float32]:
        """Return embeddings as ``encoder.encode`` does, encoding only the texts that are not in the store.

        Parameters
        ----------
        encoder : Encoder
        texts, pooling_mode, layer, progress, **options
            As for :meth:`embedlab.Encoder.encode`.

        Returns
        -------
        float32 array of shape (n, d)
        """
        variant = Variant(pooling_mode or encoder.pooling_mode, layer)
        return self.encode_variants(encoder, texts, [variant], progress=progress, **options)[variant]

    def encode_variants(
        self,
        encoder: Encoder,
        texts: str | Sequence[str],
        variants: Sequence[Variant],
        *,
        progress: Progress | None = None,
        **options: Any,  # noqa: ANN401 - handed on
    ) -> dict[Variant, NDArray[np.float32]]:
        """Return embeddings as ``encoder.encode_variants`` does, encoding only what is not in the store.

        A text goes through the model once, for all variants that lack it. New embeddings are stored every few seconds,
        so that work that was stopped or killed goes on from there.

        Parameters
        ----------
        encoder : Encoder
        texts, variants, progress, **options
            As for :meth:`embedlab.Encoder.encode_variants`.

        Returns
        -------
        dict of Variant to float32 array of shape (n, d)
        """
        texts = check_texts(texts)
        if not texts or not encoder.is_worth_storing:
            return encoder.encode_variants(texts, variants, progress=progress, **options)
        check_memory("embedding", len(texts), encoder.embedding_dimension * len(variants))
        specs = {way: encoder.spec(pooling_mode=way.pooling_mode, layer=way.layer, **options) for way in variants}
        rows_of = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        different = list(rows_of)
        parts = {way: [self.get(spec, different)] for way, spec in specs.items()}
        known, handing = {way: found[0][0] for way, found in parts.items()}, encoder
        if all(spec.long_texts == "cut" for spec in specs.values()):  # means wait until all their passages are there
            handing = encoder.kept_by(self.put, min(map(len, known.values())))
        work, n_done = missing_work(known, different, is_kept=handing is not encoder)

        def report(done: int, total: int) -> None:
            if progress is not None:
                progress(round((n_done + done) / len(different) * len(texts)), len(texts))

        if n_done:
            report(0, len(different))
        for ways, rows in work:
            chosen = [different[row] for row in rows]
            for way, vectors in handing.encode_variants(chosen, ways, progress=report, **options).items():
                if handing is encoder:
                    self.put(specs[way], chosen, vectors)
                parts[way].append((rows, vectors))
            n_done += len(rows)
        dealt = np.array([rows_of[text] for text in texts])
        return {way: joined(found)[dealt] for way, found in parts.items()}

    def get(self, spec: EmbeddingSpec, texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Look texts up.

        Returns
        -------
        positions : int64 array of shape (m,)
            Which of the texts are known, rising.
        vectors : float32 array of shape (m, d)
            Their embeddings. One that is damaged counts as not known, and is dropped.
        """
        digest = spec.digest
        row_of = {vector_key(digest, text): row for row, text in enumerate(texts)}
        found = dict[int, bytes]()
        with self._database.opened() as db:
            if db is not None:
                found = {row_of[key]: value for key, value in look_up(db, list(row_of))}
        positions = np.array(sorted(found), dtype=np.int64)
        joined = np.frombuffer(b"".join(found[row] for row in positions.tolist()), "<f4")
        return positions, joined.astype(np.float32).reshape(len(found), -1 if found else 0)

    def missing(self, spec: EmbeddingSpec, texts: Sequence[str]) -> list[str]:
        """Return the different texts whose embeddings it does not hold; no vector is read."""
        digest, held = spec.digest, set[bytes]()
        keys = {vector_key(digest, text): text for text in texts}
        with self._database.opened() as db:
            held = held_keys(db, list(keys)) if db else held
        return [text for key, text in keys.items() if key not in held]

    def put(self, spec: EmbeddingSpec, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store the embeddings of some texts, all or none of them."""
        digest, today = spec.digest, date.today().toordinal()
        keys = [vector_key(digest, text) for text in texts]
        values = [row.tobytes() for row in vectors.astype("<f4")]
        pairs = zip(keys, values, strict=True)
        with self._database.opened() as db:
            if db is None:
                return
            about = [digest, json.dumps(asdict(spec)), vectors.shape[1]]
            db.execute("INSERT OR IGNORE INTO spec VALUES (?, ?, ?)", about)
            rows = ((key, digest, value, checksum(key, value), today) for key, value in pairs)
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
        found = list[StoredEmbeddings]()
        for fields, n, dimension, used in counted:
            # A damaged description hides its entry; its vectors are named by digests and still found.
            with suppress(ValueError, TypeError, OverflowError):
                spec, last_used = EmbeddingSpec(**json.loads(fields)), date.fromordinal(used)
                found.append(StoredEmbeddings(spec, n, 4 * n * int(dimension), last_used))
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
            # Stamps of a clock that was ahead would keep their texts until it is that late.
            today = date.today().toordinal()
            db.execute("UPDATE vector SET used = ? WHERE used > ?", [today, today])
            (n_texts,) = db.execute("SELECT count(*) FROM vector").fetchone()
            # A tenth more, so that not every write has to make room.
            share = min(1.0, excess / used_bytes(db) + 0.1)
            oldest = "SELECT rowid FROM vector ORDER BY used, rowid LIMIT ?"
            db.execute(f"DELETE FROM vector WHERE rowid IN ({oldest})", [round(share * n_texts)])
            shrink(db)
