"""Which sign separates the cells of a text."""

from __future__ import annotations

import re
from collections import Counter

from embedlab.tables.rows import parse_best

# Where two cut equally well, the one that texts and numbers hold less often.
DELIMITERS = ("\t", "|", ";", ",")
MAX_TITLE_LINES = 20
"""As many lines above the names may be titles."""
_SNIFF_CHARS = 64 << 10


def sniff_delimiter(text: str, *, is_plain: bool = False) -> str:
    """Return the sign that cuts the rows most evenly, or ``""`` where none does.

    Limited to the four signs files use: unlimited sniffers cut one-column texts at letters and spaces.

    Parameters
    ----------
    text : str
    is_plain : bool, default=False
        The name says plain text: a sign has to cut nearly every line, and may not be punctuation.
    """
    sample = text[:_SNIFF_CHARS]
    if len(text) > _SNIFF_CHARS:
        sample = sample.rpartition("\n")[0] or sample
    scores = {sign: _score(sample, sign, is_cut=len(sample) < len(text)) for sign in DELIMITERS if sign in sample}
    if _commas_are_decimal(sample) and (is_plain or any(scores[sign] > 0 for sign in scores if sign != ",")):
        scores[","] = scores.get(",", 0.0) - 0.6
    if is_plain:
        needed = {sign: 1.1 if sign == "\t" else 9.9 if _mostly_spaced(sample, sign) else 1.35 for sign in scores}
        scores = {sign: score for sign, score in scores.items() if score >= needed[sign]}
    best = max(scores, key=lambda sign: scores[sign], default="")
    return best if best and scores[best] > 0 else ""


def _score(sample: str, sign: str, *, is_cut: bool) -> float:
    """Score a sign: the share of rows of the usual width, and half a point for a first row of that width.

    Titles above the names and remarks below the rows, which the sign does not cut at all, are allowed for.
    """
    rows = parse_best(sample, sign, is_cut=is_cut)
    widths = [len(row) for row in rows.cells]
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    usual, times = counted.most_common(1)[0]
    share, first = times / len(widths), widths.index(usual)
    last = len(widths) - 1 - widths[::-1].index(usual)
    around = [*widths[:first], *widths[last + 1 :]]
    is_spaced = sign != "\t" and _mostly_spaced(sample, sign)
    if is_spaced and usual < 4 and (share < 0.95 or first):
        return 0.0
    if share < 0.6 and not is_spaced and widths[0] == max(widths) > 3 and min(widths) > 1:
        usual = widths[0]  # a row of names, above rows that leave out what is empty at their end
    elif share < 0.6:
        is_framed = set(around) == {1} and len(around) <= 2 * MAX_TITLE_LINES and not is_spaced
        if not is_framed or usual < (3 if sign == "," else 2) or times < max(3, 0.9 * (last + 1 - first)):
            return 0.0
    is_titled = first <= MAX_TITLE_LINES and set(widths[:first]) == {1}
    bonus = 0.5 if widths[0] == usual else 0.25 - 0.01 * first if is_titled else 0.0
    return share + bonus + 0.001 * min(usual, 50) - 0.5 * len(rows.odd_quotes) / len(widths)


def _mostly_spaced(sample: str, sign: str) -> bool:
    """Whether the sign is mostly followed by a space, as punctuation is."""
    return sample.count(sign + " ") > 0.6 * max(1, sample.count(sign))


def _commas_are_decimal(sample: str) -> bool:
    """Whether nearly all commas stand between digits."""
    return len(re.findall(r"(?<=\d),(?=\d)", sample)) > 0.9 * max(1, sample.count(","))
