"""From a name to a loaded encoder, with the checks that a name typed by somebody else deserves.

A name of the catalog or of the hub is never tried as a path, a folder has to look like one, remote code is never run,
and only safetensors files are read. What is fetched from the hub, and how, is said in ``hub.py``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab import hub
from embedlab._weights import check_complete, check_fetched, files_digest, weight_files
from embedlab.baselines import STATIC_PREFIX, TFIDF
from embedlab.catalog import ModelCard, find_card
from embedlab.encoders.base import Encoder
from embedlab.encoders.precision import PRECISIONS
from embedlab.encoders.static import StaticEncoder, distill
from embedlab.encoders.transformer import TransformerEncoder
from embedlab.errors import InvalidInputError, ModelLoadError, ModelNotFetchedError
from embedlab.refusals import check_files, has_own_code

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEVICES = ("auto", "cuda", "mps", "cpu")

_FOLDER = re.compile(r"([A-Za-z]:)?[/\\]|\.{1,2}([/\\]|$)|~")


@dataclass(frozen=True)
class ModelFiles:
    """Where the files of a model lie.

    Parameters
    ----------
    name : str
        Catalog name, hub id or folder, as it is shown.
    folder : Path
    revision : str
        Commit of the hub, or digest of the weights of a folder.
    card : ModelCard or None
        What the catalog knows of it.
    """

    name: str
    folder: Path
    revision: str
    card: ModelCard | None

    @property
    def pooling_mode(self) -> str | None:
        """The pooling the catalog puts on top of a plain transformer; None where the files say it."""
        return self.card.pooling_mode if self.card is not None and not self.card.sentence_head else None


def load_encoder(
    name: str | Path = "all-MiniLM-L6-v2", *, device: str = "auto", precision: str = "auto", may_fetch: bool = True
) -> Encoder:
    """Load a model that turns texts into embeddings.

    Parameters
    ----------
    name : str or Path, default="all-MiniLM-L6-v2"
        A catalog name, a hub id (``organisation/name``), or a local folder; ``static-`` before the name of a model
        gives averaged word vectors distilled from it.
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
        ``"auto"`` takes a GPU where there is one.
    precision : {"auto", "float32", "int8"}, default="auto"
        ``"float32"`` is exact; ``"auto"`` the fastest arithmetic whose embeddings keep a cosine of 0.9999 to it;
        ``"int8"``, on the processor only, is faster still and keeps 0.995 on average.
    may_fetch : bool, default=True
        Whether a hub model that is not on disk is downloaded.

    Returns
    -------
    Encoder

    Raises
    ------
    ModelLoadError
        When the model is unknown, damaged, refused or out of reach; ``ModelNotFetchedError`` when it is not on disk
        and may not be fetched.
    InvalidInputError
        For an unknown device or precision.
    MissingDependencyError
        When ``"int8"`` is asked for and its packages are not installed.
    """
    if precision not in PRECISIONS:
        raise InvalidInputError(f"There is no precision {precision!r}. Choose one of: {', '.join(PRECISIONS)}.")
    if name == TFIDF:
        raise InvalidInputError("TF-IDF has to see the texts first: use embedlab.TfidfEncoder(texts).")
    if isinstance(name, str) and name.startswith(STATIC_PREFIX):
        teacher = find_model(name.removeprefix(STATIC_PREFIX), may_fetch=may_fetch)
        return StaticEncoder(name, distill(load_model(teacher, pick_device(device)), teacher.revision))
    picked = pick_device(device)
    files = find_model(name, may_fetch=may_fetch)
    return TransformerEncoder(load_model(files, picked), files, device=picked, precision=precision)


def find_model(name: str | Path, *, may_fetch: bool = True) -> ModelFiles:
    """Find the files of a model. A hub model that is on disk is taken without asking the network.

    Parameters
    ----------
    name : str or Path
        A catalog name, a hub id (``organisation/name``), or a local folder: a ``Path``, or a string that starts with
        ``/``, ``./``, ``../``, ``~`` or a drive letter.
    may_fetch : bool, default=True
        Whether a hub model that is not on disk is downloaded.

    Returns
    -------
    ModelFiles

    Raises
    ------
    ModelNotFetchedError
        When a hub model is not on disk and may not be fetched.
    ModelLoadError
        When the name is none of these, the folder holds no model, the hub cannot be reached, or the carried weights
        are not the published ones.
    """
    if isinstance(name, Path) or _FOLDER.match(name):
        return _local_folder(Path(os.path.expanduser(name)))
    card = find_card(name)
    if card is not None and card.is_bundled:
        return _bundled(card)
    if card is None and not hub.HUB_ID.fullmatch(name):
        raise ModelLoadError(
            f"There is no model {name!r} in the catalog. Give a name from the catalog, a hub id such as "
            "intfloat/e5-small-v2, or a folder that starts with / or ./."
        )
    return _from_hub(card.hub_id if card else name, card, may_fetch)


def load_model(files: ModelFiles, device: str) -> SentenceTransformer:
    """Load the weights of a model onto a device.

    Parameters
    ----------
    files : ModelFiles
    device : str
        ``"cuda"``, ``"mps"`` or ``"cpu"``.

    Raises
    ------
    ModelLoadError
        When the files are damaged, incomplete, not safetensors, or not a text model.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    check_files(files.name, files.folder)
    # Its remarks are about training and generating text.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(
            str(files.folder),
            device=device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    # The loading libraries raise whatever the broken file makes them stumble over: OSError, KeyError, SafetensorError …
    except Exception as error:
        if "trust_remote_code" in str(error):
            raise ModelLoadError(has_own_code(files.name)) from error
        raise ModelLoadError(f"The model {files.name} could not be loaded: {hub.first_line(error)}") from error
    if getattr(model[0], "modalities", None) != ["text"]:
        raise ModelLoadError(f"{files.name} is not a text-only transformer. EmbedLab compares text models.")
    check_complete(model, files.name, files.folder)
    return model


def pick_device(device: str = "auto") -> str:
    """Return the device to load a model to: the one asked for, or the best there is.

    Raises
    ------
    InvalidInputError
        For an unknown device, or one this machine does not have.
    """
    import torch

    if device not in DEVICES:
        raise InvalidInputError(f"There is no device {device!r}. Choose one of: {', '.join(DEVICES)}.")
    available = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if device == "auto":
        return next(name for name, there in available.items() if there)
    if not available[device]:
        raise InvalidInputError(f"This machine has no {device} device. Use device='auto' or 'cpu'.")
    return device


def _bundled(card: ModelCard) -> ModelFiles:
    folder = card.bundled_folder()
    weights = files_digest(weight_files(folder))
    if weights != card.sha256:
        raise ModelLoadError(
            f"The weights of {card.name} in {folder} are not the published ones (sha256 {weights[:12]}… instead of "
            f"{str(card.sha256)[:12]}…). Reinstall the package {card.package}."
        )
    return ModelFiles(card.name, folder, weights, card)


def _local_folder(folder: Path) -> ModelFiles:
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise ModelLoadError(f"{folder} is not a model folder: it holds neither modules.json nor config.json.")
    # Beside the weights, the vocabulary and the settings decide which vector a text gets.
    others = [file for pattern in hub.FILES for file in folder.glob(f"**/{pattern}")]
    return ModelFiles(str(folder), folder, files_digest(sorted({*weight_files(folder), *others})), None)


def _from_hub(hub_id: str, card: ModelCard | None, may_fetch: bool) -> ModelFiles:
    revision = card.revision if card else None
    folder = hub.find_snapshot(hub_id, revision)
    if folder is None:
        if not may_fetch:
            raise ModelNotFetchedError(hub_id)
        folder = hub.fetch(hub.look_up(hub_id, revision))
    check_fetched(hub_id, folder)
    # A snapshot's folder is named after its commit.
    return ModelFiles(card.name if card else hub_id, folder, folder.name, card)
