"""Texts changed a little on purpose: a slip of the pen, other capitals, the meaning turned round.

The rules are small and sure rather than many: a text no rule fits is left out, and never changed into nonsense.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

_AUXILIARIES = "is|are|was|were|can|could|will|would|should|must|has|have|had|does|did|do"
# Where a sentence turns into its opposite by a word: pattern and replacement, the first that fits.
_NEGATIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Korean, by the ending of the sentence.
    (re.compile(r"이 아닙니다(?=\W*$)"), "입니다"),
    (re.compile(r"없습니다(?=\W*$)"), "있습니다"),
    (re.compile(r"있습니다(?=\W*$)"), "없습니다"),
    (re.compile(r"없어요(?=\W*$)"), "있어요"),
    (re.compile(r"있어요(?=\W*$)"), "없어요"),
    (re.compile(r"입니다(?=\W*$)"), "이 아닙니다"),
    (re.compile(r"했습니다(?=\W*$)"), "하지 않았습니다"),
    (re.compile(r"합니다(?=\W*$)"), "하지 않습니다"),
    (re.compile(r"됩니다(?=\W*$)"), "되지 않습니다"),
    (re.compile(r"해요(?=\W*$)"), "하지 않아요"),
    # German: a negation is taken away, or "ein" becomes "kein", or "nicht" follows the verb.
    (re.compile(r"\bkein(e[mnrs]?)?\b"), r"ein\1"),
    (re.compile(r"\b(ist|sind|war|waren|kann|können|wird|werden|hat|haben|darf|muss) nicht\b"), r"\1"),
    (re.compile(r"\b(?<!-)ein(e[mnrs]?)?\b(?= \w)"), r"kein\1"),
    (re.compile(r"\b(ist|sind|war|waren|kann|können|wird|werden|hat|haben|darf|muss)\b"), r"\1 nicht"),
    # English.
    (re.compile(rf"\b({_AUXILIARIES})(n't| not)\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bcannot\b", re.IGNORECASE), "can"),
    (re.compile(r"\bnever\b", re.IGNORECASE), "always"),
    (re.compile(rf"\b({_AUXILIARIES})\b", re.IGNORECASE), r"\1 not"),
)
_QUESTION_MARKS = ("?", "？")


@dataclass(frozen=True)
class Perturbation:
    """One way to change a text.

    Parameters
    ----------
    change : callable
        From a text to the changed one, or None where the rule does not fit.
    title, description : str
        In plain words.
    """

    change: Callable[[str], str | None]
    title: str
    description: str


def add_typo(text: str) -> str | None:
    """Swap two neighbouring letters inside a word; the same ones each time. None without a word of four letters.

    Examples
    --------
    >>> add_typo("parcel")
    'pacrel'
    """
    rng = random.Random(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    words = [word for word in re.finditer(r"[^\W\d_]{4,}", text)]
    rng.shuffle(words)
    for word in words:
        # The first letter stays, as it does when people type; two equal letters cannot be swapped.
        places = [at for at in range(word.start() + 1, word.end() - 1) if text[at] != text[at + 1]]
        if places:
            at = rng.choice(places)
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return None


def change_case(text: str) -> str | None:
    """Write a text in capitals, or in small letters where it is in capitals already. None without such letters.

    Examples
    --------
    >>> change_case("Where is it?"), change_case("HELP"), change_case("도와주세요")
    ('WHERE IS IT?', 'help', None)
    """
    upper, lower = text.upper(), text.lower()
    if upper == lower:
        return None
    return lower if text == upper else upper


def negate(text: str) -> str | None:
    """Turn what an English, German or Korean statement says into its opposite. None where no rule fits.

    A question asks the same when it is negated, so questions are left out.

    Examples
    --------
    >>> negate("The door is open."), negate("Das ist ein Hund."), negate("문이 있습니다.")
    ('The door is not open.', 'Das ist kein Hund.', '문이 없습니다.')
    """
    if any(mark in text for mark in _QUESTION_MARKS):
        return None
    for pattern, opposite in _NEGATIONS:
        found = pattern.search(text)
        if found:
            return text[: found.start()] + found.expand(opposite) + text[found.end() :]
    return None


PERTURBATIONS: dict[str, Perturbation] = {
    "typo": Perturbation(add_typo, "Typo", "Two neighbouring letters of a word are swapped."),
    "case": Perturbation(change_case, "Capitals", "The text is written in capitals."),
    "negation": Perturbation(negate, "Negation", "What the text says is turned into its opposite."),
}
