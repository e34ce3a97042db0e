"""The gate of a device: short requests first, nobody starved, nobody let in twice."""

import sys
import threading
import time

import numpy as np
import pytest

from embedlab.device import gate as gate_module
from embedlab.device import gate_of
from embedlab.device.gate import Gate
from embedlab.errors import InvalidInputError


def enter(gate, name, order, *, is_short):
    """A thread that waits for its turn and writes its name down; returns once it is waiting."""
    waiting = gate.n_waiting

    def work():
        with gate.turn(is_short=is_short):
            order.append(name)

    thread = threading.Thread(target=work)
    thread.start()
    while gate.n_waiting == waiting:
        time.sleep(0.001)
    return thread


def run_all(threads, *, wait_for):
    for thread in threads:
        thread.start()
    for thread in wait_for:
        thread.join()


def test_short_requests_go_first_and_others_in_the_order_they_came(monkeypatch):
    monkeypatch.setattr(gate_module, "PATIENCE", 60)
    gate, order = Gate(), []
    with gate.turn(is_short=False):
        arrivals = [("long 1", False), ("short 1", True), ("long 2", False), ("short 2", True)]
        threads = [enter(gate, name, order, is_short=is_short) for name, is_short in arrivals]
    for thread in threads:
        thread.join()
    assert order == ["short 1", "short 2", "long 1", "long 2"]


def test_a_long_request_is_not_kept_waiting_for_ever(monkeypatch):
    """After its patience is over a long request goes before a short one that has just come."""
    monkeypatch.setattr(gate_module, "PATIENCE", 0.05)
    gate, order = Gate(), []
    with gate.turn(is_short=False):
        first = enter(gate, "long", order, is_short=False)
        time.sleep(0.1)
        second = enter(gate, "short", order, is_short=True)
    first.join()
    second.join()
    assert order == ["long", "short"]


def test_the_holder_makes_way_between_two_batches(monkeypatch):
    gate, order = Gate(), []
    with gate.turn(is_short=False):
        assert not gate.is_wanted()
        thread = enter(gate, "short", order, is_short=True)
        assert gate.is_wanted()
        gate.pass_on()
        assert order == ["short"]
        assert not gate.is_wanted()
        thread.join()
        monkeypatch.setattr(gate_module, "TURN", 60)
        other = enter(gate, "long", order, is_short=False)
        assert not gate.is_wanted(), "another long one waits for the turn to be over"
        monkeypatch.setattr(gate_module, "TURN", 0)
        assert gate.is_wanted()
        gate.pass_on()
        assert order == ["short", "long"]
    other.join()


def test_a_query_that_was_let_in_is_answered_before_a_long_request_that_has_waited(encoder, monkeypatch):
    monkeypatch.setattr(gate_module, "PATIENCE", 60)
    monkeypatch.setattr(gate_module, "TURN", 0)
    gate, order = gate_of(encoder.device), []

    def ask():
        encoder.encode(["where is my parcel"], progress=lambda done, total: order.append("query"))

    query = threading.Thread(target=ask)
    with gate.turn(is_short=True):
        long = enter(gate, "long", order, is_short=False)
        query.start()
        while gate.n_waiting < 2:
            time.sleep(0.001)
    query.join()
    long.join()
    assert order == ["query", "long"]


def test_the_queue_is_bounded_and_says_how_many_are_ahead():
    gate, order = Gate(max_waiting=2), []
    with gate.turn(is_short=False):
        threads = [enter(gate, name, order, is_short=True) for name in "ab"]
        with pytest.raises(InvalidInputError, match="2 requests are ahead of yours"), gate.turn(is_short=True):
            pass
    for thread in threads:
        thread.join()
    assert order == ["a", "b"]


def test_an_error_inside_frees_the_device():
    gate = Gate()
    with pytest.raises(ZeroDivisionError), gate.turn(is_short=True):
        raise ZeroDivisionError
    with gate.turn(is_short=False):
        assert not gate.is_wanted()


def test_only_one_is_inside_at_a_time():
    gate, inside, most = Gate(), [], []

    def work(is_short):
        for _ in range(20):
            with gate.turn(is_short=is_short):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0)
                inside.pop()

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(8)]
    run_all(threads, wait_for=threads)
    assert max(most) == 1
    assert len(most) == 160


@pytest.fixture
def busy_switching():
    """Let Python switch between threads as often as it can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def test_many_threads_get_their_own_vectors(encoder, busy_switching):
    """Jobs, queries and token counts on one model at once: every vector is right."""
    texts = [f"{'word ' * (number % 40)}number {number}" for number in range(60)] + ["long " * 400]
    expected, counts = encoder.encode(texts), encoder.tokenizer.count(texts)
    wrong, stop = [], threading.Event()

    def check(name, got, wanted):
        if not np.allclose(got, wanted, atol=1e-5):
            wrong.append(name)

    def long_job():
        check("job", encoder.encode(texts[::-1]), expected[::-1])

    def query(seed):
        for row in np.random.default_rng(seed).integers(len(texts), size=15).tolist():
            check("query", encoder.encode_query(texts[row]), expected[[row]])

    def count():
        while not stop.is_set():
            check("count", encoder.tokenizer.count(texts), counts)

    counter = threading.Thread(target=count)
    workers = [threading.Thread(target=long_job) for _ in range(2)]
    workers += [threading.Thread(target=query, args=(seed,)) for seed in range(4)]
    run_all([counter, *workers], wait_for=workers)
    stop.set()
    counter.join()
    assert wrong == []
