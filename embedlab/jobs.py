"""Long work off the page: progress, time left, cancel, and results kept under their key.

A job is known by a key that says what it computes. Whoever submits the same key again, from another page, another
browser tab or after a reload, gets the running job or its finished result, so nothing is computed twice and nothing is
lost when somebody clicks elsewhere.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain
from typing import Any, Generic, TypeVar, cast

from embedlab.errors import Cancelled, EmbedLabError, InvalidInputError
from embedlab.visits import Uses, Visitor

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Task(Generic[T]):
    """Something to compute.

    Parameters
    ----------
    key : hashable
        Everything the result depends on.
    title : str
        What is done, in words.
    work : callable
        ``work(report)`` computes the result and calls ``report(done, total)`` now and then.
    """

    key: Hashable
    title: str
    work: Callable[[Report], T]


class Job(Generic[T]):
    """A task that waits, runs or has ended. Made by :meth:`Jobs.submit`.

    Attributes
    ----------
    key : hashable
        What is computed.
    title : str
        The same in words, for the person who waits.
    done, total : int
        Progress in steps of the work; ``total`` is 0 while nothing is known.
    nbytes : int
        Rough size of the key and the result, in bytes; 0 until the end.
    """

    def __init__(self, task: Task[T]) -> None:
        self.key, self.title = task.key, task.title
        self._work: Callable[[Report], T] | None = task.work
        self.done = self.total = self.nbytes = 0
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        # Progress at the first report: what was found done already says nothing about the speed.
        self._first: tuple[int, float] | None = None
        self._result: T | None = None
        self._error: BaseException | None = None

    @property
    def is_finished(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._finished.is_set()

    @property
    def has_failed(self) -> bool:
        """Whether the work ended with an error or was cancelled."""
        return self._error is not None

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the time to the end, from the mean speed so far; None while nothing is known."""
        return (self.total - self.done) / self.speed if self.speed else None

    @property
    def speed(self) -> float | None:
        """Mean number of steps a second since the first report; None while nothing is known."""
        if self._first is None or self.done <= self._first[0]:
            return None
        return (self.done - self._first[0]) / max(time.monotonic() - self._first[1], 1e-9)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end, at most ``timeout`` seconds, and say whether it has come."""
        return self._finished.wait(timeout)

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress. Asking twice changes nothing."""
        self._cancelled.set()

    def result(self) -> T:
        """Wait for the end and return the result, or raise what the work raised."""
        self._finished.wait()
        if self._error is not None:
            # The traceback would otherwise grow by the frames of everybody who asks.
            raise self._error.with_traceback(None)
        return cast(T, self._result)

    def run(self) -> None:
        """Do the work. Called once, by a worker of :class:`Jobs`."""
        work, self._work = self._work, None  # The work holds what it works on, which may be large.
        assert work is not None
        try:
            self._report(0, 0)
            self._result = work(self._report)
            self.nbytes = size_of(self.key) + size_of(self._result)
        # Kept for whoever asks for the result, in whichever thread that is.
        except BaseException as error:
            if not isinstance(error, EmbedLabError):
                _LOG.exception("%s: a bug, not a wrong input", self.title)
            # Without the frames it went through, and with them the arrays they hold.
            self._error = error.with_traceback(None)
        finally:
            self._finished.set()

    def _report(self, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise Cancelled(f"{self.title}: stopped.")
        if self._first is None and total:
            self._first = done, time.monotonic()
        self.done, self.total = done, total


class Jobs:
    """Workers that run jobs, and a bounded memory of what they found.

    Parameters
    ----------
    n_workers : int, default=4
        Jobs that run at the same time: more than there are cores, so that small ones get through beside large ones.
    max_bytes : int, default=2 GiB
        Results beyond this are forgotten, the least recently used first. They are computed again when asked for.
    max_waiting : int, default=32
        Jobs that may wait for a worker; more are refused.

    Notes
    -----
    The workers are daemon threads: closing the program does not wait for them.
    """

    def __init__(self, n_workers: int = 4, max_bytes: int = 2 << 30, max_waiting: int = 32) -> None:
        self.max_bytes, self.max_waiting = max_bytes, max_waiting
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._uses = Uses()
        self._changed = threading.Condition()
        self._waiting: deque[Job[Any]] = deque()
        for number in range(n_workers):
            threading.Thread(target=self._work, name=f"embedlab-job-{number}", daemon=True).start()

    def submit(self, task: Task[T], visitor: Visitor | None = None) -> Job[T]:
        """Return the job of a task, started now unless it is running or done already.

        Parameters
        ----------
        task : Task
        visitor : Visitor, optional
            Who asks; while she is here, :meth:`forget_unused` leaves the result.

        Raises
        ------
        InvalidInputError
            When too many jobs are waiting.
        """
        with self._changed:
            job = self._jobs.get(task.key)
            if job is not None and not job.has_failed and not job._cancelled.is_set():
                self._jobs.move_to_end(task.key)
                self._uses.note(task.key, visitor)
                return job
            if len(self._waiting) >= self.max_waiting:
                raise InvalidInputError(f"The lab is busy: {len(self._waiting)} jobs are waiting. Try again soon.")
            job = self._jobs[task.key] = Job(task)
            self._jobs.move_to_end(task.key)
            self._uses.note(task.key, visitor)
            self._forget()
            self._waiting.append(job)
            self._changed.notify()
        return job

    def find(self, key: Hashable) -> Job[Any] | None:
        """Return the job of a key, or None where there is none or its result is forgotten."""
        with self._changed:
            return self._jobs.get(key)

    def n_ahead(self, job: Job[Any]) -> int | None:
        """Return how many jobs wait before this one for a worker; None when it waits no longer."""
        with self._changed:
            return self._waiting.index(job) if job in self._waiting else None

    def _work(self) -> None:
        while True:
            # No name is bound to the job: it would hold the result until the next job comes.
            self._take().run()

    def _take(self) -> Job[Any]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            return self._waiting.popleft()

    def forget_unused(self, seconds: float) -> int:
        """Drop results nobody has asked for in so many seconds whose askers have all left, and say how many."""
        with self._changed:
            unused = [key for key in self._uses.idle(seconds) if self._jobs[key].is_finished]
            for key in unused:
                self._drop(key)
        return len(unused)

    def _forget(self) -> None:
        """Drop the least recently used results until the rest fits."""
        excess = sum(job.nbytes for job in self._jobs.values()) - self.max_bytes
        for key, job in list(self._jobs.items()):
            if excess > 0 and job.is_finished:
                self._drop(key)
                excess -= job.nbytes

    def _drop(self, key: Hashable) -> None:
        del self._jobs[key]
        self._uses.forget(key)


def size_of(result: object) -> int:
    """Return the rough size of a result in bytes: its arrays, its texts, and whatever says its own size."""
    nbytes = getattr(result, "nbytes", None)
    if isinstance(nbytes, int):
        return nbytes
    if is_dataclass(result):
        return sum(size_of(getattr(result, field.name)) for field in fields(result))
    held: Iterable[object] = ()
    if isinstance(result, Mapping):
        held = chain(result.keys(), result.values())
    elif isinstance(result, list | tuple | set | frozenset):
        held = result
    return sys.getsizeof(result) + sum(map(size_of, held))
