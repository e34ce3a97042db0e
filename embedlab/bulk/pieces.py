"""A piece, from the rows of a file to a file of embeddings: whole or not at all, and by anybody the same bits."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b, file_digest
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import numpy as np

from embedlab.bulk.plan import Piece, Plan, Way
from embedlab.datasets import prepare
from embedlab.errors import InvalidInputError
from embedlab.reading import StretchReader
from embedlab.samples import sample_texts
from embedlab.tables import free_name
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder

UNFINISHED = ".piece-*.part"
"""What names of files look like that are being written, or were when their process was ended."""

_CONTROL_TEXTS = 16
_EMBEDDING = "embedding"
_NOTE = b"embedlab"


@dataclass(frozen=True)
class Finished:
    """A piece that is written.

    Parameters
    ----------
    number : int
    file : str
    source : str
        The file its rows come from.
    first_row, n_rows : int
        Which rows of it, counted from 0.
    n_written : int
        Rows written: as many, but where a row holds a list that is read as rows.
    n_texts : int
        Rows that have an embedding; the texts of the others are blank.
    nbytes : int
    sha256 : str
        Of the file.
    control : str
        Digest of the embeddings of some texts that are always the same, on the machine that wrote it.
    """

    number: int
    file: str
    source: str
    first_row: int
    n_rows: int
    n_written: int
    n_texts: int
    nbytes: int
    sha256: str
    control: str


class PieceEncoder:
    """A loaded model that makes pieces of a plan.

    Parameters
    ----------
    plan : Plan
    way : Way
    encoder : Encoder
    digest : str
        What names the embeddings that are wanted; see :attr:`embedlab.EmbeddingSpec.digest`.

    Raises
    ------
    InvalidInputError
        When the model, as it is loaded here, gives other embeddings.
    """

    def __init__(self, plan: Plan, way: Way, encoder: Encoder, digest: str) -> None:
        spec = way.spec(encoder)
        if spec.digest != digest:
            raise InvalidInputError(
                f"On {socket.gethostname()} the model gives other embeddings ({spec.description}). Run it everywhere "
                "on the same kind of processor or card, or say --precision float32."
            )
        self._plan, self._pooling_mode, self._encoder, self._digest = plan, way.pooling_mode, encoder, digest
        self._reader = StretchReader()
        self._control = self._control_digest()

    def write(self, piece: Piece, folder: Path, progress: Callable[[int], None] | None = None) -> Finished:
        """Embed a piece and write its file.

        Parameters
        ----------
        piece : Piece
        folder : Path
        progress : callable, optional
            Called with the rows that are done.

        Returns
        -------
        Finished

        Raises
        ------
        TableError
            When its file was changed, or is damaged there.
        OSError
            When it cannot be read or written; nothing of it is left then.
        """
        frame, texts, kept = self.read(piece)

        def report(done: int, total: int) -> None:
            if progress is not None:
                progress(piece.stretch.n_rows * done // total)

        vectors = self._encoder.encode(texts, pooling_mode=self._pooling_mode, progress=report)
        counts: dict[str, int | str] = {"n_written": len(frame), "n_texts": len(texts), "control": self._control}
        note = {"plan": self._plan.digest, "spec": self._digest, "number": piece.number, **counts}
        target = folder / piece.file_name
        part = folder / f".piece-{piece.number + 1:06d}.{os.getpid()}-{token_hex(4)}.part"
        try:
            _write_table(as_arrow(frame, kept, vectors), note, part)
            found = finished(piece, part, counts)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return found

    def read(self, piece: Piece, most: int | None = None) -> tuple[pd.DataFrame, list[str], NDArray[np.bool_]]:
        """Return the rows of a piece, its texts without the blank ones, and which rows these are of.

        Parameters
        ----------
        piece : Piece
        most : int, optional
            Take so many rows at most.
        """
        import pandas as pd

        frame = self._reader.read(piece.stream, piece.stretch)
        frame = frame if most is None else frame.iloc[:most]
        whole = {
            column: frame[column] if column in frame else pd.Series("", frame.index, dtype=object)
            for column in self._plan.columns
        }
        if self._plan.file_column:
            whole[self._plan.file_column] = pd.Series(piece.stream.name, frame.index, dtype=object)
        frame, column = prepare(pd.DataFrame(whole), self._plan.text)
        cells = frame[column].tolist()
        kept = np.array([not is_blank(cell) for cell in cells], dtype=bool)
        return frame, [cell for cell, is_kept in zip(cells, kept, strict=True) if is_kept], kept

    def _control_digest(self) -> str:
        texts = sample_texts()[:_CONTROL_TEXTS]
        vectors = self._encoder.encode(texts, pooling_mode=self._pooling_mode)
        return blake2b(np.ascontiguousarray(vectors).tobytes(), digest_size=8).hexdigest()


def finished(piece: Piece, path: Path, counts: dict[str, int | str]) -> Finished:
    """Return the record of a piece whose file is complete."""
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    facts = {"nbytes": path.stat().st_size, "sha256": sha256, **counts}
    rows = piece.first_row, piece.stretch.n_rows
    return Finished(piece.number, piece.file_name, piece.stream.name, *rows, **facts)  # type: ignore[arg-type]


def found_on_disk(piece: Piece, folder: Path, plan_digest: str, spec_digest: str) -> Finished | None:
    """Return the record of a piece from its file, where that is one of this plan and these embeddings."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with suppress(OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        path = folder / piece.file_name
        note = json.loads(pq.read_schema(path).metadata[_NOTE])
        if (note.pop("plan"), note.pop("spec"), note.pop("number")) == (plan_digest, spec_digest, piece.number):
            return finished(piece, path, note)
    return None


def as_arrow(frame: pd.DataFrame, kept: NDArray[np.bool_], vectors: NDArray[np.float32]) -> pa.Table:
    """Return rows with their embeddings, none where a text is blank.

    Parameters
    ----------
    frame : DataFrame with n rows
    kept : bool array of shape (n,)
    vectors : float32 array of shape (m, d)
        Of the rows that are kept.
    """
    import pyarrow as pa

    ends = np.concatenate([[0], np.cumsum(np.where(kept, vectors.shape[1], 0))]).astype(np.int32)
    lists = pa.ListArray.from_arrays(
        pa.array(ends), pa.array(vectors.ravel()), mask=None if kept.all() else pa.array(~kept)
    )
    columns = {str(name): pa.array(cells.tolist(), pa.string()) for name, cells in frame.items()}
    return pa.table({**columns, free_name(_EMBEDDING, list(columns)): lists})


def _write_table(table: pa.Table, note: Mapping[str, int | str], path: Path) -> None:
    """Write a table so that it is on disk before its name says that it is there."""
    import pyarrow.parquet as pq

    texts, embedding = table.column_names[:-1], table.column_names[-1]
    table = table.replace_schema_metadata({_NOTE: json.dumps(note)})
    # Numbers of embeddings do not come again, and no order of theirs tells anything.
    packing = {**dict.fromkeys(texts, "zstd"), f"{embedding}.list.element": "none"}
    with path.open("wb") as file:
        pq.write_table(table, file, compression=packing, use_dictionary=texts, write_statistics=texts)
        file.flush()
        os.fsync(file.fileno())


def as_line(record: Finished) -> str:
    """Return a record as a line of JSON."""
    return json.dumps(asdict(record), ensure_ascii=False) + "\n"
