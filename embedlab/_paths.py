"""Where files lie: the app's, what is kept between two starts, and which model folders a browser may name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from embedlab.errors import ModelLoadError


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


def check_model_folder(folder: str, *, is_private: bool) -> Path:
    """Return the real path of a model folder that somebody has typed in a browser, where they may name one.

    Parameters
    ----------
    folder : str
    is_private : bool
        Whether only the person who started the server can reach it. On a shared server a path would tell strangers what
        lies on its disk, so there it has to lie in one of the folders of ``EMBEDLAB_MODEL_FOLDERS``.

    Raises
    ------
    ModelLoadError
        When the folder may not be named; the message is the same whether it exists or not.
    """
    try:
        # Symbolic links and ".." are resolved first, so that neither leads out of an allowed folder.
        real = Path(folder).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelLoadError(f"{folder!r} is not the path of a folder. Give one such as /data/models/mine.") from error
    if is_private or any(real.is_relative_to(allowed) for allowed in model_folders()):
        return real
    raise ModelLoadError(
        f"The folder {folder} cannot be used here: this server is shared and offers only the model folders that its "
        "owner lists in EMBEDLAB_MODEL_FOLDERS. Name one of those, or a model of the hub."
    )


def model_folders() -> list[Path]:
    """Return the folders whose models a shared server offers by path, as ``EMBEDLAB_MODEL_FOLDERS`` lists them."""
    listed = os.environ.get("EMBEDLAB_MODEL_FOLDERS", "")
    return [Path(folder).expanduser().resolve() for folder in listed.split(os.pathsep) if folder]
