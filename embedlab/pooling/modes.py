"""Pooling: from one vector per token to one vector per text.

The first six modes are those of sentence-transformers' ``Pooling`` module and give the same numbers, for padding on
either side. ``POOLING_MODES`` is the registry: its keys are what ``pooling_mode`` may be, and what the app offers.
Beside them stands ``position:first:last``, a mean whose weights run from ``first`` to ``last`` over the tokens.

Reference: N. Reimers and I. Gurevych, "Sentence-BERT", EMNLP 2019, section 3; N. Muennighoff, "SGPT", 2022, for
``weightedmean``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from torch import Tensor

_POSITION = re.compile(r"position:(?P<first>\d+(\.\d+)?):(?P<last>\d+(\.\d+)?)")

PoolingFunction = Callable[["Tensor", "Tensor"], "Tensor"]


@dataclass(frozen=True)
class Pooling:
    """One way to pool, with the words the app uses for it.

    Parameters
    ----------
    pool : callable
        ``(token_embeddings (n, t, d), attention_mask (n, t)) -> (n, d)``, both floating point.
    title, description : str
        A name and one plain sentence.
    by_attention : bool, default=False
        Whether each token counts by the attention it receives: the mask is then multiplied by it.
    """

    pool: PoolingFunction
    title: str
    description: str
    by_attention: bool = False


def _mean(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    return _weighted_sum(token_embeddings, mask) / mask.sum(dim=1, keepdim=True)


def _mean_sqrt_len(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    return _weighted_sum(token_embeddings, mask) / mask.sum(dim=1, keepdim=True).sqrt()


def _weightedmean(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    # Position 1, 2, 3 … counted over real tokens only, so that padding on the left shifts nothing.
    weights = mask * mask.cumsum(dim=1)
    return _weighted_sum(token_embeddings, weights) / weights.sum(dim=1, keepdim=True)


def _by_position(token_embeddings: Tensor, mask: Tensor, first: float, last: float) -> Tensor:
    n_tokens = mask.sum(dim=1, keepdim=True)
    way = (mask.cumsum(dim=1) - 1) / (n_tokens - 1).clamp_min(1)
    # Alone, a token counts whatever its weight.
    weights = ((first + (last - first) * way) * mask).where(n_tokens > 1, mask)
    return _weighted_sum(token_embeddings, weights) / weights.sum(dim=1, keepdim=True)


def _max(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    return token_embeddings.masked_fill(mask.unsqueeze(-1) == 0, float("-inf")).amax(dim=1)


def _cls(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    return _take(token_embeddings, mask.argmax(dim=1))


def _lasttoken(token_embeddings: Tensor, mask: Tensor) -> Tensor:
    return _take(token_embeddings, mask.shape[1] - 1 - mask.flip(1).argmax(dim=1))


def _weighted_sum(token_embeddings: Tensor, weights: Tensor) -> Tensor:
    """Sum over the tokens as one small matrix product a text: (n, 1, t) @ (n, t, d)."""
    return (weights.unsqueeze(1) @ token_embeddings).squeeze(1)


def _take(token_embeddings: Tensor, positions: Tensor) -> Tensor:
    index = positions.view(-1, 1, 1).expand(-1, 1, token_embeddings.shape[-1])
    return token_embeddings.gather(1, index).squeeze(1)


POOLING_MODES: dict[str, Pooling] = {
    "mean": Pooling(_mean, "Mean", "The average of all token vectors. What most sentence models are trained with."),
    "cls": Pooling(_cls, "CLS", "The vector of the first token. Right for models trained for it, such as BGE."),
    "max": Pooling(_max, "Max", "The largest value of each dimension over all tokens."),
    "mean_sqrt_len_tokens": Pooling(
        _mean_sqrt_len, "Mean √length", "The sum of the token vectors over the square root of their number."
    ),
    "weightedmean": Pooling(
        _weightedmean, "Weighted mean", "An average in which later tokens count more: weights 1, 2, 3 …"
    ),
    "lasttoken": Pooling(_lasttoken, "Last token", "The vector of the last token. Right for decoder models."),
    "attention": Pooling(
        _mean, "Attention", "An average in which tokens count by the attention the last layer pays them.", True
    ),
}


def pool(
    token_embeddings: Tensor, attention_mask: Tensor, pooling_mode: str = "mean", *, attention: Tensor | None = None
) -> Tensor:
    """Pool token vectors into one vector a text.

    Parameters
    ----------
    token_embeddings : Tensor of shape (n, t, d)
        The vectors of the tokens; those of padding tokens are ignored.
    attention_mask : Tensor of shape (n, t)
        1 for a token, 0 for padding, which may be on either side. Every text needs one token at least.
    pooling_mode : str, default="mean"
        What :func:`find_pooling` knows, or several joined by ``+``, whose results are put one behind the other.
    attention : Tensor of shape (n, t), optional
        The attention each token receives, which ``"attention"`` weighs by; any positive scale.

    Returns
    -------
    Tensor of shape (n, d), or (n, d * number of modes), of dtype float32

    Raises
    ------
    InvalidInputError
        For an unknown ``pooling_mode``, a mask that does not fit, or a missing ``attention``.

    Examples
    --------
    >>> import torch
    >>> tokens = torch.tensor([[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]]])
    >>> mask = torch.tensor([[1, 1, 0]])
    >>> pool(tokens, mask, "mean").tolist(), pool(tokens, mask, "max").tolist()
    ([[2.0, 2.0]], [[3.0, 4.0]])
    """
    check_pooling_mode(pooling_mode)
    if token_embeddings.shape[:2] != attention_mask.shape:
        raise InvalidInputError(
            f"The attention mask has shape {tuple(attention_mask.shape)}, the tokens {tuple(token_embeddings.shape)}: "
            "the first two sizes must be equal."
        )
    import torch

    # float32 whatever the model ran in: sums over hundreds of half-precision numbers would lose digits.
    states, mask = token_embeddings.float(), attention_mask.float()
    pooled = []
    for mode in (find_pooling(name) for name in pooling_mode.split("+")):
        weights = mask
        if mode.by_attention:
            if attention is None:
                raise InvalidInputError(f"The pooling {mode.title!r} needs the attention of the model's last layer.")
            weights = mask * attention.float()
        pooled.append(mode.pool(states, weights))
    return pooled[0] if len(pooled) == 1 else torch.cat(pooled, dim=1)


def find_pooling(pooling_mode: str) -> Pooling:
    """Return one way to pool by its name.

    Parameters
    ----------
    pooling_mode : str
        A key of ``POOLING_MODES``, or ``position:first:last`` with two weights from 0 up, not both 0: those of the
        first and the last token, with even steps between them. Only their ratio matters.

    Raises
    ------
    InvalidInputError
        For an unknown mode or weights out of range.
    """
    if pooling_mode in POOLING_MODES:
        return POOLING_MODES[pooling_mode]
    found = _POSITION.fullmatch(pooling_mode)
    if found is None:
        raise InvalidInputError(
            f"There is no pooling {pooling_mode!r}. Choose one of: {', '.join(POOLING_MODES)}; or position:1:0.5 for "
            "weights from 1 at the first token to 0.5 at the last."
        )
    first, last = float(found["first"]), float(found["last"])
    if first == last == 0:
        raise InvalidInputError(f"The pooling {pooling_mode!r} gives every token the weight 0. Raise one of the two.")
    return Pooling(
        partial(_by_position, first=first, last=last),
        f"Position {first:g} → {last:g}",
        f"An average with weights from {first:g} at the first token to {last:g} at the last.",
    )


def needs_attention(pooling_mode: str) -> bool:
    """Return whether a pooling weighs tokens by the attention they receive."""
    return any(find_pooling(mode).by_attention for mode in pooling_mode.split("+"))


def check_pooling_mode(pooling_mode: str) -> None:
    """Raise ``InvalidInputError`` unless ``pooling_mode`` is known; several may be joined by ``+``."""
    for mode in pooling_mode.split("+"):
        find_pooling(mode)


def pooling_title(pooling_mode: str) -> str:
    """Return what people call a pooling."""
    return " + ".join(find_pooling(mode).title for mode in pooling_mode.split("+"))
