"""Where a store is: ``lancedb:///folder``, ``chroma+http://host:port``, never with a password in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from embedlab.errors import InvalidInputError

_SHAPE = re.compile(r"([a-z]+)(?:\+([a-z]+))?://(.+)", re.DOTALL)
_SECRETS = re.compile(r"[?&](password|api[_-]?key|token|secret)=", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """Where a store is.

    Parameters
    ----------
    kind : str
        Which store: "lancedb", "chroma", "postgresql" and so on.
    transport : str
        How its server is reached, such as "http"; empty for a folder, a file, or where there is only one way.
    location : str
        What follows ``://``: a folder or a file as it is written, or host, port and path.
    """

    kind: str
    transport: str
    location: str

    @property
    def url(self) -> str:
        """The address of a server as its client takes it, such as ``http://host:port``."""
        return f"{self.transport}://{self.location}"

    @property
    def path(self) -> Path:
        """The folder or file; ``~`` is the person's home."""
        return Path(self.location).expanduser()

    def __str__(self) -> str:
        return f"{self.kind}+{self.url}" if self.transport else f"{self.kind}://{self.location}"


def parse_address(text: str) -> Address:
    """Return an address in its parts.

    Raises
    ------
    InvalidInputError
        When it has none of the shapes, or holds a password: addresses stand in links, settings and logs.

    Examples
    --------
    >>> parse_address("chroma+http://localhost:8000").url
    'http://localhost:8000'
    >>> parse_address("lancedb:///data/my stores").location
    '/data/my stores'
    """
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        shown = "This" if "@" in text or _holds_secret(text) else repr(text[:200])
        raise InvalidInputError(
            f"{shown} is no address of a store. Write it as lancedb:///folder or chroma+http://host:port."
        )
    kind, transport, location = found.groups()
    if _holds_secret(text):
        raise InvalidInputError(
            f"The address of the {kind} store holds a password or key. Leave it out and give it by the environment: an "
            "address stands in links, settings and logs."
        )
    return Address(kind, transport or "", location)


def _holds_secret(text: str) -> bool:
    user, at, _ = text.partition("://")[2].partition("/")[0].rpartition("@")
    return bool(at and ":" in user or _SECRETS.search(text))
