"""Every family of models on its whole way: load, encode as sentence-transformers does, compare, look inside."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from tiny_models import TEXTS, save_tiny_decoder, save_tiny_model, save_tiny_mpnet, save_tiny_xlmr

import embedlab as el
from embedlab.inspection import load_inspector
from embedlab.store import EmbeddingStore

FAMILIES = {
    "mean and Normalize": lambda folder: save_tiny_model(folder, pooling_mode="mean", normalize=True),
    "no Normalize": lambda folder: save_tiny_model(folder, pooling_mode="mean"),
    "CLS": lambda folder: save_tiny_model(folder, pooling_mode="cls", normalize=True),
    "query and passage": lambda folder: save_tiny_model(
        folder, pooling_mode="mean", prompts={"query": "query: ", "document": "passage: "}
    ),
    "prompt left out": lambda folder: save_tiny_model(
        folder, pooling_mode="mean", include_prompt=False, prompts={"query": "query: ", "document": "passage: "}
    ),
    "Dense head": lambda folder: save_tiny_model(folder, pooling_mode="mean", dense=4),
    "no sentence head": save_tiny_model,
    "decoder": save_tiny_decoder,
    "XLM-R": save_tiny_xlmr,
    "MPNet": save_tiny_mpnet,
}


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request, tmp_path_factory):
    return FAMILIES[request.param](tmp_path_factory.mktemp("family"))


@pytest.fixture(scope="module")
def loaded(folder):
    return el.load_encoder(folder, precision="float32")


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)


def test_encode(folder, loaded):
    model = SentenceTransformer(str(folder), device="cpu")
    for name in (None, *loaded.prompts):
        expected = model.encode(TEXTS, prompt_name=name, normalize_embeddings=True)
        np.testing.assert_allclose(loaded.encode(TEXTS, prompt_name=name), expected, atol=1e-5)


def test_compare_every_pooling_and_layer_on_questions(loaded, tmp_path, quick):
    gold = el.Retrieval(("a b", "k l"), ("a b c", "d e f", "i j k l", "m n o"), [{0}, {2}])
    modes = ("mean", "cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken", "attention", "position:1:0.5")
    candidates = [el.Candidate("x", mode, layer) for mode in modes for layer in (-1, 1)]
    found = el.compare(gold, candidates, load=lambda _: loaded, store=EmbeddingStore(tmp_path))
    figures = {result.candidate: result.figures["ndcg_at_10"].value for result in found.results}
    assert len(figures) == len({*candidates, el.Candidate("x", loaded.pooling_mode)})
    report = el.evaluate_retrieval(loaded, gold.queries, gold.texts, gold.relevant)
    assert figures[el.Candidate("x", loaded.pooling_mode)] == pytest.approx(report.ndcg)
    assert found.results[0].spec.prompt_name == loaded.document_prompt_name


def test_look_inside(folder, loaded):
    inspector = load_inspector(folder)
    for text in ("a b c", TEXTS[0]):
        inspection = inspector.inspect(text)
        np.testing.assert_allclose(inspection.pooled(normalize_embeddings=True), loaded.encode([text])[0], atol=1e-5)
        np.testing.assert_allclose(inspection.token_weights().sum(), 1, atol=1e-5)
        np.testing.assert_allclose(inspection.attention_matrix(1).sum(axis=1), 1, atol=1e-2)
