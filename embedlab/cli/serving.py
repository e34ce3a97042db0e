"""Serving a model; where it or the app listens, and what that means for whoever can reach it."""

from __future__ import annotations

import argparse
import errno
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.errors import InvalidInputError
from embedlab.models import is_loopback

if TYPE_CHECKING:
    from embedlab.encoders import Encoder

REACHED_BY_OTHERS = """\
This address can be reached by others:
- Whoever reaches {host}:{port} can use the lab, and see a file whose link they have. There is no password.
- What goes to and fro is not encrypted. Put a proxy with TLS, and sign-in, before it: docs/sharing.md.
- Nobody can name folders of this machine or drop what is kept on it. EMBEDLAB_MODELS lists the models on offer."""
MODEL_REACHED_BY_OTHERS = """\
This address can be reached by others:
- {who} can use the model; --key-env asks for a key.
- What goes to and fro is not encrypted. Put a proxy with TLS before it."""
HOW_TO_ASK = """\
{names} at {address}/v1 (stop with Ctrl-C)
  curl {address}/v1/embeddings -H 'Content-Type: application/json'{header} \\
    -d '{{"model": "{first}", "input": ["a text"]}}'
  OpenAI(base_url="{address}/v1", api_key={key}).embeddings.create(model="{first}", input=["a text"])"""
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


def serve_models(options: argparse.Namespace) -> None:
    """Answer requests for embeddings until stopped."""
    from embedlab.encoders import load_encoder
    from embedlab.serving import make_app, serve

    key = _key_of(options.key_env)
    check_listening(options.host, options.port)
    encoders: dict[str, Encoder] = {}
    for model in options.model:
        encoder = load_encoder(model, device=options.device, precision=options.precision)
        # Nobody who asks need learn where a folder lies.
        encoders[Path(encoder.name).name if Path(encoder.name).is_dir() else encoder.name] = encoder
    only_here = is_loopback(options.host)
    # A page elsewhere can give its own name to this machine's address; whoever knows the key is no such page.
    hosts = ["localhost", "127.0.0.1", "::1", options.host] if only_here and key is None else ["*"]
    app = make_app(encoders, key=key, long_texts=options.long_texts, hosts=hosts)
    if not only_here:
        who = "Whoever knows the key" if key else "Whoever reaches it"
        print(MODEL_REACHED_BY_OTHERS.format(who=who))
    header = f' -H "Authorization: Bearer ${options.key_env}"' if key else ""
    in_python = f'os.environ["{options.key_env}"]' if key else '"none"'
    address, first = address_of(options.host, options.port), next(iter(encoders))
    print(
        HOW_TO_ASK.format(names=", ".join(encoders), address=address, header=header, first=first, key=in_python),
        flush=True,
    )
    serve(app, options.host, options.port)


def _key_of(variable: str | None) -> str | None:
    """Return the key that a variable of the environment holds; None where no variable is named.

    Raises
    ------
    InvalidInputError
        When it holds none: a server thought to be locked would stand open.
    """
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key or not key.isascii():
        raise InvalidInputError(f"The variable {variable} holds no key. Set it to some plain letters before you start.")
    return key
