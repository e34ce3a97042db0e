"""Addresses of model servers as they are written, and the keys that belong to them.

A key goes to the one host it belongs to, whatever name somebody types. Keys come from the environment, where Streamlit
puts the secrets of the app, too, and are looked up when a request is made: no object keeps one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from embedlab.errors import InvalidInputError
from embedlab.hosted.cards import providers

# The form of Azure: its version stands in the address.
_QUERIES = {"api-version"}
_AZURE = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
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

    def is_at(self, address: str) -> bool:
        """Return whether it is the same host, asked in the same way, whatever the path."""
        other = parse_address(address)
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)

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
            f"The address of {host} holds more than a place. Keys and passwords do not belong there: they would stand "
            "in links and settings. Put the key into the environment; see docs/hosted.md."
        )
    path = re.sub(r"/embeddings$", "", parts.path.rstrip("/"))
    return Address(parts.scheme, host, port or {"http": 80, "https": 443}[parts.scheme], path, parts.query)


class Key:
    """A key that says nothing of itself where it is printed.

    Parameters
    ----------
    value : str
    header : str
        The header it goes into.
    """

    def __init__(self, value: str, header: str) -> None:
        self.header = {header: value if header != "Authorization" else f"Bearer {value}"}.copy
        self.hide = lambda text: text.replace(value, "…")

    def __repr__(self) -> str:
        return "Key(…)"


def key_names(address: Address) -> tuple[str, ...]:
    """Return the variables of the environment that may hold the key of an address; empty where it needs none.

    Examples
    --------
    >>> key_names(parse_address("https://api.openai.com/v1"))
    ('OPENAI_API_KEY',)
    """
    for provider in providers().values():
        if address.is_at(provider.address):
            return provider.keys
    if (azure := os.environ.get("AZURE_OPENAI_ENDPOINT")) and address.is_at(azure):
        return ("AZURE_OPENAI_API_KEY",)
    listed = os.environ.get("EMBEDLAB_HOSTED_KEYS", "").split(",")
    pairs = [each.strip().partition("=")[::2] for each in listed]
    # Where the scheme is written, too, the key goes by no other: none that is meant for TLS is sent in the open.
    places = address.origin, f"{address.scheme}://{address.origin}"
    return tuple(name.strip() for place, name in pairs if place.strip().lower() in places and name.strip())


def find_key(address: Address) -> Key | None:
    """Return the key of an address, or None where it needs none.

    Raises
    ------
    InvalidInputError
        When it needs one that is not there.
    """
    names = key_names(address)
    if not names:
        return None
    value = next((os.environ[name] for name in names if os.environ.get(name)), None)
    if value is None:
        raise InvalidInputError(
            f"{address.origin} wants a key. Set {' or '.join(names)} in the environment of EmbedLab, or in the secrets "
            "of its app, and start it again."
        )
    if not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidInputError(f"What {' or '.join(names)} holds is no key: it has signs that none has. Set it again.")
    return Key(value, "api-key" if address.host.endswith(_AZURE) else "Authorization")
