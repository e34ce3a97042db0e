"""All rules: those that leave what a text says as it is, and those that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from embedlab.perturbations.facts import change_day, change_identifier, change_number, exchange
from embedlab.perturbations.negation import negate
from embedlab.perturbations.slips import add_typo, change_case, change_end


@dataclass(frozen=True)
class Perturbation:
    """One way to change a text.

    Parameters
    ----------
    change : callable
        From a text to the changed one, or None where the rule does not fit.
    description : str
        In plain words.
    """

    change: Callable[[str], str | None]
    description: str


SLIPS: dict[str, Perturbation] = {
    "typo": Perturbation(add_typo, "Two neighbouring letters of a word are swapped."),
    "case": Perturbation(change_case, "The text is written in capitals."),
    "end": Perturbation(change_end, "The mark at the end is left out, or one is put there."),
}
"""What changes no meaning, the one that is harder to see through first."""

TURNS: dict[str, Perturbation] = {
    "negation": Perturbation(negate, "What the text says is turned into its opposite."),
    "word_order": Perturbation(exchange, "From where and where to, or what came instead of what, are exchanged."),
    "number": Perturbation(change_number, "An amount is another one."),
    "identifier": Perturbation(change_identifier, "The last digit of an id is off by one."),
    "name_date": Perturbation(change_day, "A day of the week or a month is another one."),
}
"""What changes the meaning, by the probe that asks for it."""
