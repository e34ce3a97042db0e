"""The training itself: what it will take, the button, and how it goes."""

from __future__ import annotations

import time
from collections.abc import Hashable
from itertools import count
from typing import TYPE_CHECKING

import streamlit as st

from embedlab.comparison import MEASURES
from embedlab.errors import Cancelled
from embedlab.plots import training_curves
from embedlab.ui.tasks import waiting
from embedlab.ui.training import Course, Lesson, tasks

if TYPE_CHECKING:
    from embedlab.training import Training

TRAIN_HELP = "In a process of its own. You may go to other pages meanwhile; cancel ends it at once."
PLAN_HELP = "Times two steps, which takes some seconds, and forgets them. A training says it, too, before it begins."
STOPPED = "The training was stopped, and nothing of it is left. **Train** starts over from the beginning."
COURSE_NOTE = (
    "A falling loss says that what is learned from is learned, not that the model is better: the figure beside it is "
    "of texts it has not learned from. Its dashed line is the model as it was; the best state is kept. kNN purity is "
    "of as many nearest texts as every label has others, ten at most."
)
# A chart that is drawn anew flickers; so many seconds are between two of them.
_PAUSE = 2.0
_ASKED = "asked-to-train"


def run(lesson: Lesson) -> Training | None:
    """Offer to train and say what it would take, or wait for the training that was asked for; None before it is."""
    is_asked = st.session_state.pop(_ASKED, None) == lesson.key
    if not is_asked and not tasks.is_known(lesson):
        if tasks.was_stopped(lesson):
            st.info(STOPPED, icon=":material/stop_circle:")
        _offer(lesson)
        return None
    place, numbers, drawn = st.empty(), count(), 0.0

    def meanwhile(course: Course) -> None:
        nonlocal drawn
        if course.n_steps and time.monotonic() - drawn > _PAUSE:
            drawn = time.monotonic()
            with place.container():
                show_course(course, key=f"course-{next(numbers)}")

    try:
        done = tasks.trained(lesson, meanwhile)
    except Cancelled:
        place.empty()
        st.info(STOPPED, icon=":material/stop_circle:")
        _offer(lesson)
        return None
    place.empty()
    return done


def _offer(lesson: Lesson) -> None:
    """Draw the button, and beside it what the training will take, timed when asked for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Train",
            type="primary",
            icon=":material/model_training:",
            on_click=_ask,
            args=(lesson.key,),
            help=TRAIN_HELP,
        )
        is_asked = st.button("How long?", icon=":material/timer:", help=PLAN_HELP)
    if is_asked or tasks.is_planned(lesson):
        plan = tasks.plan(lesson)
        st.markdown(
            f":material/timer: **About {_duration(plan.seconds)}** for {plan.n_steps:,} steps, and "
            f"{plan.peak_bytes / 1e9:.1f} GB of memory; two steps were timed."
        )


def _ask(key: Hashable) -> None:
    st.session_state[_ASKED] = key
    waiting.start_again()


def _duration(seconds: float) -> str:
    """Return a time as people say it, to two digits."""
    return f"{seconds / 60:.2g} minutes" if seconds >= 100 else f"{max(1, float(f'{seconds:.2g}')):.0f} seconds"


def show_course(course: Course, key: str = "course", measure: str = "") -> None:
    """Draw the loss and the figure of what is not learned from."""
    title = MEASURES[measure].title if measure in MEASURES else "Figure"
    st.plotly_chart(
        training_curves(course.losses, course.evaluations, course.n_steps, title),
        key=key,
        alt=f"Loss of {len(course.losses):,} of {course.n_steps:,} steps, and the figure of texts that are not learned "
        f"from, taken {len(course.evaluations)} times",
    )
    st.caption(COURSE_NOTE)


def course_of(done: Training) -> Course:
    """Return how a training went that is done."""
    return Course(done.plan.n_steps, done.losses, done.evaluations)
