"""How often the intervals of a threshold and of what it finds hold the truth, simulated where it is known.

Writes its table into ``docs/figures.md``, between markers. Every sample has a seed of its own, so that the table comes
out the same each time. Takes some minutes on two cores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
from _shared import put, table

from embedlab.thresholds import KnownCosines, choose_threshold, known_cosines

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "figures.md"
WIDTH, REPEATS = 24, 100
# So many samples of 1,500 texts are the truth: the best threshold of a few of them is off by half of an interval.
WORLDS = 40
CHOICES = {
    "false matches, at most 1 %": {"by": "false_matches", "max_rate": 0.01},
    "F1 where 20 % belong together": {"by": "f1", "share": 0.2},
    "cost where 1 % do": {"by": "cost", "share": 0.01},
}
RATES = {"recall": "recall", "false matches": "false_match_rate"}
Draw = Callable[[int, np.random.Generator], KnownCosines]


def by_labels(n_labels: int, spread: float) -> Draw:
    """Return a world of labels: texts around a centre each, some near and some far."""
    centres = np.random.default_rng(1).standard_normal((n_labels, WIDTH))

    def draw(n: int, rng: np.random.Generator) -> KnownCosines:
        numbers = rng.integers(n_labels, size=n)
        apart = spread * rng.standard_normal((n, WIDTH)) * rng.gamma(2, 0.5, (n, 1))
        return known_cosines(centres[numbers] + apart, labels=[str(number) for number in numbers])

    return draw


def by_pairs() -> Draw:
    """Return a world of pairs: each text belongs to one other."""

    def draw(n: int, rng: np.random.Generator) -> KnownCosines:
        first = rng.standard_normal((n // 2, WIDTH))
        apart = 0.8 * rng.standard_normal(first.shape) * rng.gamma(2, 0.5, (len(first), 1))
        places = np.arange(len(first))
        return known_cosines(np.vstack([first, first + apart]), pairs=np.column_stack([places, len(first) + places]))

    return draw


def held(draw: Draw, n: int) -> dict[str, str]:
    """Return for each figure in how many per cent of samples of n texts its interval holds the truth."""
    with patch("embedlab.thresholds._drawing.N_DRAWS", 20):  # the truth needs no interval
        truth = put_together([draw(1500, np.random.default_rng([99, number])) for number in range(WORLDS)])
    best = {name: choose_threshold(truth, **how).value for name, how in CHOICES.items()}
    true = {(name, at): getattr(truth.at(at), field).value for name, field in RATES.items() for at in (0.3, 0.5, 0.7)}
    found: dict[str, list[bool]] = {name: [] for name in (*CHOICES, *RATES)}
    for number in range(REPEATS):
        sample = draw(n, np.random.default_rng([7, number]))
        for name, how in CHOICES.items():
            if ends := choose_threshold(sample, **how).interval:
                found[name].append(ends[0] <= best[name] <= ends[1])
        for (name, at), truth in true.items():
            low, high = getattr(sample.at(at), RATES[name]).interval
            found[name].append(low <= truth <= high)
    return {name: said(hits, len(hits) / REPEATS if name in CHOICES else 1.0) for name, hits in found.items()}


def put_together(known: list[KnownCosines]) -> KnownCosines:
    """Return the pairs of several samples as one; its intervals are those of the first alone, and not looked at."""
    sides = [
        replace(sides[0], counts=np.sum([side.counts for side in sides], axis=0))
        for sides in ([each.matches for each in known], [each.others for each in known])
    ]
    return KnownCosines(*sides, sum(each.n_texts for each in known), sum(each.n_sampled for each in known))


def said(hits: list[bool], share: float) -> str:
    """Say how often the truth was held, and how often there was an interval where that is not always."""
    if share < 0.2:
        return "too few"
    return f"{100 * np.mean(hits):.0f}" + ("" if share == 1 else f" ({share:.0%})")


def main() -> None:
    """Write the table."""
    cells = {
        "5 labels": (by_labels(5, 0.7), (60, 200)),
        "20 labels": (by_labels(20, 0.9), (200,)),
        "pairs": (by_pairs(), (400,)),
    }
    names = [*RATES, *CHOICES]
    rows = []
    for world, (draw, sizes) in cells.items():
        for n in sizes:
            figures = held(draw, n)
            rows.append(f"{world} | {n} | {' | '.join(figures[name] for name in names)}")
    report = table(f"world | texts | {' | '.join(names)}", rows)
    DOCUMENT.write_text(put(DOCUMENT.read_text(encoding="utf-8"), "thresholds", report), encoding="utf-8")


if __name__ == "__main__":
    main()
