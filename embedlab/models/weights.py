"""The files of a model on disk: which there are, and whether they are whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import ModelLoadError

if TYPE_CHECKING:
    from torch.nn import Module

_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")


def weight_files(folder: Path) -> list[Path]:
    """Return the weight files of a folder.

    Raises
    ------
    ModelLoadError
        When there is none.
    """
    files = sorted(folder.glob("**/*.safetensors"))
    if not files:
        raise ModelLoadError(f"{folder} holds no .safetensors file. Other weight formats can run code and are refused.")
    return files


def files_digest(files: Iterable[Path]) -> str:
    """Return the sha256 of some files, one behind the other.

    Raises
    ------
    ModelLoadError
        When one cannot be read.
    """
    digest = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
        except OSError as error:
            raise ModelLoadError(f"{file} cannot be read: {error.strerror or error}.") from error
    return digest.hexdigest()


def check_fetched(hub_id: str, snapshot: Path) -> None:
    """Raise ``ModelLoadError`` when weights in the hub's cache are not what was fetched."""
    for file in weight_files(snapshot):
        # There a large file is called by its sha256, and the snapshot links to it.
        blob = file.resolve().name
        if re.fullmatch("[0-9a-f]{64}", blob) and files_digest([file]) != blob:
            raise ModelLoadError(
                f"The weights of {hub_id} on this machine are damaged: {file.name} is not what was fetched. Delete "
                f"{snapshot.parents[1]} and fetch the model again."
            )


def check_complete(model: Module, name: str, folder: Path) -> None:
    """Raise ``ModelLoadError`` when files are missing for which the loading libraries silently put random numbers.

    A model whose files hold fewer numbers than it has was filled up with random ones, and a tokenizer without a
    vocabulary takes every word for the same.
    """
    from safetensors import safe_open

    held = 0
    for file in weight_files(folder):
        with safe_open(file, "pt") as tensors:
            held += sum(prod(tensors.get_slice(key).get_shape()) for key in tensors.keys())  # noqa: SIM118 - no dict
    # The pooler of BERT is not used, and many files leave it out.
    needed = sum(weights.numel() for key, weights in model.named_parameters() if "pooler" not in key)
    if held < needed:
        raise ModelLoadError(
            f"The weights of {name} are incomplete: {held:,} of {needed:,} numbers are there. Get its files anew."
        )
    if not any(file for pattern in _VOCABULARIES for file in folder.glob(f"**/{pattern}")):
        raise ModelLoadError(f"{name} has no vocabulary, such as tokenizer.json. Get its files anew.")
