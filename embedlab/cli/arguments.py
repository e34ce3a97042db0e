"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from embedlab.cli import commands, comparing, grouping, probing, serving, spaces
from embedlab.cli.options import (
    Commands,
    Parser,
    add_command,
    add_map,
    add_output,
    add_passages,
    add_ties,
)
from embedlab.duplicates import KEEP_POLICIES

PORT = 8501


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; what is to be run stands in ``run``."""
    parser = Parser(
        prog="embedlab",
        description="See and choose sentence embeddings. Without a command the app is started in the browser.",
        epilog="example: embedlab --port 8600",
    )
    parser.set_defaults(run=commands.start_app)
    parser.add_argument(
        "--host", default=commands.HOST, help="address to listen on (default %(default)s: this machine only)"
    )
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on (default %(default)s)")
    group = parser.add_subparsers(title="commands", metavar="")
    _add_encode(group)
    _add_search(group)
    _add_cluster(group)
    _add_classify(group)
    _add_deduplicate(group)
    spaces.add_threshold(group)
    spaces.add_shape(group)
    _add_replay(group)
    comparing.add_compare(group)
    probing.add_probe(group)
    _add_serve(group)
    _add_cache(group)
    return parser


def _add_encode(group: Commands) -> None:
    command = add_command(
        group,
        "encode",
        commands.encode,
        "write the embeddings of a column",
        "embedlab encode in.csv --text review -o out.parquet",
    )
    add_passages(command)
    add_output(
        command,
        ".parquet: the table with a column 'embedding'; .npy: the array alone, one row a row of the table",
        required=True,
    )


def _add_search(group: Commands) -> None:
    command = add_command(
        group,
        "search",
        commands.search,
        "find texts by meaning, by words or by both",
        'embedlab search in.csv "late delivery" --text review --by both',
    )
    command.add_argument("query", nargs="?", help="what to look for, in your own words")
    command.add_argument(
        "--by", choices=["meaning", "words", "both"], default="meaning",
        help="meaning finds other words for the same (default), words exact ids without a model, both fuses the two",
    )  # fmt: skip
    command.add_argument(
        "--queries",
        type=Path,
        metavar="FILE",
        help="many queries: a text file with one a line, or a table with a column",
    )
    command.add_argument("--top-k", type=int, default=10, metavar="K", help="how many texts to show (default 10)")
    add_passages(command)
    add_output(command, ".csv, .xlsx or .parquet: a table of query, rank, score and text")


def _add_cluster(group: Commands) -> None:
    command = add_command(
        group,
        "cluster",
        grouping.cluster,
        "group the texts and name the groups",
        "embedlab cluster in.csv --text review -o out.csv",
    )
    command.add_argument(
        "-k", "--n-clusters", default="auto", metavar="K", help="number of clusters, or auto (default)"
    )
    command.add_argument(
        "--method",
        default="kmeans",
        choices=["kmeans", "agglomerative", "hdbscan"],
        help="way to group (default kmeans)",
    )
    add_passages(command)
    add_map(command)
    add_output(command, ".csv, .xlsx or .parquet: the table with cluster, name and map coordinates")


def _add_classify(group: Commands) -> None:
    command = add_command(
        group,
        "classify",
        grouping.classify,
        "learn the labels of a column, and predict them for all rows",
        "embedlab classify in.csv --text review --label topic -o predicted.csv",
    )
    command.add_argument("--label", metavar="COLUMN", help="the column with the labels (guessed when not given)")
    add_ties(command)
    add_output(
        command, ".csv, .xlsx or .parquet: the table with prediction, its probability, and whether the label is suspect"
    )


def _add_deduplicate(group: Commands) -> None:
    command = add_command(
        group,
        "deduplicate",
        grouping.deduplicate,
        "write the table without the rows that say the same as another",
        "embedlab deduplicate in.csv --text review --threshold 0.95 -o cleaned.csv",
    )
    command.add_argument(
        "--threshold", type=float, default=0.95, metavar="COSINE",
        help="lowest cosine of two texts that count as the same (default %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--keep", choices=list(KEEP_POLICIES), default="first", help="which row of a group stays (default %(default)s)"
    )
    command.add_argument("--by", metavar="COLUMN", help="numbers or dates that --keep largest and smallest go by")
    add_output(command, ".csv, .xlsx or .parquet: the rows that stay", required=True)


def _add_replay(group: Commands) -> None:
    summary = "make a view of the app again from its settings"
    example = "example: embedlab replay settings.toml reviews.csv -o clusters.csv"
    command = group.add_parser("replay", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=grouping.replay)
    command.add_argument("settings", type=Path, help="the settings, as the Clusters page gives them")
    command.add_argument("table", type=Path, nargs="+", help="the file they belong to, or all of them")
    add_output(command, ".csv, .xlsx or .parquet: the table with cluster, name and map coordinates", required=True)
    command.add_argument("--anyway", action="store_true", help="go on where the table or the model is another one")
    command.add_argument("--no-cache", action="store_true", help="embed everything anew and keep nothing")


def _add_serve(group: Commands) -> None:
    summary = "serve models by the embeddings protocol of OpenAI"
    example = "example: embedlab serve --model all-MiniLM-L6-v2 --port 8000"
    command = group.add_parser("serve", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=serving.serve_models)
    command.add_argument(
        "--model", action="append", required=True, help="catalog name, hub id or folder; given again, several models"
    )
    command.add_argument(
        "--host", default=commands.HOST, help="address to listen on (default %(default)s: this machine only)"
    )
    command.add_argument("--port", type=int, default=8000, help="port to listen on (default %(default)s)")
    command.add_argument(
        "--key-env", metavar="NAME", help="the variable of the environment that holds the key requests have to bring"
    )
    command.add_argument(
        "--long-texts", choices=["refuse", "cut", "mean"], default="refuse", help="texts longer than a model reads: "
        "refuse them (default), read the beginning, or take the mean of their passages",
    )  # fmt: skip
    command.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    command.add_argument("--precision", default="auto", help="auto, float32 or int8 (faster with VNNI or AMX alone)")


def _add_cache(group: Commands) -> None:
    summary = "show the embeddings kept on disk, or drop them"
    command = group.add_parser(
        "cache", help=summary, description=summary.capitalize() + ".", epilog="example: embedlab cache --clear"
    )
    command.set_defaults(run=commands.cache)
    command.add_argument("--clear", action="store_true", help="drop all of them; they are computed again when needed")
