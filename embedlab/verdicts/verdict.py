"""What came of a training: the figures before and after, and what follows from them in one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.comparison import Comparison
    from embedlab.intervals import Difference, Estimate

    Embeddings = NDArray[np.float32]

SMALLEST_GAIN = 0.005
"""Half a point: a gain below it, however sure, is not worth another model."""


@dataclass(frozen=True, eq=False)
class Change:
    """A figure before and after.

    Parameters
    ----------
    title, description : str
        In the words of the app.
    before, after : Estimate
    difference : Difference
        After minus before, from the same rows. Where several figures are looked at, the intervals hold for all of them
        together.
    """

    title: str
    description: str
    before: Estimate = field(repr=False)
    after: Estimate = field(repr=False)
    difference: Difference

    @property
    def is_better(self) -> bool:
        """Whether it has clearly grown, by enough to matter."""
        return self.difference.low > 0 and self.difference.value >= SMALLEST_GAIN

    @property
    def is_worse(self) -> bool:
        """Whether it has clearly fallen, by enough to matter."""
        return self.difference.high < 0 and self.difference.value <= -SMALLEST_GAIN

    @property
    def words(self) -> str:
        """The change in points with its interval: ``"kNN purity +6.9 [4.8, 8.8]"``."""
        found = self.difference
        ends = f" [{100 * found.low:.1f}, {100 * found.high:.1f}]" if found.low > -1e9 else ", too few rows to be sure"
        return f"{self.title} {100 * found.value:+.1f}{ends}"


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether a trained model is better than the one it was made from. Made by :func:`judge`.

    Parameters
    ----------
    comparison : Comparison
        Both models on what was held out, the old one first.
    changes : tuple of Change
        Its figures, the one that decides first.
    forgetting : tuple of Change
        What is not one's own: bundled probes by language, and the bundled samples.
    can_tell : bool
        Whether the first figure says which model is better; texts alone do not.
    embeddings : (float32 array of shape (n, d), float32 array of shape (n, d'))
        Of the texts held out, before and after.
    """

    comparison: Comparison
    changes: tuple[Change, ...]
    forgetting: tuple[Change, ...]
    can_tell: bool
    embeddings: tuple[Embeddings, Embeddings] = field(repr=False)

    @property
    def main(self) -> Change:
        """The change that decides."""
        return self.changes[0]

    @property
    def is_better(self) -> bool:
        """Whether the new model should be kept."""
        raise NotImplementedError

    @property
    def is_worse(self) -> bool:
        """Whether the new model does harm, whatever its loss says."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """The verdict in words, ``"Better: …"``, ``"No better: keep the old one. …"`` or ``"Worse: …"``."""
        raise NotImplementedError

    @property
    def table(self) -> pd.DataFrame:
        """One row for each figure: what it is of, before, after, change, its interval, and whether they are told apart.

        Columns ``of`` (``"held out"`` or ``"not yours"``), ``figure``, ``before``, ``after``, ``change``, ``low``,
        ``high``, ``told apart``.
        """
        raise NotImplementedError
