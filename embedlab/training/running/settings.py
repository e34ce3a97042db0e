"""How a training goes: everything that decides its weights but the model and what is learned from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a training goes, in the words of sentence-transformers.

    Parameters
    ----------
    recipe : str
        A key of ``RECIPES``.
    num_train_epochs : int
        How many times everything is seen.
    learning_rate : float
        Its peak, after the warm-up; from there it falls in a line to 0.
    warmup_ratio : float, default=0.1
        Share of the steps in which the rate rises from 0.
    per_device_train_batch_size : int, default=16
        Rows of a batch.
    weight_decay : float, default=0.01
        Of AdamW.
    max_grad_norm : float, default=1.0
        Longer gradients are cut to this length.
    frozen_layers : int, default=0
        How much of the model stays as it is, from below: 0 nothing, 1 the token look-up, 2 that and the first layer …
    truncate_dims : tuple of int, default=()
        Numbers of first dimensions that are trained to do alone (Matryoshka), beside all of them.
    teacher : str or None, default=None
        The model that is learned from, or that guides (GIST).
    num_layers : int or None, default=None
        Layers that are kept of the model, evenly taken from all of them, before it is trained.
    random_state : int, default=0
    n_threads : int, default=1
        Of the processor. Two numbers of threads give weights that differ in the last digits.
    device : str, default="cpu"
    """

    recipe: str
    num_train_epochs: int
    learning_rate: float
    warmup_ratio: float = 0.1
    per_device_train_batch_size: int = 16
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    frozen_layers: int = 0
    truncate_dims: tuple[int, ...] = ()
    teacher: str | None = None
    num_layers: int | None = None
    random_state: int = 0
    n_threads: int = 1
    device: str = "cpu"
