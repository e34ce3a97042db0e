"""The table that a command works on: how it is read, which texts are taken from it, and what it says about them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from embedlab.cli.parts.shared import bar, load_model, say
from embedlab.errors import InvalidInputError
from embedlab.tables import ReadOptions

if TYPE_CHECKING:
    import pandas as pd

    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders import Encoder
    from embedlab.gold import Gold
    from embedlab.tables import Table

LAYOUTS_SAID = {
    "pairs": "in pairs with a score",
    "retrieval": "with questions about them",
    "labels": "with labels",
    "several labels": "with one label or several",
    "texts": "about which nothing is known",
}


def read_options(options: argparse.Namespace) -> ReadOptions:
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

    files, ways = [*options.table, *options.further], read_options(options).of_file
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
    dataset = Dataset(name, name, table, options=read_options(options))
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


def known(options: argparse.Namespace, corpus: Corpus) -> Gold:
    """Read what the table, or a file of judgements beside it, says about the texts, and say what is odd about it."""
    from embedlab.checks import check_gold, guess_split
    from embedlab.columns import guess_label_column
    from embedlab.gold import Retrieval, build_gold, guess_layout, judged_gold
    from embedlab.judgements import read_qrels
    from embedlab.reading import read_table

    if options.queries and not options.qrels:
        raise InvalidInputError("--queries are the questions of a file of judgements. Name that, too, with --qrels.")
    said = {"--known": options.known, "--label": options.label, "--group": options.group}
    said["--near-duplicates"] = options.near_duplicates
    if options.qrels and (given := [name for name, value in said.items() if value]):
        raise InvalidInputError(f"--qrels says all that is known about the texts. Leave {', '.join(given)} away.")
    frame, text = corpus.whole, corpus.text_column
    columns = {"text": text}
    gold: Gold
    if options.qrels:
        questions = read_table(options.queries).frame if options.queries else None
        gold = judged_gold(frame, text, read_qrels(options.qrels), questions)
    else:
        label = options.label or guess_label_column(frame, text)
        layout, guessed = guess_layout(frame, text, label)
        if options.known not in (None, layout):
            layout, guessed = options.known, _label_role(options.known, label)
        columns |= guessed | ({"group": options.group} if options.group else {})
        gold = build_gold(frame, layout, columns, near_duplicates=options.near_duplicates, missing=options.missing)
    say(f"{len(gold.corpus):,} texts, {LAYOUTS_SAID[gold.kind]}; {gold.n_set_aside:,} rows set aside")
    if options.clean and gold.kind in ("pairs", "retrieval"):
        say(f"only the column {', '.join(options.text or [text])} is cleaned; what its texts are held against is not")
    for remark in filter(None, (gold.ties, *gold.remarks)):
        say(remark)
    for finding in check_gold(gold, frame, columns, options.split or guess_split(frame)):
        say(f"check: {finding.line}")
    return replace(gold, top_k=options.top_k) if isinstance(gold, Retrieval) else gold


def _label_role(layout: str, label: str | None) -> dict[str, str]:
    """Return the column of the labels for a layout that was asked for, not guessed."""
    if layout == "texts":
        return {}
    if label is None:
        raise InvalidInputError("No column looks like one of labels. Name it with --label.")
    return {"label": label}
