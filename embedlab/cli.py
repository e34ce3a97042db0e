"""The command line: ``embedlab`` starts the app; ``encode``, ``search`` and ``cluster`` work without a browser.

Exit codes: 0 all went well, 1 something was wrong with the input (one line says what), 2 the command was not
understood, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.catalog import DEFAULT_MODEL
from embedlab.errors import EmbedLabError, InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoder import Encoder

HOST, PORT = "127.0.0.1", 8501
ENCODE_ENDINGS = (".parquet", ".npy")
CLUSTER_ENDINGS = (".csv", ".parquet")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except EmbedLabError as error:
        print(f"embedlab: {_printable(str(error))}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"embedlab: {error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("embedlab: stopped", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="embedlab",
        description="See and choose sentence embeddings. Without a command the app is started in the browser.",
        epilog="example: embedlab --port 8600",
    )
    parser.set_defaults(run=start_app)
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST}: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    commands = parser.add_subparsers(title="commands", metavar="")
    _add_encode(commands)
    _add_search(commands)
    _add_cluster(commands)
    return parser


def _add_encode(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _add_command(
        commands,
        "encode",
        encode,
        "write the embeddings of a column",
        "embedlab encode in.csv --text review -o out.parquet",
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE",
        help=".parquet: the table with a column 'embedding'; .npy: the array alone, one row a row of the table",
    )  # fmt: skip


def _add_search(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _add_command(
        commands,
        "search",
        search,
        "find the texts nearest to a query",
        'embedlab search in.csv "late delivery" --text review',
    )
    command.add_argument("query", help="what to look for, in your own words")
    command.add_argument("--top-k", type=int, default=10, metavar="K", help="how many texts to show (default 10)")


def _add_cluster(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _add_command(
        commands,
        "cluster",
        cluster,
        "group the texts and name the groups",
        "embedlab cluster in.csv --text review -o out.csv",
    )
    command.add_argument(
        "-k", "--n-clusters", default="auto", metavar="K", help="number of clusters, or auto (default)"
    )
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=".csv or .parquet: the table with cluster, name and map coordinates",
    )


def _add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=summary, description=summary.capitalize() + ".", epilog=f"example: {example}"
    )
    command.set_defaults(run=run)
    command.add_argument("table", type=Path, help="CSV, TSV, XLSX, Parquet, JSON Lines or TXT")
    command.add_argument("--text", metavar="COLUMN", help="the column with the texts (guessed when not given)")
    command.add_argument("--model", default=DEFAULT_MODEL, help="catalog name, hub id or folder (default %(default)s)")
    command.add_argument("--pooling", metavar="MODE", help="pooling mode (the model's own when not given)")
    command.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    command.add_argument("--precision", default="auto", help="auto or float32")
    return command


def start_app(options: argparse.Namespace) -> None:
    """Start the app and stay until it is stopped."""
    if options.host != HOST:
        print(f"Listening on {options.host}: everybody who can reach this machine can see what is loaded.")
    print(f"EmbedLab is at http://{options.host}:{options.port} (stop with Ctrl-C)", flush=True)
    # Only here does the command line need the app, and with it streamlit.
    from embedlab.ui.server import serve

    serve(options.host, options.port)


def encode(options: argparse.Namespace) -> None:
    """Write the embeddings of a column of texts."""
    _check_ending(options.output, ENCODE_ENDINGS)
    dataset, corpus, encoder = _load(options)
    vectors = _embed(encoder, corpus, options)
    # Rows stay rows: where a text is blank there is no vector, and nothing below it moves up.
    if options.output.suffix == ".npy":
        full = np.full((corpus.summary.n_texts, vectors.shape[1]), np.nan, dtype=np.float32)
        full[corpus.summary.kept] = vectors
        np.save(options.output, full)
    else:
        from embedlab.exports import embedding_table, to_parquet

        options.output.write_bytes(to_parquet(embedding_table(dataset.table.frame, corpus.summary.kept, vectors)))
    _say(
        f"{len(vectors):,} embeddings of {vectors.shape[1]} dimensions written to {options.output}{_set_aside(corpus)}"
    )


def search(options: argparse.Namespace) -> None:
    """Print the texts nearest to a query, best first."""
    from embedlab.search import SearchIndex

    _, corpus, encoder = _load(options)
    query = encoder.encode_query(options.query, pooling_mode=options.pooling)
    index = SearchIndex(corpus.texts, _embed(encoder, corpus, options, prompt_name=encoder.document_prompt_name))
    for hit in index.search(query, top_k=options.top_k):
        print(f"{hit.score:.3f}\t{_printable(hit.text)}")


def cluster(options: argparse.Namespace) -> None:
    """Group the texts, print the groups, and write the table if asked to."""
    from embedlab.clustering import cluster as find_clusters
    from embedlab.naming import name_clusters

    if options.output:
        _check_ending(options.output, CLUSTER_ENDINGS)
    n_clusters = options.n_clusters if options.n_clusters == "auto" else _whole_number(options.n_clusters)
    dataset, corpus, encoder = _load(options)
    vectors = _embed(encoder, corpus, options)
    found = find_clusters(vectors, n_clusters=n_clusters)
    names = name_clusters(corpus.texts, found.labels)
    sizes = np.bincount(found.labels, minlength=found.n_clusters)
    for label, name in names.items():
        print(f"{label}\t{sizes[label]}\t{_printable(name)}")
    if options.output:
        from embedlab.exports import cluster_table, to_csv, to_parquet
        from embedlab.projection import project

        table = cluster_table(corpus.frame, found.labels, names, project(vectors).coordinates)
        write = to_csv if options.output.suffix == ".csv" else to_parquet
        options.output.write_bytes(write(table))
        _say(f"{len(table):,} rows written to {options.output}{_set_aside(corpus)}")


def _load(options: argparse.Namespace) -> tuple[Dataset, Corpus, Encoder]:
    """Read the table, take its texts and load the model, with the cheap checks first."""
    from embedlab.datasets import Dataset, select_texts
    from embedlab.models import load_encoder
    from embedlab.tables import guess_text_column, read_table

    table = read_table(options.table)
    for note in table.report.notes:
        _say(note)
    dataset = Dataset(options.table.name, options.table.name, table)
    corpus = select_texts(dataset, options.text or guess_text_column(table.frame))
    encoder = load_encoder(options.model, device=options.device, precision=options.precision)
    return dataset, corpus, encoder


def _embed(
    encoder: Encoder, corpus: Corpus, options: argparse.Namespace, prompt_name: str | None = None
) -> NDArray[np.float32]:
    from tqdm import tqdm

    with tqdm(total=len(corpus.texts), unit="texts", desc="embedding", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(done - bar.n)

        return encoder.encode(corpus.texts, pooling_mode=options.pooling, prompt_name=prompt_name, progress=progress)


def _set_aside(corpus: Corpus) -> str:
    blank = corpus.summary.n_blank
    return f"; {blank:,} blank {'text' if blank == 1 else 'texts'} set aside" if blank else ""


def _check_ending(output: Path, endings: Sequence[str]) -> None:
    if output.suffix not in endings:
        raise InvalidInputError(
            f"{output} ends in none of {', '.join(endings)}; the ending says which format is written."
        )


def _whole_number(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise InvalidInputError(f"--n-clusters takes a whole number or auto, not {value!r}.") from None


def _printable(text: str) -> str:
    """Replace what a terminal would act on, such as escape sequences and line breaks, by spaces."""
    return "".join(char if char.isprintable() else " " for char in text)


def _say(sentence: str) -> None:
    print(f"embedlab: {_printable(sentence)}", file=sys.stderr)
