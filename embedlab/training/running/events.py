"""What a training says of itself while it runs, in the order it happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Plan:
    """What a training will take, from two timed steps that are undone.

    Parameters
    ----------
    n_steps : int
        Steps of the optimizer, one a batch.
    seconds : float
        Estimate of the time of all of them, with what is looked at on the way.
    peak_bytes : int
        Peak of the memory of the process that trains; on a card, of the card.
    n_train, n_held_out : int
        Rows that are learned from, and rows that are not.
    """

    n_steps: int
    seconds: float
    peak_bytes: int
    n_train: int
    n_held_out: int


@dataclass(frozen=True)
class Working:
    """What is done now, in words; said again five times a second while there is no news."""

    doing: str


@dataclass(frozen=True)
class Planned:
    """The two steps are timed; what follows is the training itself."""

    plan: Plan


@dataclass(frozen=True)
class Step:
    """A step is done, of ``n_steps``; ``loss`` is that of its batch, before the step."""

    step: int
    n_steps: int
    loss: float
    seconds_left: float


@dataclass(frozen=True)
class Evaluated:
    """The figure on texts that are not learned from, after so many steps; after 0 that of the model as it was."""

    step: int
    figure: float


@dataclass(frozen=True)
class Saved:
    """The model is written. ``step`` is the one whose weights it has: that with the best figure behind the first."""

    folder: str
    step: int


@dataclass(frozen=True)
class Failed:
    """The process cannot go on: ``kind`` is an error of ``embedlab.errors``, or empty for a bug."""

    kind: str
    said: str


Event: TypeAlias = Working | Planned | Step | Evaluated | Saved
