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
from embedlab.limits import limits, setting_of
from embedlab.tables import check_unpacked, choose_part

ALL_TABLES = "/"
"""The part that stands for all tables of an archive, joined to one; no file in it can be called so."""
WITHIN = " / "
"""Stands between a file of an archive and a part of that file: ``book.xlsx / Sheet2``."""

# Tables do not pack more densely than that; bombs do.
MAX_RATIO, _ALWAYS = 200, 10 << 20
_STREAMS: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ": lzma.open,
}
_ENDINGS = (".gz", ".bz2", ".xz")
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson", ".json", ".tab", ".db", ".sqlite")
# Zip files that are documents themselves.
_DOCUMENTS = ("xl/", "word/", "ppt/", "Index/", "META-INF/manifest.xml")
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Unpacked:
    """A file from within another.

    Parameters
    ----------
    content : bytes
    name : str
    part : str or None
        Where it stands in an archive of several files.
    parts : tuple of str
        All files that could have been read.
    inner : str or None
        What of this file is meant, where it holds several tables.
    """

    content: bytes
    name: str
    part: str | None = None
    parts: tuple[str, ...] = ()
    inner: str | None = None


def unpack(content: bytes, name: str, part: str | None = None) -> Unpacked | None:
    """Return the table inside of a packed file, or None for a file that is not packed.

    Parameters
    ----------
    content : bytes
    name : str
        File name; ``reviews.csv.gz`` holds ``reviews.csv``.
    part : str, optional
        Which file of an archive of several is meant, and what in it. Names are compared, never used as paths.

    Raises
    ------
    TableError
        When it is damaged, empty, protected by a password, or unpacks to more than is read.
    """
    with _said_damaged(name):
        archive = _open_zip(content, name)
        if archive is not None:
            return _from_zip(archive, name, part)
        opened = next((stream for magic, stream in _STREAMS.items() if content.startswith(magic)), None)
        if opened is None:
            return None
        inner = name[: name.rindex(".")] if name.lower().endswith(_ENDINGS) else name
        with opened(io.BytesIO(content)) as stream:
            return Unpacked(_read(stream, len(content), name), inner)


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
        archive = _open_zip(content, name)
        if archive is None:
            return None
        files, left = _files_in(archive, name), [limits().max_unpacked_mib << 20]

        def take(path: str) -> Unpacked:
            with _said_damaged(f"{path} in {name}"):
                found = _take(archive, files[path], path)
            left[0] -= len(found.content)
            if left[0] < 0:
                raise _too_much(name)
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


def _open_zip(content: bytes, name: str) -> zipfile.ZipFile | None:
    """Open an archive; None for what is none, or a document that is packed like one."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return None  # perhaps a workbook that was cut off: its reader says so
    is_document = any(entry.filename.startswith(_DOCUMENTS) for entry in archive.infolist())
    return None if is_document else archive


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
    if len(names) == 1:
        return replace(_take(archive, files[names[0]], name), part=None)
    # Of several the largest that is called a table: beside it mostly stands a description, as plain text.
    likeliest = max(names, key=lambda one: (one.lower().endswith(_TABLES), files[one].file_size))
    chosen, inner = (likeliest, None) if part is None else _split(part, names, name)
    return replace(_take(archive, files[chosen], name), parts=tuple(names), inner=inner)


def _split(part: str, names: list[str], archive: str) -> tuple[str, str | None]:
    """Return the file that is meant, and the part in it."""
    around = [name for name in names if part.startswith(f"{name}{WITHIN}")]
    if part in names or not around:
        return names[choose_part(names, part, archive)], None
    longest = max(around, key=len)
    return longest, part[len(longest) + len(WITHIN) :]


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
    dense = MAX_RATIO * packed + _ALWAYS
    most = min(limits().max_unpacked_mib << 20, dense)
    found = stream.read(most + 1)
    if len(found) <= most:
        check_unpacked(name, len(found))
        return found
    if most == dense:
        raise TableError(f"{name} unpacks to more than {MAX_RATIO} times its size, far more than a table does.")
    raise _too_much(name)


def _too_much(name: str) -> TableError:
    return TableError(
        f"{name} unpacks to more than {limits().max_unpacked_mib:,} MiB ({setting_of('max_unpacked_mib')}). Split it."
    )
