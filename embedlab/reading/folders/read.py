"""Which kind of folder it is, by the files that give it away."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from embedlab.errors import TableError
from embedlab.reading.folders.dataset import is_dataset, read_dataset
from embedlab.reading.folders.place import InZip, Place, likely_roots
from embedlab.reading.folders.slack import is_slack, read_slack
from embedlab.tables import ReadOptions, Table, check_unpacked

_KINDS = ((is_dataset, read_dataset), (is_slack, read_slack))


def read_folder(path: Path, name: str, options: ReadOptions) -> Table:
    """Read a folder: a dataset of Hugging Face as ``save_to_disk`` writes it, or an export of Slack.

    Parameters
    ----------
    path : Path
    name : str
    options : ReadOptions
        ``part`` chooses the split.

    Raises
    ------
    TableError
        When it is another folder, or what lies in it is damaged or larger than the limits.
    """
    table = _read(path, name, options)
    if table is None:
        raise TableError(
            f"{name} is a folder, and neither a dataset that Hugging Face's save_to_disk wrote nor an export of Slack. "
            "Name the file in it that holds the table."
        )
    return table


def read_zipped_folder(content: bytes, name: str, options: ReadOptions) -> Table | None:
    """Read such a folder packed in a zip; None where it is any other zip.

    Parameters
    ----------
    content : bytes
    name : str
    options : ReadOptions

    Raises
    ------
    TableError
        As :func:`read_folder`, and when it is protected by a password or unpacks to more than is read.
    """
    is_known = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            place = InZip(archive)
            is_known = any(is_kind(root) for root in likely_roots(place) for is_kind, _ in _KINDS)
            if is_known:
                check_unpacked(name, sum(entry.file_size for entry in archive.infolist()), len(content))
            return _read(place, name, options)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
        if isinstance(error, TableError):
            raise
        if is_known:
            raise TableError(
                f"{name} is a damaged archive, or protected by a password. Unpack it, and pack the folder again."
            ) from error
        return None  # the reader of archives says so


def _read(place: Place, name: str, options: ReadOptions) -> Table | None:
    for root in likely_roots(place):
        for is_kind, read in _KINDS:
            if is_kind(root):
                return read(root, name, options)
    return None
