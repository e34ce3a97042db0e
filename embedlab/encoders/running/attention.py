"""How much attention each token receives in the last layer, read while a transformer runs.

The fast attention of torch gives no weights, and a model switched to the slow one would give all weights of all layers.
Here the queries and keys of the layer that ran last are kept until the batch is through; from these the weights of one
layer are computed, and nothing is computed when nobody asks. The two functions are given to transformers under a name
of their own, as its ``AttentionInterface`` provides for.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import PreTrainedModel

_NAME = "embedlab_sdpa"
_RECORD = threading.local()


def watch_attention(transformer: PreTrainedModel) -> None:
    """Make a transformer's attention readable by :func:`recorded_attention`.

    Where the model leaves the choice of the attention function to transformers, as all but a few old ones do.
    """
    from transformers import AttentionInterface, AttentionMaskInterface

    if getattr(transformer.config, "_attn_implementation", None) == "sdpa":
        AttentionInterface.register(_NAME, _attend)
        AttentionMaskInterface.register(_NAME, _make_mask)
        transformer.set_attn_implementation(_NAME)


def _make_mask(**settings: Any) -> Tensor | None:  # noqa: ANN401 - options are handed on
    """Return the mask that transformers makes, without its look whether one is needed where a GPU has to be asked.

    The answer would come when all that was sent before is done, and meanwhile nothing more is sent.
    """
    from transformers.masking_utils import sdpa_mask

    given = settings.get("attention_mask")
    if given is not None and given.device.type != "cpu":
        settings |= {"allow_is_bidirectional_skip": False, "allow_is_causal_skip": False}
    mask: Tensor | None = sdpa_mask(**settings)
    return mask


def run_with_attention(
    transformer: PreTrainedModel, inputs: Mapping[str, Tensor], *, output_hidden_states: bool
) -> tuple[Any, Tensor]:
    """Run a transformer and return its output with the attention each token receives in the last layer.

    Parameters
    ----------
    transformer : transformers.PreTrainedModel
    inputs : mapping of str to Tensor of shape (n, t)
        With the ``attention_mask``.
    output_hidden_states : bool
        Whether the states of all layers are wanted, too.

    Returns
    -------
    output : ModelOutput
    attention : Tensor of shape (n, t)
        See :func:`received_attention`.

    Raises
    ------
    InvalidInputError
        When the model does not show its attention.
    """
    mask = inputs["attention_mask"]
    with recording():
        output = transformer(**inputs, output_hidden_states=output_hidden_states)
        attention = recorded_attention(mask)
    if attention is None:
        # An old architecture with an attention of its own: it can be asked for all weights of all layers.
        output = transformer(**inputs, output_hidden_states=output_hidden_states, output_attentions=True)
        if not output.attentions:
            raise InvalidInputError("This model does not show its attention. Choose another pooling.")
        attention = received_attention(output.attentions[-1].float(), mask)
    return output, attention


@contextmanager
def recording() -> Iterator[None]:
    """Keep what the last layer attends with, for the forward pass inside; of this thread only."""
    _RECORD.is_on, _RECORD.last = True, None
    try:
        yield
    finally:
        _RECORD.is_on, _RECORD.last = False, None


def recorded_attention(mask: Tensor) -> Tensor | None:
    """Return the attention each token receives in the layer that ran last; call it inside :func:`recording`.

    Parameters
    ----------
    mask : Tensor of shape (n, t)
        1 for a token, 0 for padding.

    Returns
    -------
    Tensor of shape (n, t) or None
        See :func:`received_attention`; None where no layer was seen.
    """
    import torch
    from transformers.integrations.sdpa_attention import repeat_kv

    if _RECORD.last is None:
        return None
    module, query, key, allowed, settings = _RECORD.last
    key = repeat_kv(key, getattr(module, "num_key_value_groups", 1))
    scores = (query @ key.transpose(2, 3)).float() * (settings.get("scaling") or query.shape[-1] ** -0.5)
    if settings.get("position_bias") is not None:
        scores = scores + settings["position_bias"]
    # The rules of torch's own function: without a mask, a causal layer looks back only.
    is_causal = settings.get("is_causal")
    if allowed is None and (getattr(module, "is_causal", True) if is_causal is None else is_causal):
        allowed = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if allowed is not None and allowed.dtype == torch.bool:
        scores = scores.masked_fill(~allowed, torch.finfo(scores.dtype).min)
    elif allowed is not None:
        scores = scores + allowed
    return received_attention(scores.softmax(dim=-1), mask)


def received_attention(weights: Tensor, mask: Tensor) -> Tensor:
    """Return the attention each token receives: the mean over the heads and over the tokens that attend.

    Parameters
    ----------
    weights : Tensor of shape (n, heads, t, t)
        Attention of each token (third axis) to each token (fourth axis).
    mask : Tensor of shape (n, t)
        1 for a token, 0 for padding, which attends to nothing.

    Returns
    -------
    Tensor of shape (n, t)
        Each row sums to 1.
    """
    attending = mask.to(weights.dtype)
    by_token = weights.mean(dim=1)
    return ((attending / attending.sum(dim=1, keepdim=True)).unsqueeze(1) @ by_token).squeeze(1)


def _attend(
    module: Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **settings: Any,  # noqa: ANN401 - handed on
) -> tuple[Tensor, None]:
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    if getattr(_RECORD, "is_on", False):
        _RECORD.last = module, query, key, attention_mask, settings
    return sdpa_attention_forward(module, query, key, value, attention_mask, **settings)
