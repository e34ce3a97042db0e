"""What a model learns from, made of what is known about texts."""

import numpy as np
import pytest

from embedlab.errors import InvalidInputError
from embedlab.examples import LabelledTexts, ScoredPairs, Texts, Translations, Triplets, as_examples
from embedlab.gold import Labelled, MultiLabelled, Pairs, Retrieval, Unlabelled

MANY = tuple(f"text {number}" for number in range(12))


def test_what_is_known_becomes_examples():
    pairs = as_examples(Pairs(MANY[:3], MANY[3:6], np.array([5.0, 0.0, 2.5])))
    assert (pairs.kind, pairs.columns, pairs.targets.tolist()) == ("scores", (MANY[:3], MANY[3:6]), [1.0, 0.0, 0.5])
    labelled = as_examples(Labelled(MANY[:10], ("b",) * 5 + ("a",) * 5))
    assert (labelled.kind, labelled.columns, labelled.targets.tolist()) == ("labels", (MANY[:10],), [1] * 5 + [0] * 5)
    # The texts that are changed to see what a model notices are not learned from.
    assert as_examples(Unlabelled(MANY)).columns == (MANY,)
    assert as_examples(pairs) is pairs


def test_a_question_is_an_example_with_each_of_its_answers():
    """What answers nothing is only searched, and a grade of 0 is no answer."""
    known = Retrieval(("q1", "q2"), ("a", "b", "c", "d"), [{0: 2.0, 1: 1.0}, {2: 1.0}], origin=np.array([7, 9]))
    examples = as_examples(known)
    assert (examples.kind, examples.columns) == ("pairs", (("q1", "q1", "q2"), ("a", "b", "c")))
    assert (examples.searched, examples.origin.tolist()) == (("d",), [7, 7, 9])


def test_what_belongs_on_one_side():
    """Equal texts join rows, whatever case, spaces and punctuation, over columns and groups; negatives do not."""
    pairs = Triplets(("A", "b", "c", "d"), ("x", "X!", "a ", "y"), ("n", "n", "n", "n"))
    assert pairs.groups.tolist() == [0, 0, 0, 1]
    grouped = Texts(("a", "b", "c", "d"), shared=("Ann", "Bob", "", "Ann"))
    assert grouped.groups.tolist() == [0, 1, 2, 0]


def test_some_of_the_examples():
    triplets = Triplets(("a", "b", "c"), ("x", "y", "z"), ("l", "m", "n"), members=np.array([4, 5, 6]))
    taken = triplets.take([2, 0])
    assert (taken.kind, taken.columns) == ("triplets", (("c", "a"), ("z", "x"), ("n", "l")))
    assert taken.members.tolist() == [6, 4]


def test_the_digest_names_texts_and_what_is_known():
    one = ScoredPairs(("a", "b"), ("c", "d"), np.array([0.0, 1.0]))
    others = [
        ScoredPairs(("a", "b"), ("c", "d"), np.array([1.0, 0.0])),
        ScoredPairs(("a", "b"), ("c", "e"), np.array([0.0, 1.0])),
        Triplets(("a", "b"), ("c", "d")),
        Translations(("a", "b"), ("c", "d")),
    ]
    assert one.digest == ScoredPairs(("a", "b"), ("c", "d"), np.array([0.0, 1.0])).digest
    assert len({one.digest, *(other.digest for other in others)}) == 5


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Texts(("a",)), "two are needed"),
        (lambda: Translations(("a", "b"), ("c",)), "2 sources and 1 translations"),
        (lambda: LabelledTexts(("a", "b"), ("x", "x")), "two at least"),
        (lambda: LabelledTexts(("a", "A!", "b"), ("x", "x", "y")), "two different texts"),
        (lambda: ScoredPairs(("a", "b"), ("c", "d"), np.array([1.0, 1.0])), "scores that differ"),
        (lambda: ScoredPairs(("a", "b"), ("c", "d"), np.array([1.0, np.nan])), "not all numbers"),
        (lambda: as_examples(MultiLabelled(MANY[:10], (("a",),) * 5 + (("b", "a"),) * 5)), "one label for each"),
    ],
)
def test_nothing_is_learned_from(make, says):
    with pytest.raises(InvalidInputError, match=says):
        make()
