"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeAlias

from embedlab.cli import commands, comparing, grouping
from embedlab.cli.options import add_map, add_output, add_passages, add_table, add_ties
from embedlab.duplicates import KEEP_POLICIES
from embedlab.escape import printable
from embedlab.evaluation import CUTOFF, CUTOFFS
from embedlab.models import DEFAULT_MODEL

PORT = 8501


class _Parser(argparse.ArgumentParser):
    """A parser that repeats wrong arguments, which may be names of files, without what a terminal would act on."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with code 2."""
        super().error(printable(message))


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; what is to be run stands in ``run``."""
    parser = _Parser(
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
    _add_replay(group)
    _add_compare(group)
    _add_cache(group)
    return parser


def _add_encode(group: _Commands) -> None:
    command = _add_command(
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


def _add_search(group: _Commands) -> None:
    command = _add_command(
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


def _add_cluster(group: _Commands) -> None:
    command = _add_command(
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


def _add_classify(group: _Commands) -> None:
    command = _add_command(
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


def _add_deduplicate(group: _Commands) -> None:
    command = _add_command(
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


def _add_command(
    group: _Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    command = group.add_parser(name, help=summary, description=summary.capitalize() + ".", epilog=f"example: {example}")
    command.set_defaults(run=run, passages=None, overlap=0)
    add_table(command, is_last=name != "search")
    command.add_argument("--model", default=DEFAULT_MODEL, help="catalog name, hub id or folder (default %(default)s)")
    command.add_argument("--pooling", metavar="MODE", help="pooling mode (the model's own when not given)")
    command.add_argument(
        "--device",
        default="auto",
        help="auto, cuda, mps or cpu, for the model and all that is computed of its embeddings",
    )
    command.add_argument("--precision", default="auto", help="auto, float32 or int8 (faster with VNNI or AMX alone)")
    command.add_argument("--no-cache", action="store_true", help="embed everything anew and keep nothing")
    return command


def _add_compare(group: _Commands) -> None:
    summary = "compare models, poolings and layers on a table's pairs, questions, labels or texts"
    example = "example: embedlab compare in.csv all-MiniLM-L6-v2 all-MiniLM-L6-v2~cls~layer=3 tf-idf -o out.md"
    command = group.add_parser("compare", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=comparing.compare)
    add_table(command, is_last=False)
    command.add_argument(
        "candidates", nargs="+", metavar="candidate",
        help="model, then what differs from how it was trained, joined by ~: a pooling, layer=N, int8, raw, or "
        "passages (of a text longer than the model reads, the mean of its passages)",
    )  # fmt: skip
    command.add_argument(
        "--dimensions", action="store_true", help="try some twenty ways to make the vectors of each candidate smaller, "
        "and say which of them are as good as the full ones",
    )  # fmt: skip
    _add_known(command)
    add_ties(command)
    command.add_argument(
        "--split", metavar="COLUMN", help="which row is for training and which for tests: texts in both are named "
        "(guessed when not given)",
    )  # fmt: skip
    command.add_argument(
        "--by", metavar="COLUMN", help="print the best candidate's figure for each value of a column, the worst first"
    )
    command.add_argument(
        "--rows", type=Path, metavar="FILE", help="write what each row adds by the two best, those that part most first"
    )
    add_output(command, ".md, .csv, .xlsx or .parquet: the table of all figures")


def _add_known(command: argparse.ArgumentParser) -> None:
    """Add what is known about the texts."""
    command.add_argument("--label", metavar="COLUMN", help="the column with the labels (guessed when not given)")
    command.add_argument(
        "--known", choices=["labels", "several", "texts"], help="what is known of a text: one label, several in a cell "
        "(a;b), or nothing (guessed when not given)",
    )  # fmt: skip
    command.add_argument(
        "--qrels", type=Path, metavar="FILE",
        help="judgements: lines of query, 0, id and grade (TREC), or a table of query, id and grade (BEIR)",
    )  # fmt: skip
    command.add_argument(
        "--queries", type=Path, metavar="FILE", help="the questions of --qrels: a table of id and question"
    )
    command.add_argument(
        "--top-k", type=int, choices=CUTOFFS, default=CUTOFF, help="how many hits of a question count (default 10)"
    )


def _add_replay(group: _Commands) -> None:
    summary = "make a view of the app again from its settings"
    example = "example: embedlab replay settings.toml reviews.csv -o clusters.csv"
    command = group.add_parser("replay", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=grouping.replay)
    command.add_argument("settings", type=Path, help="the settings, as the Clusters page gives them")
    command.add_argument("table", type=Path, nargs="+", help="the file they belong to, or all of them")
    add_output(command, ".csv, .xlsx or .parquet: the table with cluster, name and map coordinates", required=True)
    command.add_argument("--anyway", action="store_true", help="go on where the table or the model is another one")
    command.add_argument("--no-cache", action="store_true", help="embed everything anew and keep nothing")


def _add_cache(group: _Commands) -> None:
    summary = "show the embeddings kept on disk, or drop them"
    command = group.add_parser(
        "cache", help=summary, description=summary.capitalize() + ".", epilog="example: embedlab cache --clear"
    )
    command.set_defaults(run=commands.cache)
    command.add_argument("--clear", action="store_true", help="drop all of them; they are computed again when needed")
