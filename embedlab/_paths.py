"""Where the app's files lie: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path


def app_folder() -> Path:
    """Return the folder that holds ``app.py``, ``pages/``, ``static/`` and ``.streamlit/``."""
    package = Path(__file__).resolve().parent
    carried = package / "_app"
    return carried if (carried / "app.py").is_file() else package.parent
