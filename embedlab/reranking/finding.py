"""Which folders hold a cross-encoder, and which of them are on this machine."""

from __future__ import annotations

import json
from pathlib import Path

from embedlab.models import model_folders

_SCORED = "ForSequenceClassification"
# The head that sentence-transformers puts on a model of generated text, of which "yes" and "no" are compared.
_OF_GENERATED = "LogitScore"


def why_no_reranker(folder: Path) -> str:
    """Say why the files of a folder are no cross-encoder with one score; empty where they are one.

    Another model would be given a head of random numbers by the library that loads it, and order passages by these.
    """
    config, modules = (_read(folder / name) for name in ("config.json", "modules.json"))
    kinds = [str(module.get("type", "")) for module in modules] if isinstance(modules, list) else []
    if any(kind.endswith(_OF_GENERATED) for kind in kinds):
        return ""
    config = config if isinstance(config, dict) else {}
    architecture = str((config.get("architectures") or ["a model without a head"])[0])
    if not architecture.endswith(_SCORED):
        return f"it is {architecture}, which gives no score for a question and a passage"
    # As transformers counts them: two, where nothing is said.
    n_labels = len(config.get("id2label") or range(int(config.get("num_labels", 2))))
    return "" if n_labels == 1 else f"it gives {n_labels} scores for a question and a passage, not one"


def rerankers_on_disk() -> list[str]:
    """Return the names of the cross-encoders on this machine: of the hub's cache, and of ``EMBEDLAB_MODEL_FOLDERS``."""
    from huggingface_hub import constants

    places = {}
    for config in sorted(Path(constants.HF_HUB_CACHE).glob("models--*--*/snapshots/*/config.json")):
        repository = config.parents[2].name.removeprefix("models--")
        places["/".join(repository.split("--", 1))] = config.parent
    for folder in model_folders():
        places |= {str(config.parent): config.parent for config in sorted(folder.glob("**/config.json"))}
    return [name for name, folder in places.items() if not why_no_reranker(folder)]


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
