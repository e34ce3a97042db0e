"""How many workers a cluster takes: what would wait for ever is refused with what would not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.bulk.ray import Node, Workers, choose_workers
from embedlab.errors import InvalidInputError


@pytest.mark.parametrize(
    ("nodes", "asked", "chosen"),
    [
        ([Node(2)], {}, Workers(1, 1)),
        ([Node(16)], {}, Workers(1, 15)),
        ([Node(2), Node(2)], {}, Workers(3, 1)),
        ([Node(1), Node(1)], {}, Workers(1, 1)),
        ([Node(4), Node(16)], {}, Workers(6, 3)),
        ([Node(8)], {"cpus": 2}, Workers(3, 2)),
        ([Node(8, 2), Node(8, 2)], {"gpus": 3}, Workers(3, 1, 1)),
    ],
)
def test_as_many_workers_as_fit(nodes, asked, chosen):
    assert choose_workers(nodes, **asked) == chosen


@pytest.mark.parametrize(
    ("nodes", "asked", "said"),
    [
        ([Node(1)], {}, "1 worker of 1 core would leave no core free of 1 cores: Ray would wait for ever"),
        ([Node(2), Node(2)], {"number": 4}, "4 workers of 1 core each do not fit on 2 machines with 4 cores"),
        ([Node(8)], {"cpus": 9}, "1 worker of 9 cores would leave no core free"),
        ([Node(8, 1)], {"gpus": 2}, "2 workers of 1 core and a card each do not fit on 1 machine with 8 cores and 1"),
        ([Node(8, 2)], {"gpus": 2, "number": 3}, "3 workers with 2 cards: each has one"),
        ([Node(8)], {"cpus": 0}, "worker_cpus"),
    ],
)
def test_what_would_hang_is_refused(nodes, asked, said):
    with pytest.raises(InvalidInputError, match=said):
        choose_workers(nodes, **asked)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.integers(1, 6), st.integers(1, 9))
def test_what_is_taken_fits_and_leaves_a_core(cores, number, cpus):
    """Whatever is taken can be placed machine by machine, and one core is left."""
    try:
        chosen = choose_workers([Node(n) for n in cores], number, cpus)
    except InvalidInputError:
        assert sum(n // cpus for n in cores) < number or sum(cores) - number * cpus < 1
        return
    assert sum(n // cpus for n in cores) >= chosen.number
    assert sum(cores) - chosen.number * chosen.cpus >= 1
