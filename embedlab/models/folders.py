"""Which model folders somebody may name in a browser."""

from __future__ import annotations

import os
from pathlib import Path

from embedlab.errors import ModelLoadError


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
