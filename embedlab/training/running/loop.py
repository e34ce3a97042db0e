"""The loop: a loss, its gradient cut to a length, a step of AdamW, and a rate that rises and falls in a line."""

from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from torch import Tensor, nn

    from embedlab.training.running.settings import Settings


@dataclass(frozen=True, eq=False)
class Batch:
    """What a loss is told in one step.

    Parameters
    ----------
    columns : list of list of str
        Texts of the rows, a list for each place a row has.
    targets : array of shape (n,) or (n, d), or None
        Label numbers, scores, or vectors of a teacher.
    """

    columns: list[list[str]]
    targets: NDArray | None

    @property
    def cost(self) -> int:
        """What it costs, about, to read it: its characters, padded to the longest text."""
        return sum(len(column) * max(map(len, column)) for column in self.columns)


class Loop:
    """The optimizer of a model, step by step.

    Parameters
    ----------
    model : SentenceTransformer
    loss : Module
    prompts : sequence of str
        What is put before the texts of each column; the last holds for further ones.
    n_steps : int
        Of the whole training: the rate falls to 0 in so many.
    settings : Settings
    """

    def __init__(
        self, model: SentenceTransformer, loss: nn.Module, prompts: Sequence[str], n_steps: int, settings: Settings
    ) -> None:
        import torch
        from transformers import get_linear_schedule_with_warmup

        self._model, self._loss, self._prompts, self._settings = model, loss, prompts, settings
        self._learning = [weights for weights in model.parameters() if weights.requires_grad]
        self._optimizer = torch.optim.AdamW(
            self._learning, lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        n_warmup = math.ceil(n_steps * settings.warmup_ratio)
        self._schedule = get_linear_schedule_with_warmup(self._optimizer, n_warmup, n_steps)

    def step(self, batch: Batch) -> float:
        """Learn from a batch, and return its loss before that."""
        import torch

        self._model.train()
        # Half precision on cards alone: processors without instructions for it take fifty times as long.
        is_half = self._settings.device == "cuda"
        with torch.autocast("cuda", torch.bfloat16) if is_half else nullcontext():
            loss = self._loss(self._features(batch), self._targets(batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._learning, self._settings.max_grad_norm)
        self._optimizer.step()
        self._schedule.step()
        self._optimizer.zero_grad()
        return loss.item()

    def _features(self, batch: Batch) -> list[dict[str, Any]]:
        prompts = [self._prompts[min(place, len(self._prompts) - 1)] for place in range(len(batch.columns))]
        return [features_of(self._model, column, prompt) for column, prompt in zip(batch.columns, prompts, strict=True)]

    def _targets(self, batch: Batch) -> Tensor | None:
        import torch

        return None if batch.targets is None else torch.from_numpy(batch.targets).to(self._settings.device)


def features_of(model: SentenceTransformer, texts: list[str], prompt: str) -> dict[str, Any]:
    """Return texts behind a prompt as a model takes them, on its device."""
    features = model.preprocess(texts, prompt=prompt or None)
    return {name: value.to(model.device) if hasattr(value, "to") else value for name, value in features.items()}
