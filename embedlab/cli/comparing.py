"""The command that compares: what is known, what is odd about it, the figures, and where they fail."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from embedlab.cli.shared import say, write
from embedlab.cli.tables import read
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.datasets import Corpus
    from embedlab.gold import Gold

LAYOUTS_SAID = {
    "pairs": "in pairs with a score",
    "retrieval": "with questions about them",
    "labels": "with labels",
    "several labels": "with one label or several",
    "texts": "about which nothing is known",
}


def compare(options: argparse.Namespace) -> None:
    """Compare models, poolings and layers on what a table knows about its texts; print the figures, best first."""
    from tqdm import tqdm

    from embedlab.checks import check_encoders
    from embedlab.comparison import Candidate, compare, comparison_table, remembering, to_markdown
    from embedlab.exports import find_format

    is_markdown = options.output is not None and options.output.suffix == ".md"
    to_file = find_format(options.output) if options.output and not is_markdown else None
    rows_to = find_format(options.rows) if options.rows else None
    candidates = [Candidate.parse(key) for key in options.candidates]
    corpus = read(options)[1]
    frame = corpus.whole
    gold = _known(options, corpus)
    if options.by and (options.by not in frame.columns or gold.origin is None):
        raise InvalidInputError(f"The table has no column {options.by!r} for its {gold.unit}. Name one with --by.")
    load = remembering(gold)
    for finding in check_encoders(gold, map(load, candidates)):
        say(f"check: {finding.line}")
    if options.dimensions:
        candidates = _compressed(candidates, gold, load)
    with tqdm(unit="texts", desc="comparing", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = compare(gold, candidates, load=load, progress=progress, on_step=bar.set_description)
    name = found.measures[0]
    _say_remarks(found)
    figures = comparison_table(found, name)
    if options.output:
        write(options.output, to_file.write(figures) if to_file else to_markdown(figures).encode())
    for row in figures.itertuples(index=False):
        print(f"{row[1]:.3f}\t{_ends(row[2], row[3])}\t{printable(row[0])}")
    if options.dimensions:
        _print_smallest(found, name, candidates)
    if rows_to:
        write(options.rows, rows_to.write(_rows_apart(found, name)))
    if options.by:
        _print_slices(found, name, frame, options.by)


def _say_remarks(found: Comparison) -> None:
    """Say what has to be known before the figures are believed."""
    if found.gold.apart:
        say(f"{len(found.gold.apart):,} texts set apart to fit vectors to; the figures are those of the others")
    for remark in dict.fromkeys(result.remark for result in found.results if result.remark):
        say(f"check: {printable(remark)}")


def _compressed(candidates: Sequence[Candidate], gold: Gold, load: Load) -> list[Candidate]:
    """Return each candidate with what is worth a try to make its vectors smaller."""
    from embedlab.dimensions import suggest_compressions

    every: list[Candidate] = []
    for each in candidates:
        full = each.of(load(each))
        tried = suggest_compressions(load(each).embedding_dimension, len(set(gold.corpus)))
        every += [full, *(replace(full, compression=compression) for compression in tried)]
    return list(dict.fromkeys(every))


def _print_smallest(found: Comparison, name: str, candidates: Sequence[Candidate]) -> None:
    """Print of each model which of its vectors are as good as the full ones."""
    from embedlab.dimensions import curve_verdict, quality_curve

    for full in (each for each in candidates if each.compression.is_full):
        said = curve_verdict(quality_curve(found, full, name)).replace("**", "")
        print(f"\n{printable(full.title)}: {printable(said)}")


def _known(options: argparse.Namespace, corpus: Corpus) -> Gold:
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


def _two_best(found: Comparison, name: str) -> tuple[Candidate, Candidate]:
    best, *others = found.ranked(name)
    if not others:
        raise InvalidInputError("--rows holds two candidates against each other. Name another candidate.")
    return best.candidate, others[0].candidate


def _rows_apart(found: Comparison, name: str) -> pd.DataFrame:
    from embedlab.comparison import item_table

    first, second = _two_best(found, name)
    say(f"{printable(first.title)} and {printable(second.title)}, row by row")
    return item_table(found, name, first, second)


def _print_slices(found: Comparison, name: str, frame: pd.DataFrame, column: str) -> None:
    """Print the figure of the best candidate for each value of a column, the worst first."""
    from embedlab.comparison import slices

    best = found.ranked(name)[0].candidate
    print(f"\n{printable(best.title)} by {printable(column)}; worse than the rest:")
    for each in slices(found, name, best, frame[column].to_numpy()[found.gold.origin].tolist()):
        ends = _ends(*(each.figure.interval or (None, None)))
        print(f"{each.figure.value:.3f}\t{ends}\t{each.is_worse}\t{printable(each.name)} ({each.figure.n_rows:,})")


def _ends(low: float | None, high: float | None) -> str:
    return "too few to say" if low is None or low != low else f"{low:.3f} to {high:.3f}"
