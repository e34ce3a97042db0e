"""Jobs: joined by key, cancelled between steps, forgotten by size."""

import sys
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from patience import PATIENCE

from embedlab.errors import Cancelled, InvalidInputError
from embedlab.jobs import Jobs, Task, Visitor
from embedlab.jobs.job import size_of
from embedlab.models import HubModel


def test_same_key_runs_once():
    jobs, runs, gate = Jobs(), [], threading.Event()

    def work(report):
        runs.append(1)
        gate.wait(PATIENCE)
        return "found"

    first, second = jobs.submit(Task("key", "Looking", work)), jobs.submit(Task("key", "Looking", work))
    assert first is second
    assert not first.is_finished
    gate.set()
    assert second.result() == "found"
    assert jobs.submit(Task("key", "Looking", work)).result() == "found"
    assert runs == [1]


def test_progress_speed_and_time_left(monkeypatch):
    """25 more of 100 took half a second: 50 a second, and 50 that are left take one."""
    clock = [10.0]
    monkeypatch.setattr("embedlab.jobs.job.time", SimpleNamespace(monotonic=lambda: clock[0]))
    first, go_on, seen, gate = (threading.Event() for _ in range(4))

    def work(report):
        report(25, 100)  # what was there already: nothing is known of the speed yet
        first.set()
        go_on.wait(PATIENCE)
        report(50, 100)
        seen.set()
        gate.wait(PATIENCE)

    job = Jobs().submit(Task("key", "Counting", work))
    first.wait(PATIENCE)
    assert (job.done, job.total, job.speed, job.seconds_left) == (25, 100, None, None)
    clock[0] += 0.5
    go_on.set()
    seen.wait(PATIENCE)
    assert (job.done, job.total) == (50, 100)
    assert (job.speed, job.seconds_left) == (50, 1)
    gate.set()
    assert job.wait(PATIENCE)


def test_cancel_stops_at_the_next_report_and_may_be_repeated():
    started, steps = threading.Event(), []

    def work(report):
        for step in range(1000):
            report(step, 1000)
            steps.append(step)
            started.set()
            time.sleep(0.005)

    jobs = Jobs()
    job = jobs.submit(Task("key", "Counting", work))
    started.wait(PATIENCE)
    job.cancel()
    job.cancel()
    with pytest.raises(Cancelled, match="Counting: stopped"):
        job.result()
    assert len(steps) < 1000
    assert jobs.submit(Task("key", "Counting", lambda report: "again")).result() == "again"


def test_an_error_reaches_everybody_who_asks_and_the_key_is_free_again():
    jobs = Jobs()
    job = jobs.submit(Task("key", "Dividing", lambda report: 1 / 0))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            job.result()
    assert job.has_failed
    assert jobs.submit(Task("key", "Dividing", lambda report: 1)).result() == 1


def test_least_recently_used_results_are_forgotten():
    jobs, runs = Jobs(max_bytes=1000), []

    def make(name):
        def work(report):
            runs.append(name)
            return np.zeros(400, dtype=np.uint8)

        return work

    for name in ["a", "b", "a", "c", "d", "a", "b"]:
        jobs.submit(Task(name, name, make(name))).result()
    # Two results fit. When d is asked for, b is the one used longest ago: it goes and is made again; a never is.
    assert runs == ["a", "b", "c", "d", "b"]


def test_a_result_too_large_to_fit_is_kept_beside_the_others():
    """A large model would be loaded anew at each click, and push out all that was computed by it."""
    jobs, runs = Jobs(max_bytes=1000), []

    def ask(name, size):
        def work(report):
            runs.append(name)
            return np.zeros(size, dtype=np.uint8)

        return jobs.submit(Task(name, name, work)).result()

    for name, size in [("model", 2300), ("a", 300), ("b", 300), ("model", 2300), ("a", 300), ("b", 300)]:
        ask(name, size)
    assert runs == ["model", "a", "b"]
    # One of that size is kept: the first goes when the second is there, and the small ones stay.
    for name, size in [("other", 2000), ("c", 300), ("a", 300), ("b", 300), ("other", 2000), ("model", 2300)]:
        ask(name, size)
    assert runs == ["model", "a", "b", "other", "c", "model"]


def test_what_lies_on_a_card_takes_no_memory_of_the_machine():
    """And the other way round: each has room of its own, asked for once something is there."""
    asked, runs = [], []
    jobs = Jobs(max_bytes=3000, max_card_bytes=lambda: asked.append(True) or 500)

    def ask(name, **sizes):
        def work(report):
            runs.append(name)
            return SimpleNamespace(**sizes)

        jobs.submit(Task(name, name, work)).result()

    for name in ["a", "b"]:
        ask(name, nbytes=300)
    assert not asked
    for name in ["model", "a", "b", "model", "other", "a", "b", "other", "model"]:
        ask(name, **({"nbytes": 300} if name in "ab" else {"nbytes": 0, "card_nbytes": 400}))
    # Two models of 400 do not fit in 500: the second pushes out the first when the next is asked for, and nothing else.
    assert runs == ["a", "b", "model", "other"]
    ask("c", nbytes=300)
    ask("other", card_nbytes=400)
    assert runs == ["a", "b", "model", "other", "c", "other"]


def test_too_many_jobs_are_refused():
    gate = threading.Event()
    jobs = Jobs(n_workers=1, max_waiting=2)
    running = jobs.submit(Task(0, "Waiting", lambda report: gate.wait(PATIENCE)))
    while jobs.n_ahead(running) is not None:
        time.sleep(0.001)
    first = jobs.submit(Task(1, "Waiting", lambda report: gate.wait(PATIENCE)))
    second = jobs.submit(Task(2, "Waiting", lambda report: gate.wait(PATIENCE)))
    assert [jobs.n_ahead(job) for job in (running, first, second)] == [None, 0, 1]
    with pytest.raises(InvalidInputError, match="2 jobs are waiting"):
        jobs.submit(Task(3, "Waiting", lambda report: None))
    gate.set()
    second.result()
    assert jobs.n_ahead(second) is None


def test_size_counts_arrays_and_texts_wherever_they_are():
    from embedlab.projection import Projection
    from embedlab.search import FusedHit

    numbers = np.zeros((10, 2), dtype=np.float32)
    assert size_of(numbers) == 80
    own = [1, 0.9, {1: 0.9}, "", 1.0, "", "", False, False]
    assert size_of(Projection(numbers, {1: 0.9}, "", 1.0, "", "")) == 80 + sum(map(sys.getsizeof, own))
    assert size_of({0: "a" * 1000}) > 1000
    assert size_of(HubModel("a/b", "0" * 40, 3 << 30)) < 1000, "the size of files on another machine is not its own"
    assert size_of([[FusedHit(0, 0.5, (1, 2))] * 3]) > 3 * 2 * sys.getsizeof(1)


def test_short_work_goes_first_and_has_a_worker_left():
    """Two workers: however much long work there is, it takes one of them."""
    jobs, gate, begun = Jobs(n_workers=2), threading.Event(), []

    def long(name):
        return Task(name, name, lambda report: (begun.append(name), gate.wait(PATIENCE)))

    def short(name):
        return Task(name, name, lambda report: begun.append(name), is_short=True)

    first, second = jobs.submit(long("first")), jobs.submit(long("second"))
    while not begun:
        time.sleep(0.001)
    assert jobs.submit(short("query")).wait(PATIENCE)
    assert begun == ["first", "query"]
    assert jobs.n_ahead(first) is None
    assert jobs.n_ahead(second) == 0
    gate.set()
    assert second.wait(PATIENCE)
    assert begun == ["first", "query", "second"]


def test_short_work_that_waits_is_counted_before_long_work():
    jobs, gate = Jobs(n_workers=1), threading.Event()
    running = jobs.submit(Task("runs", "Running", lambda report: gate.wait(PATIENCE)))
    while jobs.n_ahead(running) is not None:
        time.sleep(0.001)
    long = jobs.submit(Task("long", "Long", lambda report: None))
    short = jobs.submit(Task("short", "Short", lambda report: None, is_short=True))
    assert (jobs.n_ahead(short), jobs.n_ahead(long)) == (0, 1)
    gate.set()
    assert long.wait(PATIENCE)


def test_work_names_its_steps_and_shows_what_it_has_until_it_ends():
    jobs, shown, gate = Jobs(), threading.Event(), threading.Event()

    def work(report):
        report.step("Loading")
        report.show("half")
        shown.set()
        gate.wait(PATIENCE)
        report(1, 1)
        return "whole"

    job = jobs.submit(Task("key", "Working", work))
    shown.wait(PATIENCE)
    assert (job.step, job.so_far) == ("Loading", "half")
    gate.set()
    assert job.result() == "whole"
    assert job.so_far is None, "it would be held as long as the result"


def test_naming_a_step_stops_cancelled_work():
    started, gate = threading.Event(), threading.Event()

    def work(report):
        started.set()
        gate.wait(PATIENCE)
        report.step("Next")

    job = Jobs().submit(Task("key", "Working", work))
    started.wait(PATIENCE)
    job.cancel()
    gate.set()
    with pytest.raises(Cancelled):
        job.result()


def test_work_may_need_other_work_when_every_worker_does():
    """Three workers for long work, all of whose jobs ask for a fourth: none waits for a worker."""
    jobs, visitor, runs = Jobs(), Visitor(), []
    shared = Task("model", "Loading", lambda report: runs.append(1) or "model")
    outer = [Task(n, "Comparing", lambda report: jobs.run_here(shared, visitor)) for n in range(5)]
    begun = [jobs.submit(task) for task in outer]
    assert all(job.wait(PATIENCE) for job in begun)
    assert [job.result() for job in begun] == ["model"] * 5
    assert runs == [1]
    assert jobs.has_done("model")
