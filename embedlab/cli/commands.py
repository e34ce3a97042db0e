"""What the commands of ``embedlab`` do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders.base import Encoder
    from embedlab.fusion import FusedHit

HOST = "127.0.0.1"
ENCODE_ENDINGS = (".parquet", ".npy")
TABLE_ENDINGS = (".csv", ".parquet")
COMPARE_ENDINGS = (".md", ".csv")
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
    """Find the texts that fit a query, or each of several; print them, best first, or write them to a file."""
    from embedlab.exports import hits_table, to_csv, to_parquet

    if options.output:
        _check_ending(options.output, TABLE_ENDINGS)
    queries = _queries(options)
    corpus, found = _find(options, queries)
    if options.output:
        table = hits_table(corpus.texts, queries, found)
        write = to_csv if options.output.suffix == ".csv" else to_parquet
        options.output.write_bytes(write(table))
        _say(f"{sum(map(len, found)):,} hits of {len(queries):,} queries written to {options.output}")
        return
    for query, hits in zip(queries, found, strict=True):
        for hit in hits:
            line = f"{hit.score:.3f}\t{printable(corpus.texts[hit.index])}"
            print(f"{printable(query)}\t{line}" if options.queries else line)
        if not hits:
            _say(f"no text holds a word of {query!r}; search by meaning, which needs no word in common")


def _queries(options: argparse.Namespace) -> list[str]:
    from embedlab.queries import read_queries

    if (options.query is None) == (options.queries is None):
        raise InvalidInputError("Say what to look for: one query, or a file of them with --queries.")
    return [options.query] if options.queries is None else read_queries(options.queries)


def _find(options: argparse.Namespace, queries: list[str]) -> tuple[Corpus, list[list[FusedHit]]]:
    """Search for each query; a search by words loads no model."""
    from embedlab.fusion import search_by
    from embedlab.lexical import LexicalIndex
    from embedlab.search import SearchIndex

    _, corpus = _read(options)
    words = None if options.by == "meaning" else LexicalIndex(corpus.texts)
    meaning, vectors = None, np.zeros((len(queries), 1), dtype=np.float32)
    if options.by != "words":
        encoder = _load_model(options)
        vectors = encoder.encode_query(queries, pooling_mode=options.pooling)
        prompt_name = encoder.document_prompt_name
        meaning = SearchIndex(corpus.texts, _embed(encoder, corpus, options, prompt_name=prompt_name))
    asked = zip(queries, vectors, strict=True)
    return corpus, [search_by(options.by, words, meaning, query, vector, options.top_k) for query, vector in asked]


def cluster(options: argparse.Namespace) -> None:
    """Group the texts, print the groups, and write the table if asked to."""
    from embedlab.clustering import cluster as find_clusters
    from embedlab.naming import name_clusters

    if options.output:
        _check_ending(options.output, TABLE_ENDINGS)
    n_clusters = options.n_clusters if options.n_clusters == "auto" else _whole_number(options.n_clusters)
    dataset, corpus, encoder = _load(options)
    vectors = _embed(encoder, corpus, options)
    found = find_clusters(vectors, n_clusters=n_clusters, method=options.method)
    names = name_clusters(corpus.texts, found.labels)
    for label, name in names.items():
        print(f"{label}\t{np.count_nonzero(found.labels == label)}\t{printable(name)}")
    if options.output:
        from embedlab.exports import cluster_table, to_csv, to_parquet
        from embedlab.projection import project

        table = cluster_table(corpus.frame, found.labels, names, project(vectors).coordinates)
        write = to_csv if options.output.suffix == ".csv" else to_parquet
        options.output.write_bytes(write(table))
        _say(f"{len(table):,} rows written to {options.output}{_set_aside(corpus)}")


def classify(options: argparse.Namespace) -> None:
    """Learn the labels of a column, print how well each is predicted, and write the table if asked to."""
    from embedlab.classification import classify as learn

    if options.output:
        _check_ending(options.output, TABLE_ENDINGS)
    dataset, corpus, encoder = _load(options)
    labels = corpus.labels(_label_column(options, dataset))
    found = learn(_embed(encoder, corpus, options), labels)
    low, high = found.accuracy_interval
    _say(
        f"accuracy {found.accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f}; the most frequent label alone would "
        f"reach {found.majority:.3f}; {len(found.suspects()):,} of {found.n_labelled:,} labels are suspect"
    )
    if found.left_out:
        _say(f"{sum(found.left_out.values()):,} rows are left out, because no other text has their label")
    for name, f1, support in zip(found.classes, found.f1.tolist(), found.support.tolist(), strict=True):
        print(f"{f1:.3f}\t{support}\t{printable(name)}")
    if options.output:
        from embedlab.exports import classification_table, to_csv, to_parquet

        table = classification_table(corpus.frame, found)
        write = to_csv if options.output.suffix == ".csv" else to_parquet
        options.output.write_bytes(write(table))
        _say(f"{len(table):,} rows written to {options.output}{_set_aside(corpus)}")


def _label_column(options: argparse.Namespace, dataset: Dataset) -> str:
    """Return the named or guessed label column."""
    from embedlab.tables import guess_label_column, guess_text_column

    frame = dataset.table.frame
    column = options.label or guess_label_column(frame, options.text or guess_text_column(frame))
    if column not in frame.columns:
        problem = f"has no column {column!r}" if column else "has no column that looks like labels"
        raise InvalidInputError(
            f"{dataset.title} {problem}. Name one with --label; it has: {', '.join(frame.columns)}."
        )
    return str(column)


def deduplicate(options: argparse.Namespace) -> None:
    """Write the table without the rows that say the same as another."""
    from embedlab.duplicate_groups import sortable
    from embedlab.duplicates import find_duplicates
    from embedlab.exports import cleaned_table, to_csv, to_parquet

    _check_ending(options.output, TABLE_ENDINGS)
    dataset, corpus, encoder = _load(options)
    values = None
    if options.by is not None:
        if options.by not in corpus.frame.columns:
            raise InvalidInputError(f"There is no column {options.by!r}. There are: {', '.join(corpus.frame.columns)}.")
        values = sortable(corpus.frame[options.by].tolist())
    found = find_duplicates(corpus.texts, _embed(encoder, corpus, options), options.threshold)
    # More pairs than can be held leave the best; saying so is better than removing too little in silence.
    if found.floor > options.threshold:
        raise InvalidInputError(
            f"Too many pairs are alike at {options.threshold}; choose a --threshold of {found.floor:.4f} or more."
        )
    groups = found.at(options.threshold)
    table = cleaned_table(dataset.table.frame, corpus.summary.kept, groups.keep(options.keep, values))
    options.output.write_bytes((to_csv if options.output.suffix == ".csv" else to_parquet)(table))
    _say(
        f"{len(table):,} rows written to {options.output}; {groups.n_removed:,} removed from {groups.n_groups:,} groups"
    )


def compare(options: argparse.Namespace) -> None:
    """Compare models, poolings and layers on what a table knows about its texts; print the figures, best first."""
    from tqdm import tqdm

    from embedlab.comparison import Candidate, compare
    from embedlab.comparison.columns import build_gold, guess_layout
    from embedlab.comparison.report import comparison_table, to_markdown
    from embedlab.exports import to_csv
    from embedlab.tables import guess_label_column, guess_text_column, read_table

    if options.output:
        _check_ending(options.output, COMPARE_ENDINGS)
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
        to_file = to_markdown(figures).encode() if options.output.suffix == ".md" else to_csv(figures)
        options.output.write_bytes(to_file)
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
    return *_read(options), _load_model(options)


def _read(options: argparse.Namespace) -> tuple[Dataset, Corpus]:
    from embedlab.datasets import Dataset, select_texts
    from embedlab.tables import guess_text_column, read_table

    table = read_table(options.table)
    for note in table.report.notes:
        _say(note)
    dataset = Dataset(options.table.name, options.table.name, table)
    return dataset, select_texts(dataset, options.text or guess_text_column(table.frame))


def _load_model(options: argparse.Namespace) -> Encoder:
    from embedlab.models import load_encoder

    encoder = load_encoder(options.model, device=options.device, precision=options.precision)
    _say(f"{encoder.name} runs on {encoder.device} with {encoder.backend} in {encoder.precision}")
    return encoder


def _embed(
    encoder: Encoder, corpus: Corpus, options: argparse.Namespace, prompt_name: str | None = None
) -> NDArray[np.float32]:
    from tqdm import tqdm

    from embedlab.store import EmbeddingStore

    with tqdm(total=len(corpus.texts), unit="texts", desc="embedding", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.update(done - bar.n)

        ways = {"pooling_mode": options.pooling, "prompt_name": prompt_name, "progress": progress}
        if options.no_cache:
            return encoder.encode(corpus.texts, **ways)
        return EmbeddingStore().encode(encoder, corpus.texts, **ways)


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
