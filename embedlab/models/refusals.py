"""What the files of a model may not ask for, read before any library opens them."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TypeVar

from embedlab.errors import ModelLoadError

T = TypeVar("T", list[dict[str, object]], dict[str, object])

# Parts of a model are classes of this library; a class from elsewhere is code that came with the model.
_LIBRARY = "sentence_transformers."
# A text that is the address of a picture would be fetched for such a model.
_SENSES = {"vision_config", "audio_config"}
_PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")


def check_files(name: str, folder: Path) -> None:
    """Raise unless the parts a model is made of are safe to open.

    Parameters
    ----------
    name : str
        The model, for the message.
    folder : Path

    Raises
    ------
    ModelLoadError
        When a part names code that is not the library's, lies outside the folder, or has pickled weights alone.
    """
    places = [folder]
    for module in _read(name, folder / "modules.json", []):
        kind, path = str(module.get("type", "")), str(module.get("path", ""))
        if not kind.startswith(_LIBRARY):
            raise ModelLoadError(has_own_code(name, kind))
        if _leads_out(path):
            raise ModelLoadError(f"{name} names a part outside its own folder, {path!r}. EmbedLab does not follow it.")
        places.append(folder / path)
    for place in places:
        if _SENSES & _read(name, place / "config.json", {}).keys():
            raise ModelLoadError(
                f"{name} reads pictures or sound as well. EmbedLab compares models that read text alone."
            )
        pickles = [file for pattern in _PICKLES for file in place.glob(pattern)]
        if pickles and not any(place.glob("*.safetensors")):
            raise ModelLoadError(
                f"{name} has pickled weights in {pickles[0].name} and no .safetensors file beside it. Pickles can run "
                "code and are refused. Ask for a version with safetensors, or convert it where you trust it."
            )


def has_own_code(name: str, what: str = "") -> str:
    """Say that a model wants code of its own to be run."""
    named = f" ({what})" if what else ""
    return f"{name} needs code that came with it{named}, and EmbedLab never runs such code. Choose another model."


def _read(name: str, path: Path, missing: T) -> T:
    """Return what a JSON file holds, which has to be of the kind of what stands for a missing one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return missing
    except (OSError, ValueError) as error:
        raise ModelLoadError(f"The model {name} could not be loaded: its {path.name} is damaged.") from error
    items = found if isinstance(found, list) else [found]
    if not isinstance(found, type(missing)) or not all(isinstance(item, dict) for item in items):
        raise ModelLoadError(f"The model {name} could not be loaded: its {path.name} is damaged.")
    return found


def _leads_out(path: str) -> bool:
    """Return whether a path leaves the folder it is meant in, on any system."""
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return posix.is_absolute() or bool(windows.anchor) or ".." in windows.parts
