"""Which machines an address may lead to.

A name is resolved here, every address it has is looked at, and the connection goes to one of them and to no other: what
the name means a moment later counts for nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from embedlab.errors import HostedError
from embedlab.hosted.addresses import Address
from embedlab.hosted.policy import HostedPolicy


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
