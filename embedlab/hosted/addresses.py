"""Addresses of model servers, as they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from embedlab.errors import InvalidInputError

# The form of Azure: its version stands in the address.
_QUERIES = {"api-version"}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?|[0-9a-f:.]+")


@dataclass(frozen=True)
class Address:
    """Where a model server is reached. Read one with :func:`parse_address`.

    Parameters
    ----------
    scheme : {"https", "http"}
    host : str
        A name or an address of the internet protocol, in lower case, without brackets.
    port : int
    path : str
        What stands before the names of its services, such as ``"/v1"``; without a slash at the end.
    query : str, default=""
        Only the version that Azure asks for.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def origin(self) -> str:
        """Host, and port where it is not the usual one: what a person is told, and what keys belong to."""
        usual = {"http": 80, "https": 443}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, so that nothing leaves it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def url(self, service: str) -> str:
        """Return the whole address of a service, such as ``"embeddings"``."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.origin}{self.path}/{service}{query}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.origin}{self.path}" + (f"?{self.query}" if self.query else "")


def parse_address(text: str) -> Address:
    """Read the address of a model server.

    Parameters
    ----------
    text : str
        Such as ``"http://127.0.0.1:11434/v1"``.

    Raises
    ------
    InvalidInputError
        For anything else, and for what would travel with a link: a password, or a key in the query.

    Examples
    --------
    >>> parse_address("http://127.0.0.1:11434/v1/").url("embeddings")
    'http://127.0.0.1:11434/v1/embeddings'
    """
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").lower(), parts.port
        query = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise InvalidInputError(f"{text!r} is not an address. Write one such as http://127.0.0.1:11434/v1.") from None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or parts.fragment:
        raise InvalidInputError(f"{text!r} is not an address. Write one such as http://127.0.0.1:11434/v1.")
    if parts.username is not None or parts.password is not None or set(query) - _QUERIES:
        raise InvalidInputError(
            f"The address of {host} holds more than a place. Keys and passwords do not belong there: they would stand in "
            "links and settings. Put the key into the environment; see docs/hosted.md."
        )
    path = re.sub(r"/embeddings$", "", parts.path.rstrip("/"))
    return Address(parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme], path, parts.query)
