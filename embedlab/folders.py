"""Where files lie: the app's, what is kept between two starts so that only the first computes it, and what stays.

Beside computed files lie their digests. A folder is written under another name and renamed when it is whole; one whose
files do not fit their digests is thrown away and made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_BEING_WRITTEN = "being-written-"


# Seconds after which nobody is still writing.
_ABANDONED = 24 * 3600


def app_folder() -> Path:
    """Return the folder that holds ``app.py``, ``pages/``, ``static/`` and ``.streamlit/``.

    They lie beside the package in a checkout, inside it in an installed wheel.
    """
    package = Path(__file__).resolve().parent
    carried = package / "_app"
    return carried if (carried / "app.py").is_file() else package.parent


def cache_folder() -> Path:
    """Return the folder for what can be computed again: ``EMBEDLAB_CACHE``, or the user's own cache folder.

    A user without a home, as in some containers, gets a path where nothing can be kept.
    """
    return _own_folder("EMBEDLAB_CACHE", "Caches", "Cache", ("XDG_CACHE_HOME", ".cache"))


def data_folder() -> Path:
    """Return the folder for what a person keeps, such as trained models: ``EMBEDLAB_DATA``, or her own data folder."""
    return _own_folder("EMBEDLAB_DATA", "Application Support", "Data", ("XDG_DATA_HOME", ".local/share"))


def _own_folder(setting: str, mac: str, windows: str, others: tuple[str, str]) -> Path:
    """Return the folder a variable names, or the user's own by the custom of the system."""
    try:
        if chosen := os.environ.get(setting):
            return Path(chosen).expanduser()
        if sys.platform == "darwin":
            return Path.home() / "Library" / mac / "embedlab"
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "embedlab" / windows
        variable, place = others
        return Path(os.environ.get(variable) or Path.home() / place) / "embedlab"
    except RuntimeError:
        return Path(os.devnull) / "embedlab"


def computed_folder(revision: str, kind: str, write: Callable[[Path], None]) -> Path:
    """Return the folder of what is computed from the weights of a model, written now where it is missing or damaged.

    Parameters
    ----------
    revision : str
        What names the weights.
    kind : str
        Says what is computed, and all else that the files depend on.
    write : callable
        Writes the files into the empty folder it is given.
    """
    folder = _computed() / f"{_named(revision)}-{kind}"
    if _is_whole(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)

    def write_with_digests(being_written: Path) -> None:
        write(being_written)
        (being_written / "digests.json").write_text(json.dumps(digests_of(being_written)), encoding="utf-8")

    try:
        write_folder(folder, write_with_digests)
    except OSError:
        # Another process may have been quicker; what it wrote serves as well.
        if not _is_whole(folder):
            raise
    return folder


def drop_computed(revision: str) -> None:
    """Let go of all that was computed from some weights; it is computed again when it is asked for."""
    for folder in _computed().glob(f"{_named(revision)}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def note_revision(model: str, revision: str) -> None:
    """Remember which weights a model has now, and let go of what was computed from those it had before.

    Parameters
    ----------
    model : str
        Its name, or the whole path of its folder.
    revision : str
        What names its weights.
    """
    note = cache_folder() / "revisions" / _named(model)
    with suppress(OSError, ValueError):
        before = note.read_text(encoding="utf-8") if note.is_file() else ""
        if before == revision:
            return
        if before:
            drop_computed(before)
        for private in (note.parent.parent, note.parent):
            private.mkdir(parents=True, exist_ok=True, mode=0o700)
        note.write_text(revision, encoding="utf-8")


def _computed() -> Path:
    return cache_folder() / "models"


def _named(revision: str) -> str:
    return hashlib.blake2b(revision.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def write_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a folder that is not there yet, whole or not at all.

    Parameters
    ----------
    folder : Path
        The two folders it lies in are made where they are missing, for nobody else to read.
    write : callable
        Writes the files into the empty folder it is given.

    Raises
    ------
    OSError
        When there is no room, or another process was quicker.
    """
    for private in (folder.parent.parent, folder.parent):
        private.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_abandoned(folder.parent)
    being_written = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_BEING_WRITTEN))
    try:
        write(being_written)
        being_written.rename(folder)
    finally:
        shutil.rmtree(being_written, ignore_errors=True)


def digests_of(folder: Path) -> dict[str, str]:
    """Return the digest of each file of a folder, by its path in it."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {file.relative_to(folder).as_posix(): _digest(file) for file in files}


def _remove_abandoned(parent: Path) -> None:
    """Remove what was left half written by processes that were killed."""
    for left in parent.glob(f"{_BEING_WRITTEN}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        digests = json.loads((folder / "digests.json").read_text(encoding="utf-8"))
        return bool(digests) and all(_digest(folder / name) == digest for name, digest in digests.items())
    except (OSError, ValueError, AttributeError):
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
