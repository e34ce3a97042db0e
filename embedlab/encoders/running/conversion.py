"""Models converted for OpenVINO, each kept on disk as a folder with ``model.xml`` and ``model.bin``."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.encoders.running.attention import run_with_attention
from embedlab.errors import InvalidInputError, MissingDependencyError
from embedlab.folders import computed_folder

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray
    from openvino import Model
    from torch.nn import Module
    from transformers import PreTrainedModel

    from embedlab.encoders.running.batches import Batch
    from embedlab.pooling import Modules

_LOG = logging.getLogger(__name__)

# Part of the folder's name: raise it when a conversion would come out differently.
_SCHEME = 1


def has_openvino() -> bool:
    """Return whether OpenVINO is installed."""
    return find_spec("openvino") is not None


def import_openvino() -> ModuleType:
    """Import OpenVINO without its telemetry, which would report to its maker.

    Raises
    ------
    MissingDependencyError
        When it is not installed.
    """
    # None makes the import of the reporting package fail, for which OpenVINO and NNCF have a silent stand-in.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except ImportError as error:
        raise MissingDependencyError("openvino", "fast") from error
    return openvino


def input_names(modules: Modules) -> list[str]:
    """Return the inputs of a converted model, in order."""
    return ["input_ids", "attention_mask", *(["token_type_ids"] if modules.takes_token_types else [])]


def inputs_of(batch: Batch, names: list[str]) -> list[NDArray[np.int64]]:
    """Return the arrays of a batch in the order of the inputs."""
    return [getattr(batch, name) for name in names]


def converted_model(transformer: PreTrainedModel, modules: Modules, revision: str) -> Path:
    """Return the converted model, whose results are the states of all layers and, where it can be read, the attention.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
    modules : Modules
        What stands behind it.
    revision : str
        What names the weights.

    Returns
    -------
    Path
        To ``model.xml``.
    """
    return _kept(revision, "float32", lambda: _convert(transformer, modules))


def quantized_model(
    transformer: PreTrainedModel, modules: Modules, revision: str, calibration: Iterable[Batch]
) -> Path:
    """Return the model with its matrix products in 8-bit integers.

    Parameters
    ----------
    transformer, modules, revision
        As for :func:`converted_model`.
    calibration : iterable of Batch
        Texts, one a batch, on which the ranges of the numbers are measured.

    Raises
    ------
    MissingDependencyError
        When it has to be quantized first and NNCF is not installed.
    """
    exact = converted_model(transformer, modules, revision)
    return _kept(revision, "int8", lambda: _quantize(exact, input_names(modules), calibration))


def _kept(revision: str, kind: str, make: Callable[[], Model]) -> Path:
    openvino = import_openvino()
    version = openvino.__version__.split("-")[0]

    def write(folder: Path) -> None:
        openvino.save_model(make(), folder / "model.xml", compress_to_fp16=False)

    return computed_folder(revision, f"{kind}-openvino-{version}-{_SCHEME}", write) / "model.xml"


def _convert(transformer: PreTrainedModel, modules: Modules) -> Model:
    import torch

    # The tracer remarks on branches that depend on shapes; whether the model is right is tried afterwards. These
    # filters stay: taking them back is not safe between threads.
    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
    warnings.filterwarnings("ignore", message="`torch.jit", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)
    example = torch.ones(2, 8, dtype=torch.long)
    padded = example.clone()
    padded[1, 5:] = 0
    examples = {"input_ids": example, "attention_mask": padded, "token_type_ids": torch.zeros_like(example)}
    names = input_names(modules)
    inputs = tuple(examples[name] for name in names)
    level = logging.getLogger().level
    try:
        return import_openvino().convert_model(_all_states(transformer, names), example_input=inputs)
    finally:
        logging.getLogger().setLevel(level)  # the converter silences everybody


def _all_states(transformer: PreTrainedModel, names: list[str]) -> Module:
    """Return a torch module whose results are the states of all layers, and the attention where it is seen."""
    import torch

    class AllStates(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
            named = dict(zip(names, inputs, strict=True))
            attention = None
            try:
                output, attention = run_with_attention(self.transformer, named, output_hidden_states=True)
            except InvalidInputError:
                output = self.transformer(**named, output_hidden_states=True)
            # Some models normalise the last layer once more: its states are then not the last of the list.
            states = (*output.hidden_states[:-1], output.last_hidden_state)
            return states if attention is None else (*states, attention)

    return AllStates()


def _quantize(path: Path, names: list[str], calibration: Iterable[Batch]) -> Model:
    openvino = import_openvino()
    try:
        import nncf
    except ImportError as error:
        raise MissingDependencyError("nncf", "fast") from error
    nncf.set_log_level(logging.WARNING)
    samples = [inputs_of(batch, names) for batch in calibration]
    return nncf.quantize(
        openvino.Core().read_model(path),
        nncf.Dataset(samples),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(samples),
    )
