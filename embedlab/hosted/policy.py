"""Whether texts may leave this machine at all, where to, and for how much: what the owner says in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.hosted.addresses import Address

_IS_ON = {"on": True, "1": True, "off": False, "0": False}


@dataclass(frozen=True)
class HostedPolicy:
    """What the owner allows. Read one with :func:`read_hosted_policy`.

    Parameters
    ----------
    is_on : bool, default=True
        Whether hosted models and model servers may be used.
    is_shared : bool, default=False
        Whether others than the owner use this: what they type then reaches no private network.
    addresses : tuple of str, default=()
        Hosts, with or without a port, that may be reached although they lie in a private network.
    session_dollars, server_dollars : float or None
        What one session may spend, and all of them together in a day; None for no limit.
    requests_per_minute : int or None
        Requests to one host; None for no limit.
    """

    is_on: bool = True
    is_shared: bool = False
    addresses: tuple[str, ...] = ()
    session_dollars: float | None = None
    server_dollars: float | None = None
    requests_per_minute: int | None = None

    def lists(self, address: Address) -> bool:
        """Return whether an address is one that may be reached although it lies in a private network."""
        return address.origin in self.addresses or address.host in self.addresses

    def check_is_on(self) -> None:
        """Raise unless hosted models may be used.

        Raises
        ------
        ModelLoadError
        """
        if not self.is_on:
            raise ModelLoadError(
                "Hosted models are switched off here, so no text leaves this machine. Choose a model that runs on it, "
                "or ask the owner to set EMBEDLAB_HOSTED=on."
            )


def read_hosted_policy(environment: Mapping[str, str], *, is_shared: bool = False) -> HostedPolicy:
    """Read what the owner allows.

    Parameters
    ----------
    environment : mapping of str to str
        ``EMBEDLAB_HOSTED`` is ``on`` or ``off``; without it hosted models are on, but not on a shared server.
        ``EMBEDLAB_HOSTED_ADDRESSES`` lists hosts in private networks, with commas between them, such as
        ``127.0.0.1:11434, models.intern``. ``EMBEDLAB_HOSTED_SESSION_DOLLARS`` and ``EMBEDLAB_HOSTED_DOLLARS`` limit
        what a session and the server spend, ``EMBEDLAB_HOSTED_REQUESTS`` the requests a minute to one host.
    is_shared : bool, default=False
        Whether others use it, as ``Policy.is_shared`` says.

    Returns
    -------
    HostedPolicy

    Raises
    ------
    InvalidInputError
        For a value that means nothing: a mistyped switch must not count as either.
    """
    said = environment.get("EMBEDLAB_HOSTED", "").strip().lower()
    if said and said not in _IS_ON:
        raise InvalidInputError(f"EMBEDLAB_HOSTED={said!r} is neither on nor off. Set one of them.")
    listed = environment.get("EMBEDLAB_HOSTED_ADDRESSES", "").split(",")
    return HostedPolicy(
        _IS_ON[said] if said else not is_shared,
        is_shared,
        tuple(host.strip().lower() for host in listed if host.strip()),
        _dollars(environment, "EMBEDLAB_HOSTED_SESSION_DOLLARS"),
        _dollars(environment, "EMBEDLAB_HOSTED_DOLLARS"),
        _requests(environment, "EMBEDLAB_HOSTED_REQUESTS"),
    )


_enforced: list[HostedPolicy] = []


def enforce(policy: HostedPolicy) -> None:
    """Put a policy in force for this process, as the app does at its start, knowing whether it is shared."""
    _enforced[:] = [policy]


def hosted_policy() -> HostedPolicy:
    """Return the policy in force: the one that was put there, or what the environment says.

    Raises
    ------
    InvalidInputError
        As :func:`read_hosted_policy`.
    """
    return _enforced[0] if _enforced else _of_environment()


@cache
def _of_environment() -> HostedPolicy:
    return read_hosted_policy(os.environ, is_shared=os.environ.get("EMBEDLAB_SHARED", "") not in ("", "0"))


def _dollars(environment: Mapping[str, str], name: str) -> float | None:
    if name not in environment:
        return None
    try:
        dollars = float(environment[name])
        if not 0 <= dollars < float("inf"):
            raise ValueError
    except ValueError:
        raise InvalidInputError(
            f"{name}={environment[name]!r} is no amount of dollars. Set one, such as 5, or leave it unset."
        ) from None
    return dollars


def _requests(environment: Mapping[str, str], name: str) -> int | None:
    if name not in environment:
        return None
    if not environment[name].strip().isdecimal() or int(environment[name]) < 1:
        raise InvalidInputError(
            f"{name}={environment[name]!r} is no number of requests. Set one, such as 500, or leave it unset."
        )
    return int(environment[name])
