"""What is to be embedded of which files, and how it is cut into pieces: settled before anything is computed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.columns import guess_text_column
from embedlab.datasets import Preparation
from embedlab.errors import InvalidInputError, TableError, UnreadFilesError
from embedlab.reading import Stream, Stretch, StretchReader, number_names, survey
from embedlab.tables import ReadOptions, free_name
from embedlab.validation import check_integer

if TYPE_CHECKING:
    from embedlab.encoders import Encoder
    from embedlab.spec import EmbeddingSpec

PIECE_ROWS = 20_000
"""Rows of a piece: 29 MiB of 384 dimensions, and some minutes of a small model on two cores."""


@dataclass(frozen=True)
class Way:
    """Which model embeds, and how: what a worker needs to load it.

    Parameters
    ----------
    model, device, precision : str
        As for :func:`embedlab.load_encoder`.
    pooling_mode : str or None
    """

    model: str
    device: str = "auto"
    precision: str = "auto"
    pooling_mode: str | None = None

    def load(self) -> Encoder:
        """Load the model."""
        from embedlab.encoders import load_encoder

        return load_encoder(self.model, device=self.device, precision=self.precision)

    def spec(self, encoder: Encoder) -> EmbeddingSpec:
        """Return which embeddings these are."""
        return encoder.spec(pooling_mode=self.pooling_mode)


@dataclass(frozen=True)
class Piece:
    """Rows that are embedded at once and become a file of their own.

    Parameters
    ----------
    number : int
        From 0, in the order of the files.
    stream : Stream
    stretch : Stretch
    first_row : int
        The row of the file it begins with, counted from 0.
    """

    number: int
    stream: Stream
    stretch: Stretch
    first_row: int

    @property
    def file_name(self) -> str:
        """Name of its file."""
        return f"piece-{self.number + 1:06d}.parquet"


@dataclass(frozen=True)
class Plan:
    """What is to be embedded.

    Parameters
    ----------
    streams : tuple of Stream
        The files, in order.
    text : Preparation
        Which columns make the texts.
    file_column : str or None
        The column that says where a row comes from, where there are several files.
    """

    streams: tuple[Stream, ...]
    text: Preparation
    file_column: str | None

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces, in order."""
        found: list[Piece] = []
        for stream in self.streams:
            first = 0
            for stretch in stream.stretches:
                found.append(Piece(len(found), stream, stretch, first))
                first += stretch.n_rows
        return tuple(found)

    @property
    def n_rows(self) -> int:
        """Rows of all files."""
        return sum(stream.n_rows for stream in self.streams)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of all files, by name; the one of file names first."""
        own = dict.fromkeys(column for stream in self.streams for column in stream.columns)
        return (*([self.file_column] if self.file_column else []), *own)

    @cached_property
    def digest(self) -> str:
        """Digest of all that decides what stands in the pieces but the model: not of when a file was written."""
        return blake2b(json.dumps(_timeless(asdict(self)), sort_keys=True).encode(), digest_size=16).hexdigest()

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Plan:
        """Return what ``dataclasses.asdict`` has written, perhaps by way of JSON."""
        text = {name: tuple(values) for name, values in given["text"].items()}
        streams = tuple(Stream.from_dict(stream) for stream in given["streams"])
        return cls(streams, Preparation(**text), given["file_column"])


def _timeless(plan: dict[str, Any]) -> dict[str, Any]:
    """Leave out what may change without a cell of the files changing: when and where they were written, and notes."""
    left_out = ("changed_ns", "path", "notes")
    streams = [{key: value for key, value in each.items() if key not in left_out} for each in plan["streams"]]
    return plan | {"streams": streams}


def make_plan(
    files: Sequence[Path],
    text: Preparation | None = None,
    options: ReadOptions | None = None,
    *,
    clean: Sequence[str] = (),
    piece_rows: int = PIECE_ROWS,
    say: Callable[[str], None] = lambda sentence: None,
) -> Plan:
    """Look through all files, and cut them into pieces.

    Parameters
    ----------
    files : sequence of Path
    text : Preparation, optional
        Which columns make the texts; the one that looks most like texts in the first file when not given.
    options : ReadOptions, optional
        How the files are read.
    clean : sequence of str, default=()
        How the texts of a column that is guessed are cleaned, as ``Preparation`` has it.
    piece_rows : int, default=20,000
        Rows of a piece at most.
    say : callable, optional
        Told what a person should know, sentence by sentence.

    Returns
    -------
    Plan

    Raises
    ------
    UnreadFilesError
        When some files cannot be read.
    InvalidInputError
        When there is none, or one of them lacks the column of the texts.
    """
    check_integer(piece_rows, "piece_rows", 1)
    names = number_names([file.name for file in files])
    streams, said = [], {}
    for path, name in zip(files, names, strict=True):
        try:
            streams.append(survey(path, name, options or ReadOptions(), piece_rows))
        except TableError as error:
            said[name] = str(error)
    if said:
        raise TableError(*said.values()) if len(files) == 1 else UnreadFilesError(said, len(files))
    if not streams:
        raise InvalidInputError("There is no file to embed. Name at least one.")
    for stream in streams:
        for note in stream.notes:
            say(note if len(streams) == 1 else f"{stream.name}: {note}")
    text = text or Preparation((_guess_text(streams[0], say),), tuple(clean))
    for stream in streams:
        if missing := [column for column in text.columns if column not in stream.columns]:
            raise InvalidInputError(f"{stream.name} has no column {missing[0]!r}. It has: {', '.join(stream.columns)}.")
    columns = list(dict.fromkeys(column for stream in streams for column in stream.columns))
    return Plan(tuple(streams), text, free_name("file", columns) if len(streams) > 1 else None)


def _guess_text(stream: Stream, say: Callable[[str], None]) -> str:
    guess = guess_text_column(StretchReader().read(stream, stream.stretches[0]))
    say(f"texts are taken from the column {guess.column!r}: {guess.why}; --text names another one")
    return guess.column


def total_rows(pieces: Iterable[Piece]) -> int:
    """Return how many rows of their files some pieces are."""
    return sum(piece.stretch.n_rows for piece in pieces)
