"""Starting the app."""

from __future__ import annotations

import argparse

from embedlab.cli.starting.allocation import use_heaps_that_shrink
from embedlab.cli.starting.listening import HOST, address_of, check_listening, meaning_of
from embedlab.limits import limits

PORT = 8501


def add_start(parser: argparse.ArgumentParser) -> None:
    """Have the app started where no command is named."""
    parser.set_defaults(run=start_app)
    parser.add_argument("--host", default=HOST, help="address to listen on (default %(default)s: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on (default %(default)s)")


def start_app(options: argparse.Namespace) -> None:
    """Start the app and stay until it is stopped; what would keep it from starting is said before."""
    use_heaps_that_shrink()
    limits()
    check_listening(options.host, options.port)
    if meaning := meaning_of(options.host, options.port):
        print(meaning)
    print(f"EmbedLab is at {address_of(options.host, options.port)} (stop with Ctrl-C)", flush=True)
    # Only here does the command line need the app, and with it streamlit.
    from embedlab.ui.serving import serve

    serve(options.host, options.port)
