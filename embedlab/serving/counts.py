"""What the server has done so far, and how busy it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


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
