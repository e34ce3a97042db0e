"""Whether the files of a model are still those that were read: by their sizes and times, without reading them again."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable
from pathlib import Path

from embedlab.models import hub
from embedlab.models.baselines import STATIC_PREFIX
from embedlab.models.cards import find_card
from embedlab.models.kept import find_kept

_FOLDER = re.compile(r"([A-Za-z]:)?[/\\]|\.{1,2}([/\\]|$)|~")


def as_folder(name: str | Path) -> Path | None:
    """Return the folder that a name of a model means, or None where it is no path."""
    return Path(os.path.expanduser(name)) if isinstance(name, Path) or _FOLDER.match(name) else None


def is_model_folder(folder: Path) -> bool:
    """Return whether a folder looks like one of a model."""
    return (folder / "modules.json").is_file() or (folder / "config.json").is_file()


def deciding_files(folder: Path) -> list[Path]:
    """Return the files of a model that decide which vector a text gets: weights, vocabulary and settings."""
    return sorted({file for pattern in hub.FILES for file in folder.glob(f"**/{pattern}")})


def folder_stamp(folder: Path) -> Hashable:
    """Return what changes when files of a model folder are replaced; None where it is none."""
    if not is_model_folder(folder):
        return None
    try:
        return tuple(
            (str(file), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            for file in deciding_files(folder)
            for found in (file.stat(),)
        )
    except OSError:
        return None


def model_stamp(name: str) -> Hashable:
    """Return what changes when the files of a model are replaced, for the key of what is computed with it.

    Parameters
    ----------
    name : str
        As for :func:`embedlab.load_encoder`.

    Returns
    -------
    hashable
        Of a folder the sizes and times of its files, of a model of the hub the commit that is on this machine; None
        where there is nothing that could be replaced.
    """
    name = name.removeprefix(STATIC_PREFIX)
    folder, card = as_folder(name), find_card(name)
    if folder is not None:
        return folder_stamp(folder)
    if card is None and (kept := find_kept(name)) is not None:
        return folder_stamp(kept.folder)
    if card is not None and card.revision is not None:
        return card.revision
    hub_id = card.hub_id if card is not None else name
    found = hub.find_snapshot(hub_id) if hub.HUB_ID.fullmatch(hub_id) else None
    return found and found.name
