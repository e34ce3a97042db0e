"""Where files lie: the app's, and what is kept between two starts so that only the first computes it.

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
    try:
        return _cache_folder()
    except RuntimeError:
        return Path(os.devnull) / "embedlab"


def _cache_folder() -> Path:
    if chosen := os.environ.get("EMBEDLAB_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "embedlab"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "embedlab" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "embedlab"


def kept_folder(name: str, write: Callable[[Path], None]) -> Path:
    """Return the folder of that name in the cache, written now where it is missing or damaged.

    Parameters
    ----------
    name : str
        Says everything the files depend on.
    write : callable
        Writes the files into the empty folder it is given.
    """
    folder = cache_folder() / "models" / name
    if _is_whole(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    for private in (cache_folder(), folder.parent):
        private.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_abandoned(folder.parent)
    being_written = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_BEING_WRITTEN))
    try:
        write(being_written)
        files = [file for file in sorted(being_written.rglob("*")) if file.is_file()]
        digests = {file.relative_to(being_written).as_posix(): _digest(file) for file in files}
        (being_written / "digests.json").write_text(json.dumps(digests), encoding="utf-8")
        being_written.rename(folder)
    except OSError:
        # Another process may have been quicker; what it wrote serves as well.
        if not _is_whole(folder):
            raise
    finally:
        shutil.rmtree(being_written, ignore_errors=True)
    return folder


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
