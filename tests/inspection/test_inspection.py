"""The inside of a model: against transformers itself, against Encoder, and worked by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tiny_models import save_tiny_mpnet, save_tiny_xlmr, word_tokenizer
from transformers import AutoModel, AutoTokenizer

import embedlab as el
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.inspection import inspector as inspector_module
from embedlab.inspection.words import word_vectors
from embedlab.models import catalog
from embedlab.pooling import POOLING_MODES

SENTENCE = "Unbelievably, the riverbank closed."
AWKWARD = {
    "emoji": "I 🙂 it 👩‍👩‍👧 a lot",
    "combining": "scho\u0308n und cafe\u0301",
    "right to left": "הבנק על הנהר",
    "typed special tokens": "a [SEP] b [CLS]",
    "markup": "<b>*x*</b> $y$",
}


@pytest.fixture(scope="module")
def folders(tiny_model, tiny_decoder, tmp_path_factory):
    """A folder for each family of models."""
    prompts = {"query": "query: ", "passage": "passage: "}
    return {
        "cls": tiny_model(pooling_mode="cls", normalize=True),
        "prompts": tiny_model(pooling_mode="mean", prompts=prompts),
        "prompts left out": tiny_model(pooling_mode="mean", include_prompt=False, prompts=prompts),
        "several poolings": tiny_model(pooling_mode=("cls", "max")),
        "decoder": tiny_decoder,
        "mpnet": save_tiny_mpnet(tmp_path_factory.mktemp("mpnet")),
        "dense": tiny_model(pooling_mode="mean", dense=5),
        "no sentence head": tiny_model(),
        "xlm-r": save_tiny_xlmr(tmp_path_factory.mktemp("xlmr")),
    }


FAMILIES = [
    "cls", "prompts", "prompts left out", "several poolings", "decoder", "mpnet", "dense", "no sentence head", "xlm-r",
]  # fmt: skip


def library(folder, text, limit=None):
    """Tokens, states and attention by transformers alone."""
    plain = folder if not (folder.parent / "plain").exists() else folder.parent / "plain"
    tokenizer = AutoTokenizer.from_pretrained(plain)
    model = AutoModel.from_pretrained(plain, attn_implementation="eager").eval()
    read = tokenizer(text, return_tensors="pt", truncation=limit is not None, max_length=limit)
    with torch.inference_mode():
        output = model(**read, output_hidden_states=True, output_attentions=True)
    return tokenizer, read["input_ids"][0].tolist(), output


def assert_equals_library(inspection, folder, text):
    tokenizer, ids, output = library(folder, text)
    assert [token.id for token in inspection.kept] == ids
    assert [token.piece for token in inspection.kept] == tokenizer.convert_ids_to_tokens(ids)
    np.testing.assert_allclose(inspection.layers, torch.cat(output.hidden_states), atol=1e-5)
    np.testing.assert_allclose(inspection.attention, torch.cat(output.attentions), atol=5e-4)
    np.testing.assert_allclose(inspection.received, output.attentions[-1][0].mean(dim=(0, 1)), atol=1e-6)
    np.testing.assert_allclose(inspection.attention.sum(axis=-1, dtype=np.float32), 1, atol=2e-3)


# ---------------------------------------------------------------- against the libraries


@pytest.mark.parametrize("text", [SENTENCE, "Hi", *AWKWARD.values()], ids=["sentence", "one word", *AWKWARD])
def test_the_bundled_model_equals_transformers_and_encoder(inspector, encoder, text):
    inspection = inspector.inspect(text)
    assert_equals_library(inspection, catalog()["all-MiniLM-L6-v2"].bundled_folder(), text)
    for mode in POOLING_MODES:
        ours = inspection.pooled(mode, normalize_embeddings=True)
        np.testing.assert_allclose(ours, encoder.encode(text, pooling_mode=mode)[0], atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_equals_transformers_and_encoder(folders, family):
    folder, text = folders[family], "a b c a"
    encoder, inspector = el.load_encoder(folder, precision="float32"), el.load_inspector(folder)
    assert_equals_library(inspector.inspect(text), folder, text)
    for prompt_name in [None, *inspector.prompts]:
        inspection = inspector.inspect(text, prompt_name)
        for layer in (0, 1, -1):
            for normalize in (True, False):
                own = {"layer": layer, "normalize_embeddings": normalize}
                expected = encoder.encode(text, prompt_name=prompt_name, **own)[0]
                np.testing.assert_allclose(inspection.pooled(**own), expected, atol=1e-5)


def test_prompt_tokens_are_marked_and_left_out_where_the_model_says_so(folders):
    for family, left_out in (("prompts", False), ("prompts left out", True)):
        inspection = el.load_inspector(folders[family]).inspect("a b", "query")
        assert [token.piece for token in inspection.kept] == ["[CLS]", "query", ":", "a", "b", "[SEP]"]
        assert [token.is_prompt for token in inspection.kept] == [False, True, True, False, False, False]
        assert [(token.start, token.end) for token in inspection.kept[3:5]] == [(0, 1), (2, 3)]
        expected = [0, 0, 0, 1 / 3, 1 / 3, 1 / 3] if left_out else [1 / 6] * 6
        np.testing.assert_allclose(inspection.token_weights("mean"), expected, rtol=1e-6)


def test_pieces_are_written_as_the_tokenizer_writes_them(inspector, folders):
    wordpiece = inspector.inspect("The unforgettable bank")
    assert [token.piece for token in wordpiece.tokens] == [
        "[CLS]", "the", "un", "##for", "##get", "##table", "bank", "[SEP]",
    ]  # fmt: skip
    assert [token.is_special for token in wordpiece.tokens] == [True, *[False] * 6, True]
    assert wordpiece.pieces_of(4, 17) == [2, 3, 4, 5]
    unigram = el.load_inspector(folders["xlm-r"]).inspect("die bank")
    assert unigram.tokens[0].piece == "<s>"
    assert unigram.tokens[1].piece.startswith("▁")
    assert "".join(token.piece for token in unigram.tokens[1:-1]).replace("▁", " ").strip() == "die bank"


# ---------------------------------------------------------------- the limit, and what is refused


def test_a_longer_text_is_cut_where_the_model_cuts_it(folders):
    text = " ".join("abcdefghijklmnopqrst")
    inspection = el.load_inspector(folders["cls"]).inspect(text)
    assert inspection.max_seq_length == 16
    assert len(inspection.tokens) == 22
    assert [token.piece for token in inspection.tokens if token.is_cut] == list("opqrst")
    assert [token.id for token in inspection.kept] == library(folders["cls"], text, limit=16)[1]
    assert inspection.layers.shape == (3, 16, 8)
    with pytest.raises(InvalidInputError, match="does not see the word 'o'.*16 tokens"):
        word_vectors(inspection, "o")
    assert word_vectors(inspection, "n").shape == (3, 8)


@pytest.mark.parametrize("text", ["", " \n", "\u200b"])
def test_a_blank_text_is_refused(inspector, text):
    with pytest.raises(InvalidInputError, match="blank. Type one"):
        inspector.inspect(text)


def test_what_cannot_be_looked_into_is_said_plainly(inspector, folders, monkeypatch, tmp_path):
    with pytest.raises(InvalidInputError, match="no prompt 'query'"):
        inspector.inspect("a", "query")
    with monkeypatch.context() as patch:
        patch.setattr(inspector_module, "MAX_TOKENS", 4)
        with pytest.raises(InvalidInputError, match="has 9 tokens; 1 to 4"):
            inspector.inspect("a b c d e f g")
        patch.setattr(inspector._tokenizer, "encode", lambda text: ([], []))
        with pytest.raises(InvalidInputError, match="has 0 tokens; 1 to 4"):
            inspector.inspect("a text of which a tokenizer leaves nothing")
    inspection = el.load_inspector(folders["cls"]).inspect("a b")
    with pytest.raises(InvalidInputError, match="layer=3, but .* has layers 1 to 2"):
        inspection.attention_matrix(layer=3)
    with pytest.raises(InvalidInputError, match="head=0, but .* has heads 1 to 2"):
        inspection.attention_matrix(head=0)
    with pytest.raises(InvalidInputError, match="layers 0 to 2; layer=-4"):
        inspection.pooled(layer=-4)
    with pytest.raises(InvalidInputError, match="no pooling 'median'"):
        inspection.token_weights("median")
    static = SentenceTransformer(modules=[StaticEmbedding(word_tokenizer(), embedding_dim=4)], device="cpu")
    static.save_pretrained(str(tmp_path))
    with pytest.raises(ModelLoadError, match="no transformer; only transformers"):
        el.load_inspector(tmp_path)


# ---------------------------------------------------------------- worked by hand


def by_hand(inspector, **fields):
    """An inspection of two heads, one layer and three tokens: (1, 0), (3, 4), (2, 9)."""
    heads = [[[1, 0, 0], [0, 1, 0], [0, 0.5, 0.5]], [[0.5, 0.5, 0], [0, 0, 1], [1, 0, 0]]]
    states = np.array([[[1, 1], [1, 1], [1, 1]], [[1, 0], [3, 4], [2, 9]]], dtype=np.float32)
    given = {
        "layers": states,
        "attention": np.array([heads], dtype=np.float16),
        "received": np.array([0.5, 0.3, 0.2], dtype=np.float32),
        "tokens": inspector.inspect("a").tokens,
    }
    return replace(inspector.inspect("a"), **(given | fields))


@pytest.mark.parametrize(
    ("mode", "weights"),
    [
        ("mean", [1 / 3, 1 / 3, 1 / 3]),
        ("mean_sqrt_len_tokens", [1 / 3, 1 / 3, 1 / 3]),
        ("cls", [1, 0, 0]),
        ("lasttoken", [0, 0, 1]),
        ("max", [0, 0.5, 0.5]),  # 3 in the first dimension, 9 in the second
        ("weightedmean", [1 / 6, 2 / 6, 3 / 6]),
        ("attention", [0.5, 0.3, 0.2]),
        ("cls+mean", [2 / 3, 1 / 6, 1 / 6]),
    ],
)
def test_token_weights_by_hand(inspector, mode, weights):
    np.testing.assert_allclose(by_hand(inspector).token_weights(mode), weights, atol=1e-6)


def test_weights_make_the_pooled_vector(inspector):
    inspection = inspector.inspect(SENTENCE)
    for mode in ("mean", "cls", "weightedmean", "lasttoken", "attention"):
        np.testing.assert_allclose(
            inspection.token_weights(mode) @ inspection.layers[-1], inspection.pooled(mode), atol=1e-5
        )


def test_attention_means_by_hand(inspector):
    inspection = by_hand(inspector)
    assert inspection.attention_matrix(1, 2).tolist() == [[0.5, 0.5, 0], [0, 0, 1], [1, 0, 0]]
    mean = [[0.75, 0.25, 0], [0, 0.5, 0.5], [0.5, 0.25, 0.25]]
    assert inspection.attention_matrix(layer=1).tolist() == mean
    assert inspection.attention_matrix().tolist() == mean
    several = inspector.inspect(SENTENCE)
    exact = several.attention.astype(np.float32)
    np.testing.assert_allclose(several.attention_matrix(head=5), exact[:, 4].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(several.attention_matrix(), exact.mean(axis=(0, 1)), atol=1e-6)


def test_cosines_and_norms_by_hand(inspector):
    """Mean (2, 13/3), CLS (1, 0), max (3, 9)."""
    inspection, modes = by_hand(inspector), ["mean", "cls", "max"]
    cosines = inspection.pooling_cosines(modes)
    np.testing.assert_allclose(np.diag(cosines), 1, rtol=1e-6)
    np.testing.assert_allclose(cosines[1, 2], 3 / np.sqrt(90), rtol=1e-6)
    np.testing.assert_allclose(inspection.norms(modes), [np.hypot(2, 13 / 3), 1, np.sqrt(90)], rtol=1e-6)
    np.testing.assert_allclose(inspection.norms(modes, normalize_embeddings=True), 1, rtol=1e-6)


def test_inspecting_leaves_everything_as_it_was(inspector):
    first = inspector.inspect(SENTENCE)
    before = first.layers.copy()
    first.token_weights("max")
    first.pooled("max", normalize_embeddings=True)
    assert np.array_equal(first.layers, before)
    assert np.array_equal(first.layers, inspector.inspect(SENTENCE).layers)
    with pytest.raises(ValueError, match="read-only"):
        first.layers[0] = 0


def test_a_model_that_shows_no_attention_says_so(inspector, monkeypatch):
    output = SimpleNamespace(attentions=(), hidden_states=())
    monkeypatch.setattr(inspector, "_transformer", lambda **inputs: output)
    with pytest.raises(InvalidInputError, match="all-MiniLM-L6-v2 does not show its attention"):
        inspector.inspect("a")
