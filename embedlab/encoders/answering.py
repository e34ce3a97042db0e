"""What is asked of an encoder because some of them are another machine's: their price, their speed, their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from embedlab.spec import EmbeddingSpec

    Keep = Callable[[EmbeddingSpec, Sequence[str], NDArray[np.float32]], None]


class Answering:
    """The parts of an encoder that differ where another process answers for it.

    Attributes
    ----------
    runs_elsewhere : bool
        Whether one does; speed is then that of the requests that are made anyway, and none is made to measure it.
    dollars_per_token : float
        What a token costs; NaN where no price is known.
    latencies : sequence of float
        Seconds that the last requests took, each from its sending to the end of the answer.
    runs : sequence of (int, float)
        Texts and seconds of what was embedded last, several requests under way at a time.
    """

    runs_elsewhere: bool = False
    dollars_per_token: float = 0.0
    latencies: Sequence[float] = ()
    runs: Sequence[tuple[int, float]] = ()

    def kept_by(self, keep: Keep, n_cached: int = 0) -> Self:
        """Return an encoder that hands on what it has while it works; this one, where nothing is lost by waiting.

        Parameters
        ----------
        keep : callable
        n_cached : int, default=0
            Texts that are kept already, beside those it will be asked for.
        """
        return self
