"""The table that a command works on: how it is read, and which texts are taken from it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from embedlab.cli.shared import bar, load_model, say
from embedlab.errors import InvalidInputError
from embedlab.tables import ReadOptions

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders import Encoder
    from embedlab.tables import Table


def _read_options(options: argparse.Namespace) -> ReadOptions:
    """Return how the file is to be read."""
    return ReadOptions(
        encoding=options.encoding, delimiter=options.delimiter, header_rows=options.header_rows,
        skip_rows=options.skip_rows, part=options.part, repair=options.repair, missing=options.missing,
        day_first=options.day_first,
    )  # fmt: skip


def _open_table(options: argparse.Namespace) -> Table:
    """Read the table, or a sample of it, and say how it was read."""
    from embedlab.reading import read_table, read_tables
    from embedlab.tables import sample_table

    files, ways = [*options.table, *options.further], _read_options(options).of_file
    table = read_tables(files, **ways) if len(files) > 1 else read_table(files[0], **ways)
    if options.sample is not None:
        table = sample_table(table, options.sample)
    for note in table.report.notes:
        say(note)
    return table


def read(options: argparse.Namespace) -> tuple[Dataset, Corpus]:
    """Read the table and take its texts."""
    from embedlab.datasets import Dataset, Preparation

    table = _open_table(options)
    name = table.report.file_name
    dataset = Dataset(name, name, table, options=_read_options(options))
    columns = tuple(options.text or [guess_text(table.frame)])
    return dataset, dataset.corpus(Preparation(columns, options.clean))


def guess_text(frame: pd.DataFrame) -> str:
    """Return the column that looks most like texts, and say which and why."""
    from embedlab.columns import guess_text_column

    guess = guess_text_column(frame)
    say(f"texts are taken from the column {guess.column!r}: {guess.why}; --text names another one")
    return guess.column


def load(options: argparse.Namespace) -> tuple[Dataset, Corpus, Encoder]:
    """Read the table, take its texts and load the model, with the cheap checks first."""
    dataset, corpus = read(options)
    encoder = load_model(options)
    return dataset, split(corpus, encoder, options), encoder


def split(corpus: Corpus, encoder: Encoder, options: argparse.Namespace) -> Corpus:
    """Split long texts into passages where that is asked for."""
    from embedlab.encoders import split_corpus

    if options.passages is None:
        if options.overlap:
            raise InvalidInputError("--overlap is that of passages. Ask for these, too, with --passages.")
        return corpus
    with bar("splitting") as progress:
        found = split_corpus(
            corpus, encoder, max_tokens=options.passages or None, overlap=options.overlap, progress=progress
        )
    say(f"{len(found.texts):,} passages of {len(corpus.texts):,} texts")
    return found
