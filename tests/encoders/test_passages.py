"""Long texts in passages: nothing lost, nothing cut, every place exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import embedlab as el


def check(texts, encoder, passages, limit):
    """Every passage stands where it says, fits, and what no passage holds is white space."""
    seen = [np.zeros(len(text), dtype=bool) for text in texts]
    places = zip(passages.texts, passages.document, passages.start, passages.end, strict=True)
    for text, document, start, end in places:
        assert texts[document][start:end] == text
        seen[document][start:end] = True
    for text, covered in zip(texts, seen, strict=True):
        assert not "".join(sign for sign, is_seen in zip(text, covered, strict=True) if not is_seen).strip()
    if passages.texts:
        assert encoder.count_tokens(passages.texts).max() <= limit


def test_sentences_stay_whole_and_the_next_passage_takes_one_along(encoder):
    """Each sentence has six tokens, with the two around a text; two fit into 16, one of them comes again."""
    text = "The lamp is dark. The bulb is cold. The wire is hot. The box is gone."
    found = el.split_passages([text], encoder, max_tokens=12)
    assert found.texts == ["The lamp is dark. The bulb is cold.", "The wire is hot. The box is gone."]
    assert (found.start.tolist(), found.end.tolist()) == ([0, 36], [35, 69])
    assert (found.document.tolist(), found.number.tolist()) == ([0, 0], [1, 2])
    again = el.split_passages([text], encoder, max_tokens=12, overlap=5)
    assert again.texts[1].startswith("The bulb is cold.")


def test_texts_that_fit_are_one_passage_and_blank_ones_none(encoder):
    found = el.split_passages(["A short text.", " \n", "Another one."], encoder)
    assert found.texts == ["A short text.", "Another one."]
    assert found.document.tolist() == [0, 2]


LONG = [
    "물이 샌다. 등이 어둡다. " * 60,
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ" * 40,
    "灯坏了。我想退货。" * 60,
    "no end of a sentence at all " * 90,
    "x" * 3000,
    "👩\u200d👩\u200d👧 é " * 200,
    "a\n\n\n\nb\r\nc " * 200,
]


@pytest.mark.parametrize("text", LONG)
def test_every_script_and_texts_without_spaces_or_stops(encoder, text):
    for overlap in (0, 10):
        found = el.split_passages([text, "short"], encoder, max_tokens=64, overlap=overlap)
        check([text, "short"], encoder, found, 64)
        # A word of more than 100 signs is one token for this model, so it fits however long it is.
        assert len(found.texts) > 2 or encoder.count_tokens([text])[0] <= 64


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=3), st.integers(0, 4))
def test_nothing_is_lost(encoder, texts, overlap):
    check(texts, encoder, el.split_passages(texts, encoder, max_tokens=16, overlap=overlap), 16)


def test_word_counts_need_a_length(encoder):
    counts = el.TfidfEncoder(["The lamp is dark.", "The bulb is cold.", "It never came"])
    found = el.split_passages(["The lamp is dark. The bulb is cold."], counts, max_tokens=4)
    assert found.texts == ["The lamp is dark.", "The bulb is cold."]
    with pytest.raises(el.InvalidInputError, match="texts of any length"):
        el.split_passages(["a"], counts)


def test_what_cannot_be_is_said(encoder):
    with pytest.raises(el.InvalidInputError, match="reads 256 tokens; a passage of 300"):
        el.split_passages(["a"], encoder, max_tokens=300)
    with pytest.raises(el.InvalidInputError, match="leaves nothing for new text"):
        el.split_passages(["a"], encoder, max_tokens=10, overlap=8)
