"""What a candidate costs: time measured on this machine, and bytes that follow from its dimension."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from embedlab.pooling import needs_attention
from embedlab.rows import sample_positions
from embedlab.spec import Variant

if TYPE_CHECKING:
    from embedlab.comparison.candidates import Candidate
    from embedlab.encoders import Encoder, Progress, Unread

# A rate is taken from a stretch of work of about this length; slow models get a few texts, quick ones many.
_MEASURED_SECONDS = 0.4
# A stretch that turns out shorter by this much is long enough all the same: to run it again would double the wait.
_ENOUGH = 0.6
_FIRST_TEXTS = 32
_MOST_TEXTS = 65_536
_SAMPLED_TEXTS = 2_048
_COUNTED_TEXTS = 10_000


@dataclass(frozen=True)
class Cost:
    """What a candidate costs.

    Parameters
    ----------
    texts_per_second : float
        Texts embedded in a second on this machine, nothing taken from the store; measured once for all that run the
        model in the same way, since poolings and layers of one pass cost the same. NaN while it is not measured.
    dimension : int
    bytes_per_million : int
        Bytes that the embeddings of a million texts take, in float32.
    n_parameters : int
    cut_share : float
        Share of the texts of which only the beginning is read, from 0 to 1.
    unreadable_share : float
        Share of the texts of which at least half of the tokens are unknown, from 0 to 1.
    """

    texts_per_second: float
    dimension: int
    bytes_per_million: int
    n_parameters: int
    cut_share: float
    unreadable_share: float

    @property
    def is_measured(self) -> bool:
        """Whether the speed is known."""
        return not math.isnan(self.texts_per_second)


def look_at_some(encoder: Encoder, texts: Sequence[str]) -> Unread:
    """Return what an encoder does not read of at most ten thousand of the texts."""
    return encoder.unread([texts[row] for row in sample_positions(len(texts), _COUNTED_TEXTS, random_state=0).tolist()])


def cost_of(candidate: Candidate, encoder: Encoder, unread: Unread, dimension: int) -> Cost:
    """Return what a candidate costs on texts, given what is not read of some; its speed is to be measured."""
    cut_share = float(unread.is_cut.mean()) if candidate.long_texts == "cut" else 0.0
    unreadable_share = float(unread.is_unreadable.mean())
    return Cost(math.nan, dimension, 4_000_000 * dimension, encoder.n_parameters, cut_share, unreadable_share)


def way_to_run(candidate: Candidate, encoder: Encoder) -> tuple[str, str, str, bool, str]:
    """Return what decides how fast a model runs: itself, its arithmetic, what is read of attention and long texts."""
    by_attention = needs_attention(candidate.variant_of(encoder).pooling_mode)
    return encoder.name, encoder.revision, encoder.precision, by_attention, candidate.long_texts


def measure_speed(
    candidate: Candidate, encoder: Encoder, texts: Sequence[str], progress: Progress | None = None
) -> float:
    """Measure how many texts a second a candidate embeds.

    Parameters
    ----------
    candidate : Candidate
    encoder : Encoder
        Its model.
    texts : sequence of str of length n, one at least
        Some of them are embedded, as often as it takes to fill a stretch of time that can be measured.
    progress : callable, optional
        Called now and then; what it raises ends the work.

    Returns
    -------
    float
    """
    different = list(dict.fromkeys(texts))
    sample = [different[row] for row in sample_positions(len(different), _SAMPLED_TEXTS, random_state=0)]
    variant = Variant(candidate.variant_of(encoder).pooling_mode)

    def seconds(n: int) -> float:
        chosen = _repeated(sample, n)
        began = time.perf_counter()
        encoder.encode_variants(chosen, [variant], long_texts=candidate.long_texts, progress=progress)
        return time.perf_counter() - began

    n = min(_FIRST_TEXTS, len(sample))
    seconds(n)  # warms up
    taken = seconds(n)
    while taken < _ENOUGH * _MEASURED_SECONDS and n < _MOST_TEXTS:
        n = min(_MOST_TEXTS, max(2 * n, round(n * _MEASURED_SECONDS / taken)))
        taken = seconds(n)
    return n / taken


def _repeated(sample: Sequence[str], n: int) -> list[str]:
    """Return n different texts: the sample again and again, a number before each text from the second time on."""
    texts = list(sample[:n])
    for number in count(1):
        if len(texts) >= n:
            break
        texts += [f"{number} {text}" for text in sample[: n - len(texts)]]
    return texts
