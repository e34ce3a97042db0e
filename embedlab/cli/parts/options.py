"""Options that several commands have."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeAlias

from embedlab.cleaning import CLEANING_STEPS, in_order
from embedlab.errors import InvalidInputError
from embedlab.escape import printable
from embedlab.models import DEFAULT_MODEL
from embedlab.neighbors import NEIGHBOR_METHODS
from embedlab.probes import LANGUAGES, PROBES
from embedlab.projection import ENGINES, METRICS

KINDS = (
    "CSV, TSV, XLSX, Parquet, Arrow, JSON, JSON Lines, TXT, a database or a chat, packed or not; or the folder of a "
    "Hugging Face dataset"
)
SEVERAL = "several are joined by the names of their columns, and the column 'file' says where a row comes from"


class Parser(argparse.ArgumentParser):
    """A parser that repeats wrong arguments, which may be names of files, without what a terminal would act on."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit with code 2."""
        super().error(printable(message))


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def add_command(
    group: Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add a command that works on a table with a model, and return it for its own options."""
    command = group.add_parser(name, help=summary, description=summary.capitalize() + ".", epilog=f"example: {example}")
    command.set_defaults(run=run, passages=None, overlap=0)
    add_table(command, is_last=name != "search")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="catalog name, hub id, folder, or a hosted model such as "
        "openai/text-embedding-3-small or http://127.0.0.1:11434/v1#nomic-embed-text (default %(default)s)",
    )  # fmt: skip
    command.add_argument("--pooling", metavar="MODE", help="pooling mode (the model's own when not given)")
    command.add_argument(
        "--device",
        default="auto",
        help="auto, cuda, mps or cpu, for the model and all that is computed of its embeddings",
    )
    command.add_argument("--precision", default="auto", help="auto, float32 or int8 (faster with VNNI or AMX alone)")
    command.add_argument("--no-cache", action="store_true", help="embed everything anew and keep nothing")
    add_yes(command)
    return command


def add_yes(command: argparse.ArgumentParser) -> None:
    """Add the leave to send texts to a hosted model."""
    command.add_argument(
        "--yes", action="store_true", help="agree beforehand to sending the texts to a hosted model (asked otherwise)"
    )


def add_ties(command: argparse.ArgumentParser) -> None:
    """Add what is held out together."""
    command.add_argument(
        "--group", metavar="COLUMN", help="what rows share that know of each other, such as author or ticket: held out "
        "together, and counted as one for the interval",
    )  # fmt: skip
    command.add_argument(
        "--near-duplicates", action="store_true", help="hold texts out together that differ in a few letters"
    )


def add_table(command: argparse.ArgumentParser, *, is_last: bool = True) -> None:
    """Add the files of the table, what makes its texts, and how it is read.

    Where something else follows the table, ``is_last`` being false, further files are an option: nobody could tell
    where they end.
    """
    if is_last:
        command.add_argument("table", type=Path, nargs="+", help=f"{KINDS}; {SEVERAL}")
    else:
        command.add_argument("table", type=Path, nargs=1, help=KINDS)
        command.add_argument(
            "--and", type=Path, nargs="+", dest="further", action="extend", metavar="FILE",
            help=f"further files: {SEVERAL}",
        )  # fmt: skip
    command.set_defaults(further=[])
    command.add_argument(
        "--text", metavar="COLUMN", action="append",
        help="the column with the texts (guessed when not given); given again, columns that are joined to it",
    )  # fmt: skip
    command.add_argument(
        "--clean", metavar="STEPS", type=_steps, default=(),
        help=f"what is taken out of the texts first, joined by commas: {', '.join(CLEANING_STEPS)}",
    )  # fmt: skip
    _add_reading(command.add_argument_group("how the file is read (guessed where nothing is said)"))


def _add_reading(group: argparse._ArgumentGroup) -> None:
    """Add what decides how the file is read."""
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
        help="the sheet, table, file or list to read, where there are several; 'book.xlsx/Sheet2' in an archive, / "
        "for all its tables as one",
    )
    group.add_argument(
        "--repair", action="store_true", help="repair texts that were read in a wrong encoding: Ã¶ for ö"
    )
    group.add_argument(
        "--missing", type=comma_separated, metavar="WORDS", help="words in a label column that mean that nothing is "
        "known, with commas between them: NA,n/a (the usual ones when not given)",
    )  # fmt: skip
    order = group.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", action="store_true", default=None, dest="day_first", help="03/04/2024 is the third of April"
    )
    order.add_argument("--month-first", action="store_false", dest="day_first", help="it is the fourth of March")
    group.add_argument(
        "--sample", type=int, metavar="N", help="take N rows at random, the same every time, where all are too many"
    )


def _sign(given: str) -> str:
    return {"tab": "\t", "none": "", "\\t": "\t"}.get(given, given)


def comma_separated(given: str) -> tuple[str, ...]:
    """Return the words between commas."""
    return tuple(word.strip() for word in given.split(",") if word.strip())


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


def add_candidates(command: argparse.ArgumentParser) -> None:
    """Add the models, and how each is read."""
    command.add_argument(
        "candidates", nargs="+", metavar="candidate",
        help="model, then what differs from how it was trained, joined by ~: a pooling, layer=N, int8, raw, or "
        "passages (of a text longer than the model reads, the mean of its passages)",
    )  # fmt: skip
    add_yes(command)


def add_contests(command: argparse.ArgumentParser) -> None:
    """Add which contests are held: bundled ones, a person's own, or those made from her texts."""
    command.add_argument(
        "--probes", type=comma_separated, metavar="NAMES", help=f"which, joined by commas: {', '.join(PROBES)} (all)"
    )
    command.add_argument(
        "--languages", type=comma_separated, metavar="NAMES", help=f"in which: {', '.join(LANGUAGES)} (all)"
    )
    command.add_argument("--baselines", action="store_true", help="word counts and averaged word vectors beside them")
    command.add_argument(
        "--contests", type=Path, metavar="FILE", help="your own in place of the bundled ones: columns anchor, near, far"
    )
    command.add_argument(
        "--texts", type=Path, metavar="FILE", help="a table with texts of yours that contests are made from by rules: "
        "a number, an id or a day is another one, a statement is denied",
    )  # fmt: skip
    command.add_argument("--text", metavar="COLUMN", help="its column with the texts (guessed when not given)")


def add_map(command: argparse.ArgumentParser) -> None:
    """Add who draws the map, and what only umap-learn can do."""
    group = command.add_argument_group("the map, whose coordinates stand in the table that is written")
    group.add_argument(
        "--engine", choices=list(ENGINES), default="embedlab", help="who draws the UMAP map (default %(default)s); the "
        "other options need umap-learn, which takes longer",
    )  # fmt: skip
    group.add_argument(
        "--metric", choices=list(METRICS), default="cosine", help="how texts are compared (default %(default)s)"
    )
    group.add_argument("--densmap", action="store_true", help="leave dense places dense and thin ones thin")
    group.add_argument(
        "--supervised-by", metavar="COLUMN", help="tell the map the labels of a column: it then shows them apart "
        "because it was told so",
    )  # fmt: skip
    group.add_argument(
        "--neighbors", choices=list(NEIGHBOR_METHODS), default="auto", help="find all neighbours, or nearly all and "
        "say how many; auto: nearly all from 200,000 texts on, where no graphics card finds all (clusters by hdbscan "
        "are made from them, too)",
    )  # fmt: skip


def add_output(command: argparse.ArgumentParser, summary: str, *, required: bool = False) -> None:
    """Add the file that is written."""
    command.add_argument("-o", "--output", type=Path, required=required, metavar="FILE", help=summary)
