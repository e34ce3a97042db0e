"""Requests to a language model: what they would send, who has agreed, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from embedlab.hosted import Budget, Offer, ask

if TYPE_CHECKING:
    from embedlab.chat.endpoint import ChatEndpoint

_MAX_ANSWER = 256 << 10


def offer_of(endpoint: ChatEndpoint, n_texts: int, bodies: Sequence[tuple[int, dict[str, Any]]]) -> Offer:
    """Return what requests would send, for whoever is to agree to it.

    Parameters
    ----------
    endpoint : ChatEndpoint
    n_texts : int
        Texts that are asked about, those among them whose answer is kept here.
    bodies : sequence of (int, dict)
        The requests that have to be made, each with how many texts it holds.
    """
    return Offer(
        endpoint.name,
        endpoint.address.origin,
        n_texts,
        n_texts - sum(n for n, _ in bodies),
        sum(n_characters(body) for _, body in bodies),
        sum(len(each["content"].encode()) for _, body in bodies for each in body["messages"]),  # no token is shorter
        is_counted=False,
        n_cut=0,
        dollars=None,
        price_date="",
        price_source="",
        leaves_machine=not endpoint.address.is_loopback,
    )


def send(endpoint: ChatEndpoint, body: dict[str, Any], n_texts: int, budgets: Sequence[Budget]) -> object:
    """Make a request within what was agreed to, and return the JSON that answers it.

    Raises
    ------
    BudgetError
        When it is more than was agreed to.
    HostedError
        When the server cannot be reached, or refuses.
    """
    for budget in budgets:
        budget.spend(endpoint.address.origin, n_texts, n_characters(body), None)
    return ask(endpoint.address, "chat/completions", body, max_bytes=_MAX_ANSWER).content


def said_by(content: object) -> str | None:
    """Return the words of an answer; None where it does not keep to the protocol."""
    try:
        said = content["choices"][0]["message"]["content"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None
    return said if isinstance(said, str) else None


def request_digest(endpoint: ChatEndpoint, body: dict[str, Any]) -> str:
    """Name a request to a server."""
    whole = json.dumps([str(endpoint.address), body], sort_keys=True)
    return blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def n_characters(body: dict[str, Any]) -> int:
    """Return the characters of a request that are a person's."""
    return sum(len(each["content"]) for each in body["messages"])
