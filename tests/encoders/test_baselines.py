"""Encoders without a transformer: against sentence-transformers and scikit-learn, and what they cannot do."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import (
    EmbeddingSimilarityEvaluator,
    InformationRetrievalEvaluator,
)
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.samples import read_sample

TEXTS = ["The parcel is late.", "the PARCEL is late", "A dog barks at night.", "Dogs bark.", "late late parcel"]


@pytest.fixture(scope="module")
def static():
    return el.load_encoder("static-all-MiniLM-L6-v2")


@pytest.fixture(scope="module")
def pairs():
    frame = read_sample("sentence_pairs").frame
    return frame["sentence1"].tolist(), frame["sentence2"].tolist(), frame["score"].astype(float).tolist()


def test_static_vectors_equal_those_of_sentence_transformers(static):
    model = SentenceTransformer(str(static.folder), device="cpu")
    for normalize in (True, False):
        expected = model.encode(TEXTS, normalize_embeddings=normalize)
        np.testing.assert_allclose(static.encode(TEXTS, normalize_embeddings=normalize), expected, atol=1e-6)


def test_static_vectors_know_no_word_order_and_have_no_limit(static):
    once, twice = static.encode(["dog bites man", "man bites dog"])
    np.testing.assert_allclose(once, twice, atol=1e-6)
    assert static.max_seq_length is None
    assert static.count_tokens(["dog " * 1000])[0] == 1000
    assert not static.encode([""]).any(), "nothing is known of it"
    assert static.encode([]).shape == (0, 256)


def test_a_transformer_beats_word_vectors_and_these_beat_nothing(static, encoder, pairs):
    by_model = {name: el.evaluate_sts(it, *pairs).spearman for name, it in (("full", encoder), ("static", static))}
    assert 0.4 < by_model["static"] < by_model["full"]


def test_the_more_common_a_word_the_less_it_weighs(static):
    """By its rank among what can stand in a text: 999 tokens of the vocabulary before the first sign cannot."""
    common, rare = np.linalg.norm(static.encode(["a", "parcel"], normalize_embeddings=False), axis=1)
    assert common < rare / 10


def test_a_token_of_the_vocabulary_is_embedded_like_a_text_of_it(encoder):
    vectors, tokenizer = encoder.vocabulary_vectors(), encoder.tokenizer.uncut()
    assert len(vectors) == tokenizer.get_vocab_size()
    words = ["parcel", "dog", "the"]
    found = vectors[[tokenizer.token_to_id(word) for word in words]]
    cosines = el.paired_cosine_similarity(found, encoder.encode(words))
    assert cosines.min() > 0.9999


def test_tfidf_equals_scikit_learn():
    tfidf = el.TfidfEncoder(TEXTS)
    counts = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b").fit_transform(TEXTS)
    expected = TruncatedSVD(min(256, counts.shape[1]), random_state=0).fit_transform(counts)
    np.testing.assert_allclose(tfidf.encode(TEXTS, normalize_embeddings=False), expected, atol=1e-5)
    similarity = el.cosine_similarity(tfidf.encode(TEXTS))
    assert similarity[0, 1] == pytest.approx(1, abs=1e-5), "case and punctuation do not count"
    assert similarity[0, 3] == pytest.approx(0, abs=1e-5), "no word in common"


def test_tfidf_is_named_by_the_texts_it_was_fitted_to():
    one, same, other = el.TfidfEncoder(TEXTS), el.TfidfEncoder([*TEXTS, TEXTS[0]]), el.TfidfEncoder(TEXTS[:4])
    assert one.spec().digest == same.spec().digest != other.spec().digest


@pytest.mark.parametrize(("texts", "message"), [(["", "!?"], "no words"), (["word", "Word"], "one word only")])
def test_tfidf_without_words_says_so(texts, message):
    with pytest.raises(InvalidInputError, match=message):
        el.TfidfEncoder(texts)


def test_there_is_nothing_to_choose_without_tokens(static):
    for encoder in (static, el.TfidfEncoder(TEXTS)):
        with pytest.raises(InvalidInputError, match="no token vectors"):
            encoder.encode(TEXTS, pooling_mode="cls")
        with pytest.raises(InvalidInputError, match="layers 0 to 0"):
            encoder.encode(TEXTS, layer=3)
    with pytest.raises(InvalidInputError, match="TfidfEncoder"):
        el.load_encoder("tf-idf")


def test_evaluators_of_sentence_transformers_take_an_encoder(static, encoder, pairs):
    a, b, gold = pairs
    queries, corpus = {"q": "Where is my parcel?"}, {str(row): text for row, text in enumerate(TEXTS)}
    for it in (encoder, static, el.TfidfEncoder(a + b)):
        found = EmbeddingSimilarityEvaluator(a, b, gold, name="pairs")(it)
        # Pairs without a common word have the cosine 0 but for rounding, and no order among themselves.
        expected = el.evaluate_sts(it, a, b, gold).spearman
        assert found["pairs_spearman_cosine"] == pytest.approx(expected, abs=5e-3 if it.name == "tf-idf" else 1e-4)
    found = InformationRetrievalEvaluator(queries, corpus, {"q": {"0", "1"}}, name="search")(encoder)
    report = el.evaluate_retrieval(encoder, list(queries.values()), TEXTS, [{0, 1}])
    assert found["search_cosine_ndcg@10"] == pytest.approx(report.ndcg, abs=1e-6)


def test_arguments_of_others_are_taken_or_refused_but_not_ignored(static):
    np.testing.assert_array_equal(static.encode(TEXTS, batch_size=8, show_progress_bar=True), static.encode(TEXTS))
    assert type(static.encode(TEXTS, convert_to_tensor=True)).__name__ == "Tensor"
    for wrong in ({"precision": "int7"}, {"prompt": "query: "}, {"no_such": 1}):
        with pytest.raises(InvalidInputError, match=next(iter(wrong))):
            static.encode(TEXTS, **wrong)


def test_tfidf_counts_whole_words_of_scripts_with_marks_and_pairs_of_those_without_spaces():
    """Vowel signs are no letters: taken for ends of words, they would leave three consonants of फ्रिज."""
    texts = ["मेरा फ्रिज ठंडा नहीं", "मेरा पार्सल कहाँ है", "我的冰箱坏了", "冰箱不冷", "包裹没到"]
    encoder = el.TfidfEncoder(texts)
    assert encoder.count_tokens(texts[:1] + texts[3:4]).tolist() == [4, 3]
    similarity = encoder.encode(texts) @ encoder.encode(texts).T
    assert similarity[2, 3] > 0.1 > similarity[2, 4]
    assert similarity[0, 1] > 0.1 > abs(similarity[0, 2])
