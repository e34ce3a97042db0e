"""Texts of which nothing is known, some of them changed on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import Gold
from embedlab.perturbations import SLIPS, TURNS
from embedlab.rows import sample_positions

# Texts that are changed on purpose, at most.
_CHANGED_TEXTS = 1_000
_MIN_TEXTS = 12


@dataclass(frozen=True, eq=False)
class Unlabelled(Gold):
    """Texts alone. Some of them are changed on purpose, to see whether a model notices what it should."""

    originals: tuple[str, ...]
    n_set_aside: int = 0
    kind, unit, queries = "texts", "texts", ()

    def __post_init__(self) -> None:
        if len(self.originals) < _MIN_TEXTS:
            raise InvalidInputError(
                f"There are {len(self.originals)} texts; a comparison of neighbours needs {_MIN_TEXTS} at least."
            )

    @property
    def corpus(self) -> tuple[str, ...]:
        """The texts the person has brought."""
        return self.originals

    @cached_property
    def changed(self) -> dict[str, dict[int, int]]:
        """For each perturbation, which row of ``texts`` is the changed form of which original."""
        return self._with_changes[1]

    @cached_property
    def texts(self) -> tuple[str, ...]:  # type: ignore[override]
        """The originals and then their changed forms."""
        return self._with_changes[0]

    @cached_property
    def _with_changes(self) -> tuple[tuple[str, ...], dict[str, dict[int, int]]]:
        texts, changed = list(self.originals), dict[str, dict[int, int]]()
        rows = sample_positions(len(self.originals), _CHANGED_TEXTS, random_state=0).tolist()
        for name, rule in ((name, (SLIPS | TURNS)[name]) for name in ("typo", "case", "negation")):
            fitting = {row: form for row in rows if (form := rule.change(self.originals[row])) is not None}
            changed[name] = {row: len(texts) + place for place, row in enumerate(fitting)}
            texts += fitting.values()
        return tuple(texts), changed
