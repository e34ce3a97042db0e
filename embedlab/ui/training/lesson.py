"""What is to be learned, and how far it is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedlab.examples import Examples
    from embedlab.gold import Gold
    from embedlab.training import Settings


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
        Of texts that are not learned from.
    """

    n_steps: int
    losses: Sequence[tuple[int, float]]
    evaluations: Sequence[tuple[int, float]]
