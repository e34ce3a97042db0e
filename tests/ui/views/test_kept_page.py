"""Kept models in the app: chosen on every page, taken away, removed, and hidden from others on a shared server."""

import shutil
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from page_app import figure, go, messages, open_page, press, said
from tiny_models import save_tiny_model

from embedlab.comparison import Candidate
from embedlab.datasets import DatasetStore
from embedlab.encoders import load_encoder
from embedlab.errors import EmbedLabError, InvalidInputError
from embedlab.exports import ClusterSettings, MapSettings, ViewSettings, describe_source, replay
from embedlab.exports.settings import EmbeddingSettings
from embedlab.folders import digests_of
from embedlab.models.kept import About, find_kept, is_kept_name, keep, kept_models, remove_kept
from embedlab.store import EmbeddingStore
from embedlab.ui.serving.housekeeping import forget_unused
from embedlab.ui.views.models import kept as view

pytestmark = pytest.mark.usefixtures("fresh_server", "own_data")
ABOUT = About(
    base="all-MiniLM-L6-v2",
    recipe="Labels",
    learned_from="480 texts with 12 labels",
    verdict="Better: Probe accuracy +2.2 points (95 %: +0.9 to +3.7). Nothing was forgotten that is looked at.",
    figures={"Probe accuracy": (0.85, 0.872)},
    settings={"learning_rate": 1e-4, "teacher": None},
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("model"), pooling_mode="cls")


def shown(app):
    """The kept models on the Models page: the card of the catalog's model is none of them."""
    names = [each.value.replace("\\", "") for each in app.main.subheader]
    return [name for name in names if is_kept_name(name)]


@pytest.mark.usefixtures("own_cache")
def test_a_kept_model_is_chosen_seen_and_removed_with_its_embeddings(trained):
    model = keep(trained, "mine", ABOUT)
    app = open_page("Models")
    assert "Better: Probe accuracy" in said(app).replace("\\", "")
    assert "learned from 480 texts with 12 labels" in said(app).replace("\\", "")
    app.button(key=f"use:{model.name}").click().run()
    assert app.selectbox(key="model").value == model.name
    assert app.selectbox(key=f"pooling:{model.name}").value == "cls"
    assert not app.exception
    app = go(app, "Search")
    assert not app.exception
    assert app.query_params["model"] == model.name
    app.text_input[0].set_value("a b c").run()
    assert not app.exception
    assert {entry.spec.model for entry in EmbeddingStore().entries()} == {model.name}
    app = go(app, "Models")
    app.button(key=f"remove:{model.name}").click().run()
    assert not app.exception
    assert find_kept(model.name) is None
    assert EmbeddingStore().entries() == []
    assert app.selectbox(key="model").value == "all-MiniLM-L6-v2"
    assert not shown(app)


def test_compare_offers_it_and_a_link_names_it(trained):
    model = keep(trained, "mine", ABOUT)
    app = open_page("Compare", candidates=f"{Candidate(model.name).key},tf-idf")
    assert app.session_state["candidate-list"] == [model.name, "tf-idf"]
    assert model.name in app.multiselect(key="add-models").options


def test_the_zip_is_the_folder(trained, tmp_path):
    model = keep(trained, "mine", ABOUT)
    with view.zip_of(model) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    assert digests_of(tmp_path / model.name) == digests_of(model.folder)


def test_settings_of_a_kept_model_are_replayed_while_it_is_here(trained):
    """By the weights that were kept; by no others, and where it was removed that is said."""
    model = keep(trained, "mine", ABOUT)
    texts = [f"{first} {second} {first}" for first in "abcdef" for second in "xyz"]
    content = "\n".join(["text", *texts]).encode()
    source = describe_source(DatasetStore().add(content, "mine.csv"), "text", None)
    encoder = load_encoder(model.name)
    embedding = EmbeddingSettings(model.name, encoder.revision, "cls")
    made = ViewSettings(source, embedding, ClusterSettings(n_clusters=2), MapSettings("pca"))
    settings = ViewSettings.from_toml(made.to_toml())
    np.testing.assert_array_equal(replay(settings, content).embeddings, encoder.encode(texts))
    with pytest.raises(InvalidInputError, match="weights of mine-"):
        replay(replace(settings, embedding=replace(embedding, revision="0" * 12)), content)
    remove_kept(model.name)
    with pytest.raises(EmbedLabError, match=model.name):
        replay(settings, content)


def test_a_damaged_one_is_said_plainly_and_the_frame_stands(trained):
    model = keep(trained, "mine", ABOUT)
    (weights,) = model.folder.glob("**/model.safetensors")
    weights.write_bytes(weights.read_bytes()[:100])
    app = open_page("Search", model=model.name)
    assert not app.exception
    assert any("could not be loaded" in message for message in messages(app))


@pytest.mark.usefixtures("own_cache")
def test_on_a_shared_server_a_model_belongs_to_whoever_has_its_name(trained, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    hers, owners = keep(trained, "hers", ABOUT, owner="somebody"), keep(trained, "owners", ABOUT)
    assert shown(open_page("Models")) == [], "nobody sees what others have kept"
    assert open_page("Search", model=owners.name).selectbox(key="model").value == "all-MiniLM-L6-v2"
    app = open_page("Models", model=hers.name)
    assert shown(app) == [hers.name]
    assert "belongs to whoever has its link" in said(app)
    assert app.selectbox(key="model").value == hers.name
    assert open_page("Compare", candidates=f"{owners.name},tf-idf").session_state["candidate-list"] == ["tf-idf"]
    monkeypatch.setenv("EMBEDLAB_MODELS", f"catalog,{owners.name}")
    assert shown(open_page("Models")) == [owners.name], "the owner offers it"
    forget_unused(3600)
    assert kept_models().keys() == {hers.name, owners.name}
    forget_unused(-1)
    assert kept_models().keys() == {owners.name}, "what belongs to nobody goes"


def test_who_is_signed_in_alone_sees_her_own(trained, monkeypatch):
    """What Streamlit says of her is put in its place: signing in for real is tried in the tests of the server."""
    from embedlab.ui.sessions import sharing

    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    people = [{"is_logged_in": True, "iss": "https://id.example", "sub": sub} for sub in "ab"]
    owners = []
    for person in people:
        monkeypatch.setattr(sharing.st, "user", person)
        owners.append(sharing.owner())
        keep(trained, "mine", ABOUT, owner=owners[-1])
    assert len(set(owners)) == 2
    assert not any(owner == "a" or "id.example" in owner for owner in owners)
    for person, owner in zip(people, owners, strict=True):
        monkeypatch.setattr(sharing.st, "user", person)
        every = list(kept_models())
        assert {model.owner for model in sharing.kept_here(every).values()} == {owner}, "not even by its name"


def test_weights_that_are_replaced_under_a_running_session_are_seen(trained, tmp_path):
    """The same session, the same address: what is found is what the new weights find."""
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(trained, tmp_path / "model")
    app = open_page("Models")
    app.text_input[2].set_value(str(folder))
    press(app, "Open it")
    app = go(app, "Inside")
    before = [figure(app, number) for number in range(len(app.get("plotly_chart")))]
    (file,) = folder.glob("**/model.safetensors")
    save_file({name: each.flip(0) for name, each in load_file(file).items()}, file, {"format": "pt"})
    app.run()
    assert not app.exception
    assert [figure(app, number) for number in range(len(before))] != before
