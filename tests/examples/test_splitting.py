"""Held out before anything is learned: what knows of each other on one side, and enough on both."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidInputError
from embedlab.examples import LabelledTexts, ScoredPairs, Texts, Translations, Triplets, hold_out
from embedlab.gold import Labelled, Pairs, Retrieval, Unlabelled
from embedlab.texts import fold_text


def folded(*columns):
    return {fold_text(text) for column in columns for text in column}


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 200)), min_size=60, max_size=120), st.integers(0, 9))
def test_no_text_is_on_both_sides(numbers, random_state):
    """Pairs of few texts, in two ways to write them; a pair is on one side or the other, none is lost."""
    first, second = ((f"{'Text' if n % 2 else 'text'} {n}" for n in column) for column in zip(*numbers, strict=True))
    examples = Triplets(tuple(first), tuple(second))
    try:
        split = hold_out(examples, random_state=random_state)
    except InvalidInputError as error:
        assert "hang together" in str(error)  # noqa: PT017 - so many texts in common are allowed to be refused
        return
    assert not folded(*split.train.columns) & folded(split.held_out.queries, split.held_out.texts)
    held = {(question, answer) for question, answer in zip(*examples.columns, strict=True)} - set(
        zip(*split.train.columns, strict=True)
    )
    assert {split.held_out.queries[row] for row in range(len(split.held_out.queries))} == {q for q, _ in held}
    assert len(split.train) <= len(examples) - 12


def test_each_kind_is_judged_by_what_measures_it():
    texts = tuple(f"text {number}" for number in range(60))
    scores = np.arange(60.0)
    for examples, kind in [
        (ScoredPairs(texts, tuple(f"b {text}" for text in texts), scores), Pairs),
        (Translations(texts, tuple(f"b {text}" for text in texts)), Retrieval),
        (Texts(texts), Unlabelled),
    ]:
        split = hold_out(examples)
        assert isinstance(split.held_out, kind)
        assert (len(split.train), len(split.held_out.rows), split.n_moved) == (48, 12, 0)
        assert hold_out(examples).held_out.digest == split.held_out.digest
        assert hold_out(examples, random_state=1).held_out.digest != split.held_out.digest


def test_a_share_of_every_label():
    """30 texts of one and 40 of another label: a fifth, but five at least."""
    labels = ("a",) * 30 + ("b",) * 40 + ("c",) * 9 + ("rare",) * 3
    texts = tuple(f"text {number}" for number in range(len(labels)))
    split = hold_out(LabelledTexts(texts, labels, origin=np.arange(len(labels)) + 100))
    assert isinstance(split.held_out, Labelled)
    assert Counter(split.held_out.labels) == {"a": 6, "b": 8, "c": 5}
    assert Counter(split.train.labels) == {"a": 24, "b": 32, "c": 4, "rare": 3}
    assert split.remarks == (
        "1 of 4 labels are learned from and not measured: they have fewer than 7 texts that differ.",
    )
    # The rows of the table go along.
    assert [f"text {row - 100}" for row in split.held_out.origin.tolist()] == list(split.held_out.texts)
    assert Counter(hold_out(LabelledTexts(texts, labels), per_label=7).held_out.labels) == {"a": 7, "b": 7, "c": 7}


def test_what_shares_a_group_is_not_torn_apart():
    """Ten authors of two texts a label each; a text that is on both sides of a label moves with its copy."""
    texts = tuple(f"text {number}" for number in range(40))
    authors = [number // 2 % 10 for number in range(40)]
    examples = LabelledTexts(texts, ("a", "b") * 20, shared=authors)
    split = hold_out(examples, share=0.3)
    of_authors = {text: author for text, author in zip(texts, authors, strict=True)}
    assert not {of_authors[text] for text in split.train.labelled} & {of_authors[text] for text in split.held_out.texts}
    assert split.n_moved == 30
    assert split.held_out.shared is not None
    assert len(hold_out(Texts(texts), shared=authors).train) == 28, "twelve of four to a group"


def test_near_duplicates_are_not_torn_apart():
    """Twelve sentences, each once more with a letter more, as questions and as answers."""
    words = [
        "invoice",
        "refund",
        "receipt",
        "price",
        "card",
        "discount",
        "parcel",
        "courier",
        "address",
        "customs",
        "driver",
        "password",
    ]
    texts = [f"Something is wrong with the {word} that I have asked for{end}" for word in words for end in ("", "s")]
    for examples in (Texts(tuple(texts)), Triplets(tuple(f"{n} lamps" for n in range(24)), tuple(texts))):
        split = hold_out(examples, share=0.5, near_duplicates=True)
        assert split.n_moved == 12
        held = {text.removesuffix("s") for text in split.held_out.corpus}
        assert held.isdisjoint(text.removesuffix("s") for text in split.train.columns[-1])
        assert len(np.unique(split.held_out.groups)) == 6, "the two are one row of a figure"
        assert hold_out(examples, share=0.5).n_moved == 0


def test_what_hangs_together_with_the_held_out_is_left_out():
    """A copy of a text under a label that is too rare to be measured is on no side."""
    labels = ("a",) * 10 + ("b",) * 10 + ("rare",) * 10
    texts = tuple(f"text {number}" for number in range(20)) + tuple(f"Text {number}!" for number in range(10))
    split = hold_out(LabelledTexts(texts, labels), share=0.5)
    assert not folded(split.train.labelled) & folded(split.held_out.texts)
    assert len(split.train) + len(split.held_out.texts) <= 30


def test_what_is_searched_is_divided_too():
    """And a triplet whose negative is measured is in neither part."""
    n = 100
    anchors, positives = (tuple(f"{name} {number}" for number in range(n)) for name in ("q", "a"))
    negatives = tuple(positives[(number + 1) % n] for number in range(n))
    examples = Triplets(anchors, positives, negatives, searched=tuple(f"other {number}" for number in range(200)))
    split = hold_out(examples)
    held = set(split.held_out.texts)
    assert set(split.held_out.queries) == {f"q {text.split()[1]}" for text in held if text.startswith("a")}
    assert not held & set(split.train.searched)
    assert len(held & set(examples.searched)) + len(split.train.searched) == 200
    assert 20 < len(held & set(examples.searched)) < 60
    assert not folded(*split.train.columns) & folded(split.held_out.queries, split.held_out.texts)
    n_lost = n - len(split.held_out.queries) - len(split.train)
    assert n_lost > 5
    assert split.remarks == (f"{n_lost} triplets are left out: their negative is held out.",)


@pytest.mark.parametrize(
    ("examples", "options", "says"),
    [
        (Texts(tuple("abcdefghijklmnopqrstuvw")), {}, "Of 23 texts, 12 are to be held out"),
        (Triplets(tuple(map(str, range(50))), ("the same",) * 50), {}, "50 hang together"),
        (LabelledTexts(tuple("abcdefghijkl"), ("x", "y") * 6), {}, "Only 0 of 2 labels"),
        (Texts(tuple("abc") * 9), {"share": 0.7}, "share=0.7"),
        (LabelledTexts(tuple("abcdefghijkl"), ("x", "y") * 6), {"per_label": 2}, "per_label=2"),
        (Texts(tuple("abc")), {"shared": ["Ann"]}, "3 texts and 1 groups"),
    ],
)
def test_too_little_is_refused(examples, options, says):
    with pytest.raises(InvalidInputError, match=says):
        hold_out(examples, **options)
