"""Starting a server for models."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.cli.parts import Commands
from embedlab.cli.starting.allocation import use_heaps_that_shrink
from embedlab.cli.starting.listening import HOST, address_of, check_listening
from embedlab.errors import InvalidInputError
from embedlab.models import is_loopback

if TYPE_CHECKING:
    from embedlab.encoders import Encoder

PORT = 8000
REACHED_BY_OTHERS = """\
This address can be reached by others:
- {who} can use the model; --key-env asks for a key.
- What goes to and fro is not encrypted. Put a proxy with TLS before it."""
HOW_TO_ASK = """\
{names} at {address}/v1 (stop with Ctrl-C)
  curl {address}/v1/embeddings -H 'Content-Type: application/json'{header} \\
    -d '{{"model": "{first}", "input": ["a text"]}}'
  OpenAI(base_url="{address}/v1", api_key={key}).embeddings.create(model="{first}", input=["a text"])"""


def add_serve(group: Commands) -> None:
    """Add the command ``serve``."""
    summary = "serve models by the embeddings protocol of OpenAI"
    example = "example: embedlab serve --model all-MiniLM-L6-v2 --port 8000"
    command = group.add_parser("serve", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=serve_models)
    command.add_argument(
        "--model", action="append", required=True, help="catalog name, hub id or folder; given again, several models"
    )
    command.add_argument("--host", default=HOST, help="address to listen on (default %(default)s: this machine only)")
    command.add_argument("--port", type=int, default=PORT, help="port to listen on (default %(default)s)")
    command.add_argument(
        "--key-env", metavar="NAME", help="the variable of the environment that holds the key requests have to bring"
    )
    command.add_argument(
        "--long-texts", choices=["refuse", "cut", "mean"], default="refuse", help="texts longer than a model reads: "
        "refuse them (default), read the beginning, or take the mean of their passages",
    )  # fmt: skip
    command.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    command.add_argument("--precision", default="auto", help="auto, float32 or int8 (faster with VNNI or AMX alone)")


def serve_models(options: argparse.Namespace) -> None:
    """Answer requests for embeddings until stopped."""
    from embedlab.encoders import load_encoder
    from embedlab.serving import make_app, serve

    key = _key_of(options.key_env)
    use_heaps_that_shrink()
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
        print(REACHED_BY_OTHERS.format(who=who))
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
