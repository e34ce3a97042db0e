"""Keys of rows for stores that take not every id, and texts that are too long for one."""

from __future__ import annotations

from hashlib import blake2b

from embedlab.errors import InvalidInputError


def row_key(id: str) -> str:
    """Return a key made from an id: 32 digits and letters from a to f, whatever the id is."""
    return blake2b(id.encode(), digest_size=16).hexdigest()


def check_length(id: str, text: str, longest: int, what: str, store: str) -> None:
    """Raise ``InvalidInputError`` for a text of more bytes than a store keeps of one row."""
    if len(text) * 4 > longest and len(text.encode()) > longest:
        raise InvalidInputError(
            f"The {what} of {id!r} has {len(text.encode()):,} bytes, and {store} keeps at most {longest:,}. Cut it "
            "into passages, or choose another store."
        )
