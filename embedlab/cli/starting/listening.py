"""Where the app listens, and what that means for whoever can reach it."""

from __future__ import annotations

import errno
import os
import socket

from embedlab.errors import InvalidInputError
from embedlab.models import is_loopback

HOST = "127.0.0.1"
"""This machine only."""

REACHED_BY_OTHERS = """\
This address can be reached by others:
- Whoever reaches {host}:{port} can use the lab, and see a file whose link they have. There is no password.
- What goes to and fro is not encrypted. Put a proxy with TLS, and sign-in, before it: docs/sharing.md.
- Nobody can name folders of this machine or drop what is kept on it. EMBEDLAB_MODELS lists the models on offer."""
_REASONS = {
    errno.EADDRINUSE: "another program listens there. Choose another port, for example --port {next}",
    errno.EACCES: "this port is reserved. Choose one above 1023, for example --port 8501",
    errno.EADDRNOTAVAIL: "this machine does not have that address. Use one of its own, or 127.0.0.1",
}


def address_of(host: str, port: int) -> str:
    """Return the address a browser is given; IPv6 stands in brackets there."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def meaning_of(host: str, port: int) -> str:
    """Return what listening here means for others, in words; empty where only this machine can be reached."""
    return "" if is_loopback(host) else REACHED_BY_OTHERS.format(host=host, port=port)


def check_listening(host: str, port: int) -> None:
    """Raise unless the app can listen on an address.

    Raises
    ------
    InvalidInputError
        When the port is no port or taken, or the address is not one of this machine.
    """
    if not 1 <= port <= 65535:
        raise InvalidInputError(f"{port} is no port. Choose one between 1 and 65535, for example --port 8501.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if os.name != "nt":  # There the option would let two programs have one port.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, str(error.strerror or error)).format(next=port % 65535 + 1)
        raise InvalidInputError(f"EmbedLab cannot listen on port {port} of {host}: {reason}.") from error
