"""The command that trains: a model made better on a table's texts, and whether it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedlab.cli.parts import Commands, add_table, bar, read, say
from embedlab.errors import InvalidInputError
from embedlab.escape import printable
from embedlab.models import DEFAULT_MODEL

if TYPE_CHECKING:
    from embedlab.datasets import Corpus
    from embedlab.examples import Examples
    from embedlab.training import Event, Plan, Training

# What a column beside the texts is, by the layout it makes: see `embedlab.examples.EXAMPLE_LAYOUTS`.
_ROLES = {
    "label": ("labels", "their labels: texts of one label come nearer"),
    "second": ("pairs", "second texts of pairs with a --score"),
    "score": ("pairs", "how similar people found the pairs"),
    "query": ("queries", "questions that the texts answer"),
    "positive": ("positives", "a text that belongs to each, such as its answer"),
    "negative": ("positives", "a text that is near and does not belong to it"),
    "translation": ("translations", "the same in another language"),
}
# Settings by their names in `embedlab.train`.
_SETTINGS: dict[str, tuple[Callable[[str], Any], str]] = {
    "num_train_epochs": (int, "how often everything is seen"),
    "learning_rate": (float, "its peak"),
    "warmup_ratio": (float, "share of the steps in which the rate rises (0.1)"),
    "per_device_train_batch_size": (int, "rows of a batch (16)"),
    "frozen_layers": (int, "leave so much as it is, from below: 1 the token look-up, 2 the first layer, too …"),
    "num_layers": (int, "keep so many layers of the model, evenly taken"),
    "random_state": (int, "the same number gives the same model (0)"),
    "n_threads": (int, "threads of the processor (all cores but one)"),
}


def add_train(group: Commands) -> None:
    """Add the command that trains."""
    summary = "train a model on a table's labels, pairs or texts, and say whether it is better on what was held out"
    example = "example: embedlab train in.csv --text message --label topic --name messages"
    command = group.add_parser("train", help=summary, description=summary.capitalize() + ".", epilog=example)
    command.set_defaults(run=train)
    add_table(command)
    command.add_argument("--model", default=DEFAULT_MODEL, help="what is trained (default %(default)s)")
    command.add_argument("--device", default="auto", help="auto, cuda, mps or cpu")
    known = command.add_argument_group("what is known of the texts (guessed where no column is named)")
    for role, (_, what) in _ROLES.items():
        known.add_argument(f"--{role}", metavar="COLUMN", help=what)
    known.add_argument("--texts-alone", action="store_true", help="nothing is known of them")
    known.add_argument("--group", metavar="COLUMN", help="what rows share that are held out together, such as author")
    known.add_argument(
        "--near-duplicates", action="store_true", help="hold texts out together that differ in a few letters"
    )
    _add_settings(command.add_argument_group("how (as the recipe says where nothing is given)"))
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("--name", help="keep the model under this name: pages and commands then know it")
    place.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="write it into a new folder instead")


def _add_settings(group: argparse._ArgumentGroup) -> None:
    from embedlab.training import RECIPES

    group.add_argument("--recipe", choices=list(RECIPES), metavar="NAME", help=", ".join(RECIPES))
    group.add_argument(
        "--held-out", type=float, default=0.2, metavar="SHARE", help="what is not learned from (default %(default)s)"
    )
    group.add_argument("--teacher", metavar="MODEL", help="the model that is learned from, or that guides")
    group.add_argument(
        "--truncate-dims", type=_numbers, metavar="N,N", help="first dimensions that shall do alone (Matryoshka)"
    )
    for name, (kind, what) in _SETTINGS.items():
        group.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar="N", help=what)


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(int(number) for number in given.split(","))


def train(options: argparse.Namespace) -> None:
    """Train, and print the figures before and after and what follows from them."""
    from embedlab.training import train as train_model

    examples = _examples(options, read(options)[1])
    asked = {name: value for name in _SETTINGS if (value := getattr(options, name)) is not None}
    with _shown() as tell:
        training = train_model(
            options.model, examples, recipe=options.recipe, held_out=options.held_out, teacher=options.teacher,
            near_duplicates=options.near_duplicates, truncate_dims=options.truncate_dims, device=options.device,
            folder=options.output, on_event=tell, **asked,
        )  # fmt: skip
    say(f"{training.plan.n_steps:,} steps took {training.seconds:,.0f} s; the loss went {_fall(training)}")
    for remark in training.split.remarks if training.split else ():
        say(remark)
    say("held against the model as it was")
    _print(training)
    kept = training.keep(options.name).name if options.name else str(training.folder)
    say(f"the model: --model {kept}")


def _examples(options: argparse.Namespace, corpus: Corpus) -> Examples:
    """Return what is learned from: by the columns that are named, or as the table seems to be."""
    from embedlab.columns import guess_label_column
    from embedlab.examples import EXAMPLE_LAYOUTS, build_examples, guess_examples

    frame, text = corpus.whole, corpus.text_column
    named = {role: column for role in _ROLES if (column := getattr(options, role))}
    layouts = {_ROLES[role][0] for role in named} | ({"texts"} if options.texts_alone else set())
    if len(layouts) > 1:
        given = ", ".join(f"--{role}" for role in [*named, *(["texts-alone"] if options.texts_alone else [])])
        raise InvalidInputError(f"{given} do not go together: a table is learned from in one way.")
    columns = {"text": text, **named}
    if layouts:
        (layout,) = layouts
    else:
        layout, columns = guess_examples(frame, text, guess_label_column(frame, text))
    columns |= {"group": options.group} if options.group else {}
    examples = build_examples(frame, layout, columns, missing=options.missing)
    roles = ", ".join(f"{role} {column!r}" for role, column in columns.items())
    say(f"{len(examples):,} {examples.unit} ({EXAMPLE_LAYOUTS[layout].title}: {roles})")
    say(f"{examples.n_set_aside:,} rows set aside")
    for remark in examples.remarks:
        say(remark)
    return examples


@contextmanager
def _shown() -> Iterator[Callable[[Event], None]]:
    """Say what is planned, and show how far it is."""
    from embedlab.training import Evaluated, Planned, Step

    with bar("training", "steps") as progress:

        def tell(event: Event) -> None:
            match event:
                case Planned(plan):
                    say(_plan(plan))
                case Step(step, n_steps):
                    progress(step, n_steps)
                case Evaluated(step, figure):
                    say(f"watched after step {step:,}: {figure:.3f}")

        yield tell


def _plan(plan: Plan) -> str:
    return (
        f"{plan.n_train:,} rows to learn from, {plan.n_held_out:,} held out: {plan.n_steps:,} steps, about "
        f"{plan.seconds:,.0f} s and {plan.peak_bytes / 2**30:.1f} GiB; stopped, it starts over"
    )


def _fall(training: Training) -> str:
    losses = [loss for _, loss in training.losses]
    tenth = max(1, len(losses) // 10)
    return f"from {sum(losses[:tenth]) / tenth:.3f} to {sum(losses[-tenth:]) / tenth:.3f}"


def _print(training: Training) -> None:
    """Print each figure before and after, its change with its interval, and the verdict."""
    verdict = training.verdict
    print("of\tfigure\tbefore\tafter\tchange\tlow\thigh")
    for row in verdict.table.itertuples(index=False):
        numbers = "\t".join(f"{number:.3f}" for number in row[2:7])
        print(f"{printable(row[0])}\t{printable(row[1])}\t{numbers}")
    print(printable(verdict.sentence))
