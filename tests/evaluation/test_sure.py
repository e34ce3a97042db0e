"""What copies, groups and few rows do to figures and to how sure they are."""

import numpy as np
import pytest
from scipy.stats import binom, binomtest, spearmanr

import embedlab as el
from embedlab.classification import held_together, wilson_interval
from embedlab.comparison import Labelled, Pairs
from embedlab.comparison.measures import measure
from embedlab.evaluation import difference, mean_estimate, neighbor_purity, probe_hits
from embedlab.rows import normalize_rows

RNG = np.random.default_rng(0)
VECTORS = normalize_rows(RNG.standard_normal((60, 16)).astype(np.float32))
LABELS = RNG.permutation(np.repeat(["no", "yes"], 30))


class Given:
    """An encoder of texts that are the numbers of their rows, each time a hair different."""

    def encode(self, texts):
        rows = VECTORS[[int(text) for text in texts]]
        return rows + 1e-7 * np.random.default_rng(1).standard_normal(rows.shape).astype(np.float32)


@pytest.fixture(scope="module")
def five_times():
    """Sixty random texts with random labels, each five times: nothing can be learned of them."""
    texts = [str(number) for number in range(60)] * 5
    return texts, np.tile(LABELS, 5)


def test_copies_leak_into_no_fold(five_times):
    """Of labels dealt at random half are right; three standard errors of 60 texts are 0.19."""
    texts, labels = five_times
    vectors, codes = Given().encode(texts), (labels == "yes").astype(int)
    assert probe_hits(vectors, codes).mean() == pytest.approx(0.5, abs=0.19)
    assert neighbor_purity(vectors, codes).mean() == pytest.approx(0.5, abs=0.19)
    assert el.classify(vectors, labels).accuracy == pytest.approx(0.5, abs=0.19)


def test_both_doors_say_the_same_of_copies(five_times):
    texts, labels = five_times
    figures = measure(Labelled(tuple(texts), tuple(labels)), Given().encode(texts))
    assert figures["probe_accuracy"].value == el.evaluate_probe(Given(), texts, labels).accuracy
    assert figures["probe_accuracy"].n_rows == 60


def test_copies_make_no_figure_surer(five_times):
    """Each text five times: the intervals are those of each text once."""
    hits = RNG.random(60) < 0.7
    groups = np.tile(np.arange(60), 5)
    np.testing.assert_allclose(wilson_interval(np.tile(hits, 5), groups), wilson_interval(hits))
    once, often = mean_estimate(hits.astype(float)), mean_estimate(np.tile(hits, 5).astype(float), groups)
    np.testing.assert_allclose(often.draws, once.draws)
    assert often.n_rows == 60


def test_labels_that_go_with_an_author_are_not_learned_from_her_own_texts():
    """Six authors with 20 texts each, every text near its author's direction, every author with one label."""
    rng = np.random.default_rng(0)
    authors = np.repeat(np.arange(6), 20)
    directions = rng.standard_normal((6, 32))
    vectors = normalize_rows((directions[authors] + 0.1 * rng.standard_normal((120, 32))).astype(np.float32))
    codes = authors % 2
    assert probe_hits(vectors, codes).mean() == 1
    assert probe_hits(vectors, codes, groups=[f"author {number}" for number in authors]).mean() < 0.7
    assert (neighbor_purity(vectors, codes, groups=authors) < 1).all()


def test_a_copy_in_two_groups_joins_them():
    assert held_together(np.array([0, 1, 0, 2, 3, 4]), ["Ann", "Bob", "Bob", "Eve", None, float("nan")]).tolist() == [
        0, 0, 0, 1, 2, 3,
    ]  # fmt: skip


@pytest.mark.parametrize(("hits", "n"), [(20, 20), (19, 20), (0, 7), (3, 5), (480, 1000)])
def test_the_interval_of_hits_is_wilsons(hits, n):
    expected = binomtest(hits, n).proportion_ci(method="wilson")
    np.testing.assert_allclose(wilson_interval(np.arange(n) < hits), (expected.low, expected.high), atol=1e-12)


@pytest.mark.parametrize("n", [5, 20, 100])
def test_the_interval_of_hits_holds(n):
    """On average over p from .02 to .98 it holds what it promises, counted exactly over all numbers of hits."""
    ends = np.array([wilson_interval(np.arange(n) < hits) for hits in range(n + 1)])
    coverage = [
        binom.pmf(np.arange(n + 1), n, p) @ ((ends[:, 0] <= p) & (p <= ends[:, 1]))
        for p in np.arange(0.02, 0.981, 0.01)
    ]
    assert np.mean(coverage) == pytest.approx(0.95, abs=0.015)


def test_graded_values_between_other_bounds():
    """Of -1 and 1 in turns the mean is 0, as sure as that of as many hits and misses."""
    values = np.tile([-1.0, 1.0], 10)
    low, high = wilson_interval(values, bounds=(-1, 1))
    assert (low, high) == pytest.approx(tuple(2 * end - 1 for end in wilson_interval(np.arange(20) < 10)))


def test_one_question_tells_nothing_apart():
    better, worse = mean_estimate(np.array([1.0]), None, (0, 1)), mean_estimate(np.array([0.631]), None, (0, 1))
    assert better.interval == pytest.approx(wilson_interval([1]))
    found = difference(worse, better)
    assert not found.is_clear
    assert (found.low, found.high, found.n_needed) == (-np.inf, np.inf, 6)


def test_five_rows_that_agree_may_be_chance_and_six_are_not():
    """A fair coin falls the same way six times in 1 of 32 cases, five times in 1 of 16."""
    for n, is_clear in ((5, False), (6, True)):
        worse = mean_estimate(np.zeros(n)), mean_estimate(np.full(n, 0.5) + 0.01 * np.arange(n))
        assert difference(*worse).is_clear is is_clear


class Moved:
    """An encoder whose vectors of one text differ in the last digits from call to call and row to row."""

    def __init__(self):
        self.rng, self.known = np.random.default_rng(2), {}

    def encode(self, texts):
        rows = [self.known.setdefault(text, normalize_rows(self.rng.standard_normal((1, 8)))[0]) for text in texts]
        return np.array(rows, dtype=np.float32) + self.rng.normal(0, 1e-7, (len(texts), 8)).astype(np.float32)


def test_equal_texts_have_cosine_one_at_both_doors():
    """80 pairs of one text twice and 70 others: among the first nothing is in an order."""
    rng = np.random.default_rng(0)
    first = [f"text {number}" for number in range(150)]
    second = [*first[:80], *(f"other {number}" for number in range(70))]
    scores = rng.random(150)
    encoder = Moved()
    encoded = encoder.encode([*first, *second]).astype(np.float64)
    cosines = np.einsum("ij,ij->i", normalize_rows(encoded[:150]), normalize_rows(encoded[150:]))
    expected = spearmanr(np.where(np.arange(150) < 80, 1.0, cosines), scores).statistic
    assert el.evaluate_sts(encoder, first, second, scores).spearman == pytest.approx(expected, abs=1e-6)
    figures = measure(Pairs(tuple(first), tuple(second), scores), encoder.encode([*first, *second]))
    assert figures["spearman"].value == pytest.approx(expected, abs=1e-6)


def test_identical_pairs_alone_have_no_correlation():
    texts, scores = [f"text {number}" for number in range(80)], np.arange(80.0)
    assert np.isnan(el.evaluate_sts(Moved(), texts, texts, scores).spearman)
    figures = measure(Pairs(tuple(texts), tuple(texts), scores), Moved().encode([*texts, *texts]))
    assert "spearman" not in figures


def test_few_words_lose_no_dimension():
    """Three texts of one word each are at right angles; three of two words share one with each other."""
    apart = el.TfidfEncoder(["parcel", "refund", "window"]).encode(["parcel", "refund", "window"])
    np.testing.assert_allclose(apart @ apart.T, np.eye(3), atol=1e-6)
    texts = ["a b", "a c", "b c"]
    shared = el.TfidfEncoder(texts).encode(texts)
    np.testing.assert_allclose(shared @ shared.T, 0.5 + 0.5 * np.eye(3), atol=1e-6)
