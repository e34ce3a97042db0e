"""Kept models: named, whole or not there at all, opened by name, removed with all that was made from them."""

import errno
import json
import os

import numpy as np
import pytest
from tiny_models import TEXTS

import embedlab as el
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.folders import cache_folder, data_folder
from embedlab.models import find_model, model_stamp
from embedlab.models.kept import About, find_kept, is_kept_name, keep, kept_models, remove_kept, touch_kept

ABOUT = About(
    base="all-MiniLM-L6-v2",
    recipe="labels",
    learned_from="480 texts with 12 labels",
    figures={"Probe accuracy": (0.85, 0.875)},
    settings={"learning_rate": 1e-4},
    trained_on="2026-11-27",
)

pytestmark = pytest.mark.usefixtures("own_data")


@pytest.fixture
def trained(tiny_model):
    return tiny_model(pooling_mode="mean")


def test_a_kept_model_is_found_by_its_name_and_gives_what_the_folder_gives(trained):
    kept = keep(trained, "My complaints, 2026!", ABOUT)
    assert is_kept_name(kept.name)
    assert kept.name.startswith("My-complaints-2026-")
    assert kept_models() == {kept.name: kept}
    assert kept.about == ABOUT
    assert kept.nbytes == sum(file.stat().st_size for file in trained.rglob("*") if file.is_file())
    encoder = el.load_encoder(kept.name)
    assert encoder.name == kept.name
    np.testing.assert_array_equal(encoder.encode(TEXTS), el.load_encoder(trained).encode(TEXTS))
    assert find_model(kept.name).revision == find_model(trained).revision


def test_other_weights_under_the_same_name_are_another_model(trained, tiny_model):
    first, again, other = (keep(folder, "mine", ABOUT) for folder in (trained, trained, tiny_model(pooling_mode="cls")))
    assert first == again != other
    assert kept_models().keys() == {first.name, other.name}
    hers = keep(trained, "mine", ABOUT, owner="her")
    assert hers.name != first.name, "two people may train the same: each has her own"
    assert find_kept(hers.name).owner == "her"


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Reklamationen für März", "Reklamationen-für-März"), ("환불 문의", "환불-문의"), ("../../etc", "etc")],
)
def test_names_of_all_languages_and_no_paths(trained, name, plain):
    kept = keep(trained, name, ABOUT)
    assert kept.name.startswith(f"{plain}-")
    assert kept.folder.parent.parent == data_folder() / "models"


@pytest.mark.parametrize(
    ("name", "words"), [("", "Give it one"), (" … ", "Give it one"), ("Static", ""), ("static-x", "static-")]
)
def test_what_cannot_be_a_name(trained, name, words):
    if not words:
        assert keep(trained, name, ABOUT).name.startswith("Static-")
        return
    with pytest.raises(InvalidInputError, match=words):
        keep(trained, name, ABOUT)


def test_a_full_disk_leaves_nothing(trained, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("embedlab.models.kept.keeping.shutil.copytree", full)
    with pytest.raises(ModelLoadError, match="No space left on device. Make room there, or set EMBEDLAB_DATA"):
        keep(trained, "mine", ABOUT)
    assert kept_models() == {}
    assert not list((data_folder() / "models").iterdir())


def test_what_is_no_model_is_not_kept(tmp_path):
    with pytest.raises(ModelLoadError, match=r"holds no modules\.json"):
        keep(tmp_path, "mine", ABOUT)


def test_a_name_from_another_machine_says_what_to_do():
    with pytest.raises(ModelLoadError, match=r"trained and kept, and it is not on this machine.*zip"):
        el.load_encoder("complaints-0123456789ab")


def test_a_damaged_description_hides_no_model(trained):
    kept = keep(trained, "mine", ABOUT)
    (kept.folder.parent / "about.json").write_text("{")
    assert find_kept(kept.name).about.base == ""
    (kept.folder.parent / "owner").unlink()
    assert find_kept(kept.name) is None, "nobody knows whose it is"


def test_the_description_is_json_with_what_it_was_told(trained):
    kept = keep(trained, "mine", ABOUT)
    written = json.loads((kept.folder.parent / "about.json").read_text(encoding="utf-8"))
    assert written["figures"] == {"Probe accuracy": [0.85, 0.875]}
    assert written["base"] == "all-MiniLM-L6-v2"


def test_removed_is_gone_and_removing_twice_is_no_fault(trained):
    kept = keep(trained, "mine", ABOUT)
    assert model_stamp(kept.name) is not None
    remove_kept(kept.name)
    remove_kept(kept.name)
    assert kept_models() == {}
    assert model_stamp(kept.name) is None
    with pytest.raises(ModelLoadError, match="not on this machine"):
        el.load_encoder(kept.name)


def test_being_used_is_noted(trained):
    kept = keep(trained, "mine", ABOUT)
    os.utime(kept.folder.parent, (0, 0))
    assert find_kept(kept.name).last_used == 0
    touch_kept(kept.name)
    assert find_kept(kept.name).last_used > 0


def test_without_a_data_folder_there_are_no_kept_models(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDLAB_DATA", str(tmp_path / "missing"))
    assert kept_models() == {}
    assert cache_folder() != data_folder()
