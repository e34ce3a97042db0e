"""From the files of a model to a loaded one: remote code is never run, and only safetensors files are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from embedlab.errors import ModelLoadError, first_line
from embedlab.models.files import ModelFiles
from embedlab.models.refusals import check_files, has_own_code
from embedlab.models.stamps import folder_stamp
from embedlab.models.weights import check_complete

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch.nn import Module

Loaded = TypeVar("Loaded", bound="Module")


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
        When the files are damaged, incomplete, not safetensors, not a text model, or were replaced meanwhile.
    """
    from sentence_transformers import SentenceTransformer

    model = open_files(
        files,
        lambda: SentenceTransformer(
            str(files.folder),
            device=device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        ),
    )
    if getattr(model[0], "modalities", None) != ["text"]:
        raise ModelLoadError(f"{files.name} is not a text-only transformer. EmbedLab compares text models.")
    return model


def open_files(files: ModelFiles, load: Callable[[], Loaded]) -> Loaded:
    """Have a library load the files of a model, which are looked at before and after.

    Parameters
    ----------
    files : ModelFiles
    load : callable
        Returns the model; it is to run no code of the model's own and to read safetensors alone.

    Raises
    ------
    ModelLoadError
        As :func:`load_model`.
    """
    from transformers.utils import logging

    check_files(files.name, files.folder)
    # Its remarks are about training and generating text.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model = load()
    # The loading libraries raise whatever the broken file makes them stumble over: OSError, KeyError, SafetensorError …
    except Exception as error:
        if "trust_remote_code" in str(error):
            raise ModelLoadError(has_own_code(files.name)) from error
        raise ModelLoadError(f"The model {files.name} could not be loaded: {first_line(error)}") from error
    check_complete(model, files.name, files.folder)
    # The revision would be that of other weights, and stand for these wherever something is kept.
    if files.stamp is not None and folder_stamp(files.folder) != files.stamp:
        raise ModelLoadError(f"The files of {files.name} were replaced while they were read. Load the model again.")
    return model
