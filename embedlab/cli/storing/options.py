"""What the commands about vector stores are given."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embedlab.cli.parts import Commands, add_command, add_output, add_passages, add_yes
from embedlab.cli.storing.work import judge_collection, list_store, query_store, write_store
from embedlab.errors import InvalidInputError

ADDRESSES = (
    "lancedb:///folder, faiss:///folder, chroma:///folder, chroma+http://host:port, postgresql://user@host/database, "
    "qdrant+http://host:port, pinecone://index, weaviate+http://host:port …; passwords and keys come from the "
    "environment (default: the lab's own folder)"
)
WHERE = """a condition on the metadata as JSON: '{"topic": "late", "stars": {"gte": 4}}', {"and": […]}, {"or": […]}"""


def add_store(group: Commands) -> None:
    """Add the commands about stores."""
    summary = "write texts with their embeddings into a vector store, list, ask and judge what is in one"
    store = group.add_parser("store", help=summary, description=summary.capitalize() + ".")
    commands = store.add_subparsers(title="commands", metavar="", required=True)
    _add_write(commands)
    _add_list(commands)
    _add_query(commands)
    _add_judge(commands)


def _add_write(commands: Commands) -> None:
    command = add_command(
        commands,
        "write",
        write_store,
        "write a table's texts with their embeddings into a collection; a second time only what changed",
        "embedlab store write in.csv --text review --id ticket --collection reviews",
    )
    _add_place(command)
    command.add_argument(
        "--id", metavar="COLUMN", help="the column that names the rows (their texts name them when not given)"
    )
    add_passages(command)


def _add_list(commands: Commands) -> None:
    summary = "list the collections of a store"
    command = commands.add_parser("list", help=summary, description=summary.capitalize() + ".")
    command.set_defaults(run=list_store)
    command.add_argument("--store", metavar="ADDRESS", help=ADDRESSES)


def _add_query(commands: Commands) -> None:
    summary = "ask a collection, by the model it was written with"
    example = 'example: embedlab store query "late delivery" --collection reviews --where \'{"stars": {"lte": 2}}\''
    command = commands.add_parser("query", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=query_store)
    command.add_argument("query", help="what to look for, in your own words")
    _add_place(command)
    _add_asking(command)
    command.add_argument("--top-k", type=int, default=10, metavar="K", help="how many rows (default %(default)s)")


def _add_judge(commands: Commands) -> None:
    from embedlab.stores.judging import WANTED_RECALL

    summary = "hold a collection against exact search on its own rows: recall, latency, size"
    example = 'example: embedlab store judge --collection reviews --where \'{"topic": "late"}\' --sweep'
    command = commands.add_parser("judge", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=judge_collection)
    _add_place(command)
    _add_asking(command)
    command.add_argument(
        "--queries", type=Path, metavar="FILE", help="your own questions, one a line (some of the rows are asked for "
        "their neighbours when not given)",
    )  # fmt: skip
    command.add_argument("--top-k", type=int, default=10, metavar="K", help="recall@K (default %(default)s)")
    command.add_argument(
        "--wanted", type=float, default=WANTED_RECALL, metavar="RECALL", help="the recall wanted (default %(default)s)"
    )
    command.add_argument(
        "--sweep", action="store_true", help="try the settings of the store's index, too, on a copy that is removed"
    )
    add_output(command, "the table of what was found, as .csv, .xlsx or .parquet")


def _add_place(command: argparse.ArgumentParser) -> None:
    command.add_argument("--store", metavar="ADDRESS", help=ADDRESSES)
    command.add_argument("--collection", required=True, metavar="NAME", help="small letters, digits and underscores")


def _add_asking(command: argparse.ArgumentParser) -> None:
    command.add_argument("--where", type=_condition, metavar="JSON", help=WHERE)
    command.add_argument("--model", help="the model of the questions (that of the collection when not given)")
    command.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    command.add_argument("--precision", default="auto", help="auto, float32 or int8")
    add_yes(command)


def _condition(given: str) -> Mapping[str, Any]:
    """Read a condition; one that means nothing is refused before anything is opened."""
    from embedlab.stores.contract import parse_where

    try:
        where: Mapping[str, Any] = json.loads(given)
        parse_where(where)
    except json.JSONDecodeError as error:
        raise argparse.ArgumentTypeError(f'no JSON: {error}. Write {{"topic": "late"}}, in single quotes') from error
    except InvalidInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return where
