"""What docs/figures.md promises, in small: the same simulation with fewer repeats, from the same seeds."""

import pytest
from places import ROOT


@pytest.fixture
def simulated(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import intervals

    return intervals


# Three standard errors of 400 repeats at 95 %.
_NOISE = 0.033


@pytest.mark.parametrize("copies", [1, 5])
@pytest.mark.parametrize(("n", "least"), [(5, 0.92), (20, 0.93), (100, 0.93)])
def test_intervals_hold_what_they_say(simulated, n, least, copies):
    for share in (0.02, 0.3, 0.95):
        assert simulated.accuracy(n, share, copies).coverage >= least
        assert simulated.ranks(n, share, copies, n_repeats=400).coverage >= least - _NOISE
        assert simulated.graded(n, share, copies, n_repeats=400).coverage >= least - _NOISE


@pytest.mark.parametrize("n", [10, 50])
def test_correlations_and_clusters_hold_what_they_say(simulated, n):
    for rho in (0.0, 0.6, 0.9):
        assert simulated.spearman(n, rho, 1, n_repeats=150).coverage >= 0.93 - 0.054
    assert simulated.ari(n, 0.8, 1, n_repeats=150).coverage >= 0.93 - 0.054
    assert simulated.spearman(5, 0.6, 1, n_repeats=5).said == 0, "too few to say"


def test_equal_candidates_are_rarely_told_apart(simulated):
    """Five in a hundred tables at most, however many candidates; three standard errors of 500 are three more."""
    for kind, n, n_candidates in (("hits", 20, 2), ("hits", 100, 8), ("graded", 50, 4)):
        assert simulated.told_apart(kind, n, n_candidates, 0.5, n_repeats=500) <= 0.05 + 0.03


def test_rows_needed_are_enough_and_no_more(simulated):
    for kind, share, by in (("hits", 0.5, 0.05), ("graded", 0.9, 0.03)):
        _, seen = simulated.seen_with_rows_needed(kind, share, by, n_repeats=400)
        assert seen == pytest.approx(0.8, abs=0.05 + 0.06)
