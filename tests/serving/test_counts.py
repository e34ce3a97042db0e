"""When somebody is told to come again: as soon as there is room, by the speed of what was answered last."""

import pytest

from embedlab.serving.counts import Counts


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set."""
    now = [1000.0]
    monkeypatch.setattr("embedlab.serving.counts.time.monotonic", lambda: now[0])
    return now


def test_the_wait_is_what_the_queue_takes(clock):
    """Ten texts took four seconds, so 25 take ten; from a second to a minute is said."""
    counts = Counts()
    assert counts.seconds_until_left(25) == 2, "nobody was here"
    with counts.waiting(1_000, 1):
        assert counts.seconds_until_left(25) == 2, "nothing is answered yet"
        clock[0] += 4
        counts.count(10, 50, 0)
        assert counts.seconds_until_left(25) == 10
        assert (counts.seconds_until_left(1), counts.seconds_until_left(10_000)) == (1, 60)
        clock[0] += 4
        assert counts.seconds_until_left(25) == 20, "a queue that stands still is slower by the second"


def test_a_rest_in_between_makes_nobody_slower(clock):
    counts = Counts()
    with counts.waiting(10, 1):
        clock[0] += 1
        counts.count(10, 50, 0)
    clock[0] += 3600
    with counts.waiting(10, 1):
        clock[0] += 1
        counts.count(10, 50, 0)
        assert counts.seconds_until_left(100) == 10


def test_what_was_slow_long_ago_is_forgotten(clock):
    """Of very many requests in one rush the last ones count."""
    counts = Counts()
    with counts.waiting(10_000, 1):
        clock[0] += 600
        for _ in range(40):
            clock[0] += 1
            counts.count(10, 50, 0)
        assert counts.seconds_until_left(100) == 10
