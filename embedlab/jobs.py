"""Long work off the page: progress, time left, cancel, and results kept under their key.

A job is known by a key that says what it computes. Whoever submits the same key again, from another page, another
browser tab or after a reload, gets the running job or its finished result, so nothing is computed twice and nothing is
lost when somebody clicks elsewhere.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Generic, TypeVar, cast

import numpy as np

from embedlab._faults import NO_MEMORY, record
from embedlab.errors import Cancelled, EmbedLabError, InvalidInputError

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
    """

    def __init__(self, task: Task[T]) -> None:
        self.key, self.title, self._work = task.key, task.title, task.work
        self.done = self.total = 0
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        # Progress at the first report: what was found done already says nothing about the speed.
        self._first: tuple[int, float] | None = None
        self._result: T | None = None
        self._error: BaseException | None = None
        # Who waits for the end, one entry a wait.
        self._waiters: dict[object, Hashable] = {}

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
        try:
            self._report(0, 0)
            self._result = self._work(self._report)
        except MemoryError:
            # Not kept itself: its frames would hold on to the memory.
            self._error = InvalidInputError(f"{self.title}: {NO_MEMORY}")
        # Kept for whoever asks for the result, in whichever thread that is.
        except BaseException as error:
            self._error = error
            if not isinstance(error, EmbedLabError):
                record(error, self.title)
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
        self._changed = threading.Condition()
        self._waiting: deque[Job[Any]] = deque()
        for number in range(n_workers):
            threading.Thread(target=self._work, name=f"embedlab-job-{number}", daemon=True).start()

    def submit(self, task: Task[T]) -> Job[T]:
        """Return the job of a task, started now unless it is running or done already.

        Raises
        ------
        InvalidInputError
            When too many jobs are waiting.
        """
        with self._changed:
            job = self._jobs.get(task.key)
            if job is not None and not job.has_failed and (job.is_finished or not job._cancelled.is_set()):
                self._jobs.move_to_end(task.key)
                return job
            if len(self._waiting) >= self.max_waiting:
                raise InvalidInputError(f"The lab is busy: {len(self._waiting)} jobs are waiting. Try again soon.")
            job = self._jobs[task.key] = Job(task)
            self._jobs.move_to_end(task.key)
            self._forget()
            self._waiting.append(job)
            self._changed.notify()
        return job

    @contextmanager
    def awaited(self, task: Task[T], who: Hashable) -> Iterator[Job[T]]:
        """Give the job of a task, as :meth:`submit` does; in the block nobody but ``who`` stops it by leaving."""
        wait = object()
        with self._changed:
            job = self.submit(task)
            job._waiters[wait] = who
        try:
            yield job
        finally:
            with self._changed:
                del job._waiters[wait]

    def leave(self, job: Job[Any], who: Hashable) -> None:
        """Stop a job on behalf of one who waits for it, unless somebody else waits, too: the work then goes on."""
        with self._changed:
            if any(waiter != who for waiter in job._waiters.values()):
                return
            job.cancel()
            if job not in self._waiting:
                return
            self._waiting.remove(job)
        job.run()  # Ends at once, and takes no worker.

    def stop(self, patience: float = 10.0) -> None:
        """Cancel all jobs and wait for their end, at most so many seconds."""
        with self._changed:
            jobs = [job for job in self._jobs.values() if not job.is_finished]
        deadline = time.monotonic() + patience
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait(max(0.0, deadline - time.monotonic()))

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
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                job = self._waiting.popleft()
            job.run()

    def _forget(self) -> None:
        """Drop the least recently used results until the rest fits."""
        held = {key: size_of(job._result) for key, job in self._jobs.items() if job.is_finished}
        excess = sum(held.values()) - self.max_bytes
        for key, size in held.items():
            if excess > 0:
                del self._jobs[key]
                excess -= size


def size_of(result: object) -> int:
    """Return the bytes of the arrays a result holds; results without arrays count as nothing."""
    if isinstance(result, np.ndarray):
        return result.nbytes
    if is_dataclass(result):
        return sum(size_of(getattr(result, field.name)) for field in fields(result))
    return int(getattr(result, "nbytes", 0))
