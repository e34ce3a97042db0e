"""A piece of work off the page: how far it is, its end, and its result, for as many as wait for it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar, cast

from embedlab.errors import Cancelled, EmbedLabError, InvalidInputError
from embedlab.jobs.faults import NO_MEMORY, record
from embedlab.jobs.visits import Visitor

T = TypeVar("T")


class Report(Protocol):
    """What work is told to say how far it is with: ``report(done, total)``, which raises ``Cancelled`` to end it."""

    def __call__(self, done: int, total: int) -> None:
        """Say how many steps are done, of how many."""

    def step(self, name: str) -> None:
        """Name what is done now, for work of several parts."""

    def show(self, so_far: object) -> None:
        """Hand over what is known of the result already."""


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
        ``work(report)`` computes the result and calls ``report(done, total)`` now and then; see :class:`Report`.
    is_short : bool, default=False
        Whether it is done in a few seconds: it then goes before longer work.
    """

    key: Hashable
    title: str
    work: Callable[[Report], T]
    is_short: bool = False


class Job(Generic[T]):
    """A task that waits, runs or has ended. Made by :meth:`Jobs.submit`.

    Attributes
    ----------
    key : hashable
        What is computed.
    title : str
        The same in words, for the person who waits.
    is_short : bool
        Whether it goes before longer work.
    done, total : int
        Progress in steps of the work; ``total`` is 0 while nothing is known.
    step : str
        What is done now; empty for work of one part.
    so_far : object
        What is known of the result before the end; None for nothing, and after the end.
    nbytes : int
        Rough size of the key and the result in the memory of this machine, in bytes; 0 until the end.
    card_nbytes : int
        What the result says it takes of the memory of a card, as a model does whose weights lie there.
    """

    def __init__(self, task: Task[T]) -> None:
        self.key, self.title, self.is_short = task.key, task.title, task.is_short
        self._work: Callable[[Report], T] | None = task.work
        self.done = self.total = self.nbytes = self.card_nbytes = 0
        self.step, self.so_far = "", cast(object, None)
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        # Progress at the first report: what was found done already says nothing about the speed.
        self._first: tuple[int, float] | None = None
        self._result: T | None = None
        self._error: BaseException | None = None
        # Who waits for the end, one entry a wait.
        self._waiters: dict[object, Visitor] = {}

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
        """Ask the work to stop at its next report of progress. Asking twice, or when it has ended, changes nothing."""
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
            self._result = work(_Reporter(self))
            self.nbytes = size_of(self.key) + size_of(self._result)
            self.card_nbytes = getattr(self._result, "card_nbytes", 0)
        # Errors are kept for whoever asks for the result, in whichever thread that is: without the frames they went
        # through, and with them the arrays those hold.
        except EmbedLabError as error:
            self._error = error.with_traceback(None)
        except MemoryError:
            self._error = InvalidInputError(f"{self.title}: {NO_MEMORY}")
        except BaseException as error:
            record(error, self.title)
            self._error = error.with_traceback(None)
        finally:
            self.so_far = None
            self._finished.set()

    def _stop_if_asked(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled(f"{self.title}: stopped.")

    def _report(self, done: int, total: int) -> None:
        self._stop_if_asked()
        if self._first is None and total:
            self._first = done, time.monotonic()
        self.done, self.total = done, total


class _Reporter:
    """Writes down for a job what its work says of itself."""

    def __init__(self, job: Job[T]) -> None:
        self._job = job

    def __call__(self, done: int, total: int) -> None:
        self._job._report(done, total)

    def step(self, name: str) -> None:
        self._job._stop_if_asked()
        self._job.step = name

    def show(self, so_far: object) -> None:
        self._job._stop_if_asked()
        self._job.so_far = so_far


def size_of(result: object) -> int:
    """Return the rough size of a result in bytes: its arrays, its texts, and whatever says its own size."""
    columns = [field.name for field in fields(result)] if is_dataclass(result) else []
    nbytes = getattr(result, "nbytes", None)
    # What a record has as a column of that name is of something else: files, or the memory of another process.
    if isinstance(nbytes, int) and "nbytes" not in columns:
        return nbytes
    if columns:
        return sum(size_of(getattr(result, name)) for name in columns)
    held: Iterable[object] = ()
    if isinstance(result, Mapping):
        held = chain(result.keys(), result.values())
    elif isinstance(result, list | tuple | set | frozenset):
        held = result
    return sys.getsizeof(result) + sum(map(size_of, held))
