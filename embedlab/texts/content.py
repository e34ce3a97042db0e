"""Texts before they are embedded: which are blank, which repeat, and one digest for all of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Categories of Unicode that leave nothing to read: controls, formats such as the zero-width space and the byte-order
# mark, lone surrogates, unassigned, and all kinds of separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zs", "Zl", "Zp"})
# Letters by category, blank to the eye: fillers of Hangul, the empty Braille pattern, the combining grapheme joiner.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_DIGESTED_AT_ONCE = 4_096


@dataclass(frozen=True)
class TextSummary:
    """What a column of texts holds.

    Parameters
    ----------
    n_texts : int
        Number of rows.
    kept : int64 array
        Positions of the rows whose text is not blank, in order.
    n_repeated : int
        Kept rows whose exact text stands in an earlier kept row too.
    """

    n_texts: int
    kept: NDArray[np.int64]
    n_repeated: int

    @property
    def n_blank(self) -> int:
        """Number of rows set aside because there is nothing to read in them."""
        return self.n_texts - len(self.kept)


def is_blank(text: str) -> bool:
    r"""Return whether a text holds nothing that can be read.

    White space, zero-width and control characters, byte-order marks and NULs count as nothing: a model gives all
    such texts one and the same vector.

    Examples
    --------
    >>> is_blank(" \u200b\t"), is_blank("")
    (True, True)
    >>> is_blank("-")
    False
    """
    if "!" <= text[:1] <= "~":  # mostly so, and a million texts are asked
        return False
    return all(char in _BLANK_LETTERS or unicodedata.category(char) in _INVISIBLE for char in text)


def summarize_texts(texts: Sequence[str]) -> TextSummary:
    """Find blank and repeated texts.

    Parameters
    ----------
    texts : sequence of str of length n

    Returns
    -------
    TextSummary
    """
    kept = [row for row, text in enumerate(texts) if not is_blank(text)]
    n_different = len({texts[row] for row in kept})
    return TextSummary(len(texts), np.array(kept, dtype=np.int64), len(kept) - n_different)


def texts_digest(texts: Sequence[str]) -> str:
    """Return one hexadecimal digest of all texts and their order.

    The exact characters count, nothing is folded. Each text is preceded by its length, so that moving a boundary
    between two texts changes the digest.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    str
        BLAKE2b with 256 bits.
    """
    digest = blake2b(digest_size=32)
    for start in range(0, len(texts), _DIGESTED_AT_ONCE):
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts[start : start + _DIGESTED_AT_ONCE]]
        digest.update(b"".join([part for text in encoded for part in (len(text).to_bytes(8, "little"), text)]))
    return digest.hexdigest()


def fold_text(text: str) -> str:
    """Return what is left of a text when case, spaces and punctuation do not count.

    Compatible forms, such as full-width letters, become one (NFKC). Accents, vowel signs, digits and symbols such
    as ``+`` stay; a text of punctuation alone stays as it is.

    Examples
    --------
    >>> fold_text("Where's my ORDER?"), fold_text("?!")
    ('wheresmyorder', '?!')
    """
    return bare_text(text) or text


def bare_text(text: str) -> str:
    """Return what :func:`fold_text` does, but nothing of a text of spaces and punctuation alone."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_READ)


class _Read(dict[int, int | None]):
    """A table for ``str.translate`` that drops punctuation and what cannot be seen, filled as signs turn up."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        self[code] = None if category in _INVISIBLE or category.startswith("P") else code
        return self[code]


_READ = _Read()
