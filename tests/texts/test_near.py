"""Texts that are nearly the same by their letters: by hand, and against all pairs compared one by one."""

import numpy as np
import pytest

from embedlab.errors import InvalidInputError
from embedlab.texts import fold_text, near_copies


def compared_one_by_one(texts, threshold):
    """What is expected, from the definition alone."""
    folded = [fold_text(text) for text in texts]
    runs = [{text[i : i + 3] for i in range(max(1, len(text) - 2))} for text in folded]
    group = list(range(len(texts)))
    for i in range(len(texts)):
        for j in range(i):
            if len(runs[i] & runs[j]) >= (threshold - 1e-9) * (len(runs[i]) * len(runs[j])) ** 0.5:
                group = [group[j] if each == group[i] else each for each in group]
    numbers = {}
    return [numbers.setdefault(each, len(numbers)) for each in group]


def test_case_spaces_and_punctuation_do_not_count():
    assert near_copies(["A b!", "ab", "", " ", "?!", "..", "ab c"]).tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert near_copies([]).tolist() == []


def test_the_threshold_is_reached_or_not():
    """abcdefgh has the runs abc bcd cde def efg fgh; abcdefgx shares five of its six: 5 / 6 = 0.83."""
    texts = ["abcdefgh", "abcdefgx"]
    assert near_copies(texts, 0.84).tolist() == [0, 1]
    assert near_copies(texts, 5 / 6).tolist() == [0, 0]
    with pytest.raises(InvalidInputError, match="0.5 to 1"):
        near_copies(texts, 0.5)


@pytest.mark.parametrize("threshold", [0.6, 0.8, 0.9, 1.0])
def test_all_pairs_compared_one_by_one_agree(threshold):
    rng = np.random.default_rng(0)
    letters = np.array(list("abcde "))
    for _ in range(10):
        texts = []
        for length in rng.integers(0, 40, 20).tolist():
            first = rng.choice(letters, length)
            for _ in range(4):
                text = first.copy()
                text[rng.integers(0, max(1, length), min(length, int(rng.integers(0, 3))))] = "e"
                texts.append("".join(text.tolist()))
        texts = rng.permutation(texts).tolist()
        assert near_copies(texts, threshold).tolist() == compared_one_by_one(texts, threshold)
        apart = near_copies([*texts, "xyz" * 9], threshold)
        assert apart[:-1].tolist() == near_copies(texts, threshold).tolist(), "other texts change nothing"
