"""The table inside of a packed file: unpacked as a stream, up to a limit, so that a bomb costs no more than that."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from embedlab.errors import TableError
from embedlab.tables import check_unpacked, most_unpacked, part_within


def _open_zstd(stream: io.BytesIO) -> Any:  # noqa: ANN401 - Arrow has no types
    import pyarrow as pa

    return pa.CompressedInputStream(stream, "zstd")


_STREAMS: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
    b"\x28\xb5\x2f\xfd": _open_zstd,
}
_ENDINGS = (".gz", ".bz2", ".xz", ".zst")
_TABLES = (
    ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet", ".arrow", ".feather", ".jsonl",
    ".ndjson", ".json", ".db", ".sqlite", ".duckdb",
)  # fmt: skip
# Zip files that are workbooks themselves.
_WORKBOOKS = ("xl/", "META-INF/manifest.xml")
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Unpacked:
    """A file from within another.

    Parameters
    ----------
    content : bytes
    name : str
    part : str
        Where it stands in an archive of several files.
    parts : tuple of str
        All files that could have been read.
    within : str or None
        Which part of the file itself was asked for.
    """

    content: bytes
    name: str
    part: str = ""
    parts: tuple[str, ...] = ()
    within: str | None = None


def unpack(content: bytes, name: str, part: str | None = None) -> Unpacked | None:
    """Return the table inside of a packed file, or None for a file that is not packed.

    Parameters
    ----------
    content : bytes
    name : str
        File name; ``reviews.csv.gz`` holds ``reviews.csv``.
    part : str, optional
        Which file of an archive of several is meant. Names are compared, never used as paths.

    Raises
    ------
    TableError
        When it is damaged, empty, protected by a password, or unpacks to more than is read.
    """
    try:
        if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _from_zip(content, name, part)
        opened = next((stream for magic, stream in _STREAMS.items() if content.startswith(magic)), None)
        if opened is None:
            return None
        inner = name[: name.rindex(".")] if name.lower().endswith(_ENDINGS) else name
        with opened(io.BytesIO(content)) as stream:
            return Unpacked(_read(stream, len(content), name), inner, within=part)
    except _DAMAGED as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged archive: it was perhaps cut off. Export it again.") from error


def _from_zip(content: bytes, name: str, part: str | None) -> Unpacked | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return None  # perhaps a workbook that was cut off: its reader says so
    with archive:
        entries = archive.infolist()
        if any(entry.filename.startswith(_WORKBOOKS) for entry in entries):
            return None
        files = {entry.filename: entry for entry in entries if entry.file_size and not _is_hidden(entry.filename)}
        if not files:
            raise TableError(f"{name} is an archive without a file that holds anything. Check what was packed.")
        names = list(files)
        # Of several the largest that is called a table: beside it mostly stands a description, as plain text.
        likeliest = max(names, key=lambda one: (one.lower().endswith(_TABLES), files[one].file_size))
        at, within = names.index(likeliest), part
        if part is not None and len(names) > 1:
            at, within = part_within(names, part, name)
        chosen = files[names[at]]
        if chosen.flag_bits & 1:
            raise TableError(
                f"{name} is protected by a password and cannot be read. Unpack it and load what is inside."
            )
        with archive.open(chosen) as stream:
            found = _read(stream, chosen.compress_size, name)
    return Unpacked(found, PurePosixPath(chosen.filename).name, chosen.filename, tuple(names), within)


def _is_hidden(path: str) -> bool:
    """Whether a path is one of a folder, or of what systems put into archives beside the files."""
    return path.endswith("/") or any(step.startswith((".", "__MACOSX")) for step in path.split("/"))


def _read(stream: IO[bytes], packed: int, name: str) -> bytes:
    """Read no further than shows that it is too much."""
    found = stream.read(most_unpacked(packed) + 1)
    check_unpacked(name, len(found), packed)
    return found
