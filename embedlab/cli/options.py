"""Options that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path

from embedlab.cleaning import CLEANING_STEPS, in_order
from embedlab.errors import InvalidInputError


def add_ties(command: argparse.ArgumentParser) -> None:
    """Add what is held out together."""
    command.add_argument(
        "--group", metavar="COLUMN", help="what rows share that know of each other, such as author or ticket: held out "
        "together, and counted as one for the interval",
    )  # fmt: skip
    command.add_argument(
        "--near-duplicates", action="store_true", help="hold texts out together that differ in a few letters"
    )


def add_table(command: argparse.ArgumentParser) -> None:
    """Add the table, which of its rows are taken, and what makes their texts."""
    command.add_argument("table", type=Path, help="CSV, TSV, XLSX, Parquet, JSON Lines or TXT")
    command.add_argument(
        "--repair", action="store_true", help="repair texts that were read in a wrong encoding: Ã¶ for ö"
    )
    command.add_argument(
        "--sample", type=int, metavar="N", help="take N rows at random, the same every time, where all are too many"
    )
    command.add_argument(
        "--text", metavar="COLUMN", action="append",
        help="the column with the texts (guessed when not given); given again, columns that are joined to it",
    )  # fmt: skip
    command.add_argument(
        "--clean", metavar="STEPS", type=_steps, default=(),
        help=f"what is taken out of the texts first, joined by commas: {', '.join(CLEANING_STEPS)}",
    )  # fmt: skip


def _steps(value: str) -> tuple[str, ...]:
    try:
        return in_order(value.split(","))
    except InvalidInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_passages(command: argparse.ArgumentParser) -> None:
    """Add how long texts are split."""
    command.add_argument(
        "--passages", nargs="?", type=int, const=0, metavar="TOKENS",
        help="split long texts into passages of at most so many tokens (what the model reads when not given), by "
        "sentences; each is a text of its own, with its document and place",
    )  # fmt: skip
    command.add_argument(
        "--overlap", type=int, default=0, metavar="N", help="tokens of a passage that may come again in the next"
    )


def add_output(command: argparse.ArgumentParser, summary: str, *, required: bool = False) -> None:
    """Add the file that is written."""
    command.add_argument("-o", "--output", type=Path, required=required, metavar="FILE", help=summary)
