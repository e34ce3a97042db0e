"""What goes wrong with models and memory, and bugs: a sentence for whoever asked, a code for whoever looks after it."""

import json
import multiprocessing
import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hub_server import COMMIT
from patience import PATIENCE

import embedlab as el
from embedlab.device import is_out_of_memory
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.jobs import Jobs, Task, record


def _rewrite(change):
    def harm(folder):
        from safetensors.numpy import load_file, save_file

        weights = load_file(folder / "model.safetensors")
        save_file(change(weights), folder / "model.safetensors", metadata={"format": "pt"})

    return harm


def _shift_ids(folder):
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"] = {token: id_ + 500 for token, id_ in tokenizer["model"]["vocab"].items()}
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))


def _cut(name, n):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:n])


DAMAGED_MODELS = {
    "weights cut short": (_cut("model.safetensors", 3000), "could not be loaded"),
    "weights without some tensors": (
        _rewrite(lambda weights: {key: value for key, value in weights.items() if "layer.0" not in key}),
        "incomplete",
    ),
    "weights that are no numbers": (
        _rewrite(lambda weights: {key: value * np.float32("nan") for key, value in weights.items()}),
        "no numbers",
    ),
    "no tokenizer": (lambda folder: (folder / "tokenizer.json").unlink(), "could not be loaded"),
    "no tokenizer at all": (lambda folder: [file.unlink() for file in folder.glob("token*")], "no vocabulary"),
    "tokenizer cut short": (_cut("tokenizer.json", 200), "could not be loaded"),
    "tokenizer of another model": (_shift_ids, "do not belong together"),
    "no config": (lambda folder: (folder / "config.json").unlink(), "could not be loaded"),
    "config cut short": (_cut("config.json", 20), "could not be loaded"),
    "modules cut short": (_cut("modules.json", 1), "could not be loaded"),
    "no pooling": (lambda folder: shutil.rmtree(folder / "1_Pooling"), "could not be loaded"),
}


@pytest.mark.parametrize("damage", DAMAGED_MODELS)
def test_a_damaged_model_is_one_sentence(tiny_model, tmp_path, damage):
    folder = shutil.copytree(tiny_model(pooling_mode="mean"), tmp_path / "model")
    harm, words = DAMAGED_MODELS[damage]
    harm(folder)
    with pytest.raises(ModelLoadError, match=words) as raised:
        el.load_encoder(folder, precision="float32")
    assert "\n" not in str(raised.value)


def test_another_tokenizer_is_another_model(tiny_model, tmp_path):
    """With the same weights it gives other vectors, which must not be taken for those that are kept."""
    from embedlab.models import find_model

    folder = shutil.copytree(tiny_model(pooling_mode="mean"), tmp_path / "model")
    before = find_model(folder).revision
    _shift_ids(folder)
    assert find_model(folder).revision != before


def test_weights_of_the_hub_that_changed_on_disk_are_refused(tiny_model, tmp_path, monkeypatch):
    """The hub's library calls a large file by its sha256 and links to it."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    kept = tmp_path / "models--somebody--model"
    snapshot = shutil.copytree(tiny_model(pooling_mode="mean"), kept / "snapshots" / COMMIT)
    weights = (snapshot / "model.safetensors").read_bytes()
    blob = kept / "blobs" / sha256(weights).hexdigest()
    blob.parent.mkdir()
    blob.write_bytes(weights)
    (snapshot / "model.safetensors").unlink()
    (snapshot / "model.safetensors").symlink_to(blob)
    assert el.load_encoder("somebody/model", may_fetch=False).encode("a").shape == (1, 8)
    blob.write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    with pytest.raises(ModelLoadError, match="damaged: model.safetensors is not what was fetched. Delete .*somebody"):
        el.load_encoder("somebody/model", may_fetch=False)


def test_half_made_folders_of_killed_processes_are_removed(tiny_model, tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path))
    old, new = (tmp_path / "models" / f"being-written-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    el.load_encoder(f"static-{tiny_model(pooling_mode='mean')}")
    assert not old.exists()
    assert new.exists(), "somebody may still be writing there"


def _use_little_memory(answers):
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + (400 << 20), used + (400 << 20)))
    jobs = Jobs(n_workers=1)
    for task in (Task("large", "Comparing", lambda report: np.ones((30_000, 30_000)) + 1), Task("b", "B", lambda r: 7)):
        try:
            answers.put(jobs.submit(task).result())
        except InvalidInputError as error:
            answers.put(str(error))


@pytest.mark.skipif(sys.platform != "linux", reason="limits the address space")
def test_too_little_memory_is_a_sentence_and_the_next_job_is_done():
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_use_little_memory, args=(answers,))
    process.start()
    assert "Comparing: There is too little free memory" in answers.get(timeout=PATIENCE)
    assert answers.get(timeout=PATIENCE) == 7
    process.join(PATIENCE)
    assert process.exitcode == 0


def test_what_torch_and_numpy_say_of_too_little_memory_is_understood():
    import torch

    with pytest.raises(RuntimeError) as said_by_torch:
        torch.empty(1 << 60, dtype=torch.uint8)
    with pytest.raises(MemoryError) as said_by_numpy:
        np.empty(1 << 60, dtype=np.uint8)
    assert is_out_of_memory(said_by_torch.value)
    assert is_out_of_memory(said_by_numpy.value)
    assert not is_out_of_memory(RuntimeError("device-side assert triggered"))


def test_a_bug_is_logged_once_with_its_way_and_without_what_it_says(caplog):
    cell = "Dear Mrs Smith, your account"
    job = Jobs().submit(Task("key", "Dividing", lambda report: {}[cell]))
    job.wait(PATIENCE)
    with pytest.raises(KeyError) as raised:
        job.result()
    code = record(raised.value, "a page")
    assert len(code) == 6
    assert caplog.text.count(f"error {code} in Dividing") == 1
    assert "test_faults_models.py" in caplog.text
    assert "KeyError" in caplog.text
    assert "Mrs Smith" not in caplog.text
