"""The work of the Training page, each part once for all sessions, off the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from embedlab.examples import Split, build_examples, hold_out, mine_hard_negatives
from embedlab.jobs import Report, Task
from embedlab.projection import align, project
from embedlab.training import (
    Evaluated,
    Event,
    Plan,
    Planned,
    Step,
    Training,
    Working,
    plan_training,
    train,
    training_program,
)
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import model_tasks, services, waiting
from embedlab.ui.training.lesson import Course, Lesson
from embedlab.verdicts import Verdict, changed_neighbors, confusions, judge

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from embedlab.classification import Classification
    from embedlab.encoders import Encoder
    from embedlab.examples import Examples, HardNegatives, LabelledTexts, Triplets
    from embedlab.gold import Gold, Labelled
    from embedlab.ui.choices import Selection

# Both models are judged in the arithmetic one of them was trained in, and none is converted for a look at it.
_EXACT = "float32"
# Decided where the training runs: threads and device are those that are free.
_OF_THE_MACHINE = ("n_threads", "device", "weight_decay", "max_grad_norm")


def _exact(model: str) -> Encoder:
    return waiting.await_task(model_tasks.load_model(model, _EXACT))


def examples(selection: Selection, layout: str, columns: Mapping[str, str]) -> Examples:
    """Read what some columns say, to learn from it."""
    dataset, corpus = selection.dataset, selection.corpus
    key = "examples", dataset.id, dataset.options, selection.preparation, layout, tuple(columns.items())
    missing = dataset.options.missing
    return waiting.await_task(
        Task(
            key,
            f"Reading what {len(corpus.whole):,} rows hold",
            lambda report: build_examples(corpus.whole, layout, columns, missing=missing),
            is_short=True,
        )
    )


def split(examples: Examples, share: float, *, near_duplicates: bool) -> Split:
    """Hold a share of the examples out, near-duplicates together where that is asked for."""

    def work(report: Report) -> Split:
        return hold_out(examples, share=share, near_duplicates=near_duplicates)

    key = "split", examples.digest, examples.groups.tobytes(), share, near_duplicates
    return waiting.await_task(Task(key, "Holding some of it out", work, is_short=not near_duplicates))


def mined(examples: Triplets | LabelledTexts, selection: Selection, **options: Any) -> HardNegatives:  # noqa: ANN401 - handed on
    """Look for hard negatives among what is learned from."""
    loaded = services.encoder(selection)
    return waiting.await_task(
        Task(
            ("hard negatives", examples.digest, loaded.name, loaded.revision, tuple(options.items())),
            f"Looking for hard negatives among {len(examples.texts):,} texts",
            lambda report: mine_hard_negatives(examples, loaded, progress=report, **options),
        )
    )


def plan(lesson: Lesson) -> Plan:
    """Time two steps of a training."""
    return waiting.await_task(_planning(lesson))


def is_planned(lesson: Lesson) -> bool:
    """Return whether two steps of this training have been timed."""
    return waiting.is_done(_planning(lesson))


def _planning(lesson: Lesson) -> Task[Plan]:
    def work(report: Report) -> Plan:
        return plan_training(lesson.model, lesson.learned_from, **_arguments(lesson), on_event=_doing(report))

    return Task(("training plan", lesson.key), "Timing two steps", work)


def is_known(lesson: Lesson) -> bool:
    """Return whether this training is under way or done."""
    return waiting.is_known(_training(lesson))


def was_stopped(lesson: Lesson) -> bool:
    """Return whether the person has stopped this training."""
    return waiting.was_stopped(_training(lesson))


def trained(lesson: Lesson, meanwhile: Callable[[Course], None]) -> Training:
    """Train, or wait for what is under way; ``meanwhile`` draws how far it is.

    Raises
    ------
    Cancelled
        When the person has stopped it; nothing of it is left.
    """
    return waiting.await_task(_training(lesson), meanwhile)


def _training(lesson: Lesson) -> Task[Any]:
    def work(report: Report) -> Training:
        course = Course(0, [], [])

        def note(event: Event) -> None:
            nonlocal course
            if isinstance(event, Working):
                report.step("" if course.n_steps else event.doing)
                return
            course = _with(course, event)
            if course.n_steps:
                report(len(course.losses), course.n_steps)
            report.step("")
            report.show(course)

        return train(lesson.model, lesson.learned_from, **_arguments(lesson), on_event=note)

    title = f"Training {lesson.model} on {len(lesson.learned_from):,} {lesson.learned_from.unit}"
    return Task(("training", lesson.key), title, work)


def _with(course: Course, event: Event) -> Course:
    losses, evaluations, n_steps = list(course.losses), list(course.evaluations), course.n_steps
    if isinstance(event, Planned):
        n_steps = event.plan.n_steps
    elif isinstance(event, Step):
        n_steps = event.n_steps
        losses.append((event.step, event.loss))
    elif isinstance(event, Evaluated):
        evaluations.append((event.step, event.figure))
    return Course(n_steps, losses, evaluations)


def _arguments(lesson: Lesson) -> dict[str, Any]:
    settings = {name: value for name, value in asdict(lesson.settings).items() if name not in _OF_THE_MACHINE}
    return {**settings, "held_out": lesson.held_out}


def _doing(report: Report) -> Callable[[Event], None]:
    return lambda event: report.step(event.doing if isinstance(event, Working) else "")


def verdict(lesson: Lesson, done: Training) -> Verdict:
    """Hold the trained model against the one it was made from."""
    before, after, store = _exact(lesson.model), _exact(str(done.folder)), services.store()
    held_out, learned_from = judged_by(done), lesson.learned_from.texts
    return waiting.await_task(
        Task(
            ("verdict", lesson.key),
            "Holding the model against the one it was made from",
            lambda report: judge(before, after, held_out, learned_from=learned_from, store=store, progress=report),
        )
    )


def judged_by(done: Training) -> Gold:
    """Return what a trained model is judged by: what was held out, and not watched while it learned."""
    assert done.split is not None  # The page holds some out in any case.
    return done.split.held_out


def maps(lesson: Lesson, found: Verdict) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the map of the texts held out by the model as it was, and that by the new one, begun from it."""

    def work(report: Report) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        before, after = found.embeddings
        first = project(before, progress=report).coordinates
        return first, align(project(after, start=first, progress=report).coordinates, first)

    title = f"Drawing two maps of {len(found.embeddings[0]):,} texts"
    return waiting.await_task(Task(("training maps", lesson.key), title, work))


def moved(lesson: Lesson, found: Verdict) -> pd.DataFrame:
    """Return the texts held out, those first whose neighbours have changed most."""
    texts = found.comparison.gold.corpus
    title = f"Holding the neighbours of {len(texts):,} texts against each other"
    task = Task(("moved texts", lesson.key), title, lambda report: changed_neighbors(*found.embeddings, texts))
    return waiting.await_task(task)


def confused(lesson: Lesson, found: Verdict) -> tuple[Classification, Classification]:
    """Return what is learned of the labels held out, before and after."""
    gold = cast("Labelled", found.comparison.gold)
    title = f"Learning the labels of {len(gold.corpus):,} texts twice"
    task = Task(("training confusions", lesson.key), title, lambda report: confusions(*found.embeddings, gold))
    return waiting.await_task(task)


def program(selection: Selection, lesson: Lesson, done: Training, file: str) -> str:
    """Write the program that makes the weights again from the table that was chosen.

    Raises
    ------
    InvalidInputError
        When no plain program does.
    """
    # The same texts may stand in other cells of another table.
    key = "training program", lesson.key, selection.dataset.id, selection.dataset.options, selection.preparation

    def work(report: Report) -> str:
        return training_program(done, file, table_of(selection))

    return waiting.await_task(Task(key, "Writing the program", work))


def table_of(selection: Selection) -> pd.DataFrame:
    """Return the table that was chosen as the program reads it: every cell a text."""
    return selection.corpus.whole.astype(str)


def keep(done: Training, found: Verdict, name: str) -> str:
    """Keep a trained model with what came of it, and return its full name."""
    return done.keep(name, owner=sharing.owner(), verdict=found).name
