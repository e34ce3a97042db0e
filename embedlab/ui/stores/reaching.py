"""Which stores this session may name, by who else uses the server and whether it knows her."""

from __future__ import annotations

from embedlab.stores.exchange import Place, find_place, listed_stores, own_store
from embedlab.ui.sessions import sharing


def own() -> str | None:
    """Return the address of this person's own store; None on a shared server that does not know her.

    What is in a folder of the server could there be read by everybody who uses it.
    """
    owner = sharing.owner()
    return None if owner == sharing.SOMEBODY else own_store(owner)


def offered() -> list[str]:
    """Return the addresses to choose from: her own, and those that the owner of the server lists.

    Raises
    ------
    InvalidInputError
        When one of the latter is no address.
    """
    mine = own()
    return ([mine] if mine else []) + [each for each in listed_stores() if each != mine]


def is_shared() -> bool:
    """Return whether only what is offered may be named."""
    return sharing.policy().is_shared


def find(text: str) -> Place:
    """Return the store that was named, where it may be.

    Raises
    ------
    InvalidInputError
        As :func:`embedlab.stores.exchange.find_place`.
    """
    return find_place(text, is_shared=is_shared(), own=own())
