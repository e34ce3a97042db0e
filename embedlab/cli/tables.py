"""The table that a command works on: how it is read, and which texts are taken from it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.cli.shared import load_model, say
from embedlab.tables import ReadOptions

if TYPE_CHECKING:
    from embedlab.datasets import Corpus, Dataset
    from embedlab.encoders import Encoder
    from embedlab.tables import Table

KINDS = "CSV, TSV, XLSX, Parquet, JSON, JSON Lines or TXT; packed or not"


def add_table(command: argparse.ArgumentParser) -> None:
    """Let a command be told its table, the column of the texts, and how the file is read."""
    command.add_argument("table", type=Path, help=KINDS)
    command.add_argument("--text", metavar="COLUMN", help="the column with the texts (guessed when not given)")
    group = command.add_argument_group("how the file is read (guessed where nothing is said)")
    group.add_argument("--encoding", metavar="NAME", help="how its letters are stored, such as cp1252")
    group.add_argument(
        "--delimiter",
        type=_sign,
        metavar="SIGN",
        help="what parts the cells: one sign, tab, or none for one text a line",
    )
    group.add_argument(
        "--header-rows", type=int, metavar="N", help="how many rows hold the names of the columns, 0 for none"
    )
    group.add_argument(
        "--skip", type=int, metavar="N", dest="skip_rows", help="lines or rows above the names to leave out"
    )
    group.add_argument(
        "--sheet",
        "--part",
        metavar="NAME",
        dest="part",
        help="the sheet, table, file or list to read, where there are several",
    )
    group.add_argument(
        "--repair", action="store_true", help="repair texts that were read in a wrong encoding: Ã¶ for ö"
    )
    group.add_argument(
        "--sample", type=int, metavar="N", help="take N rows at random, the same every time, where all are too many"
    )


def _sign(given: str) -> str:
    return {"tab": "\t", "none": "", "\\t": "\t"}.get(given, given)


def read_options(options: argparse.Namespace) -> ReadOptions:
    """Return how the file is to be read."""
    return ReadOptions(
        encoding=options.encoding, delimiter=options.delimiter, header_rows=options.header_rows,
        skip_rows=options.skip_rows, part=options.part, repair=options.repair,
    )  # fmt: skip


def open_table(options: argparse.Namespace) -> Table:
    """Read the table, or a sample of it, and say how it was read."""
    from embedlab.reading import read_table
    from embedlab.tables import sample_table

    table = read_table(options.table, **asdict(read_options(options)))
    if options.sample is not None:
        table = sample_table(table, options.sample)
    for note in table.report.notes:
        say(note)
    return table


def read(options: argparse.Namespace) -> tuple[Dataset, Corpus]:
    """Read the table and take its texts."""
    from embedlab.datasets import Dataset, select_texts
    from embedlab.tables import guess_text_column

    table = open_table(options)
    dataset = Dataset(options.table.name, options.table.name, table, options=read_options(options))
    return dataset, select_texts(dataset, options.text or guess_text_column(table.frame))


def load(options: argparse.Namespace) -> tuple[Dataset, Corpus, Encoder]:
    """Read the table, take its texts and load the model, with the cheap checks first."""
    return *read(options), load_model(options)
