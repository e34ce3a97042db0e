"""Where a folder lies: on a disk or in a zip, which read alike, and never more of it than is safe."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from embedlab.errors import TableError
from embedlab.tables import check_file_size, check_unpacked

# Folders around the one that is meant, as programs that pack put them.
_MAX_AROUND = 3
# What lies deeper is nothing that is looked for; a name of a million steps costs nothing then.
_MOST_STEPS = 12


class InZip:
    """A file or a folder in a zip, with those methods of a path that are used here; its names are no paths.

    Parameters
    ----------
    archive : ZipFile
    at : str, default=""
        Its name in the archive; that of a folder ends in a slash, and the archive itself has none.
    within : dict, optional
        What lies in each folder: found out once for an archive.
    """

    def __init__(self, archive: zipfile.ZipFile, at: str = "", within: dict[str, set[str]] | None = None) -> None:
        self._archive, self._at = archive, at
        self._within = _folders_of(archive) if within is None else within

    @property
    def name(self) -> str:
        """Its name in the folder around it."""
        return self._at.rstrip("/").rpartition("/")[2]

    def joinpath(self, name: str) -> InZip:
        """Return what has a name in this folder, whether it is there or not."""
        at = f"{self._at}{name}"
        return InZip(self._archive, f"{at}/" if f"{at}/" in self._within else at, self._within)

    def iterdir(self) -> Iterator[InZip]:
        """Yield what lies in this folder."""
        return map(self.joinpath, self._within.get(self._at, ()))

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return self._at in self._within

    def is_file(self) -> bool:
        """Whether it is a file."""
        around = self._at.removesuffix(self.name)
        return not self.is_dir() and self.name in self._within.get(around, ())

    def read_bytes(self) -> bytes:
        """Unpack the file: no more of it than the archive says it holds."""
        return self._archive.read(self._at)

    def size(self) -> int:
        """Return how many bytes the archive says that it holds."""
        return self._archive.getinfo(self._at).file_size


Place = Path | InZip


def _folders_of(archive: zipfile.ZipFile) -> dict[str, set[str]]:
    """Return the names in each folder of an archive."""
    found: dict[str, set[str]] = {"": set()}
    for path in archive.namelist():
        steps = path.rstrip("/").split("/")
        if len(steps) > _MOST_STEPS:
            continue
        for depth, step in enumerate(steps):
            found.setdefault("".join(f"{one}/" for one in steps[:depth]), set()).add(step)
        if path.endswith("/"):
            found.setdefault(path, set())
    return found


def inside(place: Place) -> list[Place]:
    """Return what lies in a folder, by name, without what systems hide there."""
    found: list[Place] = [one for one in place.iterdir() if not one.name.startswith((".", "__MACOSX"))]
    return sorted(found, key=lambda one: one.name)


def likely_roots(place: Place) -> list[Place]:
    """Return a folder, and the only one in it, and so on."""
    roots: list[Place] = [place]
    while len(roots) <= _MAX_AROUND and len(found := inside(roots[-1])) == 1 and found[0].is_dir():
        roots.append(found[0])
    return roots


def size_of(place: Place) -> int:
    """Return how many bytes a file has, as the disk or the zip says."""
    return place.size() if isinstance(place, InZip) else place.stat().st_size


def read_files(places: Sequence[Place], name: str) -> list[bytes]:
    """Return the contents of files that lie in one folder.

    Parameters
    ----------
    places : sequence of Path or InZip
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
    if any(isinstance(place, InZip) for place in places):
        check_unpacked(name, n_bytes)
    else:
        check_file_size(name, n_bytes)
    return [place.read_bytes() for place in places]
