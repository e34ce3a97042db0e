"""A model made better on one's own texts: what is held out, how it goes, and what came of it."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.encoders import Encoder
from embedlab.errors import InvalidInputError, TrainingError, first_line
from embedlab.folders import write_folder
from embedlab.gold import Gold
from embedlab.training.card import write_card
from embedlab.training.preparing import Prepared, prepare
from embedlab.training.process import train_apart
from embedlab.training.result import Training
from embedlab.training.running import Evaluated, Event, Plan, Planned, Saved, Step

if TYPE_CHECKING:
    from embedlab.examples import Examples


def plan_training(
    model: str | Path,
    examples: Gold | Examples,
    *,
    on_event: Callable[[Event], None] | None = None,
    **options: Any,  # noqa: ANN401 - those of `train`
) -> Plan:
    """Say what :func:`train` would take: two steps are timed in a process of their own and forgotten.

    Parameters
    ----------
    model, examples, on_event
        As for :func:`train`.
    **options
        All of :func:`train` but ``name`` and ``folder``.

    Returns
    -------
    Plan
    """
    log = _Log(on_event)
    train_apart(prepare(model, examples, **options).assignment, log)
    return log.plan


def train(
    model: str | Path,
    examples: Gold | Examples,
    *,
    recipe: str | None = None,
    held_out: float | Gold | None = 0.2,
    near_duplicates: bool = False,
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
    folder: str | Path | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Training:
    """Train a model on one's own texts, in a process of its own.

    Parameters
    ----------
    model : str or Path
        As for :func:`embedlab.load_encoder`.
    examples : Gold or Examples
        What is learned from.
    recipe : str, optional
        A key of ``RECIPES``; the first that takes such examples when not given.
    held_out : float, Gold or None, default=0.2
        The share that is held out before anything starts, or what the model is judged by instead, or nothing.
    near_duplicates : bool, default=False
        Whether texts that are nearly the same by their letters are held out together, as equal ones are.
    num_train_epochs, learning_rate, warmup_ratio, per_device_train_batch_size, frozen_layers, truncate_dims, num_layers
        See :class:`Settings`; those of the recipe when not given.
    teacher : str or Encoder, optional
        The model that is learned from, for recipes that need one; the model as it was where translations are learned
        from and for guided recipes, when not given.
    random_state : int, default=0
        The same number gives the same bits, on one machine and one number of threads.
    n_threads : int, optional
        All cores but one, and eight at most, when not given.
    device : {"auto", "cuda", "mps", "cpu"}, default="auto"
    folder : str or Path, optional
        Where the model is written, a folder that is not there yet. When not given it goes with the result, unless
        :meth:`Training.keep` gives it a name.
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
        When it would not fit in memory.
    TrainingError
        When the process that trains is ended from outside, or the model cannot be written.

    References
    ----------
    N. Reimers and I. Gurevych, "Sentence-BERT", EMNLP 2019; ``sentence_transformers.sentence_transformer.losses``.
    """
    given: dict[str, Any] = {"recipe": recipe, "held_out": held_out, "num_train_epochs": num_train_epochs}
    given |= {"learning_rate": learning_rate, "warmup_ratio": warmup_ratio, "truncate_dims": truncate_dims}
    given |= {"per_device_train_batch_size": per_device_train_batch_size, "frozen_layers": frozen_layers}
    given |= {"near_duplicates": near_duplicates}
    given |= {"teacher": teacher, "num_layers": num_layers, "random_state": random_state, "n_threads": n_threads}
    if folder is not None:
        place = Path(folder).expanduser().absolute()
        if place.exists():
            raise InvalidInputError(f"{place} is there already. Give a folder that is not: nothing is written over.")
        return _train(prepare(model, examples, device=device, **given), place, _Log(on_event))
    prepared, temporary = (
        prepare(model, examples, device=device, **given),
        tempfile.mkdtemp(prefix="embedlab-training-"),
    )
    try:
        training = _train(prepared, Path(temporary) / "models" / Path(model).name, _Log(on_event))
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    # The files go with the last who knows of them.
    weakref.finalize(training, shutil.rmtree, temporary, ignore_errors=True)
    return training


def _train(prepared: Prepared, place: Path, log: _Log) -> Training:
    assignment, done = prepared.assignment, list[Training]()

    def write(folder: Path) -> None:
        train_apart(replace(assignment, folder=folder), log)
        done.append(
            Training(
                place,
                assignment.files.name,
                assignment.settings,
                assignment.examples,
                prepared.split,
                prepared.measure,
                tuple(log.losses),
                tuple(log.evaluations),
                log.best_step,
                log.plan,
                time.monotonic() - log.begun,
            )
        )
        write_card(done[0], folder)

    try:
        write_folder(place, write)
    except OSError as error:
        raise TrainingError(
            f"The model could not be written to {place}: {error.strerror or first_line(error)}. Make room there, or "
            "choose another folder, and train again."
        ) from error
    return done[0]


class _Log:
    """Writes down what a training says, and hands it on."""

    def __init__(self, on_event: Callable[[Event], None] | None) -> None:
        self._on_event, self.begun = on_event, time.monotonic()
        self.plan, self.best_step = Plan(0, 0, 0, 0, 0), 0
        self.losses: list[tuple[int, float]] = []
        self.evaluations: list[tuple[int, float]] = []

    def __call__(self, event: Event) -> None:
        match event:
            case Planned(plan):
                self.plan = plan
            case Step(step, _, loss):
                self.losses.append((step, loss))
            case Evaluated(step, figure):
                self.evaluations.append((step, figure))
            case Saved(step=step):
                self.best_step = step
        if self._on_event is not None:
            self._on_event(event)
