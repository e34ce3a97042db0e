"""Cross-encoders: scores as sentence-transformers has them, and no model taken for one that is none."""

import json

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from sentence_transformers import CrossEncoder
from tiny_models import save_tiny_model, save_tiny_reranker
from torch.nn import Identity

from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.reranking import load_reranker, rerankers_on_disk

PASSAGES = ["b c d", "a", "", "z y x w v u t s r q p o n m l k", "a b"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_reranker(tmp_path_factory.mktemp("rankers") / "tiny")


@pytest.fixture(scope="module")
def reranker(folder):
    return load_reranker(folder, device="cpu")


def test_scores_are_those_of_the_library(folder, reranker):
    """Before its sigmoid: same numbers, and so the order of its own ``rank``."""
    library = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    scored = reranker.score("a b", PASSAGES)
    expected = library.predict([("a b", passage) for passage in PASSAGES], activation_fn=Identity())
    np.testing.assert_allclose(scored.scores, expected, atol=1e-6)
    assert len(set(scored.scores.tolist())) == len(PASSAGES)
    ranked = [each["corpus_id"] for each in library.rank("a b", PASSAGES)]
    assert np.argsort(-scored.scores, kind="stable").tolist() == ranked


def test_what_is_not_read_to_its_end_is_said(reranker):
    """Sixteen tokens are read: [CLS] a b [SEP], then the passage and its [SEP]."""
    fits, too_long = " ".join("abcdefghijk"), " ".join("abcdefghijkl")
    assert reranker.max_seq_length == 16
    assert reranker.score("a b", [fits, too_long]).is_cut.tolist() == [False, True]


def test_many_passages_are_scored_in_parts_that_are_reported(reranker):
    steps = []
    passages = [f"{'a ' * (n % 9)}b" for n in range(150)]
    scored = reranker.score("a", passages, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(128, 150), (150, 150)]
    np.testing.assert_allclose(scored.scores[149], reranker.score("a", passages[149:]).scores[0], atol=1e-5)


def test_nothing_to_score_and_nothing_asked(reranker):
    assert reranker.score("a", []).scores.shape == (0,)
    with pytest.raises(InvalidInputError, match="blank"):
        reranker.score(" ", ["a"])


def test_a_model_that_embeds_is_no_cross_encoder(tmp_path):
    """The library would put a head of random numbers on it, and order passages by these."""
    plain = save_tiny_model(tmp_path)
    assert CrossEncoder(str(plain), device="cpu", local_files_only=True, num_labels=1).predict([("a", "b")]).size == 1
    with pytest.raises(ModelLoadError, match="is no cross-encoder: it is BertModel"):
        load_reranker(plain)


def test_several_scores_are_refused(tmp_path):
    with pytest.raises(ModelLoadError, match="3 scores"):
        load_reranker(save_tiny_reranker(tmp_path / "three", num_labels=3))


@pytest.mark.parametrize("lost", ["classifier.weight", "bert.pooler.dense.bias"])
def test_a_head_that_is_not_in_the_files_is_missed(tmp_path, lost):
    """Even where the files hold as many numbers as the model has: some that it does not use."""
    folder = save_tiny_reranker(tmp_path / "tiny")
    tensors = load_file(folder / "model.safetensors")
    tensors["unused"] = tensors.pop(lost).clone()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelLoadError, match=lost):
        load_reranker(folder)


def test_those_on_disk_are_found(tmp_path, monkeypatch):
    save_tiny_reranker(tmp_path / "models" / "ranks")
    save_tiny_model(tmp_path / "models" / "embeds")
    cached = tmp_path / "hub" / "models--org--ranker--v2" / "snapshots" / "abc"
    cached.mkdir(parents=True)
    (cached / "config.json").write_text(json.dumps({"architectures": ["XForSequenceClassification"], "num_labels": 1}))
    (tmp_path / "models" / "broken").mkdir()
    (tmp_path / "models" / "broken" / "config.json").write_text("{")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("EMBEDLAB_MODEL_FOLDERS", str(tmp_path / "models"))
    assert rerankers_on_disk() == ["org/ranker--v2", str(tmp_path / "models" / "ranks")]
