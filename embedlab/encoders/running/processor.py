"""What the processor gives: how fast it multiplies matrices in each arithmetic, and what a model needs of that.

Nearly all of a transformer is matrix products, so these are the roof of its speed. Whether 8-bit integers are faster is
a matter of the processor, too: with instructions of their own (VNNI, AMX) they are twice as fast as bfloat16 and four
times as fast as float32, without them slower than float32.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from embedlab.device import gate_of
from embedlab.encoders.running.conversion import has_openvino, import_openvino
from embedlab.encoders.running.openvino_forward import HINTS, has_bfloat16

if TYPE_CHECKING:
    from openvino import InferRequest, Output
    from transformers import PreTrainedModel

# A layer of a small model: so many tokens times a matrix, and what comes out times another.
_N_TOKENS, _WIDTH, _INNER = 1024, 512, 2048
_OPERATIONS = 2 * 2 * _N_TOKENS * _WIDTH * _INNER
# In turns; the fastest of them, since whatever else runs on the machine only makes them slower.
_ROUNDS = 6
# How much faster 8-bit products have to be for a model in them to be.
_MARGIN = 1.2


@cache
def product_speeds() -> dict[str, float]:
    """Measure matrix products on all cores, once for each process, in about a second.

    By the library that runs the models here. It has its turn on the processor, so embedding jobs of this process do not
    run meanwhile.

    Returns
    -------
    dict of str to float
        Billion operations a second, by precision: ``"float32"``, and ``"bfloat16"`` and ``"int8"`` where they can be
        had. An addition and a multiplication count as two.
    """
    products = _openvino_products() if has_openvino() else _torch_products()
    seconds = dict.fromkeys(products, float("inf"))
    with gate_of("cpu").turn(is_short=False):
        for _ in range(_ROUNDS):
            for precision, product in products.items():
                start = time.perf_counter()
                product()
                seconds[precision] = min(seconds[precision], time.perf_counter() - start)
    return {precision: _OPERATIONS / taken / 1e9 for precision, taken in seconds.items()}


def why_not_int8(speeds: dict[str, float]) -> str:
    """Say why 8-bit integers are not offered; empty where they are faster than what ``precision="auto"`` takes.

    Parameters
    ----------
    speeds : dict of str to float
        As :func:`product_speeds` gives them.

    Examples
    --------
    >>> why_not_int8({"float32": 95, "int8": 83})
    '8-bit integers are not offered: they are no faster on this processor.'
    >>> why_not_int8({"float32": 197, "bfloat16": 421, "int8": 800})
    ''
    """
    if "int8" not in speeds:
        return "8-bit integers are not offered: they need OpenVINO (pip install 'embedlab[fast]')."
    others = [speed for precision, speed in speeds.items() if precision != "int8"]
    is_faster = speeds["int8"] > _MARGIN * max(others)
    return "" if is_faster else "8-bit integers are not offered: they are no faster on this processor."


def processor_words(speeds: dict[str, float], precision: str = "", reached: float | None = None) -> str:
    """Say what a processor gives, and what share of it a model reaches.

    Parameters
    ----------
    speeds : dict of str to float
        As :func:`product_speeds` gives them.
    precision : str, default=""
        What the model runs in.
    reached : float, optional
        Billion operations a second of its matrix products; see :attr:`TransformerEncoder.reached`.

    Examples
    --------
    >>> processor_words({"float32": 197.4, "bfloat16": 421.3, "int8": 800.1}, "bfloat16", 320)
    'Matrix products, in billion operations a second: 197 in float32, 421 in bfloat16, 800 in int8. Embedding reached \
320 in bfloat16, 76 % of that.'
    >>> processor_words({"float32": 95, "int8": 83})
    'Matrix products, in billion operations a second: 95 in float32, 83 in int8. 8-bit integers are not \
offered: they are no faster on this processor.'
    """
    each = ", ".join(f"{speed:,.0f} in {name}" for name, speed in speeds.items())
    sentences = [f"Matrix products, in billion operations a second: {each}."]
    if reached and precision in speeds:
        share = f", {reached / speeds[precision]:.0%} of that".replace("%", " %")
        sentences.append(f"Embedding reached {reached:,.0f} in {precision}{share}.")
    return " ".join(filter(None, [*sentences, why_not_int8(speeds)]))


def operations_per_token(transformer: PreTrainedModel) -> float:
    """Count the operations of a transformer's matrix products, for one token of a text of eight.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    ids = torch.ones(1, 8, dtype=torch.long, device=transformer.device)
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        transformer(input_ids=ids, attention_mask=torch.ones_like(ids))
    return counter.get_total_flops() / ids.numel()


def _openvino_products() -> dict[str, Callable[[], object]]:
    tokens = np.ones((_N_TOKENS, _WIDTH), dtype=np.float32)
    products: dict[str, Callable[[], object]] = {}
    for precision in HINTS:
        if precision == "bfloat16" and not has_bfloat16():
            continue
        try:
            request = _compiled_layer(precision)
        except RuntimeError:
            if precision == "bfloat16":
                continue  # an environment can keep a processor from what it says that it can do
            raise
        request.infer([tokens])
        products[precision] = partial(request.infer, [tokens])
    return products


def _compiled_layer(precision: str) -> InferRequest:
    """Return a model of two products, ready to run; in 8-bit integers it is rounded as NNCF rounds."""
    openvino = import_openvino()
    from openvino import opset13 as operations

    def rounded(values: Output, most: float, n_steps: int) -> Output:
        if precision != "int8":
            return values
        return operations.fake_quantize(values, *np.array([-most, most, -most, most], dtype=np.float32), n_steps)

    tokens = operations.parameter([_N_TOKENS, _WIDTH], dtype=np.float32)
    states, rng = tokens, np.random.default_rng(0)
    for n_out, n_in in ((_INNER, _WIDTH), (_WIDTH, _INNER)):
        weights = rng.uniform(-0.05, 0.05, (n_out, n_in)).astype(np.float32)
        states = operations.matmul(
            rounded(states, 4, 256), rounded(operations.constant(weights), 0.05, 255), False, True
        )
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": HINTS[precision]}
    return openvino.Core().compile_model(openvino.Model([states], [tokens]), "CPU", settings).create_infer_request()


def _torch_products() -> dict[str, Callable[[], object]]:
    import torch

    def layer(dtype: torch.dtype) -> Callable[[], object]:
        tokens, wide, narrow = (
            torch.ones(shape, dtype=dtype) for shape in ((_N_TOKENS, _WIDTH), (_WIDTH, _INNER), (_INNER, _WIDTH))
        )
        return lambda: tokens @ wide @ narrow

    products = {"float32": layer(torch.float32)}
    if torch.cpu._is_avx512_bf16_supported():
        products["bfloat16"] = layer(torch.bfloat16)
    return products
