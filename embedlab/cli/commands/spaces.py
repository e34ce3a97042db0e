"""The commands about the space of a model: its shape, and what a cosine means in it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from embedlab.cli.parts import (
    Commands,
    add_command,
    add_passages,
    add_ties,
    bar,
    embed,
    known,
    load,
    load_model,
    look_at_unread,
    read,
    say,
)
from embedlab.errors import InvalidInputError
from embedlab.escape import printable
from embedlab.evaluation import CUTOFF
from embedlab.thresholds import CRITERIA

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder
    from embedlab.gold import Gold
    from embedlab.thresholds import Rate


def add_threshold(group: Commands) -> None:
    """Add the command that says what a cosine means."""
    command = add_command(
        group,
        "threshold",
        threshold,
        "say what a cosine means here: which threshold to choose, and what it finds",
        "embedlab threshold in.csv --text review --label topic --max-rate 0.001",
    )
    command.set_defaults(queries=None, qrels=None, split=None, top_k=CUTOFF)
    command.add_argument(
        "--label", metavar="COLUMN", help="texts of one label belong together (guessed when not given)"
    )
    command.add_argument(
        "--known", choices=["labels", "several"], help="one label a text, or several in a cell; pairs with a score and "
        "questions with answers are found by the names of their columns (guessed when not given)",
    )  # fmt: skip
    command.add_argument(
        "--cut", type=float, metavar="SCORE", help="score from which a pair belongs together (default: three quarters "
        "up the scale)",
    )  # fmt: skip
    command.add_argument("--at", type=float, metavar="COSINE", help="choose none, and say what this threshold finds")
    command.add_argument(
        "--by",
        choices=list(CRITERIA),
        default="false_matches",
        help="; ".join(f"{n}: {s}" for n, s in CRITERIA.items()),
    )
    command.add_argument(
        "--max-rate", type=float, default=0.01, metavar="RATE", help="share of the pairs that do not belong together "
        "that may reach it (default %(default)s)",
    )  # fmt: skip
    for name, what in (("--miss-cost", "missed pair"), ("--false-match-cost", "false match")):
        command.add_argument(name, type=float, default=1.0, metavar="COST", help=f"of a {what} (default %(default)s)")
    command.add_argument(
        "--share", type=float, metavar="SHARE", help="share of all pairs that belong together where it will be used, "
        "on which precision, F1 and cost depend (that of these pairs when not given)",
    )  # fmt: skip
    add_ties(command)


def add_shape(group: Commands) -> None:
    """Add the command that measures a space."""
    command = add_command(
        group,
        "shape",
        shape,
        "measure the shape of the space: anisotropy, dimensions, hubs, uniformity, tokens a word",
        "embedlab shape in.csv --text review --model all-MiniLM-L6-v2",
    )
    command.add_argument("--label", metavar="COLUMN", help="a column of labels, for the alignment")
    command.add_argument(
        "--neighbors", type=int, default=10, metavar="K", help="nearest texts that are counted (default %(default)s)"
    )
    add_passages(command)


def threshold(options: argparse.Namespace) -> None:
    """Choose a threshold from what a table knows, or take the one that is named, and print what it finds."""
    from embedlab.thresholds import choose_threshold, gold_cosines

    corpus = read(options)[1]
    gold = known(options, corpus)
    encoder = load_model(options)
    texts, queries = _embed(gold, encoder, options)
    cosines = gold_cosines(gold, texts, queries, cut=options.cut)
    say(f"{cosines.matches.n_pairs:,} pairs belong together, {cosines.others.n_pairs:,} do not")
    if cosines.n_sampled < cosines.n_texts:
        say(f"{cosines.n_sampled:,} of {cosines.n_texts:,} texts are taken, at random")
    if options.at is None:
        chosen = choose_threshold(
            cosines, options.by, max_rate=options.max_rate, miss_cost=options.miss_cost,
            false_match_cost=options.false_match_cost, share=options.share,
        )  # fmt: skip
        found = chosen.found
        print(f"threshold\t{chosen.value:.3f}\t{_ends(chosen.interval)}")
    else:
        found = cosines.at(options.at, options.share)
        print(f"threshold\t{found.threshold:.3f}\tas asked for")
    rates: dict[str, Rate] = {"recall": found.recall, "false matches": found.false_match_rate}
    for name, rate in {**rates, "precision": found.precision}.items():
        print(f"{name}\t{rate.value:.5f}\t{_ends(rate.interval, 5)}")
    say(f"the precision is that where {found.share:.3%} of all pairs belong together")


def _embed(
    gold: Gold, encoder: Encoder, options: argparse.Namespace
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Embed the texts, and the questions behind a prompt of their own where there are any."""
    from embedlab.store import EmbeddingStore

    # What is looked up is read behind another prompt than what it is looked for with; two texts of a pair are not.
    prompt_name = encoder.document_prompt_name if gold.queries else None
    ways: dict[str, Any] = {"pooling_mode": options.pooling}
    encode = (
        encoder.encode if options.no_cache else lambda *given, **how: EmbeddingStore().encode(encoder, *given, **how)
    )
    with bar("embedding") as progress:
        texts = encode(gold.texts, prompt_name=prompt_name, progress=progress, **ways)
    queries = encode(gold.queries, prompt_name=encoder.query_prompt_name, **ways) if gold.queries else None
    return texts, queries


def shape(options: argparse.Namespace) -> None:
    """Print the figures of the shape of the space, and the hubs."""
    from embedlab.geometry import fertility, space_shape

    dataset, corpus, encoder = load(options)
    if options.label is not None and options.label not in corpus.frame.columns:
        raise InvalidInputError(
            f"{dataset.title} has no column {options.label!r}. Name one with --label; it has: "
            f"{', '.join(corpus.frame.columns)}."
        )
    labels = None if options.label is None else corpus.labels(options.label)
    look_at_unread(encoder, corpus)
    vectors = embed(encoder, corpus, options)
    with bar("space", "steps") as progress:
        found = space_shape(vectors, labels, n_neighbors=options.neighbors, progress=progress)
    words = fertility(encoder, corpus.texts)
    figures = {
        "mean cosine": found.mean_cosine,
        "spread of the cosines": found.std_cosine,
        "effective dimensions": found.effective_dimension,
        "hubness": found.hubness,
        "neighbours of nobody": found.n_never,
        "uniformity": found.uniformity,
        **({"alignment": found.alignment} if found.n_known_pairs else {}),
        "tokens a word": words.tokens_per_word,
        "share of unknown tokens": words.unknown_share,
    }
    for name, value in figures.items():
        print(f"{name}\t{'too few texts' if value != value else f'{value:.4g}'}")
    for row, count in zip(found.hubs.tolist(), found.hub_counts.tolist(), strict=True):
        print(f"hub\t{count:.0f}\t{printable(corpus.texts[row])}")
    if found.n_sampled < found.n_rows:
        say(f"{found.n_sampled:,} of {found.n_rows:,} texts are looked at, taken at random")


def _ends(interval: tuple[float, float] | None, digits: int = 3) -> str:
    return "too few to say" if interval is None else f"{interval[0]:.{digits}f} to {interval[1]:.{digits}f}"
