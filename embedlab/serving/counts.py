"""What the server has done so far, and how busy it is."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# Answers by which the speed is taken, and seconds: said before there were any, and the least and most that is said.
_SPEED_OF, _UNKNOWN, _SHORTEST, _LONGEST = 32, 2, 1, 60


@dataclass
class Counts:
    """Counters that only grow, but for what waits now; read and written by the thread of the event loop alone.

    Attributes
    ----------
    requests : Counter
        Answered requests for embeddings by status.
    texts, tokens, texts_cut : int
        What was embedded, and of how many texts the beginning only.
    waiting_texts, waiting_bytes : int
        What was taken on and is not answered yet.
    """

    requests: Counter[int] = field(default_factory=Counter)
    texts: int = 0
    tokens: int = 0
    texts_cut: int = 0
    waiting_texts: int = 0
    waiting_bytes: int = 0
    # When the last requests were answered, and how many texts they had, since the queue was empty.
    _done: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_SPEED_OF), repr=False)

    @contextmanager
    def waiting(self, n_texts: int, n_bytes: int) -> Iterator[None]:
        """Count what is taken on as waiting in this block."""
        if not self.waiting_texts:
            self._done.clear()
            self._done.append((time.monotonic(), 0))
        self.waiting_texts += n_texts
        self.waiting_bytes += n_bytes
        try:
            yield
        finally:
            self.waiting_texts -= n_texts
            self.waiting_bytes -= n_bytes

    def seconds_until_left(self, n_texts: int) -> int:
        """Estimate how long it takes until so many of the waiting texts are done with, at the speed of the last ones.

        Parameters
        ----------
        n_texts : int

        Returns
        -------
        int
            From 1 to 60: who comes again too soon is told anew, and speeds change.
        """
        (began, _), *done = self._done or [(0.0, 0)]
        n_done = sum(n for _, n in done)
        if not n_done:
            return _UNKNOWN
        seconds = n_texts * (time.monotonic() - began) / n_done
        return min(_LONGEST, max(_SHORTEST, math.ceil(seconds)))

    def count(self, n_texts: int, n_tokens: int, n_cut: int) -> None:
        """Count what was embedded."""
        self.texts += n_texts
        self.tokens += n_tokens
        self.texts_cut += n_cut
        self._done.append((time.monotonic(), n_texts))

    def lines(self) -> str:
        """Return them in the text format of Prometheus."""
        said = [
            ("requests_total", "counter", "Answered requests for embeddings.", self.requests),
            ("texts_total", "counter", "Texts that were embedded.", self.texts),
            ("tokens_total", "counter", "Tokens that were read.", self.tokens),
            ("texts_cut_total", "counter", "Texts of which the beginning only was read.", self.texts_cut),
            ("waiting_texts", "gauge", "Texts that are not answered yet.", self.waiting_texts),
        ]
        lines = []
        for name, kind, meaning, value in said:
            full = f"embedlab_{name}"
            lines += [f"# HELP {full} {meaning}", f"# TYPE {full} {kind}"]
            if isinstance(value, Counter):
                lines += [f'{full}{{status="{status}"}} {number}' for status, number in sorted(value.items())]
            else:
                lines.append(f"{full} {value}")
        return "\n".join([*lines, ""])
