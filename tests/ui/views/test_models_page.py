"""The Models page: the catalog filtered, and what may not be named or cannot be had said in words."""

import pytest
from page_app import open_page, press, said, uploaded

from embedlab.models import catalog

pytestmark = pytest.mark.usefixtures("fresh_server")


def look_up(app, hub_id):
    app.text_input[1].set_value(hub_id)
    return press(app, "Look it up")


def test_every_model_is_listed_and_found_again():
    app = open_page("Models")
    assert app.dataframe[0].value["Name"].tolist() == list(catalog())
    app.text_input(key="find").set_value("clinical").run()
    assert app.dataframe[0].value["Name"].tolist() == ["Bio_ClinicalBERT"]
    app.text_input(key="find").set_value("").run()
    app.toggle(key="only_ready").set_value(True).run()
    assert app.dataframe[0].value["Name"].tolist() == ["all-MiniLM-L6-v2"]
    app.text_input(key="find").set_value("no such model").run()
    assert "No model of the catalog fits" in app.info[0].value


def test_a_model_that_is_not_here_is_offered_and_without_internet_said_plainly():
    app = open_page("Models", model="e5-small-v2")
    button = next(button for button in app.button if button.label.startswith("Fetch e5-small-v2 (about"))
    button.click().run()
    assert not app.exception
    assert "the Hugging Face hub cannot be reached" in app.error[0].value


@pytest.mark.parametrize("hub_id", ["../../etc/passwd", "/etc/passwd", "https://example.org/x/y", "name", "a/b/c", ""])
def test_what_is_no_id_is_never_tried(hub_id):
    app = look_up(open_page("Models"), hub_id)
    assert not app.exception
    assert "is not the id of a model" in app.error[0].value


def test_a_known_id_is_pointed_to_and_an_unknown_one_needs_the_hub():
    assert "is in the catalog" in look_up(open_page("Models"), "intfloat/e5-small-v2").info[0].value
    assert "cannot be reached" in look_up(open_page("Models"), "nobody/nothing").error[0].value


def test_a_shared_server_offers_folders_of_its_list_only(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDLAB_SHARED", "1")
    assert not any("folder" in box.label for box in open_page("Models").text_input)
    monkeypatch.setenv("EMBEDLAB_MODEL_FOLDERS", str(tmp_path))
    app = open_page("Models")
    app.text_input[2].set_value("/etc")
    press(app, "Open it")
    assert "cannot be used here" in app.error[0].value


def test_a_folder_of_ones_own_becomes_the_model(tiny_model):
    folder = str(tiny_model(pooling_mode="cls"))
    app = open_page("Models")
    app.text_input[2].set_value(folder)
    press(app, "Open it")
    assert not app.exception
    assert app.selectbox(key="model").value == folder
    assert app.selectbox(key=f"pooling:{folder}").value == "cls"


def test_models_are_marked_by_the_languages_of_the_texts():
    """Two texts in three are Korean, the others German: models were trained for both, for one, or for none of them."""
    texts = ["냉장고가 고장났어요", "물이 샌다", "Der Kühlschrank ist kaputt und wird nicht mehr kalt"] * 4
    app = open_page("Models", dataset=uploaded("mixed.csv", "\n".join(["text", *texts]).encode()), text="text")
    marks = app.dataframe[0].value.set_index("Name")["Your languages"]
    assert marks["multilingual-e5-small"] == "✓ Korean, German"
    assert marks["all-MiniLM-L6-v2"] == "no"
    assert set(marks) == {"✓ Korean, German", "only Korean", "only German", "no"}
    assert "Korean 67 %, German 33 %" in said(app).replace("\\", "")
    (line,) = [caption.value for caption in app.sidebar.caption if "was not trained for" in caption.value]
    assert "Korean and German" in line
    assert r"multilingual\-e5\-small was" in line
    app = open_page("Models", dataset=uploaded("codes.csv", b"code\n1\n2\n"), text="—")
    assert not app.exception
    assert "Your languages" not in app.dataframe[0].value


def test_a_server_names_only_models_it_offers(monkeypatch):
    monkeypatch.setenv("EMBEDLAB_MODELS", "sentence-transformers/*")
    app = open_page(
        "Data", dataset=uploaded("korean.csv", "\n".join(["text", *["물이 샌다"] * 4]).encode()), text="text"
    )
    (line,) = [caption.value for caption in app.sidebar.caption if "was not trained for" in caption.value]
    assert "paraphrase" in line
