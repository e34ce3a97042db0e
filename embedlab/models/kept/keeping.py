"""Keeping a trained model under a name, finding it again, and letting it go."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.folders import data_folder, digests_of, write_folder
from embedlab.models.kept.about import About

_NAME = re.compile(r"\w[\w.-]*-[0-9a-f]{12}")
_LONGEST_NAME = 60
# Names that begin like this ask for another kind of encoder.
_TAKEN = "static-"


@dataclass(frozen=True)
class KeptModel:
    """A model that somebody has trained and kept.

    Parameters
    ----------
    name : str
        What was chosen, and behind it a digest of the files: :func:`embedlab.load_encoder` takes it.
    folder : Path
        Its files, in the format of sentence-transformers.
    about : About
    owner : str
        Who has trained it, by whatever a shared server tells people apart; empty for whoever owns the machine.
    """

    name: str
    folder: Path
    about: About
    owner: str = ""

    @property
    def nbytes(self) -> int:
        """Bytes of its files on disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    @property
    def last_used(self) -> float:
        """When :func:`touch_kept` has last been told that it is used, in seconds as of ``time.time``."""
        return self.folder.parent.stat().st_mtime


def keep(folder: Path, name: str, about: About, *, owner: str = "") -> KeptModel:
    """Keep a trained model: its files are copied into the data folder, whole or not at all.

    Parameters
    ----------
    folder : Path
        In the format of sentence-transformers.
    name : str
        What it is to be called; letters and digits, other signs become ``-``.
    about : About
    owner : str, default=""
        See :class:`KeptModel`.

    Returns
    -------
    KeptModel
        The same files under the same name are the same model, and are kept once.

    Raises
    ------
    InvalidInputError
        When nothing is left of the name, or it asks for another kind of encoder.
    ModelLoadError
        When the folder holds no model, or there is no room.
    """
    if not (folder / "modules.json").is_file():
        raise ModelLoadError(f"{folder} cannot be kept: it holds no modules.json, as sentence-transformers writes it.")
    full_name = f"{_plain(name)}-{_digest(folder, owner)}"
    place = _place(full_name)

    def write(being_written: Path) -> None:
        shutil.copytree(folder, being_written / "model")
        about.write(being_written / "about.json")
        (being_written / "owner").write_text(owner, encoding="utf-8")

    try:
        write_folder(place, write)
    except OSError as error:
        # Where it is there already, it is the same.
        if not place.is_dir():
            raise ModelLoadError(
                f"The model could not be kept in {place.parent}: {error.strerror or error}. Make room there, or set "
                "EMBEDLAB_DATA to a folder that can be written to."
            ) from error
    kept = find_kept(full_name)
    assert kept is not None
    return kept


def kept_models() -> dict[str, KeptModel]:
    """Return the kept models of this machine by name, whoever has trained them, the newest first."""
    with suppress(OSError):
        names = [place.name for place in _place("").iterdir() if is_kept_name(place.name)]
        found = [kept for kept in map(find_kept, names) if kept is not None]
        return {kept.name: kept for kept in sorted(found, key=lambda kept: (kept.about.trained_on, kept.name))[::-1]}
    return {}


def find_kept(name: str) -> KeptModel | None:
    """Return a kept model by its name, or None where there is none."""
    place = _place(name)
    if not is_kept_name(name) or not (place / "model" / "modules.json").is_file():
        return None
    about = About.read(place / "about.json") or About(base="", trained_on="")
    try:
        owner = (place / "owner").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None  # Nobody knows whose it is.
    return KeptModel(name, place / "model", about, owner)


def is_kept_name(name: str) -> bool:
    """Return whether a name is like those of kept models, here or on another machine.

    Examples
    --------
    >>> is_kept_name("complaints-0123456789ab"), is_kept_name("all-MiniLM-L6-v2")
    (True, False)
    """
    return _NAME.fullmatch(name) is not None and not name.startswith(_TAKEN)


def remove_kept(name: str) -> None:
    """Remove the files of a kept model; nothing happens where there is none.

    What was computed with it stays: see :func:`embedlab.store.remove_model`.

    Raises
    ------
    ModelLoadError
        When the files cannot be removed.
    """
    kept = find_kept(name)
    if kept is None:
        return
    # Without this file it is no model any more, whatever happens to the others.
    try:
        (kept.folder / "modules.json").unlink(missing_ok=True)
        shutil.rmtree(kept.folder.parent)
    except OSError as error:
        raise ModelLoadError(f"{name} could not be removed: {error.strerror or error}.") from error


def touch_kept(name: str) -> None:
    """Note that a kept model is used now."""
    with suppress(OSError):
        os.utime(_place(name))


def _place(name: str) -> Path:
    return data_folder() / "models" / name


def _plain(name: str) -> str:
    """Return a name that is one in a path, an address and on a command line."""
    plain = re.sub(r"[^\w.]+", "-", unicodedata.normalize("NFC", name)).strip("-._")[:_LONGEST_NAME].rstrip("-._")
    if not plain:
        raise InvalidInputError(f"{name!r} cannot be the name of a model. Give it one with letters or digits.")
    if f"{plain}-".startswith(_TAKEN):
        raise InvalidInputError(
            f"{name!r} cannot be the name of a model: {_TAKEN} before a name asks for word vectors distilled from that "
            "model. Choose another name."
        )
    return plain


def _digest(folder: Path, owner: str) -> str:
    """Name the files, and whose they are: two people may train the same."""
    return blake2b(repr((owner, digests_of(folder))).encode(), digest_size=6).hexdigest()
