"""The command that searches."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embedlab.cli.parts import (
    Commands,
    add_command,
    add_output,
    add_passages,
    embed,
    load_model,
    look_at_unread,
    read,
    say,
    split,
    write,
)
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from embedlab.datasets import Corpus
    from embedlab.search import FusedHit


def add_search(group: Commands) -> None:
    """Add the command that searches."""
    command = add_command(
        group,
        "search",
        search,
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
    command.add_argument(
        "--top-k", type=int, metavar="K", help="how many texts to show (default 10, or all where there are fewer)"
    )
    command.add_argument(
        "--min-score", type=float, metavar="S",
        help="leave out texts with a lower score: a cosine, or with --by words BM25; embedlab threshold finds one",
    )  # fmt: skip
    add_passages(command)
    add_output(command, ".csv, .xlsx or .parquet: a table of query, rank, score and text")


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
        if not hits and options.min_score is not None:
            say(f"no text has a score of {options.min_score:g} or more for {query!r}; lower --min-score")
        elif not hits:
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
    from embedlab.search import LexicalIndex, SearchIndex, check_min_score, search_by

    check_min_score(options.by, options.min_score)
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
        search_by(
            options.by,
            words,
            meaning,
            query,
            vector,
            min(10, corpus.n_documents) if options.top_k is None else options.top_k,
            documents=corpus.document,
            min_score=options.min_score,
        )  # fmt: skip
        for query, vector in zip(queries, vectors, strict=True)
    ]
