"""The order in which examples are learned from: everything once, and nothing in a batch that teaches a falsehood."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedlab.errors import InvalidInputError
from embedlab.examples import (
    BATCHINGS,
    LabelledTexts,
    Texts,
    Triplets,
    contrasts_of_labels,
    draw_batches,
    pairs_of_labels,
    triplets_of_labels,
    twins,
)
from embedlab.texts import fold_text

LABELLED = LabelledTexts(tuple(f"text {n} {'long ' * (n % 7)}" for n in range(60)), tuple("abc" * 20))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=2, max_size=80), st.integers(1, 9))
def test_no_text_stands_in_a_batch_twice(numbers, batch_size):
    anchors, positives = ((f"{'x' * n}{n}" for n in column) for column in zip(*numbers, strict=True))
    pairs = Triplets(tuple(f"{anchor}?" for anchor in anchors), tuple(positives))
    batches = draw_batches(pairs, batch_size)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(pairs)))
    for rows in batches:
        assert 1 <= len(rows) <= batch_size
        # An anchor may be its own positive, and in no other row.
        texts = [fold_text(text) for row in rows for text in {column[row].rstrip("?") for column in pairs.columns}]
        assert len(set(texts)) == len(texts)


@given(st.lists(st.integers(0, 6), min_size=4, max_size=80), st.integers(4, 9))
def test_labels_stand_apart_or_together(numbers, batch_size):
    """And a label with a single text has nobody to stand with."""
    labels = tuple(map(str, [*numbers, 0, 0, 1, 1]))
    examples = LabelledTexts(tuple(f"text {place}" for place in range(len(labels))), labels)
    for rows in draw_batches(pairs_of_labels(examples), batch_size):
        members = pairs_of_labels(examples).members[rows].tolist()
        assert len(set(members)) == len(members)
    batches = draw_batches(examples, batch_size, batching="together")
    seen = np.concatenate(batches).tolist()
    assert sorted(seen) == [row for row in range(len(labels)) if labels.count(labels[row]) > 1]
    for rows in batches:
        assert len(rows) <= batch_size
        assert min(Counter(labels[row] for row in rows).values()) >= 2


def test_texts_of_a_batch_are_of_like_length():
    """Padded to the longest of its batch, 1,000 texts of 1 to 200 tokens take little more than they have."""
    lengths = np.random.default_rng(0).integers(1, 200, 1000)
    texts = Texts(tuple(map(str, range(1000))))
    padded = sum(len(rows) * lengths[rows].max() for rows in draw_batches(texts, 16, lengths=lengths))
    assert padded < 1.15 * lengths.sum()
    # Without lengths in tokens, that of the texts is told by their characters.
    long_ones = Texts(tuple("x" * n + str(place) for place, n in enumerate(lengths.tolist())))
    padded = sum(len(rows) * lengths[rows].max() for rows in draw_batches(long_ones, 16))
    assert padded < 1.2 * lengths.sum()


@pytest.mark.parametrize("batching", BATCHINGS)
def test_each_example_once(batching):
    batches = draw_batches(LABELLED, 8, batching=batching)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(LABELLED)))


def test_every_epoch_has_an_order_of_its_own_and_the_same_again():
    def orders(**state):
        return [rows.tolist() for rows in draw_batches(LABELLED, 8, **state)]

    assert orders(epoch=1) == orders(epoch=1) != orders(epoch=0) != orders(random_state=1)
    assert pairs_of_labels(LABELLED, epoch=1).positives != pairs_of_labels(LABELLED, epoch=0).positives


def test_pairs_triplets_and_contrasts_keep_to_the_labels():
    label = dict(zip(LABELLED.labelled, LABELLED.labels, strict=True))
    triplets = triplets_of_labels(LABELLED)
    for anchor, positive, negative in zip(*triplets.columns, strict=True):
        assert anchor != positive
        assert label[anchor] == label[positive] != label[negative]
    pairs = contrasts_of_labels(LABELLED)
    assert len(pairs) == 2 * len(LABELLED)
    for first, second, score in zip(*pairs.columns, pairs.scores.tolist(), strict=True):
        assert (label[first] == label[second]) == (score == 1.0)
    assert twins(Texts(("a", "b"))).columns == (("a", "b"), ("a", "b"))


def test_a_copy_is_no_positive():
    examples = LabelledTexts(("Hello", "hello!", "good bye", "see you", "alone"), ("x", "x", "y", "y", "z"))
    assert set(zip(*pairs_of_labels(examples).columns, strict=True)) == {
        ("good bye", "see you"),
        ("see you", "good bye"),
    }


@pytest.mark.parametrize(
    ("batching", "examples", "batch_size", "says"),
    [
        ("near", LABELLED, 8, "no batching 'near'"),
        ("together", Texts(("a", "b")), 8, "need labels"),
        ("together", LABELLED, 3, "do not fit in a batch of 3"),
        ("apart", LABELLED, 0, "batch_size=0"),
    ],
)
def test_batches_that_cannot_be(batching, examples, batch_size, says):
    with pytest.raises(InvalidInputError, match=says):
        draw_batches(examples, batch_size, batching=batching)
