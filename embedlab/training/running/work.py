"""A training from its beginning to its end, in the process that does it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError, TrainingError, first_line
from embedlab.examples import Examples
from embedlab.gold import Gold
from embedlab.models import ModelFiles, load_model
from embedlab.training.running.curve import Curve
from embedlab.training.running.events import Evaluated, Event, Plan, Planned, Saved, Step, Working
from embedlab.training.running.loop import Loop
from embedlab.training.running.losses import build_loss
from embedlab.training.running.opening import DOCUMENT, QUERY, has_dropout, open_model, prompt_of
from embedlab.training.running.recipes import RECIPES
from embedlab.training.running.rows import deal
from embedlab.training.running.settings import Settings
from embedlab.training.running.targets import fit_targets

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

# How often the figure is taken beside the first time.
_N_EVALUATIONS = 4


@dataclass(frozen=True, eq=False)
class Assignment:
    """What the process that trains is given.

    Parameters
    ----------
    files : ModelFiles
        The model.
    examples : Examples
        What is learned from.
    settings : Settings
    folder : Path or None
        Where the model is written, an empty folder; None where only the plan is wanted.
    watched : Gold or None
        What the figure is taken of while it learns.
    selects : bool
        Whether the weights with the best figure are kept, or the last.
    n_held_out : int
        Rows that are not learned from.
    vectors, watched_vectors : float32 array or None
        Of a teacher, for each example, and for what is watched.
    guide : ModelFiles or None
        For losses that ask one; the model as it was where there is none.
    """

    files: ModelFiles
    examples: Examples
    settings: Settings
    folder: Path | None
    watched: Gold | None = None
    selects: bool = False
    n_held_out: int = 0
    vectors: NDArray[np.float32] | None = None
    watched_vectors: NDArray[np.float32] | None = None
    guide: ModelFiles | None = None


class Work:
    """An assignment under way.

    Parameters
    ----------
    given : Assignment
    say : callable
        Told every event.
    """

    def __init__(self, given: Assignment, say: Callable[[Event], None]) -> None:
        import torch

        self._given, self._settings, self._say = given, given.settings, say
        say(Working("Loading the model"))
        # Layers that a file does not hold would begin at random.
        torch.manual_seed(self._settings.random_state)
        self._model = open_model(given.files, self._settings)
        recipe = RECIPES[self._settings.recipe]
        if recipe.rows == "twins" and not has_dropout(self._model):
            raise InvalidInputError(
                f"{given.files.name} has no dropout, so both readings of a text are the same and teach nothing. Learn "
                "from labels, pairs or another model instead."
            )
        guide = load_model(given.guide or given.files, self._settings.device).eval() if recipe.is_guided else None
        self._loss = build_loss(recipe, self._model, truncate_dims=self._settings.truncate_dims, guide=guide)
        asked, stored = prompt_of(self._model, QUERY), prompt_of(self._model, DOCUMENT)
        self._prompts = (asked, stored) if given.examples.kind in ("pairs", "triplets") else (prompt_of(self._model),)
        self._batches = list(deal(given.examples, self._settings, self._targets()))
        if not self._batches:
            raise InvalidInputError("There is nothing to learn from: no two texts have the same label.")
        self._curve: Curve | None = None
        if given.watched is not None:
            self._curve = Curve(self._model, given.watched, (asked, stored), given.watched_vectors)
        self._best: tuple[float, int, dict[str, Tensor]] | None = None

    def run(self) -> None:
        """Plan, train, and write the model where it is wanted."""
        begun = time.perf_counter()
        self._evaluate(0)
        self._say(Working("Timing two steps"))
        plan, seconds_a_cost = self._time_two_steps(time.perf_counter() - begun)
        self._say(Planned(plan))
        if self._given.folder is None:
            return
        self._learn(seconds_a_cost)
        self._say(Working("Writing the model"))
        self._say(Saved(str(self._given.folder), self._save(self._given.folder)))

    def _targets(self) -> NDArray[np.float32] | None:
        """Return what a teacher says of the examples, in the dimensions of the model."""
        vectors, texts = self._given.vectors, list(self._given.examples.columns[0])
        if vectors is None:
            return None

        def own() -> NDArray[np.float32]:
            return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

        width = int(self._model.get_embedding_dimension() or 0)
        return fit_targets(vectors, width, own, is_static=self._given.files.is_static)

    def _time_two_steps(self, seconds_of_figure: float) -> tuple[Plan, float]:
        """Learn from the longest batch, which fits or nothing does, and from a common one, and forget both."""
        before = {name: weights.clone() for name, weights in self._model.state_dict().items()}
        loop = self._loop()
        by_cost = sorted(self._batches, key=lambda batch: batch.cost)
        paces = []
        for batch in (by_cost[-1], by_cost[len(by_cost) // 2]):
            begun = time.perf_counter()
            loop.step(batch)
            paces.append((time.perf_counter() - begun) / batch.cost)
        # The first step of all takes longer, and either may have been held up by others.
        seconds_a_cost = min(paces)
        self._model.load_state_dict(before)
        total = seconds_a_cost * sum(batch.cost for batch in self._batches)
        total += seconds_of_figure * _N_EVALUATIONS if self._curve else 0
        n_train, n_held_out = len(self._given.examples), self._given.n_held_out
        return Plan(len(self._batches), total, peak_memory(self._settings.device), n_train, n_held_out), seconds_a_cost

    def _learn(self, seconds_a_cost: float) -> None:
        import torch

        # From here on every random number is drawn in the order of the steps.
        torch.manual_seed(self._settings.random_state)
        loop, n_steps, left = self._loop(), len(self._batches), sum(batch.cost for batch in self._batches)
        looks = {round(n_steps * part / _N_EVALUATIONS) for part in range(1, _N_EVALUATIONS + 1)} - {0}
        seconds = done = 0.0
        for number, batch in enumerate(self._batches, 1):
            begun = time.perf_counter()
            loss = loop.step(batch)
            seconds, done, left = seconds + time.perf_counter() - begun, done + batch.cost, left - batch.cost
            if not np.isfinite(loss):
                raise TrainingError(f"The loss is no number any more after {number:,} steps. Lower the learning rate.")
            # The first steps of all tell little about the others.
            pace = seconds / done if number > n_steps // 10 else seconds_a_cost
            self._say(Step(number, n_steps, loss, pace * left))
            if number in looks:
                self._evaluate(number)

    def _loop(self) -> Loop:
        return Loop(self._model, self._loss, self._prompts, len(self._batches), self._settings)

    def _evaluate(self, step: int) -> None:
        """Take the figure, and keep the weights where it is the best behind the first."""
        if self._curve is None:
            return
        figure = self._curve.figure()
        self._say(Evaluated(step, figure))
        if step and self._given.selects and (self._best is None or figure > self._best[0]):
            self._best = figure, step, {name: each.clone() for name, each in self._model.state_dict().items()}

    def _save(self, folder: Path) -> int:
        step = len(self._batches)
        if self._best is not None:
            _, step, weights = self._best
            self._model.load_state_dict(weights)
        try:
            # The card of the library quotes texts that were learned from.
            self._model.eval().save_pretrained(str(folder), create_model_card=False)
        except Exception as error:
            # A full disk is an error of the system's, or one of the library that writes the weights.
            if not isinstance(error, OSError) and "os error" not in str(error):
                raise
            raise TrainingError(
                f"The model could not be written to {folder.parent}: {first_line(error)}. Make room there, or choose "
                "another folder, and train again."
            ) from error
        return step


def peak_memory(device: str) -> int:
    """Return how many bytes this process has taken at most, on a card those of the card."""
    if device == "cuda":
        import torch

        return int(torch.cuda.max_memory_reserved())
    try:
        import resource
    except ImportError:  # Windows
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10
