"""Intervals and differences: against scipy, by hand, and what they say where there is too little to say."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, bootstrap, ttest_1samp

from embedlab.evaluation import rand_and_information, rank_correlation
from embedlab.intervals import MeanEstimate, ResampledEstimate, difference, difference_of_parts, mean_interval
from embedlab.intervals.estimates import DRAWS_OF_PART, N_RESAMPLES, drawn_counts


def mean_of(values, groups=None, bounds=(0, 1)):
    values = np.asarray(values, dtype=float)
    return MeanEstimate(values, np.arange(len(values)) if groups is None else groups, bounds)


def correlation_of(x, y, groups=None):
    return ResampledEstimate(partial(rank_correlation, x, y), np.arange(len(x)) if groups is None else groups)


@pytest.mark.parametrize(("hits", "n"), [(20, 20), (19, 20), (0, 7), (3, 5), (480, 1000)])
def test_the_interval_of_hits_is_clopper_and_pearsons_with_half_of_what_was_seen(hits, n):
    def more(p):
        return binom.sf(hits, n, p) + binom.pmf(hits, n, p) / 2

    low = brentq(lambda p: more(p) - 0.025, 0, 1) if hits else 0
    high = brentq(lambda p: more(p) - 0.975, 0, 1) if hits < n else 1
    np.testing.assert_allclose(mean_interval(np.arange(n) < hits), (low, high), atol=1e-9)


@pytest.mark.parametrize("n", [5, 10, 20, 50, 100])
def test_the_interval_of_hits_holds_for_every_share(n):
    """Counted exactly over all numbers of hits: 92 % at least wherever the truth lies, and 95 to 98 % on average."""
    ends = np.array([mean_interval(np.arange(n) < hits) for hits in range(n + 1)])
    coverage = [
        binom.pmf(np.arange(n + 1), n, p) @ ((ends[:, 0] <= p) & (p <= ends[:, 1]))
        for p in np.arange(0.02, 0.981, 0.01)
    ]
    assert min(coverage) > 0.92
    assert 0.945 < np.mean(coverage) < 0.98


def test_copies_make_nothing_surer():
    """Each row five times: the intervals are those of each row once, for hits, means, correlations, differences."""
    rng = np.random.default_rng(0)
    groups, hits, graded = np.tile(np.arange(40), 5), rng.random(40) < 0.7, rng.random(40)
    for values in (hits, graded):
        np.testing.assert_allclose(mean_interval(np.tile(values, 5), groups), mean_interval(values))
    x, y = rng.standard_normal((2, 40))
    often = correlation_of(np.tile(x, 5), np.tile(y, 5), groups)
    np.testing.assert_allclose(often.interval, correlation_of(x, y).interval)
    assert often.n_rows == 40
    once = difference(mean_of(graded), mean_of(graded**2))
    again = difference(mean_of(np.tile(graded, 5), groups), mean_of(np.tile(graded**2, 5), groups))
    assert (again.low, again.high, again.n_needed) == (
        pytest.approx(once.low), pytest.approx(once.high), once.n_needed,
    )  # fmt: skip


def test_a_group_that_agrees_with_itself_is_worth_less_than_its_rows():
    """Six authors, all of whose texts are found or missed together in part: 60 rows are worth hardly more than six."""
    groups = np.repeat(np.arange(6), 10)
    values = (np.arange(60) % 10 < np.repeat([9, 8, 9, 2, 1, 1], 10)).astype(float)
    apart, alone = (np.ptp(mean_interval(values, each)) for each in (groups, None))
    assert apart > 2 * alone


def test_graded_values_between_other_bounds():
    """Of -1 and 1 in turns the mean is 0, as sure as that of as many hits and misses."""
    low, high = mean_interval(np.tile([-1.0, 1.0], 10), bounds=(-1, 1))
    assert (low, high) == pytest.approx(tuple(2 * end - 1 for end in mean_interval(np.arange(20) < 10)))


def test_many_graded_values_have_the_interval_of_scipy():
    values = np.random.default_rng(3).random(400) ** 2
    bounds = bootstrap([values], np.mean, n_resamples=9999, rng=np.random.default_rng(0)).confidence_interval
    np.testing.assert_allclose(mean_interval(values), (bounds.low, bounds.high), atol=0.003)


def test_all_found_is_no_certainty():
    assert mean_interval([1] * 20)[0] == pytest.approx(0.05 ** (1 / 20), abs=1e-3), "0.05 is what p^20 falls to"
    assert mean_of([1.0]).interval is None
    assert mean_interval([0.9] * 20)[0] < 0.88, "rows that are all alike may be so by chance"


def test_the_interval_of_a_correlation_is_that_of_fisher_where_scores_are_normal():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(400)
    found = correlation_of(x, 0.6 * x + 0.8 * rng.standard_normal(400))
    middle, error = np.arctanh(found.value), np.sqrt((1 + found.value**2 / 2) / 397)  # Bonett and Wright
    np.testing.assert_allclose(found.interval, np.tanh([middle - 1.96 * error, middle + 1.96 * error]), atol=0.015)
    assert len(found.draws) == N_RESAMPLES


@pytest.mark.parametrize("n", [3, 9])
def test_few_pairs_say_nothing_of_a_correlation(n):
    x, y = np.random.default_rng(0).standard_normal((2, n))
    assert correlation_of(x, y).interval is None
    assert not difference(correlation_of(x, y), correlation_of(x, -y)).is_clear


def test_a_perfect_figure_has_no_interval_of_its_draws():
    """Rows that all agree agree in every draw, which says nothing of other rows."""
    assert correlation_of(np.arange(20.0), np.arange(20.0)).interval is None
    labels = np.repeat([0, 1], 20)
    both = rand_and_information(labels, labels)
    assert ResampledEstimate(lambda counts: both(counts)[0], np.arange(40)).interval is None


def test_a_figure_of_some_rows_is_that_of_these_rows_alone():
    rng = np.random.default_rng(1)
    x, y, chosen = rng.random(60), rng.random(60), rng.random(60) < 0.5
    whole, alone = correlation_of(x, y), correlation_of(x[chosen], y[chosen])
    part = whole.within(chosen)
    assert (part.value, part.n_rows) == (pytest.approx(alone.value), alone.n_rows)
    assert part.interval == pytest.approx(alone.interval, abs=0.05), "other draws of the same rows"
    mean = mean_of(x).within(chosen)
    assert (mean.value, mean.n_rows) == (pytest.approx(x[chosen].mean()), chosen.sum())


def test_a_paired_difference_is_students():
    rng = np.random.default_rng(4)
    hard = rng.random(300)
    worse = hard - 0.02 + 0.01 * rng.standard_normal(300)
    found = difference(mean_of(worse), mean_of(hard))
    expected = ttest_1samp(worse - hard, 0).confidence_interval()
    np.testing.assert_allclose((found.low, found.high), (expected.low, expected.high), atol=1e-9)
    assert found.is_clear
    assert mean_of(worse).interval[1] > hard.mean(), "alone, the two intervals overlap"


def test_candidates_that_miss_the_same_are_not_known_to_be_equal():
    """None of 20 rows speaks for either; one in ten might, and would stand in none of 20 in 12 % of cases."""
    hits = np.arange(20) < 15
    found = difference(mean_of(hits), mean_of(hits))
    assert found.low < -0.1 < 0.1 < found.high
    assert found.n_needed is None
    assert not found.is_clear


def test_one_question_tells_nothing_apart():
    found = difference(mean_of([0.631]), mean_of([1.0]))
    assert not found.is_clear
    assert (found.low, found.high, found.n_needed) == (-np.inf, np.inf, 6)


def test_five_rows_that_agree_may_be_chance():
    """A fair coin falls the same way five times in 1 of 16 cases; of ten rows all agree in 1 of 512."""
    for n, is_clear in ((5, False), (10, True)):
        assert difference(mean_of(np.zeros(n)), mean_of(np.ones(n) - 0.01 * np.arange(n))).is_clear is is_clear


def test_rows_needed_by_hand():
    """(1.96 + 0.84)² variances over the squared difference."""
    noise = np.tile([-0.3, 0.3], 5000)
    found = difference(mean_of(0.5 + noise / 2), mean_of(0.51 - noise / 2))
    assert found.n_needed == pytest.approx((2.8 * 0.3 / 0.01) ** 2, rel=0.01)


def test_many_comparisons_widen_the_interval():
    figure, best = mean_of(np.arange(50.0) / 50), mean_of(np.arange(50.0)[::-1] / 50 + 0.02)
    one, many = difference(figure, best), difference(figure, best, n_comparisons=20)
    assert many.high - many.low > 1.4 * (one.high - one.low)


def test_two_parts_are_held_against_each_other_as_newcombe_does():
    """By hand for 56 of 70 and 48 of 80: the reaches of the two intervals, squared and added."""
    one, other = mean_of(np.arange(70) < 56), mean_of(np.arange(80) < 48)
    (a, b), (c, d) = one.interval, other.interval
    found = difference_of_parts(one, other)
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.2 - np.sqrt((0.8 - a) ** 2 + (d - 0.6) ** 2))
    assert found.high == pytest.approx(0.2 + np.sqrt((b - 0.8) ** 2 + (0.6 - c) ** 2))
    # Newcombe, Statistics in Medicine 17, 1998, table II, gives 0.0524 and 0.3339 by Wilson's intervals.
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=0.005)
    assert not difference_of_parts(mean_of([1.0]), other).is_clear


def test_draws_are_the_same_for_all_and_in_blocks(monkeypatch):
    parts = range(N_RESAMPLES // DRAWS_OF_PART)
    whole = np.concatenate([counts for part in parts for counts in drawn_counts(64, part, 64)])
    monkeypatch.setattr("embedlab.intervals.estimates._BLOCK_ELEMENTS", 192)
    blocks = [counts for part in parts for counts in drawn_counts(64, part, 64)]
    assert max(len(counts) for counts in blocks) == 3
    np.testing.assert_array_equal(np.concatenate(blocks), whole)
    assert whole.shape == (N_RESAMPLES, 64)
    assert (whole.sum(axis=1) == 64).all()
    assert len(np.unique(whole, axis=0)) == N_RESAMPLES
