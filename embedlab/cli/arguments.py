"""What can be asked for on the command line."""

from __future__ import annotations

import argparse

from embedlab.cli.commands import (
    add_cache,
    add_classify,
    add_cluster,
    add_compare,
    add_deduplicate,
    add_encode,
    add_probe,
    add_replay,
    add_retrieve,
    add_search,
    add_shape,
    add_threshold,
    add_train,
)
from embedlab.cli.parts import Parser
from embedlab.cli.starting import add_serve, add_start
from embedlab.cli.storing import add_store


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; what is to be run stands in ``run``."""
    parser = Parser(
        prog="embedlab",
        description="See and choose sentence embeddings. Without a command the app is started in the browser.",
        epilog="example: embedlab --port 8600",
    )
    add_start(parser)
    group = parser.add_subparsers(title="commands", metavar="")
    add_encode(group)
    add_search(group)
    add_retrieve(group)
    add_cluster(group)
    add_classify(group)
    add_deduplicate(group)
    add_threshold(group)
    add_shape(group)
    add_replay(group)
    add_compare(group)
    add_probe(group)
    add_train(group)
    add_store(group)
    add_serve(group)
    add_cache(group)
    return parser
