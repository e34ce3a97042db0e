"""A part to watch while something is chosen, and another to judge by."""

import numpy as np
import pytest

from embedlab.gold import Labelled, Pairs, Retrieval, Unlabelled, set_to_watch

TEXTS = tuple(f"text number {row}" for row in range(300))


def known(kind):
    rows = range(len(TEXTS))
    return {
        "labels": Labelled(TEXTS, tuple(f"label {row % 10}" for row in rows)),
        "pairs": Pairs(TEXTS, TEXTS[::-1], np.arange(300.0)),
        "retrieval": Retrieval(tuple(f"question {row}" for row in rows), TEXTS, [{row} for row in rows]),
        "texts": Unlabelled(TEXTS),
    }[kind]


@pytest.mark.parametrize("kind", ["labels", "pairs", "retrieval", "texts"])
def test_no_row_is_in_both_parts(kind):
    gold = known(kind)
    watched, judged = set_to_watch(gold)
    assert not set(watched.rows) & set(judged.rows)
    assert set(watched.rows) | set(judged.rows) == set(gold.rows)
    assert 40 <= len(watched.rows) <= 100
    assert type(watched) is type(judged) is type(gold)


def test_every_label_has_enough_on_either_side():
    """Half of the 30 texts of three labels are watched: 45 of at most 100, no fourth fits beside three more."""
    watched, judged = set_to_watch(known("labels"))
    n_watched, n_judged = (np.unique(part.labels, return_counts=True)[1] for part in (watched, judged))
    assert set(n_watched) == {15}
    assert len(n_judged) == 10
    assert set(n_judged) == {15, 30}


def test_what_belongs_together_is_watched_together():
    gold = Labelled(TEXTS, tuple(f"label {row % 10}" for row in range(300)), shared=[row // 20 for row in range(300)])
    assert set_to_watch(gold) == (gold, None)  # each group has every label
    gold = Labelled(TEXTS, tuple(f"label {row % 10}" for row in range(300)), shared=[row % 60 for row in range(300)])
    watched, judged = set_to_watch(gold)
    number = dict(zip(gold.texts, gold.shared, strict=True))
    assert not {number[text] for text in watched.texts} & {number[text] for text in judged.texts}


def test_the_answers_of_a_question_stay():
    watched, judged = set_to_watch(known("retrieval"))
    for part in (watched, judged):
        assert part.texts == TEXTS
        for question, grades in zip(part.queries, part.grades, strict=True):
            assert list(grades) == [int(question.split()[1])]


@pytest.mark.parametrize("n", [20, 119])
def test_few_rows_are_all_watched(n):
    """A third of them is less than forty: a figure of so few would choose by chance."""
    gold = Unlabelled(TEXTS[:n])
    assert set_to_watch(gold) == (gold, None)
