"""What a candidate costs: time measured on this machine, and bytes that follow from its dimension."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from embedlab.compression import SHORTLIST
from embedlab.pooling import needs_attention
from embedlab.rows import sample_positions, top_positions
from embedlab.spec import Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.comparison.candidates import Candidate
    from embedlab.compression import FittedCompression
    from embedlab.encoders import Encoder, Progress, Unread

# A rate is taken from a stretch of work of about this length; slow models get a few texts, quick ones many.
_MEASURED_SECONDS = 0.4
# A stretch that turns out shorter by this much is long enough all the same: to run it again would double the wait.
_ENOUGH = 0.6
_FIRST_TEXTS = 32
_MOST_TEXTS = 65_536
_SAMPLED_TEXTS = 2_048
_COUNTED_TEXTS = 10_000
# Queries that are timed, and the hits that are looked for.
_QUERIES, _TOP_K = 10, 10


@dataclass(frozen=True)
class Cost:
    """What a candidate costs.

    Parameters
    ----------
    texts_per_second : float
        Texts embedded in a second on this machine, nothing taken from the store; measured once for all that run the
        model in the same way, since poolings and layers of one pass cost the same. NaN while it is not measured.
    dimension : int
        Of the vectors that are kept.
    bytes_per_vector : int
        What a query reads of each text.
    n_parameters : int
    cut_share : float
        Share of the texts of which only the beginning is read, from 0 to 1.
    unreadable_share : float
        Share of the texts of which at least half of the tokens are unknown, from 0 to 1.
    rescoring_bytes : int, default=0
        What is kept of each text beside, and read of the few that are rescored.
    query_seconds : float, default=NaN
        Time in which one query is held against the vectors of all texts here and the ten best are found, measured on
        this machine, without embedding it; NaN while it is not measured.
    dollars_per_million_texts : float, default=0.0
        What embedding a million texts as long as these costs with a hosted model, by its card; NaN where no price is
        known.
    latency_p50, latency_p95 : float, default=NaN
        Seconds that half, and all but a twentieth, of the requests to a hosted model took that were made since it was
        loaded, each with many texts; NaN where there were none, or the model runs here.
    """

    texts_per_second: float
    dimension: int
    bytes_per_vector: int
    n_parameters: int
    cut_share: float
    unreadable_share: float
    rescoring_bytes: int = 0
    query_seconds: float = math.nan
    dollars_per_million_texts: float = 0.0
    latency_p50: float = math.nan
    latency_p95: float = math.nan

    @property
    def bytes_per_million(self) -> int:
        """Bytes that a query reads of a million texts; a hundred times as many of a hundred million."""
        return 1_000_000 * self.bytes_per_vector

    @property
    def is_asked(self) -> bool:
        """Whether another machine or program is asked, as far as price and latencies tell."""
        return self.dollars_per_million_texts != 0.0 or not math.isnan(self.latency_p50)

    @property
    def is_measured(self) -> bool:
        """Whether the speed is known."""
        return not math.isnan(self.texts_per_second)


def look_at_some(encoder: Encoder, texts: Sequence[str]) -> Unread:
    """Return what an encoder does not read of at most ten thousand of the texts."""
    return encoder.unread([texts[row] for row in sample_positions(len(texts), _COUNTED_TEXTS, random_state=0).tolist()])


def cost_of(
    candidate: Candidate, encoder: Encoder, unread: Unread, fitted: FittedCompression, texts: NDArray[np.float32]
) -> Cost:
    """Return what a candidate costs, given what is not read of some texts; the speed of its model is to be measured.

    Parameters
    ----------
    candidate, encoder, unread
        As for :func:`embedlab.comparison.running.score`.
    fitted : FittedCompression
    texts : float32 array of shape (n, d)
        Full embeddings, which queries are held against.
    """
    compression, width = candidate.compression, texts.shape[1]
    return Cost(
        math.nan,
        fitted.n_dimensions,
        compression.bytes_per_vector(width),
        encoder.n_parameters,
        float(unread.is_cut.mean()) if candidate.long_texts == "cut" else 0.0,
        float(unread.is_unreadable.mean()),
        compression.rescoring_bytes(width),
        measure_query(fitted, texts),
        price_of(encoder, unread),
    )


def price_of(encoder: Encoder, unread: Unread) -> float:
    """Return the dollars of a million texts as long as those looked at; NaN where no price is known."""
    n_tokens = np.minimum(unread.n_tokens, encoder.max_seq_length or unread.n_tokens.max(initial=0))
    return encoder.dollars_per_token * float(n_tokens.mean()) * 1e6 if len(n_tokens) else 0.0


@dataclass(frozen=True)
class Speed:
    """What is measured of a model, the same for all candidates that run it in the same way; fields of :class:`Cost`."""

    texts_per_second: float
    latency_p50: float = math.nan
    latency_p95: float = math.nan

    @classmethod
    def of(cls, cost: Cost) -> Speed:
        """Return what was measured before."""
        return cls(cost.texts_per_second, cost.latency_p50, cost.latency_p95)

    def put(self, cost: Cost) -> Cost:
        """Return a cost with what is measured."""
        return replace(
            cost,
            texts_per_second=self.texts_per_second,
            latency_p50=self.latency_p50,
            latency_p95=self.latency_p95,
        )


def measure_requests(encoder: Encoder) -> Speed:
    """Return speed and latencies of a hosted model by the requests that were made; none is made for it."""
    n_texts, seconds = (sum(each) for each in zip(*encoder.runs, strict=True)) if encoder.runs else (0, 0.0)
    halves = np.quantile(encoder.latencies, [0.5, 0.95]) if encoder.latencies else (math.nan, math.nan)
    return Speed(n_texts / seconds if seconds else math.nan, float(halves[0]), float(halves[1]))


def measure_query(fitted: FittedCompression, texts: NDArray[np.float32]) -> float:
    """Measure how many seconds one query takes, straight from the codes: the median of a few, of texts in turn."""
    codes, top_k = fitted.encode(texts), min(_TOP_K, len(texts))
    taken = []
    for number in range(_QUERIES):
        query = texts[number % len(texts)][None]
        began = time.perf_counter()
        scores = fitted.similarities(codes, fitted.as_queries(query)[0])
        best = top_positions(scores, min(top_k * (SHORTLIST if fitted.compression.rescore else 1), len(texts)))
        if fitted.compression.rescore:
            top_positions(texts[best] @ query[0], top_k)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])  # the first warms up


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
