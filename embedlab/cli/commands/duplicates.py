"""The command that takes duplicates out of a table."""

from __future__ import annotations

import argparse

from embedlab.cli.parts import Commands, add_command, add_output, embed, load, look_at_unread, say, write
from embedlab.duplicates import KEEP_POLICIES
from embedlab.errors import InvalidInputError


def add_deduplicate(group: Commands) -> None:
    """Add the command that takes duplicates out."""
    command = add_command(
        group,
        "deduplicate",
        deduplicate,
        "write the table without the rows that say the same as another",
        "embedlab deduplicate in.csv --text review --threshold 0.95 -o cleaned.csv",
    )
    command.add_argument(
        "--threshold", type=float, default=0.95, metavar="COSINE",
        help="lowest cosine of two texts that count as the same (default %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--keep", choices=list(KEEP_POLICIES), default="first", help="which row of a group stays (default %(default)s)"
    )
    command.add_argument("--by", metavar="COLUMN", help="numbers or dates that --keep largest and smallest go by")
    add_output(command, ".csv, .xlsx or .parquet: the rows that stay", required=True)


def deduplicate(options: argparse.Namespace) -> None:
    """Write the table without the rows that say the same as another."""
    from embedlab.checks import say_not_compared
    from embedlab.duplicates import find_duplicates, sortable
    from embedlab.exports import cleaned_table, find_format

    to_file = find_format(options.output)
    dataset, corpus, encoder = load(options)
    values = None
    if options.by is not None:
        if options.by not in corpus.frame.columns:
            raise InvalidInputError(f"There is no column {options.by!r}. There are: {', '.join(corpus.frame.columns)}.")
        values = sortable(corpus.frame[options.by].tolist())
    unread = look_at_unread(encoder, corpus, most=None)
    vectors = embed(encoder, corpus, options)
    found = find_duplicates(corpus.texts, vectors, options.threshold, unread=unread.parts)
    # More pairs than can be held leave the best; saying so is better than removing too little in silence.
    if found.floor > options.threshold:
        raise InvalidInputError(
            f"Too many pairs are alike at {options.threshold}; choose a --threshold of {found.floor:.4f} or more."
        )
    if said := say_not_compared(unread):
        say(said)
    groups = found.at(options.threshold)
    table = cleaned_table(corpus.whole, corpus.summary.kept, groups.keep(options.keep, values))
    write(options.output, to_file.write(table))
    say(
        f"{len(table):,} rows written to {options.output}; {groups.n_removed:,} removed from {groups.n_groups:,} groups"
    )
