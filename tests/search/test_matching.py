"""Which words carry a match: by hand, against the inside of the model, and where there are none."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.search import MatchedWord, TokenMatch, match_tokens


@pytest.fixture
def match():
    """Three tokens against five: pieces of a word are joined, Chinese signs are not."""
    similarity = [[0.1, 0.2, 0.3, 0.0, 0.0], [0.3, 0.9, 0.1, 0.6, 0.2], [0.0, 0.1, 0.4, -0.1, 0.3]]
    return TokenMatch(
        "red cats",
        "a catnip, 猫犬",
        ((0, 3), (4, 7), (7, 8)),
        ((0, 1), (2, 5), (5, 8), (10, 11), (11, 12)),
        np.array(similarity, dtype=np.float32),
    )


def test_by_hand(match):
    assert match.query_tokens == ["red", "cat", "s"]
    assert match.text_tokens == ["a", "cat", "nip", "猫", "犬"]
    assert match.best.tolist() == [1, 1, 2, 1, 2]
    assert match.scores.tolist() == pytest.approx([0.3, 0.9, 0.4, 0.6, 0.3])
    assert match.maxsim == pytest.approx((0.3 + 0.9 + 0.4) / 3)


def test_pieces_are_put_together_to_words(match):
    assert match.words() == [
        MatchedWord(0, 1, "cats", pytest.approx(0.3)),
        MatchedWord(2, 8, "cats", pytest.approx(0.9)),
        MatchedWord(10, 11, "cats", pytest.approx(0.6)),
        MatchedWord(11, 12, "cats", pytest.approx(0.3)),
    ]


QUERY, TEXT = "An unforgettable bank!", "The unforgettable bank, by the river."


def test_vectors_are_those_of_the_inside(encoder):
    """The inspector runs the same model with another code; special tokens and signs are left out."""
    inspector = el.load_inspector("all-MiniLM-L6-v2")
    vectors = []
    for text in (QUERY, TEXT):
        found = inspector.inspect(text)
        kept = [i for i, token in enumerate(found.kept) if any(c.isalnum() for c in text[token.start : token.end])]
        vectors.append(found.layers[-1][kept])
    match = match_tokens(encoder, QUERY, TEXT)
    np.testing.assert_allclose(match.similarity, cosine_similarity(*vectors), atol=1e-4)
    assert match.similarity.dtype == np.float32
    assert match.text_tokens == ["The", "un", "for", "get", "table", "bank", "by", "the", "river"]


def test_the_same_words_match_and_others_do_not(encoder):
    words = {TEXT[word.start : word.end]: word for word in match_tokens(encoder, QUERY, TEXT).words()}
    assert list(words) == ["The", "unforgettable", "bank", "by", "the", "river"]
    assert words["bank"].query_word == "bank"
    assert words["unforgettable"].query_word == "unforgettable"
    assert min(words["bank"].score, words["unforgettable"].score) > words["by"].score


def test_a_text_against_itself(encoder):
    match = match_tokens(encoder, TEXT, TEXT)
    np.testing.assert_allclose(match.scores, 1, atol=1e-5)
    assert match.maxsim == pytest.approx(1, abs=1e-5)


def test_what_the_model_does_not_read_is_left_out(encoder):
    text = "word " * 400 + "unread"
    words = match_tokens(encoder, "unread", text).words()
    assert len(words) == encoder.max_seq_length - 2
    assert words[-1].end == 5 * len(words) - 1


def test_scripts(encoder):
    text = "실험실 냉장고, 288리터 😀 東京都 हिन्दी"
    words = [text[word.start : word.end] for word in match_tokens(encoder, "냉장고", text).words()]
    assert words[:3] == ["실험실", "냉장고", "288리터"]
    assert words[-1] == "हिन्दी"
    assert "東" in words


def test_what_has_no_token_vectors_says_so(encoder):
    with pytest.raises(InvalidInputError, match="tf-idf has no token vectors in context"):
        match_tokens(el.TfidfEncoder(["some words", "other words"]), "some", "words")
    with pytest.raises(InvalidInputError, match="The query is blank"):
        match_tokens(encoder, " ", "words")
    with pytest.raises(InvalidInputError, match="The text is blank"):
        match_tokens(encoder, "words", "\u200b")
    with pytest.raises(InvalidInputError, match="The query holds no letter"):
        match_tokens(encoder, "?!", "words")


def test_prompts_are_put_before_and_left_out(tiny_model):
    folder = tiny_model(pooling_mode="mean", prompts={"query": "query: ", "document": "passage: "})
    encoder = el.load_encoder(folder, precision="float32")
    match = match_tokens(encoder, "the cat", "a cat sat")
    assert "".join(match.query_tokens) == "thecat"
    assert "".join(match.text_tokens) == "acatsat"
    bare, asked = encoder.token_vectors("the cat"), encoder.token_vectors("the cat", prompt_name="query")
    assert bare.spans == asked.spans
    assert not np.allclose(bare.vectors, asked.vectors)
