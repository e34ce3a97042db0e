"""What came of a training: the figures before and after, and what follows from them in one sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.comparison import Comparison
    from embedlab.intervals import Difference, Estimate

    Embeddings = NDArray[np.float32]

SMALLEST_GAIN = 0.005
"""Half a point: a gain below it, however sure, is not worth another model."""
LARGEST_PRICE = 0.05
"""Five points: where so much of what is not one's own is surely lost, the model does harm, whatever is won."""


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
        """The change in points with its interval: ``"kNN purity +6.9 points (95 %: +4.8 to +8.8)"``."""
        found = self.difference
        sure = "too few rows to say"
        if math.isfinite(found.low):
            sure = f"95 %: {100 * found.low:+.1f} to {100 * found.high:+.1f}"
        return f"{self.title} {100 * found.value:+.1f} points ({sure})"


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
    def gains(self) -> list[Change]:
        """What has clearly grown of a person's own, the figure that decides first; nothing where none can tell."""
        return [each for each in self.changes if each.is_better] if self.can_tell else []

    @property
    def losses(self) -> list[Change]:
        """What has clearly fallen beside the figure that decides, the most first."""
        found = [each for each in (*self.changes[1:], *self.forgetting) if each.is_worse]
        return sorted(found, key=lambda each: each.difference.value)

    @property
    def is_better(self) -> bool:
        """Whether the new model should be kept: what decides has clearly grown, and little elsewhere was lost."""
        return self.main in self.gains and not self.is_worse

    @property
    def is_worse(self) -> bool:
        """Whether the new model does harm, whatever its loss says.

        What decides has clearly fallen, or what is not one's own has: for nothing, or by more than ``LARGEST_PRICE``.
        Points of different figures are not set off against each other: twenty of one may be easier won than five of
        another.
        """
        is_for_nothing = self.can_tell and not self.gains
        lost = [each.difference.high for each in self._forgotten]
        return self.main.is_worse or any(is_for_nothing or high < -LARGEST_PRICE for high in lost)

    @property
    def _forgotten(self) -> list[Change]:
        return [each for each in self.losses if each in self.forgetting]

    @property
    def sentence(self) -> str:
        """The verdict in words: ``"Better: …"``, ``"In part: …"``, ``"No better: …"`` or ``"Worse: …"``."""
        main, forgotten = self.main, _listed(self._forgotten)
        if main.is_worse:
            return f"Worse: keep the old one. {main.words}."
        if self.is_worse:
            won = f"{self.gains[0].words}, but" if self.gains else f"nothing sure is won, {main.words}. And"
            return f"Worse: keep the old one. On your texts {won} it has forgotten what is not yours: {forgotten}."
        if not self.can_tell:
            return (
                "It cannot be told: texts alone do not say which model is better. Hold out scored pairs, questions "
                f"with their answers, or labels. {main.words}.{self._price}"
            )
        if self.is_better:
            where = "Better on yours, worse elsewhere" if forgotten else "Better"
            return f"{where}: {main.words}.{self._price}"
        if self.gains:
            most = max(self.gains, key=lambda each: each.difference.value)
            return f"In part: {most.words}, but what decides is not sure, {main.words}.{self._price}"
        return f"No better: keep the old one. {main.words}."

    @property
    def _price(self) -> str:
        """Say what it costs, and whether anything of that is not one's own."""
        own = _listed([each for each in self.losses if each in self.changes])
        elsewhere = _listed(self._forgotten)
        costs = f" It costs {own}." if own else ""
        return costs + (f" Not yours: {elsewhere}." if elsewhere else " Nothing was forgotten that is looked at.")

    @property
    def table(self) -> pd.DataFrame:
        """One row for each figure, the one that decides first.

        Columns ``of`` (``"held out"`` or ``"not yours"``), ``figure``, ``before``, ``after``, ``change``, ``low``,
        ``high`` (its interval; NaN where there are too few rows to say) and ``told apart``.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "of": of,
                    "figure": each.title,
                    "before": each.before.value,
                    "after": each.after.value,
                    "change": each.difference.value,
                    "low": each.difference.low if is_known else math.nan,
                    "high": each.difference.high if is_known else math.nan,
                    "told apart": each.difference.is_clear,
                }
                for of, changes in (("held out", self.changes), ("not yours", self.forgetting))
                for each in changes
                for is_known in (math.isfinite(each.difference.low),)
            ]
        )


def _listed(changes: Sequence[Change]) -> str:
    """Return the first two of some changes in words."""
    return " and ".join(each.words for each in changes[:2])
