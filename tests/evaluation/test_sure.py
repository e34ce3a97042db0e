"""What copies, groups and few rows do to figures and to how sure they are."""

import numpy as np
import pytest
from scipy.stats import spearmanr

import embedlab as el
from embedlab.classification import held_together
from embedlab.comparison.measuring import measure
from embedlab.evaluation import neighbor_purity, probe_hits
from embedlab.gold import Labelled, Pairs
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
