"""What the commands of ``embedlab`` do: starting the app, encoding, searching, comparing, the cache."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.cli.allocation import use_heaps_that_shrink
from embedlab.cli.serving import address_of, check_listening, meaning_of
from embedlab.cli.shared import check_ending, embed, load_model, look_at_unread, say, set_aside, write
from embedlab.cli.tables import load, read, split
from embedlab.errors import InvalidInputError
from embedlab.escape import printable
from embedlab.limits import limits

if TYPE_CHECKING:
    from embedlab.datasets import Corpus
    from embedlab.search import FusedHit

HOST = "127.0.0.1"
ENCODE_ENDINGS = (".parquet", ".npy")


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


def encode(options: argparse.Namespace) -> None:
    """Write the embeddings of a column of texts."""
    from embedlab.exports import embedding_table, spread_rows, to_npy, to_parquet

    check_ending(options.output, ENCODE_ENDINGS)
    _, corpus, encoder = load(options)
    look_at_unread(encoder, corpus)
    vectors = embed(encoder, corpus, options)
    # Rows stay rows: where a text is blank there is no vector, and nothing below it moves up.
    if options.output.suffix == ".npy":
        full = spread_rows(vectors, corpus.summary.kept, corpus.summary.n_texts)
        write(options.output, to_npy(full))
    else:
        write(options.output, to_parquet(embedding_table(corpus.whole, corpus.summary.kept, vectors)))
    say(f"{len(vectors):,} embeddings of {vectors.shape[1]} dimensions written to {options.output}{set_aside(corpus)}")


def search(options: argparse.Namespace) -> None:
    """Find the texts that fit a query, or each of several; print them, best first, or write them to a file."""
    from embedlab.exports import find_format, hits_table

    to_file = find_format(options.output) if options.output else None
    queries = _queries(options)
    corpus, found = _find(options, queries)
    if to_file:
        write(options.output, to_file.write(hits_table(corpus.texts, queries, found, corpus.places)))
        say(f"{sum(map(len, found)):,} hits of {len(queries):,} queries written to {options.output}")
        return
    for query, hits in zip(queries, found, strict=True):
        for hit in hits:
            parts = f"{hit.score:.3f}", corpus.place(hit.index), printable(corpus.texts[hit.index])
            line = "\t".join(filter(None, parts))
            print(f"{printable(query)}\t{line}" if options.queries else line)
        if not hits:
            say(f"no text holds a word of {query!r}; search by meaning, which needs no word in common")


def _queries(options: argparse.Namespace) -> list[str]:
    from embedlab.search import read_queries

    if (options.query is None) == (options.queries is None):
        raise InvalidInputError("Say what to look for: one query, or a file of them with --queries.")
    if options.query is not None and Path(options.query).is_file():
        raise InvalidInputError(
            f"{options.query} is a file. Say what to look for; further files of the table follow --and, those of "
            "queries --queries."
        )
    return [options.query] if options.queries is None else read_queries(options.queries)


def _find(options: argparse.Namespace, queries: list[str]) -> tuple[Corpus, list[list[FusedHit]]]:
    """Search for each query; a search by words loads no model."""
    from embedlab.search import LexicalIndex, SearchIndex, search_by

    _, corpus = read(options)
    meaning, vectors = None, np.zeros((len(queries), 1), dtype=np.float32)
    # Words alone need no model, unless its tokens are counted for passages.
    encoder = load_model(options) if options.by != "words" or options.passages is not None else None
    if encoder is not None:
        corpus = split(corpus, encoder, options)
    words = None if options.by == "meaning" else LexicalIndex(corpus.texts)
    if encoder is not None and options.by != "words":
        vectors = encoder.encode_query(queries, pooling_mode=options.pooling)
        prompt_name = encoder.document_prompt_name
        look_at_unread(encoder, corpus, prompt_name)
        meaning = SearchIndex(corpus.texts, embed(encoder, corpus, options, prompt_name=prompt_name))
    return corpus, [
        search_by(options.by, words, meaning, query, vector, options.top_k, documents=corpus.document)
        for query, vector in zip(queries, vectors, strict=True)
    ]


def cache(options: argparse.Namespace) -> None:
    """Show the embeddings that are kept on disk, or drop them."""
    from embedlab.store import EmbeddingStore

    store = EmbeddingStore()
    if options.clear:
        print(f"{store.clear():,} embeddings dropped")
    print(f"{printable(str(store.path))}: {store.nbytes / 2**20:,.1f} MiB of {store.max_bytes / 2**20:,.0f} MiB")
    for entry in store.entries():
        print(f"{entry.n_texts:,}\t{printable(entry.spec.description)}\t{entry.last_used}")
