"""Which machines an address may lead to, the connection to one of them, and how soon the next request may go.

A name is resolved here, every address it has is looked at, and the connection goes to one of them and to no other: what
the name means a moment later counts for nothing.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import defaultdict
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

from embedlab.errors import Cancelled, HostedError
from embedlab.hosted.addresses import Address
from embedlab.hosted.policy import HostedPolicy, hosted_policy

if TYPE_CHECKING:
    from typing import Self

    import httpx2

# All there is of the newer addresses that somebody can have; the rest is of one network, or of nobody yet.
_GLOBAL = IPv6Network("2000::/3")
# Seconds: a host that is there takes a connection at once; a model on a busy processor may think for minutes.
_CONNECT, _ANSWER = 10.0, 600.0


@lru_cache(maxsize=32)
def client_for(address: Address) -> httpx2.Client:
    """Return what sends requests to one address: straight there, by no proxy of the environment, and not elsewhere.

    No connection is used twice, so none that was made for one host is ever used for another behind the same number.
    """
    import httpx2

    class Pinned(httpx2.HTTPTransport):
        """Connects to a number that was looked at, and checks the certificate of the name."""

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            numbers = resolve(address, hosted_policy())
            request.extensions = {**request.extensions, "sni_hostname": address.host}
            for number in numbers:
                request.url = request.url.copy_with(host=number)
                try:
                    return super().handle_request(request)
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    if number == numbers[-1]:
                        raise
            raise AssertionError  # a host has a number

    # A request of hundreds of texts is worth a connection, and one that was left open is the one that is cut.
    once = httpx2.Limits(max_keepalive_connections=0)
    return httpx2.Client(
        transport=Pinned(trust_env=False, limits=once),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(_ANSWER, connect=_CONNECT),
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "embedlab"},
    )


class Deadline:
    """Ends a request that takes too long, whatever its server sends now and then to keep it alive.

    Within the block the client tells it of each connection, as the ``trace`` of a request.

    Parameters
    ----------
    seconds : float
        From the beginning of the block.
    """

    def __init__(self, seconds: float) -> None:
        self.has_passed, self._lock = False, threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def __call__(self, event: str, info: dict[str, Any]) -> None:
        """Note what the request goes through now: encryption puts another socket in the place of the first."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                self._shut()

    def _pass(self) -> None:
        with self._lock:
            self.has_passed = True
            self._shut()

    def _shut(self) -> None:
        """Wake up whoever reads from a connection whose time is over."""
        if self.has_passed and self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def resolve(address: Address, policy: HostedPolicy) -> list[str]:
    """Return the addresses of the internet protocol that a connection may go to, those of its host.

    Raises
    ------
    HostedError
        When the name is unknown, or one of its addresses lies where it may not lead: all are looked at, since a name
        with a public and a private one is a trap.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostedError(
            f"There is no host {address.origin}, or this machine is not connected. Check the address."
        ) from None
    numbers = list(dict.fromkeys(str(each[4][0]) for each in found))
    if address.is_loopback and not all(ip_address(number.split("%")[0]).is_loopback for number in numbers):
        raise HostedError(f"{address.origin} is not this machine here. Write the address it has.")
    if policy.is_shared and not policy.lists(address) and not all(map(is_public, numbers)):
        raise HostedError(
            f"{address.origin} lies in a private network, which a shared server does not reach for those who use it. "
            "Its owner can allow it in EMBEDLAB_HOSTED_ADDRESSES."
        )
    return numbers


def is_public(number: str) -> bool:
    """Return whether an address of the internet protocol is anybody's to reach, however it is written.

    Examples
    --------
    >>> is_public("1.1.1.1"), is_public("10.0.0.1"), is_public("::ffff:169.254.169.254")
    (True, False, False)
    """
    address = ip_address(number.split("%")[0])
    if isinstance(address, IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(str(inner))
        if address not in _GLOBAL:
            return False
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the older address that a newer one stands for: mapped, of 6to4, of Teredo, or translated (NAT64)."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    packed = address.packed
    is_translated = packed[:12] == bytes.fromhex("0064ff9b") + bytes(8)
    is_compatible = packed[:12] == bytes(12) and packed[12:] > bytes(3) + b"\x01"
    return IPv4Address(packed[12:]) if is_translated or is_compatible else None


class Pace:
    """When the next request to one host may go: within a rate, and not while it wants to be left alone."""

    def __init__(self) -> None:
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, stop: threading.Event) -> None:
        """Wait for the turn of one request.

        Raises
        ------
        Cancelled
            When ``stop`` is set.
        """
        rate = hosted_policy().requests_per_minute
        while True:
            with self._lock:
                now = time.monotonic()
                if self._next <= now:
                    self._next = now + 60 / rate if rate else self._next
                    return
                left = self._next - now
            rest(left, stop)

    def pause(self, seconds: float) -> None:
        """Let no request go for so many seconds."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)


_paces: defaultdict[str, Pace] = defaultdict(Pace)


def pace_of(origin: str) -> Pace:
    """Return the pace of a host, the same for all that ask it."""
    return _paces[origin]


def rest(seconds: float, stop: threading.Event) -> None:
    """Wait, and end at once when ``stop`` is set.

    Raises
    ------
    Cancelled
    """
    if stop.wait(seconds):
        raise Cancelled("Asking a model server: stopped.")
