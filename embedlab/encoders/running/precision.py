"""How a model is run: the fastest way that does not change its answers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from embedlab.encoders.running.conversion import converted_model, has_openvino, quantized_model
from embedlab.encoders.running.forward import Forward, TorchForward
from embedlab.encoders.running.openvino_forward import OpenVinoForward, has_bfloat16
from embedlab.errors import EmbedLabError, InvalidInputError, ModelLoadError, first_line

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import PreTrainedModel

    from embedlab.encoders.running.batches import Batch
    from embedlab.pooling import Modules

_LOG = logging.getLogger(__name__)

PRECISIONS = ("auto", "float32", "int8")

MIN_COSINE = {"bfloat16": 0.9999, "float16": 0.9999, "float32": 1 - 1e-6, "int8": 0.95}
"""How near to what torch gives in float32 every text of the trial must stay. 8-bit integers are asked for by name;
what they must pass says that they work at all."""

# Texts that differ in length, language and characters.
_TRIAL_TEXTS = [
    "a",
    "Where is my order?",
    "Der Kühlschrank hält die Temperatur zwischen 2 und 8 °C.",
    "주문한 상품이 아직 도착하지 않았습니다.",
    "LABO-288-PRO, 4711; 3.14 %",
    "She said that the meeting, which had been moved twice already, would not take place before the month is over. "
    * 8,
]


def choose_forward(
    transformer: PreTrainedModel,
    modules: Modules,
    *,
    revision: str,
    device: str,
    precision: str,
    calibration: Callable[[], Iterable[Batch]],
    encode: Callable[[Forward, list[str]], NDArray[np.float32]],
) -> Forward:
    """Return the fastest way to run a model that keeps to its float32 embeddings, each tried on a few texts.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
        On the device.
    modules : Modules
        What stands behind it.
    revision : str
        What names the weights.
    device : str
    precision : str
        One of ``PRECISIONS``.
    calibration : callable
        Gives the texts on which 8-bit integers are fitted, one a batch.
    encode : callable
        Gives normalised embeddings of texts, run this way.

    Raises
    ------
    InvalidInputError
        When ``"int8"`` is asked for on a GPU.
    MissingDependencyError
        When ``"int8"`` is asked for and its packages are missing.
    ModelLoadError
        When the model does not work, or ``"int8"`` is asked for and cannot be had.
    """
    if precision == "int8" and device != "cpu":
        raise InvalidInputError("precision='int8' is for the processor. Use precision='auto' on a GPU.")
    exact = TorchForward(transformer, modules, device)
    reference = _try_exact(exact, encode)
    for make in _ways(transformer, modules, revision, device, precision, calibration):
        try:
            tried = make()
            cosine = float((encode(tried, _TRIAL_TEXTS) * reference).sum(axis=1).min())
        except EmbedLabError:
            raise
        # A model that a converter cannot handle fails in whatever way the converter stumbles.
        except Exception as error:
            _LOG.warning("one way to run the model failed, trying the next: %s", error)
            continue
        if cosine >= MIN_COSINE[tried.precision]:
            return tried
        _LOG.info("%s in %s left out: cosine %.6f to float32", tried.backend, tried.precision, cosine)
    if precision == "int8":
        raise ModelLoadError("This model could not be had in 8-bit integers. Use precision='auto'.")
    return exact


def _try_exact(exact: Forward, encode: Callable[[Forward, list[str]], NDArray[np.float32]]) -> NDArray[np.float32]:
    """Embed the texts of the trial, on which damaged files that could be loaded stumble at last."""
    try:
        vectors = encode(exact, _TRIAL_TEXTS)
    except EmbedLabError:
        raise
    except Exception as error:
        raise ModelLoadError(
            f"The model cannot embed ({first_line(error)}). Its files are damaged or do not belong together; get them "
            "anew."
        ) from error
    if not np.isfinite(vectors).all():
        raise ModelLoadError("The model gives vectors that are no numbers. Its weights are damaged; get them anew.")
    return vectors


def _ways(
    transformer: PreTrainedModel,
    modules: Modules,
    revision: str,
    device: str,
    precision: str,
    calibration: Callable[[], Iterable[Batch]],
) -> Iterator[Callable[[], Forward]]:
    """Give the ways to try, the fastest first; plain torch in float32 is what remains."""
    import torch

    def converted(precision: str) -> Forward:
        return OpenVinoForward(modules, converted_model(transformer, modules, revision), precision)

    if precision == "int8":
        yield lambda: OpenVinoForward(modules, quantized_model(transformer, modules, revision, calibration()), "int8")
        return
    may_round = precision == "auto"
    if device != "cpu":
        if may_round:
            yield lambda: TorchForward(transformer, modules, device, "float16", rounds_weights=True)
            yield lambda: TorchForward(transformer, modules, device, "float16")
        return
    if has_openvino():
        if may_round and has_bfloat16():
            yield lambda: converted("bfloat16")
        yield lambda: converted("float32")
    # Without hardware support bfloat16 is emulated, which is slower than float32.
    if may_round and torch.cpu._is_avx512_bf16_supported():
        yield lambda: TorchForward(transformer, modules, device, "bfloat16")
