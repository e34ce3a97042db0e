"""Cards held against each other: by hand, and against what the room of intervals says of the same hits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidInputError
from embedlab.intervals import MeanEstimate, difference
from embedlab.probes import Contest, ReportCard
from embedlab.reportcards import cards_markdown, standings, standings_table

VECTORS = {"near": (1.0, 0.1), "far": (0.1, 1.0)}


def card(passed, probe="typo", language="en"):
    """A card whose contests are passed or failed as said: by hand, the anchor lies beside the near text, or the far."""
    contests = tuple(Contest(f"anchor {number}", f"near {number}", f"far {number}") for number in range(len(passed)))

    def embed(texts):
        def vector(text):
            kind, number = text.split()
            return VECTORS.get(kind, VECTORS["near" if passed[int(number)] else "far"])

        return [vector(text) for text in texts]

    return ReportCard.of({(probe, language): contests}, embed)


def test_the_best_comes_first_and_the_others_are_held_against_it():
    """Of 40 contests 38, 37 and 4 are passed: one more may be chance, 34 more are not."""
    cards = {name: card([True] * n + [False] * (40 - n)) for name, n in (("few", 4), ("most", 38), ("many", 37))}
    most, many, few = standings(cards, "typo", "en")
    assert [place.model for place in (most, many, few)] == ["most", "many", "few"]
    assert (most.score, many.score, few.score) == (0.95, 0.925, 0.1)
    assert (most.told_apart, many.told_apart, few.told_apart) == (None, "no", "yes")
    assert few.to_best.value == pytest.approx(-0.85)
    assert few.interval[0] < 0.1 < few.interval[1]


@given(st.lists(st.lists(st.booleans(), min_size=12, max_size=12), min_size=2, max_size=4))
def test_all_pairs_count_as_held_against_each_other(hits):
    """The same interval as of the shares themselves, widened for k (k - 1) / 2 pairs."""
    cards = {str(number): card(passed) for number, passed in enumerate(hits)}
    best, *others = standings(cards, "typo", "en")
    rows = np.unique([f"anchor {number}" for number in range(12)], return_inverse=True)[1]

    def figure(place):
        return MeanEstimate(np.array(hits[int(place.model)], dtype=float), rows)

    n_pairs = len(hits) * (len(hits) - 1) // 2
    for place in others:
        expected = difference(figure(place), figure(best), n_pairs)
        assert (place.to_best.low, place.to_best.high) == pytest.approx((expected.low, expected.high))
        assert place.to_best.value <= 0


def test_a_table_has_a_row_for_each_model_probe_and_language():
    cards = {"a": card([True] * 20), "b": card([False] * 20)}
    table = standings_table(cards)
    assert table[["model", "score"]].values.tolist() == [["a", 1.0], ["b", 0.0]]
    assert table["told_apart"].isna().tolist() == [True, False]
    assert table["told_apart"][1] == "yes"
    assert table["to_best"].tolist()[1] == -1
    assert np.isnan(table["to_best"][0])


def test_one_contest_alone_says_nothing():
    cards = {"a": card([True]), "b": card([False])}
    best, other = standings(cards, "typo", "en")
    assert best.interval is None
    assert other.told_apart == "too few to say"
    with pytest.raises(InvalidInputError, match="was not probed"):
        standings(cards, "negation", "en")
    with pytest.raises(InvalidInputError, match="different contests"):
        standings({"a": card([True]), "b": card([True, True])}, "typo", "en")


def test_the_report_marks_the_best_and_what_is_as_good():
    cards = {"a|b": card([True] * 20), "b": card([True] * 19 + [False]), "c": card([False] * 20)}
    report = cards_markdown(cards)
    assert report.startswith("\n## Probes: English\n")
    head, _, row = report.replace("\\", "").strip().splitlines()[-3:]
    assert head == "| probe | a|b | b | c |"
    assert row == "| Typing errors | 1.00 (0.86 to 1.00) ★ | 0.95 (0.78 to 1.00) ★ | 0.00 (0.00 to 0.14) |"
    assert cards_markdown({}) == ""
