"""What is to be learned, how far it is, and the model that came of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedlab.examples import Examples
    from embedlab.gold import Gold
    from embedlab.training import Settings, Training


@dataclass(frozen=True, eq=False)
class Lesson:
    """A model, what it is to learn from, what it is judged by, and how.

    Parameters
    ----------
    model : str
    learned_from : Examples
    held_out : Gold
    settings : Settings
    """

    model: str
    learned_from: Examples
    held_out: Gold
    settings: Settings

    @property
    def key(self) -> Hashable:
        """Everything the weights and the verdict depend on."""
        return self.model, self.learned_from.digest, self.held_out.key, self.settings


@dataclass(frozen=True, eq=False)
class Course:
    """How far a training is.

    Parameters
    ----------
    n_steps : int
    losses : sequence of (step, loss)
    evaluations : sequence of (step, figure)
        Of texts that are neither learned from nor judged by.
    """

    n_steps: int
    losses: Sequence[tuple[int, float]]
    evaluations: Sequence[tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained model in a folder that goes when nobody looks at it any more; who keeps it, copies it.

    Parameters
    ----------
    training : Training
    place : TemporaryDirectory
    """

    training: Training
    place: TemporaryDirectory[str] = field(repr=False)

    @property
    def nbytes(self) -> int:
        """Bytes of its files: they count towards what is kept of results."""
        return sum(file.stat().st_size for file in self.training.folder.rglob("*") if file.is_file())

    @property
    def course(self) -> Course:
        """How it went."""
        done = self.training
        return Course(done.plan.n_steps, done.losses, done.evaluations)
