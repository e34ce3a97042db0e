"""The table inside of a packed file: unpacked as a stream, up to a limit, so that a bomb costs no more than that."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from embedlab.errors import TableError
from embedlab.tables import check_unpacked, most_unpacked, part_within

ALL_TABLES = "/"
"""The part that stands for all tables of an archive, joined to one; no file in it can be called so."""


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
    with _said_damaged(name):
        archive = _open_zip(content)
        if archive is not None:
            return _from_zip(archive, name, part)
        opened = next((stream for magic, stream in _STREAMS.items() if content.startswith(magic)), None)
        if opened is None:
            return None
        inner = name[: name.rindex(".")] if name.lower().endswith(_ENDINGS) else name
        with opened(io.BytesIO(content)) as stream:
            return Unpacked(_read(stream, len(content), name), inner, within=part)


def unpack_each(content: bytes, name: str) -> dict[str, Callable[[], Unpacked]] | None:
    """Return what unpacks each file of a zip, by its path; None for a file that is no zip.

    All together unpack to no more than one file may.

    Parameters
    ----------
    content : bytes
    name : str

    Raises
    ------
    TableError
        As :func:`unpack`; what each file of it raises, its function does.
    """
    with _said_damaged(name):
        archive = _open_zip(content)
        if archive is None:
            return None
        files, n_bytes = _files_in(archive, name), [0]

        def take(path: str) -> Unpacked:
            with _said_damaged(f"{path} in {name}"):
                found = _take(archive, files[path], path)
            n_bytes[0] += len(found.content)
            check_unpacked(name, n_bytes[0])
            return replace(found, name=path)

        return {path: partial(take, path) for path in files}


def tables_among(names: Sequence[str]) -> Sequence[str]:
    """Return the files that are called tables by their ending; all of them where none is."""
    return [name for name in names if name.lower().endswith(_TABLES)] or names


@contextmanager
def _said_damaged(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} is a damaged archive: it was perhaps cut off. Export it again.") from error


def _open_zip(content: bytes) -> zipfile.ZipFile | None:
    """Open an archive; None for what is none, and for a workbook, which is packed like one."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return None  # perhaps a workbook that was cut off: its reader says so
    is_workbook = any(entry.filename.startswith(_WORKBOOKS) for entry in archive.infolist())
    return None if is_workbook else archive


def _files_in(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the files that hold anything, by their paths."""
    entries = archive.infolist()
    files = {entry.filename: entry for entry in entries if entry.file_size and not _is_hidden(entry.filename)}
    if not files:
        raise TableError(f"{name} is an archive without a file that holds anything. Check what was packed.")
    return files


def _from_zip(archive: zipfile.ZipFile, name: str, part: str | None) -> Unpacked:
    files = _files_in(archive, name)
    names = list(files)
    # Of several the largest that is called a table: beside it mostly stands a description, as plain text.
    likeliest = max(names, key=lambda one: (one.lower().endswith(_TABLES), files[one].file_size))
    at, within = names.index(likeliest), part
    if part is not None and len(names) > 1:
        at, within = part_within(names, part, name)
    return replace(_take(archive, files[names[at]], name), parts=tuple(names), within=within)


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Unpacked:
    if entry.flag_bits & 1:
        raise TableError(f"{name} is protected by a password and cannot be read. Unpack it and load what is inside.")
    with archive.open(entry) as stream:
        found = _read(stream, entry.compress_size, name)
    return Unpacked(found, PurePosixPath(entry.filename).name, entry.filename)


def _is_hidden(path: str) -> bool:
    """Whether a path is one of a folder, or of what systems put into archives beside the files."""
    return path.endswith("/") or any(step.startswith((".", "__MACOSX")) for step in path.split("/"))


def _read(stream: IO[bytes], packed: int, name: str) -> bytes:
    """Read no further than shows that it is too much."""
    found = stream.read(most_unpacked(packed) + 1)
    check_unpacked(name, len(found), packed)
    return found
