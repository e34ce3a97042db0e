"""A statement turned into its opposite, in English, German and Korean."""

from __future__ import annotations

import re

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
# People leave the mark away: what begins with a word that asks, or with the verb, may be a question.
_ASKS = re.compile(
    rf"\W*(?:how|where|what|when|why|who|whose|which|{_AUXILIARIES}|wie|wo|wohin|woher|was|wann|warum|wer|wem|wen|"
    r"welche[mnrs]?|ist|sind|war|waren|kann|können|wird|werden|hat|haben|darf|muss)\b",
    re.IGNORECASE,
)


def negate(text: str) -> str | None:
    """Turn what an English, German or Korean statement says into its opposite. None where no rule fits.

    A question asks the same when it is negated, so questions are left out.

    Examples
    --------
    >>> negate("The door is open."), negate("Das ist ein Hund."), negate("문이 있습니다.")
    ('The door is not open.', 'Das ist kein Hund.', '문이 없습니다.')
    """
    if any(mark in text for mark in _QUESTION_MARKS) or _ASKS.match(text):
        return None
    for pattern, opposite in _NEGATIONS:
        found = pattern.search(text)
        if found:
            return text[: found.start()] + found.expand(opposite) + text[found.end() :]
    return None
