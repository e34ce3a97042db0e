"""One word in two sentences: its vector parts with the company it keeps."""

import numpy as np
import pytest

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.inspection.words import word_vectors


def test_a_word_parts_with_its_sentences(inspector):
    first, second = (inspector.inspect(text) for text in ("We sat on the bank.", "My BANK lent me money."))
    cosines = el.word_divergence(first, second, "Bank")
    a, b = first.layers[:, 5], second.layers[:, 2]
    expected = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    np.testing.assert_allclose(cosines, expected, rtol=1e-5)
    assert cosines[-1] < cosines[0]
    np.testing.assert_allclose(el.word_divergence(first, first, "bank"), 1, rtol=1e-5)


def test_a_split_word_is_the_mean_of_its_pieces(inspector):
    inspection = inspector.inspect("An unforgettable bank")
    np.testing.assert_allclose(
        word_vectors(inspection, "Unforgettable"), inspection.layers[:, 2:6].mean(axis=1), rtol=1e-6
    )


def test_words_are_compared_within_one_model_and_must_be_there(inspector, tiny_model):
    first, other = inspector.inspect("a bank"), el.load_inspector(tiny_model(pooling_mode="cls")).inspect("a bank")
    with pytest.raises(InvalidInputError, match="Inspect both by one model"):
        el.word_divergence(first, other, "bank")
    with pytest.raises(InvalidInputError, match="'bench' does not stand in 'a bank'"):
        el.word_divergence(first, first, "bench")


@pytest.mark.parametrize(
    ("text_a", "text_b", "shared"),
    [
        ("Die Bank am Fluss", "die BANK hat zu", ["Bank", "Die"]),
        ("Große Straße", "GROSSE STRASSE", ["Straße", "Große"]),
        ("scho\u0308n hier", "sch\u00f6n dort", ["scho\u0308n"]),
        ("הבנק על הנהר", "הבנק סגור", ["הבנק"]),
        ("bank, bank 🙂", "🙂 bank", ["bank", "🙂"]),
    ],
)
def test_shared_words(text_a, text_b, shared):
    assert el.shared_words(text_a, text_b) == shared


def test_no_shared_word_is_said_plainly():
    with pytest.raises(InvalidInputError, match="share no word"):
        el.shared_words("banking 🙂", "a bank ☹")
