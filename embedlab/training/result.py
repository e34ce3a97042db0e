"""What came of a training: a model, and all that is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.encoders import Encoder, load_encoder
from embedlab.errors import InvalidInputError
from embedlab.models.kept import About, KeptModel, keep
from embedlab.training.running import RECIPES, Plan, Settings
from embedlab.verdicts import Verdict, judge

if TYPE_CHECKING:
    from embedlab.examples import Examples, Split


@dataclass(frozen=True, eq=False)
class Training:
    """What came of a training.

    Parameters
    ----------
    folder : Path
        The new model, in the format of sentence-transformers.
    base : str
        The model that was trained.
    settings : Settings
    learned_from : Examples
    split : Split or None
        What was learned from and what it is judged by; None where nothing was held out.
    measure : str
        What was watched, a key of ``MEASURES``; empty where nothing was held out.
    losses : tuple of (int, float)
        The loss of each step.
    evaluations : tuple of (int, float)
        The figure after some steps; after 0 that of the model as it was. Where there are rows enough they are others
        than those it is judged by.
    best_step : int
        The step whose weights were kept.
    plan : Plan
        What was expected.
    seconds : float
        What it took.
    """

    folder: Path
    base: str
    settings: Settings
    learned_from: Examples = field(repr=False)
    split: Split | None = field(repr=False)
    measure: str
    losses: tuple[tuple[int, float], ...] = field(default=(), repr=False)
    evaluations: tuple[tuple[int, float], ...] = ()
    best_step: int = 0
    plan: Plan = Plan(0, 0, 0, 0, 0)
    seconds: float = 0

    def encoder(self, **options: Any) -> Encoder:  # noqa: ANN401 - handed on
        """Load the new model; see :func:`embedlab.load_encoder` for the options."""
        return load_encoder(self.folder, **options)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether it is better than the model as it was: on what was held out, and on what is not one's own.

        Raises
        ------
        InvalidInputError
            When nothing was held out.
        """
        if self.split is None:
            raise InvalidInputError("Nothing was held out, so nobody knows whether the model is better. Hold some out.")
        before, after = load_encoder(self.base), self.encoder()
        return judge(before, after, self.split.held_out, learned_from=self.learned_from.texts)

    @property
    def shape(self) -> tuple[str, str]:
        """What was learned from and what was held out, in words: "480 texts with 12 labels", "120 texts"."""
        examples, gold = self.learned_from, self.split and self.split.held_out
        of_labels = ""
        if examples.kind == "labels" and examples.targets is not None:
            of_labels = f" with {len(set(examples.targets.tolist())):,} labels"
        return f"{len(examples):,} {examples.unit}{of_labels}", f"{len(gold.rows):,} {gold.unit}" if gold else "nothing"

    def keep(self, name: str, *, owner: str = "", verdict: Verdict | None = None) -> KeptModel:
        """Keep the model under a name, with what came of it; see :func:`embedlab.models.kept.keep`.

        It is judged now unless the verdict is given.
        """
        found = verdict or (self.verdict if self.split else None)
        about = About(
            self.base,
            RECIPES[self.settings.recipe].title,
            *self.shape,
            found.sentence if found else "",
            _figures(found) if found else {},
            {name: _simple(value) for name, value in asdict(self.settings).items()},
        )
        return keep(self.folder, name, about, owner=owner)


def _figures(verdict: Verdict) -> dict[str, tuple[float, float]]:
    return {change.title: (change.before.value, change.after.value) for change in verdict.changes}


def _simple(value: object) -> Any:  # noqa: ANN401
    return ",".join(map(str, value)) if isinstance(value, tuple) else value
