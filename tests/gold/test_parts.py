"""Texts set apart to fit something to: what is left says what it said, and knows nothing of them."""

import numpy as np
import pytest

from embedlab.errors import InvalidInputError
from embedlab.gold import Labelled, MultiLabelled, Pairs, Retrieval, Unlabelled, set_apart

RNG = np.random.default_rng(0)
TEXTS = tuple(f"text {number % 190}" for number in range(200))  # ten of them twice
GOLDS = [
    Labelled(TEXTS, tuple("ab"[number % 2] for number in range(200))),
    MultiLabelled(TEXTS, tuple(("a", "b") if number % 3 else ("c",) for number in range(200))),
    Pairs(TEXTS[:100], TEXTS[100:], RNG.random(100)),
    Unlabelled(TEXTS),
    Retrieval(tuple(f"q {n}" for n in range(50)), TEXTS, [{n: 2.0, n + 50: 1.0} for n in range(50)]),
]


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.kind)
def test_no_text_stands_in_both_parts(gold):
    left = set_apart(gold, 20)
    assert len(left.apart) >= 20
    assert 0.2 < len(left.apart) / len(set(gold.corpus)) < 0.4
    assert not set(left.apart) & set(left.texts)
    assert set(left.apart) | set(left.corpus) <= set(gold.corpus)
    assert type(left) is type(gold)
    assert left.digest not in (gold.digest, set_apart(gold, 20, random_state=1).digest)
    assert left.digest == set_apart(gold, 20).digest
    assert set_apart(left, 20) is left


def test_what_is_known_stays_with_its_text():
    labels = tuple(f"label {int(text.split()[1]) % 4}" for text in TEXTS)
    left = set_apart(Labelled(TEXTS, labels, origin=np.arange(200)), 20)
    assert all(
        label == f"label {int(text.split()[1]) % 4}" for text, label in zip(left.texts, left.labels, strict=True)
    )
    assert [TEXTS[row] for row in left.origin] == list(left.texts)


def test_a_search_keeps_its_answers():
    """Answers that were set apart are no answers any more, and questions without any are left out."""
    gold = GOLDS[-1]
    left = set_apart(gold, 20)
    for query, grades in zip(left.queries, left.grades, strict=True):
        number = int(query.split()[1])
        assert {left.texts[place]: grade for place, grade in grades.items()} == {
            TEXTS[row]: grade for row, grade in ((number, 2.0), (number + 50, 1.0)) if TEXTS[row] in left.texts
        }
    assert len(left.queries) < 50


def test_rows_that_know_of_each_other_stay_together():
    """Ten texts of an author each: an author is set apart as a whole, or not at all."""
    authors = [number % 20 for number in range(200)]
    labels = tuple("ab"[number // 10 % 2] for number in range(200))
    left = set_apart(Labelled(tuple(map(str, range(200))), labels, shared=authors, shared_by="author"), 20)
    kept = {int(text) % 20 for text in left.texts}
    assert len(left.texts) == 10 * len(kept) < 200


def test_five_of_each_label_are_left():
    labels = tuple("rare" if number < 6 else "common" for number in range(300))
    left = set_apart(Labelled(tuple(map(str, range(300))), labels), 100)
    assert left.labels.count("rare") >= 5


@pytest.mark.parametrize("gold", GOLDS, ids=lambda gold: gold.kind)
def test_more_than_half_is_refused(gold):
    with pytest.raises(InvalidInputError, match="190"):
        set_apart(gold, 100)


def test_labels_too_rare_to_be_divided_are_refused():
    gold = Labelled(tuple(map(str, range(60))), tuple(str(number % 12) for number in range(60)))
    with pytest.raises(InvalidInputError, match="Add texts"):
        set_apart(gold, 10)


def test_questions_without_answers_left_are_refused():
    gold = Retrieval(("q",), tuple(map(str, range(40))), [{0: 1.0}])
    # The one answer is set apart three times out of ten.
    with pytest.raises(InvalidInputError, match="None of the questions"):
        [set_apart(gold, 10, random_state=seed) for seed in range(40)]
