"""Which arithmetic a model runs in: the fastest that does not change its answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from embedlab.forward import TorchTransformer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PRECISIONS = ("auto", "float32")
MIN_COSINE = 0.9999
"""How near to its float32 embedding every text must stay under ``"auto"``."""

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


def set_fastest_precision(transformer: TorchTransformer, encode: Callable[[list[str]], NDArray[np.float32]]) -> None:
    """Try the fast arithmetic of the device on a few texts and keep it where every cosine stays high.

    Parameters
    ----------
    transformer : TorchTransformer
        Its ``precision`` is set.
    encode : callable
        Gives normalised embeddings of texts, by this transformer.
    """
    fast = transformer.fast_precision
    if fast == transformer.precision:
        return
    exact = encode(_TRIAL_TEXTS)
    exact_precision, transformer.precision = transformer.precision, fast
    if (exact * encode(_TRIAL_TEXTS)).sum(axis=1).min() < MIN_COSINE:
        transformer.precision = exact_precision
