"""What is known of a kept model: where it comes from and what came of it. Numbers and names, no text of anybody's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path

Setting = str | int | float | bool | None


@dataclass(frozen=True)
class About:
    """What is known of a model that somebody has trained.

    Parameters
    ----------
    base : str
        The model it was trained from.
    recipe : str
        How, in words.
    learned_from, held_out : str
        The shape of the data, in words: ``"480 texts with 12 labels"``.
    verdict : str
        What came of it, in a sentence.
    figures : mapping of str to (float, float)
        Before and after, by the title of the figure.
    settings : mapping of str to str, number, bool or None
        Under their names in :func:`embedlab.train`.
    program : str
        The Python that makes the same weights again.
    trained_on : str
        The day, as ``2026-11-27``.
    """

    base: str
    recipe: str = ""
    learned_from: str = ""
    held_out: str = ""
    verdict: str = ""
    figures: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    settings: Mapping[str, Setting] = field(default_factory=dict)
    program: str = ""
    trained_on: str = field(default_factory=lambda: date.today().isoformat())

    def write(self, path: Path) -> None:
        """Write it down as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> About | None:
        """Read what :meth:`write` has written; None where it is missing or damaged."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            known = {each.name: found[each.name] for each in fields(cls) if each.name in found}
            known["figures"] = {str(title): (float(a), float(b)) for title, (a, b) in found["figures"].items()}
            return cls(**known)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
