"""Converted models on disk: made once, never used damaged."""

import multiprocessing
import os
from hashlib import blake2b

import numpy as np
import pytest
from patience import PATIENCE
from tiny_models import TEXTS

import embedlab as el
from embedlab.encoders.running import conversion

pytestmark = pytest.mark.skipif(not conversion.has_openvino(), reason="OpenVINO is not installed")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDLAB_CACHE", str(tmp_path))
    return tmp_path / "models"


@pytest.fixture
def conversions(monkeypatch):
    """What was converted: one entry a conversion."""
    made = []
    convert = conversion._convert
    monkeypatch.setattr(conversion, "_convert", lambda *arguments: made.append(1) or convert(*arguments))
    return made


def test_the_second_start_does_not_convert(tiny_model, cache, conversions):
    folder = tiny_model(pooling_mode="mean")
    first = el.load_encoder(folder, precision="float32").encode(TEXTS)
    second = el.load_encoder(folder, precision="float32").encode(TEXTS)
    np.testing.assert_array_equal(first, second)
    assert len(conversions) == 1
    assert [entry.name for entry in cache.iterdir() if entry.name.startswith("being-written")] == []


@pytest.mark.parametrize("damage", ["flipped byte", "cut short", "no digests", "nonsense"])
def test_a_damaged_model_is_converted_again(tiny_model, cache, conversions, damage):
    folder = tiny_model(pooling_mode="mean")
    whole = el.load_encoder(folder, precision="float32").encode(TEXTS)
    (kept,) = cache.iterdir()
    weights = bytearray((kept / "model.bin").read_bytes())
    if damage == "flipped byte":
        weights[len(weights) // 2] ^= 1
        (kept / "model.bin").write_bytes(weights)
    elif damage == "cut short":
        (kept / "model.bin").write_bytes(weights[: len(weights) // 2])
    elif damage == "no digests":
        (kept / "digests.json").unlink()
    else:
        (kept / "digests.json").write_text("[]")
    again = el.load_encoder(folder, precision="float32")
    assert again.backend == "openvino"
    np.testing.assert_array_equal(again.encode(TEXTS), whole)
    assert len(conversions) == 2


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(tiny_model, cache, monkeypatch):
    cache.parent.joinpath("models").write_text("a file where the folder should be")
    encoder = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    assert encoder.backend == "torch"
    assert encoder.encode(TEXTS).shape == (len(TEXTS), 8)


def _load(folder, answers):
    import embedlab as el

    answers.put(el.load_encoder(folder, precision="float32").backend)


def test_two_processes_may_convert_at_once(tiny_model, cache):
    folder = tiny_model(pooling_mode="mean")
    # Both are forked off a third one, which has imported what takes longest once for them.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sentence_transformers"])
    answers = context.Queue()
    processes = [context.Process(target=_load, args=(folder, answers)) for _ in range(2)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=PATIENCE) for _ in processes] == ["openvino", "openvino"]
    for process in processes:
        process.join()
    # Work that another test has left in the background may keep a model of its own here.
    named = blake2b(el.load_encoder(folder, precision="float32").revision.encode(), digest_size=16).hexdigest()
    assert sum(name.startswith(named) for name in os.listdir(cache)) == 1


def test_nothing_is_reported_to_anybody():
    """OpenVINO's telemetry is kept from being imported."""
    import sys

    conversion.import_openvino()
    with pytest.raises(ImportError):
        import openvino_telemetry  # noqa: F401
    assert sys.modules["openvino_telemetry"] is None
