"""What a threshold finds, and which one is chosen: by hand, against scikit-learn, in draws, and of awkward input."""

import numpy as np
import pytest
from golds import sample_gold
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score

import embedlab as el
from embedlab.thresholds import known as known_module
from embedlab.thresholds import listed as listed_module
from embedlab.thresholds import usual_cut


def at_angles(*degrees):
    """Rows in a plane whose cosines are those of the differences of their angles."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def clouds(n=120, n_labels=6, d=16, seed=0, spread=0.6):
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((n_labels, d))
    numbers = rng.integers(n_labels, size=n)
    return centres[numbers] + spread * rng.standard_normal((n, d)), [f"label {number}" for number in numbers]


def test_a_worked_example():
    """Angles 0, 20 | 50, 90 of two labels: same-label cosines .940 and .766, the others .643, .866, 0 and .342."""
    found = el.known_cosines(at_angles(0, 20, 50, 90), labels=list("aabb"))
    assert (found.matches.n_pairs, found.others.n_pairs, found.share) == (2, 4, 1 / 3)
    at = found.at(0.7)
    assert (at.recall.value, at.false_match_rate.value, at.precision.value) == (1, 0.25, 2 / 3)
    assert at.f1 == pytest.approx(0.8)
    at = found.at(0.9)
    assert (at.recall.value, at.false_match_rate.value, at.precision.value) == (0.5, 0, 1)
    # One false match among a thousand pairs that belong together once: 0.001 * 1 of 0.001 + 0.999 * 0.25.
    assert found.at(0.7, share=0.001).precision.value == pytest.approx(0.001 / (0.001 + 0.999 * 0.25))
    assert np.isnan(found.at(0.99).precision.value)
    assert found.at(0.7).recall.interval is None
    chosen = el.choose_threshold(found, by="f1")  # both matches and one other from .644 to .766
    assert chosen.value == pytest.approx(0.7045, abs=0.001)
    assert chosen.interval is None
    assert el.choose_threshold(found, max_rate=0.25).value == pytest.approx(0.643, abs=0.0011)
    assert el.choose_threshold(found, max_rate=0.2).value == pytest.approx(0.867)
    dear = el.choose_threshold(found, by="cost", false_match_cost=10)
    assert 0.866 < dear.value <= 0.94
    assert el.choose_threshold(found, by="cost", false_match_cost=0).found.recall.value == 1


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.floats(-0.5, 0.99))
def test_figures_are_those_of_scikit_learn(seed, threshold):
    x, labels = clouds(40, 3, seed=seed)
    threshold = round(threshold, 3)
    at = el.known_cosines(x, labels=labels).at(threshold)
    i, j = np.triu_indices(40, 1)
    is_match = np.array(labels)[i] == np.array(labels)[j]
    is_found = el.cosine_similarity(x)[i, j] >= threshold - 1e-6
    assert at.recall.value == pytest.approx(recall_score(is_match, is_found))
    assert at.false_match_rate.value == pytest.approx(is_found[~is_match].mean())
    if is_found.any():
        assert at.precision.value == pytest.approx(precision_score(is_match, is_found))
        assert at.f1 == pytest.approx(f1_score(is_match, is_found))


def test_f1_and_cost_are_the_best_of_all_thresholds():
    found = el.known_cosines(*clouds()[:1], labels=clouds()[1])
    every = [found.at(threshold) for threshold in np.linspace(-1, 1, 2001)]
    assert el.choose_threshold(found, "f1").found.f1 == pytest.approx(max(at.f1 for at in every))

    def cost(at):
        return 3 * found.share * (1 - at.recall.value) + 7 * (1 - found.share) * at.false_match_rate.value

    chosen = el.choose_threshold(found, "cost", miss_cost=3, false_match_cost=7)
    assert cost(chosen.found) == pytest.approx(min(map(cost, every)))
    allowed = el.choose_threshold(found, max_rate=0.02)
    assert allowed.found.false_match_rate.value <= 0.02 < found.at(allowed.value - 0.001).false_match_rate.value


def test_draws_are_of_texts_and_not_of_pairs():
    """Of 60 texts each is in 59 pairs: as if 1,770 pairs were each a draw, the interval would be far narrower."""
    x, labels = clouds(60, 3)
    found = el.known_cosines(x, labels=labels)
    low, high = found.at(0.5).recall.interval
    share, n = found.at(0.5).recall.value, found.matches.n_pairs
    assert high - low > 2 * 2 * 1.96 * np.sqrt(share * (1 - share) / n)


def test_an_interval_holds_what_it_says():
    """Of a world that is known: the rates of 30 samples of 80 texts, and the threshold that was chosen on each."""
    truth = el.known_cosines(*clouds(2000, seed=1)[:1], labels=clouds(2000, seed=1)[1])

    def sample(number):
        rng = np.random.default_rng(number)
        rows = rng.choice(2000, 80, replace=False)
        x, labels = clouds(2000, seed=1)
        return el.known_cosines(x[rows], labels=[labels[row] for row in rows])

    held = {"recall": 0, "false_match_rate": 0, "threshold": 0}
    best = el.choose_threshold(truth, max_rate=0.05).value
    for number in range(30):
        found = sample(number)
        for name in ("recall", "false_match_rate"):
            low, high = getattr(found.at(0.5), name).interval
            held[name] += low <= getattr(truth.at(0.5), name).value <= high
        low, high = el.choose_threshold(found, max_rate=0.05).interval
        held["threshold"] += low <= best <= high
    assert min(held.values()) >= 26


def test_no_false_match_seen_is_no_proof_of_none():
    x, labels = clouds(80, 4, spread=0.1)
    found = el.known_cosines(x, labels=labels)
    at = found.at(0.9)
    assert at.false_match_rate.value == 0
    assert at.false_match_rate.interval[0] == 0 < at.false_match_rate.interval[1]
    assert at.precision.interval[0] < 1
    assert el.choose_threshold(found, "f1").interval is None  # nothing lies near the line, so that single pairs decide


def test_copies_and_groups_are_no_evidence():
    x, labels = clouds(60, 3)
    found = el.known_cosines(x, labels=labels)
    twice = el.known_cosines(np.vstack([x, x]), labels=labels * 2)
    assert twice.matches.n_pairs == 4 * found.matches.n_pairs  # each copy with the others, none with its own
    assert twice.at(0.5).recall.value == pytest.approx(found.at(0.5).recall.value)
    assert twice.at(0.5).recall.interval == pytest.approx(found.at(0.5).recall.interval, abs=0.03)
    grouped = el.known_cosines(x, labels=labels, groups=np.arange(60) // 2)
    assert grouped.matches.n_pairs + grouped.others.n_pairs == 60 * 59 // 2 - 30
    assert grouped.matches.n_units == 30


def test_listed_pairs_are_held_against_texts_that_nothing_joins():
    x = at_angles(0, 10, 90, 100, 180, 185)
    found = el.known_cosines(x, pairs=[(0, 1), (2, 3), (4, 5)])
    assert (found.matches.n_pairs, found.others.n_pairs) == (3, 12)
    assert found.at(0.9).recall.value == 1
    joined = el.known_cosines(x, pairs=[(0, 1), (1, 2), (4, 5)])  # 0 and 2 may belong together, over 1
    assert (joined.matches.n_pairs, joined.others.n_pairs) == (3, 6)
    told = el.known_cosines(x, pairs=[(0, 1), (2, 3), (0, 2)], is_match=[True, True, False])
    assert (told.matches.n_pairs, told.others.n_pairs) == (2, 1)
    copies = el.known_cosines(np.vstack([x, x[:1]]), pairs=[(0, 6), (0, 1), (2, 3)])
    assert (copies.n_copies, copies.matches.n_pairs) == (1, 2)


def test_queries_are_held_against_texts_alone():
    texts, queries = at_angles(0, 60, 120, 180), at_angles(5, 115)
    found = el.known_cosines(texts, queries=queries, pairs=[(0, 0), (1, 2)])
    assert (found.matches.n_pairs, found.others.n_pairs) == (2, 6)
    assert found.at(0.99).recall.value == 1
    assert found.at(0.5).false_match_rate.value == pytest.approx(2 / 6)  # 5 to 60 and 115 to 60 degrees


def test_a_text_with_several_labels():
    x = at_angles(0, 10, 90)
    found = el.known_cosines(x, labels=[("a", "b"), ("b",), ("c",)])
    assert (found.matches.n_pairs, found.others.n_pairs) == (1, 2)
    assert el.known_cosines(x, labels=["a", "a", "b"]).at(0.5) == found.at(0.5)
    some = el.known_cosines(at_angles(0, 10, 90, 45, 46, 47), labels=["a", "a", "b", None, "", np.nan])
    assert some.n_texts == 3


def test_progress_is_told_and_what_it_raises_ends_the_work():
    calls = []
    el.known_cosines(at_angles(0, 10, 90), labels=list("aab"), progress=lambda *done: calls.append(done))
    assert calls == sorted(calls)
    assert calls[-1] == (2000, 2000)

    def stop(done, total):
        raise el.Cancelled("enough")

    with pytest.raises(el.Cancelled):
        el.known_cosines(at_angles(0, 10, 90), labels=list("aab"), progress=stop)


def test_many_texts_are_sampled(monkeypatch):
    monkeypatch.setattr(known_module, "MAX_TEXTS", 50)
    x, labels = clouds(200)
    found = el.known_cosines(x, labels=labels)
    assert (found.n_texts, found.n_sampled) == (200, 50)
    monkeypatch.setattr(listed_module, "MAX_TEXTS", 50)
    pairs = np.column_stack([np.arange(100), np.arange(100, 200)])
    found = el.known_cosines(x, pairs=pairs)
    assert (found.n_texts, found.n_sampled, found.matches.n_pairs) == (200, 50, 25)
    monkeypatch.setattr(listed_module, "MAX_QUERIES", 10)
    monkeypatch.setattr(listed_module, "_MAX_PAIRS", 300)
    found = el.known_cosines(x[100:], queries=x[:100], pairs=np.column_stack([np.arange(100), np.arange(100)]))
    assert found.matches.n_pairs == 10
    assert 280 < found.others.n_pairs <= 300


def test_equal_rows_and_labels_that_say_nothing():
    with pytest.raises(el.InvalidInputError, match="belong together"):
        el.known_cosines(np.ones((6, 3)), labels=list("aaabbb"))  # copies all of them: no pair says anything
    with pytest.raises(el.InvalidInputError, match="belong together"):
        el.known_cosines([[1.0, 0.0]], labels=["a"])
    with pytest.raises(el.InvalidInputError, match="belong together"):
        el.known_cosines(at_angles(0, 10, 20), labels=list("aaa"))
    with pytest.raises(el.InvalidInputError, match="belong together"):
        el.known_cosines(at_angles(0, 10, 20), labels=["", None, ""])


def test_a_model_that_tells_nothing_apart_has_no_threshold():
    x = np.ones((40, 3)) + 1e-4 * np.random.default_rng(0).standard_normal((40, 3))
    found = el.known_cosines(x, labels=list("ab") * 20)
    with pytest.raises(el.InvalidInputError, match="no threshold"):
        el.choose_threshold(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give labels or pairs"),
        ({"labels": list("ab"), "pairs": [(0, 1)]}, "Give labels or pairs"),
        ({"labels": list("a")}, "labels"),
        ({"pairs": [(0, 7)]}, "there are 2"),
        ({"pairs": [0, 1]}, "shape"),
        ({"pairs": [(0, 1)], "is_match": [True, False]}, "answers"),
        ({"pairs": [(0, 1)], "queries": [[1.0]]}, "dimensions"),
    ],
)
def test_what_cannot_be_known_is_said(given, said):
    with pytest.raises(el.InvalidInputError, match=said):
        el.known_cosines(at_angles(0, 90), **given)


@pytest.mark.parametrize(
    "given",
    [{"by": "luck"}, {"max_rate": 0}, {"miss_cost": -1}, {"miss_cost": 0, "false_match_cost": 0}, {"share": 1.0}],
)
def test_choices_out_of_their_limits(given):
    found = el.known_cosines(at_angles(0, 20, 50, 90), labels=list("aabb"))
    with pytest.raises(el.InvalidInputError):
        el.choose_threshold(found, **given)
    with pytest.raises(el.InvalidInputError, match="no cosine"):
        found.at(1.5)


def test_from_what_a_table_says(encoder):
    labelled = sample_gold("support_messages")
    found = el.gold_cosines(labelled, encoder.encode(list(labelled.texts)))
    assert found.n_texts == len(labelled.texts)
    assert found.at(0.5).recall.value > 5 * found.at(0.5).false_match_rate.value
    pairs = el.Pairs(tuple("abcd"), tuple("efgh"), np.array([0.0, 5.0, 4.0, 1.0]))
    assert usual_cut(pairs) == 3.75
    x = np.random.default_rng(0).standard_normal((8, 5))
    assert el.gold_cosines(pairs, x).matches.n_pairs == 2
    assert el.gold_cosines(pairs, x, cut=1).matches.n_pairs == 3
    asked = el.Retrieval(("q1", "q2"), tuple("abcd"), [{0}, {1, 2}])
    found = el.gold_cosines(asked, x[:4], x[4:6])
    assert (found.matches.n_pairs, found.others.n_pairs) == (3, 5)
    with pytest.raises(el.InvalidInputError, match="Bring a column"):
        el.gold_cosines(el.Unlabelled(tuple("abcdefghijklm")), x)
