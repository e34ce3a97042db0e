"""Which sign separates the cells of a text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from embedlab.reading.delimiters.rows import count_torn, parse_best
from embedlab.reading.layout import MAX_TITLE_LINES

# Where two cut equally well, the one that texts and numbers hold less often.
DELIMITERS = ("\t", "|", ";", ",")
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
        names = sample.partition("\n")[0]
        signs = [s for s in scores if s == "\t" or not (_mostly_spaced(sample, s) and _mostly_spaced(names, s))]
        scores = {sign: scores[sign] for sign in signs if scores[sign] >= (1.1 if sign == "\t" else 1.35)}
    best = max(scores, key=lambda sign: scores[sign], default="")
    return best if best and scores[best] > 0 else ""


def _score(sample: str, sign: str, *, is_cut: bool) -> float:
    """Score a sign by how evenly it cuts the rows, less what quotation marks say against it; 0 where it cuts none."""
    rows = parse_best(sample, sign, is_cut=is_cut)
    is_spaced = sign != "\t" and _mostly_spaced(sample, sign)
    least = 3 if sign == "," else 2
    widths = [len(row) for row in rows.cells]
    evenness = _score_widths(widths, least, is_spaced=is_spaced)
    if not evenness:  # the sign may stand at the end of some lines, too
        ended = [len(row) - (not row[-1].strip()) for row in rows.cells]
        evenness = _score_widths(ended, least, is_spaced=is_spaced)
    if not evenness:
        return 0.0
    torn = sum(count_torn(row) > 0 for row in rows.cells) if '"' in sample else 0
    return evenness - (0.5 * len(rows.odd_quotes) + 0.1 * torn) / len(widths)


def _score_widths(widths: list[int], least: int, *, is_spaced: bool) -> float:
    """Return the share of rows of the usual width, and half a point for a first row of that width; 0 where too few are.

    Titles above the names and remarks below the rows, which the sign does not cut at all, are allowed for.
    """
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    usual, times = counted.most_common(1)[0]
    share, first = times / len(widths), widths.index(usual)
    last = len(widths) - 1 - widths[::-1].index(usual)
    around = [*widths[:first], *widths[last + 1 :]]
    if is_spaced and usual < 4 and (share < 0.95 or first):
        return 0.0
    if share < 0.6 and not is_spaced and widths[0] == max(widths) > 3 and min(widths) > 1:
        usual = widths[0]  # a row of names, above rows that leave out what is empty at their end
    elif share < 0.6 and (is_spaced or not _are_tables(widths)):
        is_framed = set(around) == {1} and len(around) <= 2 * MAX_TITLE_LINES and not is_spaced
        if not is_framed or usual < least or times < max(3, 0.9 * (last + 1 - first)):
            return 0.0
    is_titled = first <= MAX_TITLE_LINES and set(widths[:first]) == {1}
    bonus = 0.5 if widths[0] == usual else 0.25 - 0.01 * first if is_titled else 0.0
    return share + bonus + 0.001 * min(usual, 50)


def _are_tables(widths: list[int]) -> bool:
    """Whether rows of one width follow one another, and then those of another: tables below one another."""
    n_same = sum(width == after > 2 for width, after in pairwise(widths))
    return n_same >= max(5, 0.9 * (len(widths) - 1))


def _mostly_spaced(sample: str, sign: str) -> bool:
    """Whether the sign is mostly followed by a space, as punctuation is."""
    return sample.count(sign + " ") > 0.6 * max(1, sample.count(sign))


def _commas_are_decimal(sample: str) -> bool:
    """Whether nearly all commas stand between digits."""
    return len(re.findall(r"(?<=\d),(?=\d)", sample)) > 0.9 * max(1, sample.count(","))
