"""A model made better on one's own texts: what is held out, how it goes, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.encoders import Encoder, load_encoder
from embedlab.gold import Gold
from embedlab.training.running import RECIPES, Event, Plan, Recipe, Settings

if TYPE_CHECKING:
    Examples = Any  # embedlab.examples.Examples
    Split = Any  # embedlab.examples.Split

TRAINING_FILE = "training.json"
"""Beside the weights: model, settings, shape of the data, figures; no text."""


@dataclass(frozen=True, eq=False)
class Training:
    """What came of a training.

    Parameters
    ----------
    name : str
        Of the new model, as :func:`embedlab.load_encoder` takes it.
    folder : Path
        Its files, in the format of sentence-transformers.
    base : str
        The model that was trained.
    settings : Settings
    losses : tuple of (int, float)
        The loss of each step.
    evaluations : tuple of (int, float)
        The figure after some steps, ``measure``, on texts that are neither learned from nor judged by; that of step 0
        is the model as it was.
    measure : str
        A key of ``embedlab.comparison.MEASURES``; empty where nothing was held out.
    best_step : int
        The step whose weights were kept.
    split : Split
        What was learned from and what not.
    plan : Plan
    seconds : float
        What it took.
    revision : str
        Digest of the files, as :class:`Encoder` has it.
    """

    name: str
    folder: Path
    base: str
    settings: Settings
    losses: tuple[tuple[int, float], ...] = field(repr=False)
    evaluations: tuple[tuple[int, float], ...]
    measure: str
    best_step: int
    split: Split = field(repr=False)
    plan: Plan
    seconds: float
    revision: str

    def encoder(self, **options: Any) -> Encoder:  # noqa: ANN401 - handed on
        """Load the new model; see :func:`embedlab.load_encoder`."""
        return load_encoder(self.folder, **options)


def recipes_for(examples: Examples) -> dict[str, Recipe]:
    """Return the recipes that take such examples, the default first."""
    return {name: recipe for name, recipe in RECIPES.items() if examples.kind in recipe.takes}


def plan_training(
    model: str | Path,
    examples: Examples,
    *,
    recipe: str | None = None,
    held_out: float | Gold | None = 0.2,
    num_train_epochs: int | None = None,
    learning_rate: float | None = None,
    warmup_ratio: float | None = None,
    per_device_train_batch_size: int | None = None,
    frozen_layers: int = 0,
    truncate_dims: Sequence[int] | None = None,
    teacher: str | Encoder | None = None,
    num_layers: int | None = None,
    random_state: int = 0,
    n_threads: int | None = None,
    device: str = "auto",
    on_event: Callable[[Event], None] | None = None,
) -> Plan:
    """Say what :func:`train` would take for the same arguments: two steps are timed in a process of their own."""
    raise NotImplementedError


def train(
    model: str | Path,
    examples: Examples,
    *,
    recipe: str | None = None,
    held_out: float | Gold | None = 0.2,
    num_train_epochs: int | None = None,
    learning_rate: float | None = None,
    warmup_ratio: float | None = None,
    per_device_train_batch_size: int | None = None,
    frozen_layers: int = 0,
    truncate_dims: Sequence[int] | None = None,
    teacher: str | Encoder | None = None,
    num_layers: int | None = None,
    random_state: int = 0,
    n_threads: int | None = None,
    device: str = "auto",
    name: str | None = None,
    folder: str | Path | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Training:
    """Train a model on one's own texts.

    Parameters
    ----------
    model : str or Path
        As for :func:`embedlab.load_encoder`.
    examples : Examples
        What is learned from.
    recipe : str, optional
        A key of ``RECIPES``; the first that takes such examples when not given.
    held_out : float, Gold or None, default=0.2
        The share that is held out before anything starts, or what the model is judged by instead, or nothing.
    num_train_epochs, learning_rate, warmup_ratio, per_device_train_batch_size, frozen_layers, truncate_dims, num_layers
        See :class:`Settings`; those of the recipe when not given.
    teacher : str or Encoder, optional
        The model that is learned from, for recipes that need one; for guided ones the model as it was when not given.
    random_state : int, default=0
    n_threads : int, optional
        All cores but one when not given.
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
    name : str, optional
        The name under which the model is kept.
    folder : str or Path, optional
        Where it is written instead: a folder that does not exist yet.
    on_event : callable, optional
        Told every event; what it raises ends the work at once, and nothing is left of it. A training that was stopped
        cannot be gone on with: it starts over.

    Returns
    -------
    Training

    Raises
    ------
    InvalidInputError
        For examples, a recipe or settings that do not fit one another.
    NotEnoughMemoryError
        When it would not fit in memory, before it begins.
    TrainingError
        When the process that trains is ended from outside, or its disk is full.
    """
    raise NotImplementedError
