"""Long work off the page: progress, time left, cancel, and results kept under their key.

A job is known by a key that says what it computes. Whoever submits the same key again, from another page, another
browser tab or after a reload, gets the running job or its finished result, so nothing is computed twice and nothing is
lost when somebody clicks elsewhere.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from embedlab.errors import InvalidInputError
from embedlab.jobs.job import Job, Task
from embedlab.jobs.visits import Uses, Visitor

T = TypeVar("T")


class Jobs:
    """Workers that run jobs, and a bounded memory of what they found.

    Parameters
    ----------
    n_workers : int, default=4
        Jobs that run at the same time: more than there are cores, so that small ones get through beside large ones.
        Short ones go first, and one worker is left to them.
    max_bytes : int, default=2 GiB
        Results beyond this are forgotten, the least recently used first. They are computed again when asked for. A
        result that is larger alone takes no room of the others: the one that was used last is kept beside them.
    max_waiting : int, default=32
        Jobs that may wait for a worker; more are refused.
    max_card_bytes : callable, optional
        Returns the same for what lies on a card; asked once something does. As much as ``max_bytes`` when not given.

    Notes
    -----
    The workers are daemon threads: closing the program does not wait for them.
    """

    def __init__(
        self,
        n_workers: int = 4,
        max_bytes: int = 2 << 30,
        max_waiting: int = 32,
        max_card_bytes: Callable[[], int] | None = None,
    ) -> None:
        self.max_bytes, self.max_waiting = max_bytes, max_waiting
        self._max_card_bytes = max_card_bytes or (lambda: max_bytes)
        self._jobs: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._uses = Uses()
        self._changed = threading.Condition()
        self._waiting: list[Job[Any]] = []
        self._n_long, self._most_long = 0, max(1, n_workers - 1)
        self._is_stopped = False
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
            When too many jobs are waiting, or after :meth:`stop`.
        """
        with self._changed:
            job = self._jobs.get(task.key)
            if job is not None and not job.has_failed and (job.is_finished or not job._cancelled.is_set()):
                self._jobs.move_to_end(task.key)
                self._uses.note(task.key, visitor)
                return job
            if self._is_stopped:
                raise InvalidInputError("The lab is being stopped. Start it again to go on.")
            if len(self._waiting) >= self.max_waiting:
                raise InvalidInputError(f"The lab is busy: {len(self._waiting)} jobs are waiting. Try again soon.")
            job = self._jobs[task.key] = Job(task)
            self._jobs.move_to_end(task.key)
            self._uses.note(task.key, visitor)
            self._forget()
            self._waiting.append(job)
            self._changed.notify()
        return job

    @contextmanager
    def awaited(self, task: Task[T], visitor: Visitor) -> Iterator[Job[T]]:
        """Give the job of a task, as :meth:`submit` does; in the block nobody but the visitor stops it by leaving."""
        wait = object()
        with self._changed:
            job = self.submit(task, visitor)
            job._waiters[wait] = visitor
        try:
            yield job
        finally:
            with self._changed:
                del job._waiters[wait]

    def run_here(self, task: Task[T], visitor: Visitor) -> T:
        """Do a task within the work of another: in this thread, unless a worker is at it or has done it already.

        Waiting for a worker would never end where all of them wait like that.
        """
        with self.awaited(task, visitor) as job:
            with self._changed:
                is_ours = job in self._waiting
                if is_ours:
                    self._waiting.remove(job)
            if is_ours:
                job.run()
            return job.result()

    def leave(self, job: Job[Any], visitor: Visitor) -> None:
        """Stop a job on behalf of one who waits for it, unless somebody else waits, too: the work then goes on."""
        with self._changed:
            if any(waiter is not visitor for waiter in job._waiters.values()):
                return
            job.cancel()
            if job not in self._waiting:
                return
            self._waiting.remove(job)
        job.run()  # Ends at once, and takes no worker.

    def stop(self, patience: float = 10.0) -> None:
        """Cancel all jobs, wait for their end for at most so many seconds, forget all results, and take no more."""
        with self._changed:
            self._is_stopped = True
            jobs = list(self._jobs.values())
            self._changed.notify_all()
        deadline = time.monotonic() + patience
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.wait(max(0.0, deadline - time.monotonic()))
        with self._changed:
            for key in list(self._jobs):
                self._drop(key)

    def find(self, key: Hashable) -> Job[Any] | None:
        """Return the job of a key, or None where there is none or its result is forgotten."""
        with self._changed:
            return self._jobs.get(key)

    def has_done(self, key: Hashable) -> bool:
        """Return whether the result of a key is there."""
        job = self.find(key)
        return job is not None and job.is_finished and not job.has_failed

    def n_ahead(self, job: Job[Any]) -> int | None:
        """Return how many jobs wait before this one for a worker; None when it waits no longer."""
        with self._changed:
            return self._in_turn().index(job) if job in self._waiting else None

    def _work(self) -> None:
        while self._run_next():
            pass

    def _run_next(self) -> bool:
        """Run the next job once there is one, and hold on to nothing of it; False when no more will come."""
        with self._changed:
            self._changed.wait_for(lambda: self._next() or self._is_stopped)
            job = self._next()
            if job is None:
                return False
            self._waiting.remove(job)
            self._n_long += not job.is_short
        job.run()
        with self._changed:
            self._n_long -= not job.is_short
            self._changed.notify()
        return True

    def _in_turn(self) -> list[Job[Any]]:
        return sorted(self._waiting, key=lambda job: not job.is_short)

    def _next(self) -> Job[Any] | None:
        """Return the job that a worker may take now."""
        first = next(iter(self._in_turn()), None)
        return first if first and (first.is_short or self._n_long < self._most_long) else None

    def forget_unused(self, seconds: float) -> int:
        """Drop results nobody has asked for in so many seconds whose askers have all left, and say how many."""
        with self._changed:
            unused = [key for key in self._uses.idle(seconds) if self._jobs[key].is_finished]
            for key in unused:
                self._drop(key)
        return len(unused)

    def _forget(self) -> None:
        """Drop what does not fit in the memory of the machine, and of the card where anything lies there."""
        self._make_room({key: job.nbytes for key, job in self._jobs.items() if job.is_finished}, self.max_bytes)
        on_card = {key: job.card_nbytes for key, job in self._jobs.items() if job.card_nbytes}
        if on_card:
            self._make_room(on_card, self._max_card_bytes())

    def _make_room(self, sizes: dict[Hashable, int], most: int) -> None:
        """Drop the least recently used results until the rest fits, and of those too large to fit all but the last."""
        large = [key for key, size in sizes.items() if size > most]
        excess = sum(size for size in sizes.values() if size <= most) - most
        for key, size in sizes.items():
            if key in large[:-1]:
                self._drop(key)
            elif excess > 0 and key not in large:
                self._drop(key)
                excess -= size

    def _drop(self, key: Hashable) -> None:
        del self._jobs[key]
        self._uses.forget(key)
