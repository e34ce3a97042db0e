"""How a model does in the contests of one probe and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.intervals import MeanEstimate
from embedlab.probes.contests import Contest
from embedlab.rows import ROUNDING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHANCE = 0.5
"""The score of a model that knows nothing: a contest has two answers."""


@dataclass(frozen=True, eq=False)
class ProbeScore:
    """How a model does in the contests of one probe and language.

    Parameters
    ----------
    probe, language : str
        What was probed.
    contests : tuple of Contest of length n
    near, far : float64 array of shape (n,)
        Cosines of each anchor with its near and its far text, in [-1, 1].
    """

    probe: str
    language: str
    contests: tuple[Contest, ...]
    near: Floats
    far: Floats

    @property
    def n_items(self) -> int:
        """How many contests there are."""
        return len(self.contests)

    @cached_property
    def passed(self) -> Floats:
        """1 where the near text is nearer, 0 where the far one is, 1/2 where neither is; shape (n,).

        Cosines that differ by no more than what rounding does to those of equal embeddings are equal.
        """
        apart = self.near - self.far
        return np.where(np.abs(apart) <= ROUNDING, 0.5, (apart > 0).astype(np.float64))

    @cached_property
    def figure(self) -> MeanEstimate:
        """The score with its contests; those of one anchor count as one draw."""
        return mean_passed([self])

    @property
    def score(self) -> float:
        """The share of contests passed, ties half: from 0 to 1, 1/2 by chance."""
        return self.figure.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the score; None for fewer than two different anchors."""
        return self.figure.interval

    @property
    def margin(self) -> float:
        """The mean of what the near text is nearer by, a difference of two cosines, in [-2, 2]."""
        return float((self.near - self.far).mean())


def mean_passed(scores: Sequence[ProbeScore]) -> MeanEstimate:
    """Return the score over all contests of some scores; those of one anchor count as one draw."""
    anchors = [contest.anchor for each in scores for contest in each.contests]
    groups = np.unique(np.array(anchors, dtype=object), return_inverse=True)[1].astype(np.int64)
    return MeanEstimate(np.concatenate([each.passed for each in scores]), groups)
