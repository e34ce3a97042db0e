"""The rules that every bundled contest keeps, so that counting words alone fails."""

from collections import Counter
from itertools import pairwise

import regex


def words_of(text):
    """The words of a text, small, in order."""
    return regex.findall(r"\w+", text.casefold())


def overlap(a, b):
    """The words two texts share, of all that either has (Jaccard)."""
    return _share(set(words_of(a)), set(words_of(b)))


def pair_overlap(a, b):
    """The same of pairs of characters within words: Korean writes particles onto its words."""
    first, second = ({"".join(pair) for word in words_of(text) for pair in pairwise(word)} for text in (a, b))
    return _share(first, second)


def _share(first, second):
    return len(first & second) / len(first | second) if first | second else 0.0


def edits(a, b):
    """The letters to change, put in or take out to get from one word to another (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        above, row = row, [i]
        for j, right in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != right)))
    return row[-1]


def changed_words(a, b):
    """The words of the one that the other lacks, counted, and the other way round."""
    first, second = Counter(words_of(a)), Counter(words_of(b))
    return list((first - second).elements()), list((second - first).elements())


def faults(probe, language, anchor, near, far):
    """Every rule that a contest breaks, in words; none for a good one."""
    found = []
    texts = (anchor, near, far)
    if len(set(texts)) < 3:
        found.append("two of its texts are equal")
    if any(text != " ".join(text.split()) for text in texts):
        found.append("a text has spaces too many")
    scales = [overlap, pair_overlap] if language == "ko" or probe == "cross_language" else [overlap]
    for scale in scales:
        of_near, of_far = scale(anchor, near), scale(anchor, far)
        if not (of_far > of_near or of_far == of_near == 0):
            found.append(f"{scale.__name__}: near shares {of_near:.2f} with the anchor, far {of_far:.2f}, not more")
    found += [f"{len(words_of(text))} words in {text!r}" for text in texts if not _has_length(probe, text, anchor)]
    return found + (RULES[probe](anchor, near, far, language) if probe in RULES else [])


def _has_length(probe, text, anchor):
    n_words = len(words_of(text))
    if probe == "length" and text != anchor:
        return 40 <= n_words <= 90 if text.isascii() or not regex.search(r"\p{Hangul}", text) else 25 <= n_words <= 90
    return (3 if regex.search(r"\p{Hangul}", text) else 4) <= n_words <= 20


def _number(anchor, near, far, language):
    """The far one differs in numbers or units only."""
    gone, new = changed_words(anchor, far)
    return [] if 1 <= max(len(gone), len(new)) <= 3 else [f"number: {gone} became {new}"]


def _identifier(anchor, near, far, language):
    """The far one has one character of an id changed; the near one has the id as it is."""
    if len(anchor) != len(far):
        return ["identifier: far is not as long as the anchor"]
    places = [at for at, (a, b) in enumerate(zip(anchor, far, strict=True)) if a != b]
    if len(places) != 1:
        return [f"identifier: far differs in {len(places)} characters"]
    name = next(
        token.group() for token in regex.finditer(r"[A-Za-z0-9][A-Za-z0-9_./#:-]*[A-Za-z0-9]|[A-Za-z0-9]", anchor)
        if token.start() <= places[0] < token.end()
    )  # fmt: skip
    found = [] if regex.search(r"\d", name) else [f"identifier: {name} has no digit"]
    return found if name in near else [*found, f"identifier: {name} is not in near"]


def _negation(anchor, near, far, language):
    """The far one has one negation more or less."""
    gone, new = changed_words(anchor, far)
    return [] if len(gone) + len(new) <= 4 and max(len(gone), len(new)) <= 3 else [f"negation: {gone} became {new}"]


def _antonym(anchor, near, far, language):
    """One word of the far one is the opposite of one in the anchor."""
    gone, new = changed_words(anchor, far)
    return [] if len(gone) == len(new) == 1 else [f"antonym: {gone} became {new}"]


def _word_order(anchor, near, far, language):
    """The far one has the words of the anchor in another order; in Korean their particles may move."""
    gone, new = changed_words(anchor, far)
    if language == "ko" and len(gone) == len(new):
        # A particle stands at the end: what is left of the words must begin alike.
        gone, new = [word[:1] for word in gone], [word[:1] for word in new]
        return [] if Counter(gone) == Counter(new) else [f"word_order: {changed_words(anchor, far)}"]
    return [f"word_order: {gone} became {new}"] if gone or new else []


def _name_date(anchor, near, far, language):
    """One name or date is another one in the far text."""
    gone, new = changed_words(anchor, far)
    return [] if 1 <= max(len(gone), len(new)) <= 3 else [f"name_date: {gone} became {new}"]


def _typo(anchor, near, far, language):
    """The near one is the anchor with some words misspelt."""
    right, wrong = anchor.split(), near.split()
    if len(right) != len(wrong):
        return ["typo: near has another number of words"]
    typed = [(a, b) for a, b in zip(right, wrong, strict=True) if a != b]
    if not 1 <= len(typed) <= 4 or any(edits(a, b) > 2 for a, b in typed):
        return [f"typo: {typed}"]
    return []


RULES = {
    "number": _number,
    "identifier": _identifier,
    "negation": _negation,
    "antonym": _antonym,
    "word_order": _word_order,
    "name_date": _name_date,
    "typo": _typo,
}
