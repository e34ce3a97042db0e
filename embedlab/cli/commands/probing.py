"""The command that probes: contests with one right answer each, and how models do in them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.cli.parts import Commands, add_candidates, add_contests, add_output, bar, guess_text, say, write
from embedlab.errors import InvalidInputError
from embedlab.escape import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from embedlab.comparison import Candidate
    from embedlab.probes import ContestSets, ReportCard


def add_probe(group: Commands) -> None:
    """Add the command that probes."""
    summary = "probe what models can and cannot do: negation, numbers, ids, other words, other languages"
    example = "example: embedlab probe all-MiniLM-L6-v2 all-MiniLM-L6-v2~cls --baselines --languages en -o card.csv"
    command = group.add_parser("probe", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=probe)
    add_candidates(command)
    add_contests(command)
    command.add_argument(
        "--items", type=Path, metavar="FILE", help="write each contest with both cosines, failed first"
    )
    add_output(command, ".csv, .xlsx or .parquet: the table of all scores")


def probe(options: argparse.Namespace) -> None:
    """Probe models, poolings and layers; print the score of each in every probe."""
    from embedlab.comparison import Candidate
    from embedlab.exports import find_format
    from embedlab.reportcards import probe_candidates, standings_table
    from embedlab.store import EmbeddingStore

    to_file = find_format(options.output) if options.output else None
    items_to = find_format(options.items) if options.items else None
    candidates = [Candidate.parse(key) for key in options.candidates]
    if options.baselines:
        candidates += _baselines(candidates[0])
    sets = _contests(options)
    n_contests = sum(map(len, sets.values()))
    with bar(f"{n_contests:,} contests") as progress:
        probed = probe_candidates(candidates, sets, store=EmbeddingStore(), progress=progress, on_step=say)
    cards = {candidate.title: card for candidate, card in probed.items()}
    if to_file:
        write(options.output, to_file.write(standings_table(cards)))
    if items_to:
        write(options.items, items_to.write(_items(cards)))
    _print(cards)


def _baselines(candidate: Candidate) -> list[Candidate]:
    """Return word counts, and the averaged word vectors of the first model where it has any."""
    from embedlab.comparison import Candidate
    from embedlab.models import STATIC_PREFIX, TFIDF

    named = candidate.model
    static = [] if named == TFIDF or named.startswith(STATIC_PREFIX) else [Candidate(STATIC_PREFIX + named)]
    return [*static, Candidate(TFIDF)]


def _contests(options: argparse.Namespace) -> ContestSets:
    """Return the contests asked for: a person's own and those made from her texts, else the bundled ones."""
    from embedlab.probes import LANGUAGES, bundled_sets, made_contests, read_contests

    if options.text and not options.texts:
        raise InvalidInputError("--text is a column of the table that contests are made from. Name that with --texts.")
    if options.languages and (options.contests or options.texts):
        raise InvalidInputError("--languages are those of the bundled contests. Leave them away for your own.")
    if options.probes and options.contests and not options.texts:
        raise InvalidInputError("--probes are kinds of bundled contests. Leave them away for your own.")
    sets: dict = {}
    if options.contests:
        own = read_contests(options.contests)
        for remark in own.remarks:
            say(remark)
        sets |= own.sets
    if options.texts:
        made = made_contests(_texts(options.texts, options.text), options.probes)
        counted = ", ".join(f"{len(contests):,} for {probe}" for (probe, _), contests in made.items())
        say(f"contests made by rules: {counted}")
        sets |= made
    return sets or bundled_sets(options.probes, options.languages or tuple(LANGUAGES))


def _texts(path: Path, column: str | None) -> list[str]:
    from embedlab.reading import read_table

    frame = read_table(path).frame
    chosen = column or guess_text(frame)
    if chosen not in frame.columns:
        raise InvalidInputError(
            f"The table has no column {chosen!r}. Name one of: {', '.join(map(str, frame.columns))}."
        )
    return frame[chosen].tolist()


def _items(cards: Mapping[str, ReportCard]) -> pd.DataFrame:
    """Return every contest of every model, those of a model failed first."""
    import pandas as pd

    parts = [(name, card.items) for name, card in cards.items()]
    for name, frame in parts:
        frame.insert(0, "model", name)
    return pd.concat([frame for _, frame in parts], ignore_index=True)


def _print(cards: Mapping[str, ReportCard]) -> None:
    """Print a line for each probe and language: how many contests, and the score of each model with its interval."""
    from embedlab.probes import CHANCE

    say(f"the share of contests passed and its 95 % interval; {CHANCE} is chance, and less goes by the words alone")
    print("\t".join(["probe", "language", "contests", *map(printable, cards)]))
    for scores in zip(*(card.scores for card in cards.values()), strict=True):
        first = scores[0]
        cells = [f"{each.score:.2f} ({_ends(each.interval)})" for each in scores]
        print("\t".join([first.probe, first.language, str(first.n_items), *cells]))


def _ends(interval: tuple[float, float] | None) -> str:
    return "too few to say" if interval is None else "{:.2f} to {:.2f}".format(*interval)
