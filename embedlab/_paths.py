"""Where files lie: the app's, and what is kept between two starts."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def app_folder() -> Path:
    """Return the folder that holds ``app.py``, ``pages/``, ``static/`` and ``.streamlit/``.

    They lie beside the package in a checkout, inside it in an installed wheel.
    """
    package = Path(__file__).resolve().parent
    carried = package / "_app"
    return carried if (carried / "app.py").is_file() else package.parent


def cache_folder() -> Path:
    """Return the folder for what can be computed again: ``EMBEDLAB_CACHE``, or the user's own cache folder."""
    if chosen := os.environ.get("EMBEDLAB_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "embedlab"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "embedlab" / "Cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "embedlab"
