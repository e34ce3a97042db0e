"""What the intervals and verdicts of the pages hold, simulated: how often they are right where the truth is known.

Writes its tables into ``docs/figures.md``, between markers; the words around them are written by hand. Every cell has a
seed of its own, so that the tables come out the same each time. Takes some twenty minutes on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from _shared import put, table
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri
from scipy.stats import binom

import embedlab as el
from embedlab.comparison import Result
from embedlab.evaluation import rand_and_information, rank_correlation
from embedlab.intervals import Estimate, MeanEstimate, ResampledEstimate, difference, mean_interval

Floats = NDArray[np.float64]
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "figures.md"
ROWS = (5, 10, 20, 50, 100, 1000)
SHARES = (0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98)
CORRELATIONS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.97)
COPIES = (1, 2, 5)
N_CLUSTERS = 4
MOST_RESAMPLED = 1000  # rows with their copies, of figures that take long
# How alike two candidates find the rows: the share of what makes a row hard that they have in common.
_IN_COMMON = 0.7


class Cell(NamedTuple):
    """What was counted: how often the interval held the truth, of the times there was one, and how often there was."""

    coverage: float
    said: float


def accuracy(n: int, p: float, copies: int) -> Cell:
    """Count it exactly: over all numbers of hits."""
    groups = np.tile(np.arange(n), copies)
    hits = np.arange(n + 1)
    ends = np.array([mean_interval(np.arange(n)[groups] < k, groups) for k in hits])
    return Cell(float(binom.pmf(hits, n, p) @ ((ends[:, 0] <= p) & (p <= ends[:, 1]))), 1.0)


def graded(n: int, p: float, copies: int, n_repeats: int = 2000) -> Cell:
    """Means of scores between 0 and 1, such as purities, the more skewed the nearer they are to an end."""
    return _count(
        lambda rng: _mean(_beta(ndtr(_hardness(rng, n, 1)[0]), p), copies), p, (n, copies, int(1000 * p)), n_repeats
    )


def ranks(n: int, p: float, copies: int, n_repeats: int = 2000) -> Cell:
    """Means of 1 over the rank of the first answer among ten, 0 where it is not among them."""
    values, weights = _reciprocal_ranks(p)

    def draw(rng: np.random.Generator) -> Estimate:
        return _mean(rng.choice(values, n, p=weights), copies)

    return _count(draw, p, (n, copies, int(1000 * p)), n_repeats)


def spearman(n: int, rho: float, copies: int, n_repeats: int = 400) -> Cell:
    """Rank correlations of normal scores."""
    truth = 6 / np.pi * np.arcsin(rho / 2)
    return _count(
        lambda rng: _correlation(*_correlated(rng, n, [rho]), copies), truth, (n, copies, int(1000 * rho)), n_repeats
    )


def ari(n: int, share: float, copies: int, n_repeats: int = 400) -> Cell:
    """Count it for the adjusted Rand index of clusters that have a share of each of four labels right."""
    joint = np.full((N_CLUSTERS, N_CLUSTERS), (1 - share) / (N_CLUSTERS - 1) / N_CLUSTERS)
    np.fill_diagonal(joint, share / N_CLUSTERS)
    chance = 1 / N_CLUSTERS**2
    truth = ((joint**2).sum() - chance) / (1 / N_CLUSTERS - chance)

    def draw(rng: np.random.Generator) -> Estimate:
        labels, clusters = np.divmod(rng.choice(N_CLUSTERS**2, n, p=joint.ravel()), N_CLUSTERS)
        both = rand_and_information(np.tile(labels, copies), np.tile(clusters, copies))
        return ResampledEstimate(lambda counts: both(counts)[0], np.tile(np.arange(n), copies))

    return _count(draw, truth, (n, copies, int(1000 * share)), n_repeats)


def paired(n: int, p: float, copies: int, by: float, kind: str) -> Cell:
    """Difference of two candidates on the same rows, the second better by so much."""
    better = min(p + by, 0.999)
    rng, held = np.random.default_rng((n, copies, int(1000 * p), int(1000 * by))), 0
    said, n_repeats = 0, 1000
    for _ in range(n_repeats):
        scores = _values(kind, rng, n, [p, better])
        found = difference(*(_mean(score, copies) for score in scores))
        said += bool(np.isfinite(found.low))
        held += bool(np.isfinite(found.low) and found.low <= p - better <= found.high)
    return Cell(held / said if said else float("nan"), said / n_repeats)


def told_apart(kind: str, n: int, n_candidates: int, p: float, n_repeats: int) -> float:
    """Return how often anything is told apart among candidates that are equally good."""
    rng = np.random.default_rng((n, n_candidates, int(1000 * p)))
    return float(np.mean([_verdicts(kind, rng, n, [p] * n_candidates) for _ in range(n_repeats)]))


def seen_with_rows_needed(kind: str, p: float, by: float, n_repeats: int = 400) -> tuple[int, float]:
    """Return the rows needed as many rows foretell it, and how often so many tell two candidates apart."""
    rng = np.random.default_rng((int(1000 * p), int(1000 * by)))
    # So many that what they foretell is not their own chance.
    worse, better = _figures(kind, rng, 60_000 if kind == "spearman" else 2_000_000, [p, p + by])
    needed = difference(worse, better).n_needed or 0
    return needed, float(np.mean([_verdicts(kind, rng, needed, [p, p + by]) for _ in range(n_repeats)]))


def _verdicts(kind: str, rng: np.random.Generator, n: int, goods: Sequence[float]) -> bool:
    """Return whether a comparison of candidates on n new rows tells any from the best."""
    figures = _figures(kind, rng, n, goods)
    results = tuple(
        Result(el.Candidate(str(number)), None, {"typo": figure}, None, False)  # type: ignore[arg-type]
        for number, figure in enumerate(figures)
    )
    found = el.Comparison(None, results).to_best("typo")  # type: ignore[arg-type]
    return any(difference.is_clear for difference in found.values())


def _figures(kind: str, rng: np.random.Generator, n: int, goods: Sequence[float]) -> list[Estimate]:
    if kind == "spearman":
        scores, *products = _correlated(rng, n, goods)
        return [_correlation(scores, each, 1) for each in products]
    return [_mean(values, 1) for values in _values(kind, rng, n, goods)]


def _count(
    draw: Callable[[np.random.Generator], Estimate], truth: float, seed: tuple[int, ...], n_repeats: int
) -> Cell:
    rng = np.random.default_rng(seed)
    ends = [found for found in (draw(rng).interval for _ in range(n_repeats)) if found]
    held = np.mean([low <= truth + 1e-9 and truth - 1e-9 <= high for low, high in ends]) if ends else np.nan
    return Cell(float(held), len(ends) / n_repeats)


def _mean(values: Floats, copies: int) -> MeanEstimate:
    return MeanEstimate(np.tile(values, copies), np.tile(np.arange(len(values)), copies))


def _correlation(scores: Floats, products: Floats, copies: int) -> ResampledEstimate:
    both = np.tile(products, copies), np.tile(scores, copies)
    return ResampledEstimate(partial(rank_correlation, *both), np.tile(np.arange(len(scores)), copies))


def _correlated(rng: np.random.Generator, n: int, goods: Sequence[float]) -> list[Floats]:
    """Return scores, and for each candidate products that correlate with them, and share some of the noise."""
    scores, shared = rng.standard_normal((2, n))
    noise = np.sqrt(_IN_COMMON) * shared + np.sqrt(1 - _IN_COMMON) * rng.standard_normal((len(goods), n))
    return [scores, *(rho * scores + np.sqrt(1 - rho**2) * each for rho, each in zip(goods, noise, strict=True))]


def _hardness(rng: np.random.Generator, n: int, n_candidates: int) -> Floats:
    shared, own = rng.standard_normal(n), rng.standard_normal((n_candidates, n))
    return np.sqrt(_IN_COMMON) * shared + np.sqrt(1 - _IN_COMMON) * own


def _beta(quantiles: Floats, p: float) -> Floats:
    return betaincinv(4 * p, 4 * (1 - p), quantiles)


def _values(kind: str, rng: np.random.Generator, n: int, goods: Sequence[float]) -> list[Floats]:
    """Return hits or graded scores of candidates on the same rows."""
    hardness = zip(_hardness(rng, n, len(goods)), goods, strict=True)
    if kind == "hits":
        return [(each < ndtri(good)).astype(float) for each, good in hardness]
    return [_beta(ndtr(-each), good) for each, good in hardness]


def _reciprocal_ranks(p: float) -> tuple[Floats, Floats]:
    """Return the values and their weights: ranks that fall off evenly, as many misses as the mean asks for."""
    values = np.append(1 / np.arange(1, 11), 0)
    for decay in np.linspace(0, 1, 101):
        found = decay ** np.arange(10) / (decay ** np.arange(10)).sum()
        missed = 1 - p / (found @ values[:10])
        if 0 <= missed <= 0.5 * (1 - p) or decay == 1:
            break
    return values, np.append(found * (1 - missed), missed)


COVERAGES: dict[str, tuple[Callable[[int, float, int], Cell], tuple[float, ...]]] = {
    "accuracy": (accuracy, SHARES),
    "ranks": (ranks, SHARES),
    "graded": (graded, SHARES),
    "spearman": (spearman, CORRELATIONS),
    "ari": (ari, (0.25, 0.5, 0.8, 0.9, 0.98)),
    "difference-hits": (partial(paired, by=0.02, kind="hits"), SHARES),
    "difference-hits-large": (partial(paired, by=0.1, kind="hits"), (0.02, 0.1, 0.3, 0.5, 0.7, 0.85)),
    "difference-graded": (partial(paired, by=0.02, kind="graded"), SHARES),
}
"""What is simulated, and for which truths."""


def main() -> None:
    """Simulate everything, or what is named, print the tables and write them down."""
    wanted = sys.argv[1:] or [*COVERAGES, "told-apart", "rows-needed"]
    with ProcessPoolExecutor() as pool:
        for name in wanted:
            made = {"told-apart": _table_of_verdicts, "rows-needed": _table_of_rows}.get(name, partial(_coverage, name))
            report = made(pool)
            print(f"### {name}\n\n{report}\n", flush=True)
            DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), name, report), encoding="utf-8")


def _coverage(name: str, pool: ProcessPoolExecutor) -> str:
    """Return a table: a row for each number of rows, the coverage for each truth, from the least copies to the most."""
    work, truths = COVERAGES[name]
    most = MOST_RESAMPLED if work in (spearman, ari) else ROWS[-1] * COPIES[-1]
    cells = [cell for cell in product(ROWS, truths, COPIES) if cell[0] * cell[2] <= most]
    found = dict(zip(cells, pool.map(work, *zip(*cells, strict=True)), strict=True))
    lines = []
    for n in ROWS:
        said = [_range([found[cell] for cell in cells if cell[:2] == (n, truth)]) for truth in truths]
        lines.append(f"{n:,} | " + " | ".join(said))
    return table("rows | " + " | ".join(f"{truth:g}" for truth in truths), lines)


def _range(cells: Sequence[Cell]) -> str:
    shown = [100 * cell.coverage for cell in cells if cell.said > 0.01]
    if not shown:
        return "too few"
    low, high = min(shown), max(shown)
    text = f"{low:.1f}" if high - low < 0.05 else f"{low:.1f}–{high:.1f}"
    said = min(cell.said for cell in cells)
    return text if said > 0.995 else f"{text} ({100 * said:.0f} %)"


def _table_of_verdicts(pool: ProcessPoolExecutor) -> str:
    kinds = {"hits": (2000, (0.1, 0.5, 0.9)), "graded": (2000, (0.1, 0.5, 0.9)), "spearman": (200, (0.5, 0.8))}
    cells = [
        (kind, n, k, p, repeats) for kind, (repeats, goods) in kinds.items()
        for n in ROWS for k in (2, 4, 8) for p in goods if kind != "spearman" or n <= 100
    ]  # fmt: skip
    found = dict(zip(cells, pool.map(told_apart, *zip(*cells, strict=True)), strict=True))
    lines = [
        f"{kind} | {n:,} | "
        + " | ".join(
            f"{100 * np.mean([value for cell, value in found.items() if cell[:3] == (kind, n, k)]):.1f}"
            for k in (2, 4, 8)
        )
        for kind in kinds
        for n in ROWS
        if (kind, n) in {cell[:2] for cell in cells}
    ]
    return table("figure | rows | 2 candidates | 4 | 8", lines)


def _table_of_rows(pool: ProcessPoolExecutor) -> str:
    cells = [
        *product(["hits"], (0.1, 0.5, 0.9), (0.02, 0.05)),
        *product(["graded"], (0.1, 0.5, 0.9), (0.01, 0.03)),
        *product(["spearman"], (0.5, 0.8), (0.05, 0.1)),
    ]
    found = pool.map(seen_with_rows_needed, *zip(*cells, strict=True))
    lines = [
        f"{kind} | {p:g} | {100 * by:.0f} points | {needed:,} | {100 * seen:.0f}"
        for (kind, p, by), (needed, seen) in zip(cells, found, strict=True)
    ]
    return table("figure | of the worse | difference | rows needed | seen in % of 400 repeats", lines)


if __name__ == "__main__":
    main()
