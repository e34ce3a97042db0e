"""Long work off the page: a task runs as a job, and its progress stands in one place until it is done."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from contextvars import ContextVar
from typing import TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embedlab.device import card_memory
from embedlab.errors import Cancelled, HostedError
from embedlab.escape import escape_markdown
from embedlab.jobs import Job, Jobs, Task, Visitor
from embedlab.limits import limits
from embedlab.ui.consent import Sending, allow
from embedlab.ui.sessions import departures

T = TypeVar("T")

STOPPED, REFUSED = "stopped-job", "refused-job"
# What the server asks for by itself, it keeps.
_SERVER = Visitor()
_PLACE: ContextVar[DeltaGenerator | None] = ContextVar("place", default=None)


@st.cache_resource(show_spinner=False, on_release=Jobs.stop)
def jobs() -> Jobs:
    """Return the workers of this server."""
    # Beside the models on a card, batches need room there.
    return Jobs(max_bytes=limits().max_results_mib << 20, max_card_bytes=lambda: card_memory() // 2)


def await_task(task: Task[T], meanwhile: Callable[[T], None] | None = None, *, sends: Sequence[Sending] = ()) -> T:
    """Run a task as a job, or join the running one, and show its progress until it is done.

    Any click or page switch ends the waiting, not the job; the page that asks for the same key next joins it. Cancel
    ends the job, too, unless somebody else waits for it. ``meanwhile`` draws what the work has shown of its
    result, each time there is more of it. ``sends`` is what the work would send to model servers.

    Raises
    ------
    Cancelled
        When the person has stopped this job and not asked to start it again.
    HostedError
        When a model server has refused or failed, until she asks to try again: each click would ask it anew.
    NotAgreedError
        When it would send what she has not agreed to; nothing has begun.
    """
    if was_stopped(task):
        raise Cancelled(f"{task.title}: stopped.")
    key, said = st.session_state.get(REFUSED, (None, ""))
    if key == task.key:
        raise HostedError(said)
    if sends and not is_known(task):
        task = allow(task, sends)
    with jobs().awaited(task, departures.visitor()) as job:
        if not job.wait(0.3):
            _show_until_done(job, meanwhile)
        try:
            return job.result()
        except HostedError as error:
            st.session_state[REFUSED] = task.key, str(error)
            raise


def start(task: Task[T]) -> None:
    """Let a task be done beside what the page goes on to wait for."""
    jobs().submit(task, departures.visitor())


def run_task(task: Task[T]) -> T:
    """Run a task as a job, or join the running one, where there is no page to show its progress on."""
    with jobs().awaited(task, _SERVER) as job:
        return job.result()


def show_progress_in(place: DeltaGenerator) -> None:
    """Show the progress of this run's jobs in one place.

    A bar that comes and goes between the elements of a page would move those below it, and Streamlit builds an element
    anew that has moved: a map would lose its view.
    """
    _PLACE.set(place)


def _show_until_done(job: Job[T], meanwhile: Callable[[T], None] | None) -> None:
    slot, shown = (_PLACE.get() or st).empty(), None
    with slot.container(border=True):
        bar = st.progress(0.0, text=escape_markdown(job.title))
        st.button("Cancel", key=f"stop-{hash(job.key)}", on_click=_stop, args=(job.key,), icon=":material/stop:")
    # Each look at the bar costs the browser a rendering; whoever waits needs no more of them.
    while not job.wait(0.5):
        bar.progress(job.done / job.total if job.total else 0.0, text=escape_markdown(_progress_text(job)))
        so_far = job.so_far
        if meanwhile is not None and so_far is not None and so_far is not shown:
            meanwhile(cast(T, so_far))
            shown = so_far
    slot.empty()


def _stop(key: Hashable) -> None:
    # The session keeps what its buttons are called with: the job would live as long, with all it has found.
    job = jobs().find(key)
    # A click may come when the work has just ended.
    if job is not None and not job.is_finished:
        st.session_state[STOPPED] = key
        jobs().leave(job, departures.visitor())


def start_again() -> None:
    """Let the job that was stopped, or refused by a model server, be started anew."""
    st.session_state.pop(STOPPED, None)
    st.session_state.pop(REFUSED, None)


def _progress_text(job: Job[T]) -> str:
    ahead = jobs().n_ahead(job)
    if ahead is not None:
        return f"{job.title} · waiting for a worker, {ahead} {'job' if ahead == 1 else 'jobs'} ahead"
    step = f" · {job.step}" if job.step else ""
    if not job.total or job.seconds_left is None:
        return f"{job.title}{step} …"
    speed = f"{job.speed:,.0f}" if job.speed and job.speed >= 10 else f"{job.speed:.1f}"
    known = f"{job.done:,} of {job.total:,} · {speed} a second · {job.seconds_left:.0f} s left"
    return f"{job.title} · {known}{step}"


def is_done(task: Task[T]) -> bool:
    """Return whether the result of a task is there."""
    return jobs().has_done(task.key)


def is_known(task: Task[T]) -> bool:
    """Return whether the work of a task is under way, or its result is there; not where the person has stopped it."""
    job = jobs().find(task.key)
    return job is not None and not job.has_failed and not was_stopped(task)


def was_stopped(task: Task[T]) -> bool:
    """Return whether the person has stopped this task, and not asked to start it again."""
    return bool(st.session_state.get(STOPPED) == task.key)
