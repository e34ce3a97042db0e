"""Changes that leave what a text says as it is: a slip of the pen, other capitals, a full stop more or less."""

from __future__ import annotations

import random
import re
from hashlib import blake2b

_WORD = re.compile(r"[^\W\d_]{4,}")
_LAST_MARK = re.compile(r"(?<=\w)[.!?…。！？]+(?=\s*$)")


def add_typo(text: str) -> str | None:
    """Swap two neighbouring letters inside a word; the same ones each time. None without a word of four letters.

    Ids and whatever else has a digit in it are left as they are: another id is no slip of the pen.

    Examples
    --------
    >>> add_typo("parcel"), add_typo("LABO-288-PRO")
    ('parecl', None)
    """
    rng = random.Random(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    words = [
        word
        for token in re.finditer(r"\S+", text)
        if not re.search(r"\d", token.group())
        for word in _WORD.finditer(text, *token.span())
    ]
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


def change_end(text: str) -> str | None:
    """Take the mark at the end of a text away, or put a full stop there. None for a text that ends in neither.

    Examples
    --------
    >>> change_end("Where is it?"), change_end("Where is it"), change_end("(see above)")
    ('Where is it', 'Where is it.', None)
    """
    bare = _LAST_MARK.sub("", text)
    if bare != text:
        return bare
    return f"{text}." if re.search(r"\w$", text) else None
