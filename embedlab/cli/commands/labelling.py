"""The command that learns labels."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from embedlab.cli.parts import (
    Commands,
    add_command,
    add_output,
    add_ties,
    embed,
    load,
    look_at_unread,
    say,
    set_aside,
    write,
)
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from embedlab.classification import Classification, MultiClassification
    from embedlab.datasets import Corpus, Dataset


def add_classify(group: Commands) -> None:
    """Add the command that learns labels."""
    command = add_command(
        group,
        "classify",
        classify,
        "learn the labels of a column, and predict them for all rows",
        "embedlab classify in.csv --text review --label topic -o predicted.csv",
    )
    command.add_argument("--label", metavar="COLUMN", help="the column with the labels (guessed when not given)")
    add_ties(command)
    add_output(
        command, ".csv, .xlsx or .parquet: the table with prediction, its probability, and whether the label is suspect"
    )


def classify(options: argparse.Namespace) -> None:
    """Learn the labels of a column, print how well each is predicted, and write the table if asked to."""
    from embedlab.classification import classify as learn
    from embedlab.classification import what_is_shared
    from embedlab.exports import classification_table, find_format

    to_file = find_format(options.output) if options.output else None
    dataset, corpus, encoder = load(options)
    labels = corpus.known_labels(_label_column(options, dataset, corpus))
    groups = None if options.group is None else corpus.labels(_named_column(options.group, dataset, corpus, "--group"))
    shared = what_is_shared(corpus.texts, groups, near_duplicates=options.near_duplicates)
    look_at_unread(encoder, corpus)
    found = learn(embed(encoder, corpus, options), labels, groups=shared)
    say(_say_figures(found))
    if found.is_grouped:
        say(f"held out together: {found.n_groups:,} groups of {found.n_labelled:,} labelled rows")
    if found.of_one_group:
        named = ", ".join(map(printable, found.of_one_group))
        say(f"held out whole, so that nothing is left to learn them from: {named}")
    if found.left_out:
        say(f"labels left out, because only one text has them: {len(found.left_out):,}")
    for name, f1, support in zip(found.classes, found.f1.tolist(), found.support.tolist(), strict=True):
        print(f"{f1:.3f}\t{support}\t{printable(name)}")
    if to_file:
        table = classification_table(corpus.frame, found)
        write(options.output, to_file.write(table))
        say(f"{len(table):,} rows written to {options.output}{set_aside(corpus)}")


def _say_figures(found: Classification | MultiClassification) -> str:
    from embedlab.classification import MultiClassification

    suspect = f"{len(found.suspects()):,} of {found.n_labelled:,}"
    if isinstance(found, MultiClassification):
        low, high = found.overlap_interval
        return (
            f"the cells list several labels, each learned on its own: mean overlap {found.mean_overlap:.3f}, 95 % "
            f"interval {low:.3f} to {high:.3f}; the most frequent labels alone would reach {found.baseline:.3f}; all "
            f"labels are right for {found.exact:.1%} of the rows; those of {suspect} are suspect"
        )
    low, high = found.accuracy_interval
    return (
        f"accuracy {found.accuracy:.3f}, 95 % interval {low:.3f} to {high:.3f}; the most frequent label alone would "
        f"reach {found.majority:.3f}; {suspect} labels are suspect"
    )


def _label_column(options: argparse.Namespace, dataset: Dataset, corpus: Corpus) -> str:
    """Return the named or guessed label column."""
    from embedlab.columns import guess_label_column

    column = options.label or guess_label_column(corpus.frame, corpus.text_column)
    return _named_column(column, dataset, corpus, "--label")


def _named_column(column: str | None, dataset: Dataset, corpus: Corpus, option: str) -> str:
    """Return the name of a column that is there.

    Raises
    ------
    InvalidInputError
        Where it is not, or none was named nor guessed.
    """
    if column is None or column not in corpus.frame.columns:
        problem = f"has no column {column!r}" if column else "has no column that looks like labels"
        raise InvalidInputError(
            f"{dataset.title} {problem}. Name one with {option}; it has: {', '.join(corpus.frame.columns)}."
        )
    return column
