"""Names and files of models: what is refused, and in which words."""

import json
import re
import shutil

import pytest
from transformers import CONFIG_MAPPING

import embedlab as el
from embedlab.device import pick_device
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.models import RECOMMENDATIONS, catalog, find_card, find_model, hub
from embedlab.pooling import check_pooling_mode


def test_bundled_model_is_found_by_name_and_by_hub_id():
    files = find_model("all-MiniLM-L6-v2")
    assert files == find_model("sentence-transformers/all-MiniLM-L6-v2")
    assert files.revision == catalog()["all-MiniLM-L6-v2"].sha256
    assert files.name == "all-MiniLM-L6-v2"


def test_changed_weights_are_refused(monkeypatch, tmp_path):
    """One flipped byte in a copy of the carried model."""
    card = find_card("all-MiniLM-L6-v2")
    copied = shutil.copytree(card.bundled_folder(), tmp_path / "model")
    weights = bytearray((copied / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copied / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr(type(card), "bundled_folder", lambda self: copied)
    with pytest.raises(ModelLoadError, match="not the published ones.*Reinstall"):
        el.load_encoder("all-MiniLM-L6-v2")


def test_names_are_never_tried_as_paths(tmp_path, monkeypatch):
    """A folder called like a hub id lies in the working folder; it must not be loaded."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(find_card("all-MiniLM-L6-v2").bundled_folder(), tmp_path / "nobody" / "such-model")
    with pytest.raises(ModelLoadError, match="nobody/such-model"):
        find_model("nobody/such-model")
    assert find_model("./nobody/such-model").name == "nobody/such-model"


@pytest.mark.parametrize("name", ["etc", "a/b/c", "https://example.org/model", "user@host/model", ""])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ModelLoadError, match="no model"):
        find_model(name)


def test_folder_without_model(tmp_path):
    with pytest.raises(ModelLoadError, match="neither modules.json nor config.json"):
        el.load_encoder(tmp_path)


def test_pickled_weights_are_refused(tiny_model, tmp_path):
    copied = shutil.copytree(tiny_model(), tmp_path / "pickled")
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(ModelLoadError, match=r"no \.safetensors file"):
        el.load_encoder(copied)


def test_damaged_weights_and_remote_code_are_refused(tiny_model, tmp_path):
    damaged = shutil.copytree(tiny_model(), tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"\x00" * 100)
    with pytest.raises(ModelLoadError, match="could not be loaded"):
        el.load_encoder(damaged)
    coded = shutil.copytree(tiny_model(pooling_mode="mean"), tmp_path / "coded")
    modules = json.loads((coded / "modules.json").read_text())
    modules[1]["type"] = "os.path.join"
    (coded / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelLoadError, match=r"needs code that came with it \(os\.path\.join\)"):
        el.load_encoder(coded)


def test_devices():
    assert pick_device("cpu") == "cpu"
    with pytest.raises(InvalidInputError, match="no device 'tpu'"):
        pick_device("tpu")
    with pytest.raises(InvalidInputError, match="no precision"):
        el.load_encoder(precision="int2")


def test_every_card_is_complete():
    """Facts a person chooses by must not be empty, and the carried model comes first."""
    cards = list(catalog().values())
    assert cards[0].is_bundled
    for card in cards:
        assert hub.HUB_ID.fullmatch(card.hub_id)
        assert card.embedding_dimension > 0
        assert card.parameters > 0
        assert card.max_seq_length > 0
        assert all([card.languages, card.license, card.good_for])
        assert card.revision is None or re.fullmatch("[0-9a-f]{40}", card.revision)
        assert card.default_prompt is None or card.default_prompt in card.prompts
        check_pooling_mode(card.pooling_mode)


def test_a_model_has_one_card():
    hub_ids = [card.hub_id.lower() for card in catalog().values()]
    assert len(set(hub_ids)) == len(hub_ids)
    assert not set(hub_ids) & {name.lower() for name in catalog()}


def test_recommendations_name_models_of_the_catalog():
    assert all(RECOMMENDATIONS.values())
    assert {name for names in RECOMMENDATIONS.values() for name in names} <= set(catalog())


def test_nomic_runs_without_code_from_the_hub():
    """Its architecture is one that transformers brings."""
    assert "nomic_bert" in CONFIG_MAPPING
