"""Folders of models that want more than to be read: each is refused in a sentence, and none of their code is run."""

import json
import shutil

import pytest

import embedlab as el
from embedlab.errors import ModelLoadError

HARM = "from pathlib import Path\nPath({mark!r}).write_text('run')\nclass Harm:\n    pass\n"


@pytest.fixture(scope="module")
def harmless(tiny_model):
    """The folder of a small model."""
    return tiny_model(pooling_mode="mean")


@pytest.fixture
def hostile(harmless, tmp_path):
    """A copy of a small model, code beside it, and a file that exists once that code has been run."""

    class Hostile:
        folder = tmp_path / "model"
        mark = tmp_path / "mark"

        def change(self, name, change):
            path = self.folder / name
            content = json.loads(path.read_text())
            changed = change(content)
            path.write_text(json.dumps(content if changed is None else changed))

        def refusal(self):
            with pytest.raises(ModelLoadError) as caught:
                el.load_encoder(self.folder, precision="float32")
            assert not self.mark.exists(), "code of the model was run"
            assert "trust_remote_code" not in str(caught.value), "nobody is told to allow it"
            return str(caught.value)

    shutil.copytree(harmless, Hostile.folder)
    for name in ("harm.py", "modeling_harm.py", "configuration_harm.py", "custom_st.py"):
        (Hostile.folder / name).write_text(HARM.format(mark=str(Hostile.mark)))
    return Hostile()


@pytest.mark.parametrize(
    "kind", ["custom_st.Harm", "harm.Harm", "os.system", "builtins.eval", "sentence_transformersx.models.Pooling", ""]
)
def test_a_part_that_is_no_part_of_the_library(hostile, kind):
    hostile.change("modules.json", lambda modules: modules[1].update(type=kind))
    assert "EmbedLab never runs such code" in hostile.refusal()


@pytest.mark.parametrize("path", ["../elsewhere", "/etc", "1_Pooling/../../x", "..\\elsewhere", "C:\\x", "\\\\host\\x"])
def test_a_part_outside_the_folder(hostile, path):
    hostile.change("modules.json", lambda modules: modules[1].update(path=path))
    assert "outside its own folder" in hostile.refusal()


def test_code_that_the_configuration_asks_for(hostile):
    """An architecture no library knows, with its classes in files beside it."""
    classes = {"AutoConfig": "configuration_harm.Harm", "AutoModel": "modeling_harm.Harm"}
    hostile.change("config.json", lambda config: config.update(model_type="harm", auto_map=classes))
    assert "EmbedLab never runs such code" in hostile.refusal()


def test_code_beside_an_architecture_that_is_known_is_passed_over(hostile):
    """nomic-embed-text is published so: the library's own class is taken, the code stays where it is."""
    classes = {"AutoConfig": "configuration_harm.Harm", "AutoModel": "modeling_harm.Harm"}
    hostile.change("config.json", lambda config: config.update(auto_map=classes))
    encoder = el.load_encoder(hostile.folder, precision="float32")
    assert encoder.encode(["a b"]).shape == (1, 8)
    assert not hostile.mark.exists()


def test_pickled_weights_of_one_part_beside_safe_ones_of_another(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model(pooling_mode="mean", dense=4), tmp_path / "mixed")
    (folder / "2_Dense" / "model.safetensors").rename(folder / "2_Dense" / "pytorch_model.bin")
    with pytest.raises(ModelLoadError, match=r"pickled weights in pytorch_model\.bin"):
        el.load_encoder(folder)


@pytest.mark.parametrize("content", ["{", "[1]", '{"a": 1}'])
def test_a_damaged_list_of_parts(hostile, content):
    (hostile.folder / "modules.json").write_text(content)
    assert "modules.json is damaged" in hostile.refusal()


@pytest.mark.parametrize("sense", ["vision_config", "audio_config"])
def test_a_model_of_pictures_or_sound(hostile, sense):
    """A text that is the address of a picture would be fetched for it."""
    hostile.change("config.json", lambda config: config.update({sense: {"model_type": "clip_vision_model"}}))
    assert "text alone" in hostile.refusal()
