"""What of a long text decides its encoding."""

from __future__ import annotations

import re
from collections.abc import Iterable

# No fewer bytes than the characters that are looked at take in any encoding.
HEAD_BYTES = 4 << 20
"""How much of a text is its beginning: where it is longer, each different foreign word beyond is looked at once."""

_FOREIGN_BYTES = re.compile(rb"[\x80-\xff][^\x00-\x2f]*")


def shortened(content: bytes) -> bytes:
    """Return the beginning of a long text, and of the rest each different word that holds foreign letters.

    What can be read in an encoding, what it reads as, and whether two readings differ is then the same as in the whole
    text: in none of the older encodings is a white space, a control or a sign below the digits a part of a letter.
    """
    end = content.rfind(b"\n", 0, HEAD_BYTES) + 1
    if len(content) <= HEAD_BYTES or not end:
        return content
    return what_decides([content[:end], content[end:]])


def what_decides(blocks: Iterable[bytes]) -> bytes:
    """Return what decides the encoding of a text: its beginning, and each different word beyond with foreign letters.

    Parameters
    ----------
    blocks : iterable of bytes
        The text in blocks that end behind a line; the first is the beginning.
    """
    left = iter(blocks)
    head = next(left, b"")
    words: dict[bytes, None] = {}
    for block in left:
        if not block.isascii():
            words |= dict.fromkeys(found[0] for found in _FOREIGN_BYTES.finditer(block))
    return head + b"\n".join(words)
