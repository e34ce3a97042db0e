"""A folder whose weights are replaced is another model: to what computes with it, and to what is kept of it."""

import shutil

import numpy as np
import pytest
from tiny_models import TEXTS

import embedlab as el
from embedlab.errors import ModelLoadError
from embedlab.folders import cache_folder
from embedlab.models import find_card, find_model, load_model, model_stamp


def retrain(folder):
    """Replace the weights by others of the same shape, in a file of the same name and size."""
    from safetensors.torch import load_file, save_file

    (file,) = folder.glob("**/model.safetensors")
    weights = load_file(file)
    save_file({name: each.flip(0) for name, each in weights.items()}, file, {"format": "pt"})


@pytest.fixture
def folder(tiny_model, tmp_path):
    return shutil.copytree(tiny_model(pooling_mode="mean"), tmp_path / "mine")


def test_a_stamp_changes_with_the_weights_and_only_then(folder):
    before = model_stamp(str(folder))
    assert model_stamp(str(folder)) == before
    (folder / "notes.md").write_text("Nothing that decides a vector.")
    assert model_stamp(str(folder)) == before
    retrain(folder)
    assert model_stamp(str(folder)) != before
    assert model_stamp(f"static-{folder}") == model_stamp(str(folder))


@pytest.mark.parametrize("name", ["tf-idf", "your vectors", "nobody/nothing", "/nowhere", "mine-0123456789ab"])
def test_what_is_not_there_or_has_no_files_has_none(name):
    assert model_stamp(name) is None


def test_a_model_of_the_catalog_has_the_commit_that_is_fetched():
    assert model_stamp("all-MiniLM-L6-v2") == find_card("all-MiniLM-L6-v2").revision


def test_weights_that_are_replaced_while_they_are_read_are_refused(folder):
    files = find_model(folder)
    retrain(folder)
    with pytest.raises(ModelLoadError, match="were replaced while they were read"):
        load_model(files, "cpu")


def test_what_was_computed_from_earlier_weights_is_let_go(folder, tmp_path, monkeypatch):
    """Here the word vectors distilled from a model; its conversions lie beside them under the same digest."""
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path / "cache"))
    first = el.load_encoder(f"static-{folder}")
    assert first.folder.is_dir()
    again = el.load_encoder(f"static-{folder}")
    assert again.folder == first.folder
    retrain(folder)
    second = el.load_encoder(f"static-{folder}")
    assert second.folder != first.folder
    assert not first.folder.exists()
    weights = second.folder.name.partition("-")[0]
    assert {made.name.partition("-")[0] for made in (cache_folder() / "models").iterdir()} == {weights}
    assert not np.array_equal(first.encode(TEXTS), second.encode(TEXTS))
