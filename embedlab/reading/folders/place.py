"""Where a folder lies: on a disk or in a zip, which read alike, and never more of it than is safe."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from embedlab.errors import TableError
from embedlab.tables import check_file_size, check_unpacked

Place = Path | zipfile.Path
# Folders around the one that is meant, as programs that pack put them.
_MAX_AROUND = 3


def inside(place: Place) -> list[Place]:
    """Return what lies in a folder, by name, without what systems hide there."""
    found = [one for one in place.iterdir() if not one.name.startswith((".", "__MACOSX"))]
    return sorted(found, key=lambda one: one.name)


def likely_roots(place: Place) -> list[Place]:
    """Return a folder, and the only one in it, and so on."""
    roots = [place]
    while len(roots) <= _MAX_AROUND and len(found := inside(roots[-1])) == 1 and found[0].is_dir():
        roots.append(found[0])
    return roots


def size_of(place: Place) -> int:
    """Return how many bytes a file has, as the disk or the zip says."""
    if isinstance(place, zipfile.Path):
        return place.root.getinfo(place.at).file_size
    return place.stat().st_size


def read_files(places: Sequence[Place], name: str) -> list[bytes]:
    """Return the contents of files that lie in one folder.

    Parameters
    ----------
    places : sequence of Path or zipfile.Path
    name : str
        Of the folder, for messages.

    Raises
    ------
    TableError
        When one of them is missing, or all of them are larger than what is read.
    """
    if missing := [place.name for place in places if not place.is_file()]:
        raise TableError(f"{name} lacks the file {missing[0]!r}, which it names. Copy the whole folder.")
    n_bytes = sum(map(size_of, places))
    if any(isinstance(place, zipfile.Path) for place in places):
        check_unpacked(name, n_bytes)
    else:
        check_file_size(name, n_bytes)
    return [place.read_bytes() for place in places]
