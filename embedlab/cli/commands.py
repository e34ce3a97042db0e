"""What the commands of ``embedlab`` do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders.base import Encoder

HOST = "127.0.0.1"
ENCODE_ENDINGS = (".parquet", ".npy")
LAYOUTS_SAID = {
    "pairs": "in pairs with a score",
    "retrieval": "with questions about them",
    "labels": "with labels",
    "texts": "about which nothing is known",
}


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
    from embedlab.exports import embedding_table, spread_rows, to_npy, to_parquet

    _check_ending(options.output, ENCODE_ENDINGS)
    dataset, corpus, encoder = _load(options)
    vectors = _embed(encoder, corpus, options)
    # Rows stay rows: where a text is blank there is no vector, and nothing below it moves up.
    if options.output.suffix == ".npy":
        full = spread_rows(vectors, corpus.summary.kept, corpus.summary.n_texts)
        options.output.write_bytes(to_npy(full))
    else:
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
        print(f"{hit.score:.3f}\t{printable(hit.text)}")


def cluster(options: argparse.Namespace) -> None:
    """Group the texts, print the groups, and write the table if asked to."""
    from embedlab.clustering import cluster as find_clusters
    from embedlab.exports import cluster_table, find_format
    from embedlab.naming import name_clusters

    to_file = find_format(options.output) if options.output else None
    n_clusters = options.n_clusters if options.n_clusters == "auto" else _whole_number(options.n_clusters)
    dataset, corpus, encoder = _load(options)
    vectors = _embed(encoder, corpus, options)
    found = find_clusters(vectors, n_clusters=n_clusters)
    names = name_clusters(corpus.texts, found.labels)
    sizes = np.bincount(found.labels, minlength=found.n_clusters)
    for label, name in names.items():
        print(f"{label}\t{sizes[label]}\t{printable(name)}")
    if to_file:
        from embedlab.projection import project

        table = cluster_table(corpus.frame, found.labels, names, project(vectors).coordinates)
        options.output.write_bytes(to_file.write(table))
        _say(f"{len(table):,} rows written to {options.output}{_set_aside(corpus)}")


def replay(options: argparse.Namespace) -> None:
    """Make a view again from its settings, and write its table."""
    from embedlab.exports import find_format
    from embedlab.settings import ViewSettings
    from embedlab.store import EmbeddingStore
    from embedlab.view import replay

    to_file = find_format(options.output)
    settings = ViewSettings.from_toml(options.settings.read_text(encoding="utf-8"))
    with _embedding_bar() as progress:
        store = None if options.no_cache else EmbeddingStore()
        view = replay(settings, options.table.read_bytes(), anyway=options.anyway, store=store, progress=progress)
    options.output.write_bytes(to_file.write(view.table()))
    _say(f"{len(view.corpus.texts):,} rows written to {options.output}{_set_aside(view.corpus)}")


def compare(options: argparse.Namespace) -> None:
    """Compare models, poolings and layers on what a table knows about its texts; print the figures, best first."""
    from tqdm import tqdm

    from embedlab.comparison import Candidate, compare
    from embedlab.comparison.columns import build_gold, guess_layout
    from embedlab.comparison.report import comparison_table, to_markdown
    from embedlab.exports import find_format
    from embedlab.tables import guess_label_column, guess_text_column, read_table

    is_markdown = options.output is not None and options.output.suffix == ".md"
    to_file = find_format(options.output) if options.output and not is_markdown else None
    candidates = [Candidate.parse(key) for key in options.candidates]
    table = read_table(options.table)
    text = options.text or guess_text_column(table.frame)
    layout, columns = guess_layout(table.frame, text, options.label or guess_label_column(table.frame, text))
    gold = build_gold(table.frame, layout, {**columns, "text": text})
    _say(f"{len(gold.corpus):,} texts, {LAYOUTS_SAID[gold.kind]}; {gold.n_set_aside:,} rows set aside")
    with tqdm(unit="texts", desc="comparing", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = compare(gold, candidates, progress=progress)
    name = found.measures[0]
    figures = comparison_table(found, name)
    if options.output:
        options.output.write_bytes(to_file.write(figures) if to_file else to_markdown(figures).encode())
    for row in figures.itertuples(index=False):
        print(f"{row[1]:.3f}\t{row[2]:.3f} to {row[3]:.3f}\t{printable(row[0])}")


def cache(options: argparse.Namespace) -> None:
    """Show the embeddings that are kept on disk, or drop them."""
    from embedlab.store import EmbeddingStore

    store = EmbeddingStore()
    if options.clear:
        print(f"{store.clear():,} embeddings dropped")
    print(f"{store.path}: {store.nbytes / 2**20:,.1f} MiB of {store.max_bytes / 2**20:,.0f} MiB")
    for entry in store.entries():
        print(f"{entry.n_texts:,}\t{printable(entry.spec.description)}\t{entry.last_used}")


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
    _say(f"{encoder.name} runs on {encoder.device} with {encoder.backend} in {encoder.precision}")
    return dataset, corpus, encoder


def _embed(
    encoder: Encoder, corpus: Corpus, options: argparse.Namespace, prompt_name: str | None = None
) -> NDArray[np.float32]:
    from embedlab.store import EmbeddingStore

    with _embedding_bar() as progress:
        ways = {"pooling_mode": options.pooling, "prompt_name": prompt_name, "progress": progress}
        if options.no_cache:
            return encoder.encode(corpus.texts, **ways)
        return EmbeddingStore().encode(encoder, corpus.texts, **ways)


@contextmanager
def _embedding_bar() -> Iterator[Callable[[int, int], None]]:
    from tqdm import tqdm

    with tqdm(unit="texts", desc="embedding", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress


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


def printable(text: str) -> str:
    """Replace what a terminal would act on, such as escape sequences and line breaks, by spaces."""
    return "".join(char if char.isprintable() else " " for char in text)


def _say(sentence: str) -> None:
    print(f"embedlab: {printable(sentence)}", file=sys.stderr)
