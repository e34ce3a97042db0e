"""The command that compares: what is known, what is odd about it, the figures, and where they fail."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.cli.parts import Commands, add_candidates, add_output, add_table, add_ties, known, read, say, write
from embedlab.errors import InvalidInputError
from embedlab.escape import printable
from embedlab.evaluation import CUTOFF, CUTOFFS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from embedlab.comparison import Candidate, Comparison, Load
    from embedlab.datasets import Corpus
    from embedlab.gold import Gold


def add_compare(group: Commands) -> None:
    """Add the command that compares."""
    summary = "compare models, poolings and layers on a table's pairs, questions, labels or texts"
    example = "example: embedlab compare in.csv all-MiniLM-L6-v2 all-MiniLM-L6-v2~cls~layer=3 tf-idf -o out.md"
    command = group.add_parser("compare", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=compare)
    add_table(command, is_last=False)
    add_candidates(command)
    command.add_argument(
        "--dimensions", action="store_true", help="try some twenty ways to make the vectors of each candidate smaller, "
        "and say which of them are as good as the full ones",
    )  # fmt: skip
    add_known(command)
    command.add_argument(
        "--by", metavar="COLUMN", help="print the best candidate's figure for each value of a column, the worst first"
    )
    command.add_argument(
        "--rows", type=Path, metavar="FILE", help="write what each row adds by the two best, those that part most first"
    )
    command.add_argument(
        "--probes",
        action="store_true",
        help="probe the candidates by the bundled contests, too: printed, and in *.md",
    )
    add_output(command, ".md, .csv, .xlsx or .parquet: the table of all figures")


def add_known(command: argparse.ArgumentParser, *, hits: bool = True) -> None:
    """Add where the table, or a file beside it, says what is known, and how many ``hits`` count where that is asked."""
    command.add_argument("--label", metavar="COLUMN", help="the column with the labels (guessed when not given)")
    command.add_argument(
        "--known", choices=["labels", "several", "texts"], help="what is known of a text: one label, several in a cell "
        "(a;b), or nothing (guessed when not given)",
    )  # fmt: skip
    command.add_argument(
        "--qrels", type=Path, metavar="FILE",
        help="judgements: lines of query, 0, id and grade (TREC), or a table of query, id and grade (BEIR)",
    )  # fmt: skip
    command.add_argument(
        "--queries", type=Path, metavar="FILE", help="the questions of --qrels: a table of id and question"
    )
    command.set_defaults(top_k=CUTOFF)
    if hits:
        command.add_argument(
            "--top-k", type=int, choices=CUTOFFS, default=CUTOFF, help="how many hits of a question count (default 10)"
        )
    add_ties(command)
    command.add_argument(
        "--split", metavar="COLUMN", help="which row is for training and which for tests: texts in both are named "
        "(guessed when not given)",
    )  # fmt: skip


def compare(options: argparse.Namespace) -> None:
    """Compare models, poolings and layers on what a table knows about its texts; print the figures, best first."""
    from embedlab.checks import check_encoders
    from embedlab.comparison import Candidate, comparison_table, remembering, to_markdown
    from embedlab.exports import find_format

    is_markdown = options.output is not None and options.output.suffix == ".md"
    to_file = find_format(options.output) if options.output and not is_markdown else None
    rows_to = find_format(options.rows) if options.rows else None
    candidates = [Candidate.parse(key) for key in options.candidates]
    corpus = read(options)[1]
    frame = corpus.whole
    gold = known(options, corpus)
    if options.by and (options.by not in frame.columns or gold.origin is None):
        raise InvalidInputError(f"The table has no column {options.by!r} for its {gold.unit}. Name one with --by.")
    load = remembering(gold.corpus)
    for finding in check_encoders(gold, map(load, candidates)):
        say(f"check: {finding.line}")
    if options.dimensions:
        candidates = _compressed(candidates, gold, load)
    found = _compare(gold, candidates, load)
    name = found.measures[0]
    _say_remarks(found)
    figures, probed = comparison_table(found, name), _probes(found, corpus, load) if options.probes else ""
    if options.output:
        write(options.output, to_file.write(figures) if to_file else (to_markdown(figures) + probed).encode())
    if rows_to:
        write(options.rows, rows_to.write(_rows_apart(found, name)))
    for row in figures.itertuples(index=False):
        print(f"{row[1]:.3f}\t{ends_in_words(row[2], row[3])}\t{printable(row[0])}")
    if options.dimensions:
        _print_smallest(found, name, candidates)
    if options.by:
        _print_slices(found, name, frame, options.by)
    for line in probed.splitlines():
        print(printable(line))


def _compare(gold: Gold, candidates: Sequence[Candidate], load: Load) -> Comparison:
    """Compare, and show how far that is."""
    from tqdm import tqdm

    from embedlab.comparison import compare

    with tqdm(unit="texts", desc="comparing", disable=None) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return compare(gold, candidates, load=load, progress=progress, on_step=bar.set_description)


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


def _probes(found: Comparison, corpus: Corpus, load: Load) -> str:
    """Return the report cards of all candidates as Markdown, by the bundled contests in the languages of the texts."""
    from embedlab.probes import LANGUAGES, bundled_sets
    from embedlab.reportcards import cards_markdown, probe_candidates

    sets = bundled_sets(languages=[key for key in LANGUAGES if key in corpus.languages] or ["en"])
    full = dict.fromkeys(result.candidate.full for result in found.results)
    cards = probe_candidates(list(full), sets, load=load, on_step=say)
    return cards_markdown({candidate.title: card for candidate, card in cards.items()})


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
        ends = ends_in_words(*(each.figure.interval or (None, None)))
        print(f"{each.figure.value:.3f}\t{ends}\t{each.is_worse}\t{printable(each.name)} ({each.figure.n_rows:,})")


def ends_in_words(low: float | None, high: float | None) -> str:
    """Return an interval as it is printed."""
    return "too few to say" if low is None or low != low else f"{low:.3f} to {high:.3f}"
