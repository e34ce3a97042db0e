"""Which stores somebody may name in a browser, and whether texts leave the machine for one.

Credentials come from the environment and belong to whoever started the server: an address that a stranger may choose
would be told them. On a shared server nobody names an address that its owner has not listed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

from embedlab.errors import InvalidInputError
from embedlab.folders import data_folder
from embedlab.hosted import hosted_policy
from embedlab.stores.contract import Address, parse_address

SETTING = "EMBEDLAB_STORES"
# Stores that are servers although their addresses say no transport.
_SERVERS = ("postgresql", "pinecone")
# What leads libpq to another host than the one that is written, or to a file.
_LEADS_ELSEWHERE = ("hostaddr", "service", "servicefile", "passfile", "sslkey")


@dataclass(frozen=True)
class Place:
    """A store that may be reached. Made by :func:`find_place`.

    Parameters
    ----------
    address : Address
    host : str or None
        Where texts go that are written into it; None while they stay on this machine.
    """

    address: Address
    host: str | None


def own_store(owner: str = "") -> str:
    """Return the address of the store in the app's own folder, and of a person whose server knows her, hers."""
    return f"lancedb://{data_folder().joinpath('stores', owner)}"


def listed_stores(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the addresses that the owner lists in ``EMBEDLAB_STORES``, with commas between them.

    Raises
    ------
    InvalidInputError
        When one of them is no address, or holds a password.
    """
    listed = (each.strip() for each in environment.get(SETTING, "").split(","))
    return list(dict.fromkeys(str(parse_address(each)) for each in listed if each))


def find_place(text: str, *, is_shared: bool, own: str | None) -> Place:
    """Return the store that somebody has named in a browser, where she may.

    Parameters
    ----------
    text : str
    is_shared : bool
        Whether others than the owner use the server: then only ``own`` and what is listed may be named.
    own : str or None
        The address of the person's own store; None on a server that does not know her.

    Raises
    ------
    InvalidInputError
        When it is no address, holds a password, or may not be named here; the message is the same whether there is a
        store or not.
    """
    address = parse_address(text)
    host = _host(address)
    if str(address) in (own, *listed_stores()):
        return Place(address, host)
    if is_shared:
        raise InvalidInputError(
            f"The store {address} cannot be used here: this server is shared and offers only the stores that its owner "
            f"lists in {SETTING}. Choose one of the list."
        )
    if host is not None and not hosted_policy().is_on:
        raise InvalidInputError(
            f"{host} is not this machine, and no text leaves it here (EMBEDLAB_HOSTED). Choose a folder, or ask the "
            f"owner to list the store in {SETTING}."
        )
    return Place(address, host)


def _host(address: Address) -> str | None:
    """Return the host of a server that is not this machine; None for a folder and for this machine."""
    if not address.transport and address.kind not in _SERVERS:
        return None
    if address.kind == "pinecone" and not address.transport:
        return "pinecone.io"
    try:
        parts = urlsplit(f"//{address.location}")
        query = parse_qs(parts.query)
        host = (query.get("host") or [parts.hostname or os.environ.get("PGHOST", "")])[-1]
        leads_elsewhere = [name for name in _LEADS_ELSEWHERE if name in query]
    except ValueError:
        return address.location
    # A server that is a socket in a folder is on this machine.
    is_here = not host or host.startswith("/") or _is_loopback(host)
    return None if is_here and not leads_elsewhere else host or ", ".join(leads_elsewhere)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
