"""What the processor gives is measured once, and 8-bit integers are offered where they are faster."""

import argparse
import threading
import time

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

import embedlab as el
from embedlab.cli.parts import shared
from embedlab.device import gate_of
from embedlab.encoders.running import processor
from embedlab.encoders.running.conversion import has_openvino

VNNI, AVX2 = {"float32": 197.0, "bfloat16": 421.0, "int8": 800.0}, {"float32": 95.0, "int8": 83.0}


@pytest.fixture(scope="module")
def measured():
    return processor.product_speeds()


def test_the_processor_is_measured_once(measured):
    assert processor.product_speeds() is measured
    assert measured["float32"] > 0.1
    assert ("int8" in measured) == has_openvino()
    assert np.isfinite(list(measured.values())).all()


@pytest.mark.skipif(not has_openvino(), reason="OpenVINO is not installed")
@pytest.mark.parametrize(("precision", "tolerance"), [("float32", 1e-4), ("int8", 0.1)])
def test_the_products_are_products(precision, tolerance):
    """The measured layer gives what numpy gives, so what is timed is done; 8 bits round it and change no more."""
    tokens = np.random.default_rng(1).uniform(-1, 1, (1024, 512)).astype(np.float32)
    (found,) = processor._compiled_layer(precision).infer([tokens]).values()
    expected, rng = tokens, np.random.default_rng(0)
    for shape in ((2048, 512), (512, 2048)):
        expected = expected @ rng.uniform(-0.05, 0.05, shape).astype(np.float32).T
    assert np.abs(found - expected).max() < tolerance * np.abs(expected).max()
    assert (np.abs(found - expected).max() > 1e-4 * np.abs(expected).max()) == (precision == "int8")


def test_without_openvino_torch_is_measured(monkeypatch):
    monkeypatch.setattr(processor, "has_openvino", lambda: False)
    speeds = processor.product_speeds.__wrapped__()
    assert set(speeds) <= {"float32", "bfloat16"}
    assert "need OpenVINO" in processor.why_not_int8(speeds)


def test_measuring_waits_for_its_turn(monkeypatch):
    """Beside a job on the same cores, the processor would seem slower than it is."""
    begun = threading.Event()
    monkeypatch.setattr(processor, "has_openvino", lambda: False)
    monkeypatch.setattr(processor, "_torch_products", lambda: {"float32": begun.set})
    thread = threading.Thread(target=processor.product_speeds.__wrapped__)
    with gate_of("cpu").turn(is_short=True):
        thread.start()
        time.sleep(0.05)
        assert not begun.is_set()
    thread.join()
    assert begun.is_set()


def test_8_bit_integers_are_offered_where_they_are_faster():
    assert processor.why_not_int8(VNNI) == ""
    assert "no faster" in processor.why_not_int8(AVX2)
    assert "no faster" in processor.why_not_int8({"float32": 100, "bfloat16": 200, "int8": 205})


def test_a_share_is_told_of_its_own_arithmetic():
    assert "reached 95 in float32, 48 % of that" in processor.processor_words(VNNI, "float32", 95.0)
    assert "reached" not in processor.processor_words(VNNI, "float32", None)
    assert "reached" not in processor.processor_words(VNNI, "float16", 95.0)


def test_operations_are_two_for_each_weight_of_a_product(tiny_model):
    """And for each pair of tokens twice that in attention: counted here by hand from the shapes of the weights."""
    transformer = SentenceTransformer(str(tiny_model(pooling_mode="mean")), device="cpu")[0].auto_model
    weights = sum(
        module.weight.numel() for module in transformer.encoder.modules() if isinstance(module, torch.nn.Linear)
    )
    config = transformer.config
    attention = 2 * 2 * 8 * config.hidden_size * config.num_hidden_layers
    found = processor.operations_per_token(transformer)
    pooler = 2 * config.hidden_size**2 / 8  # one product a text
    assert 2 * weights <= found <= 2 * weights + attention + pooler


def test_a_long_request_says_what_was_reached(encoder, measured):
    fresh = el.load_encoder(precision="float32")
    fresh.encode(["too short to say anything"])
    assert fresh.reached is None
    fresh.encode([f"{number} words and more words to embed" for number in range(800)])
    assert 0 < fresh.reached < 100 * measured["float32"]


def test_the_command_line_says_that_8_bits_are_slow(monkeypatch, capsys):
    """They are had all the same: who asks for them by name may know why."""
    monkeypatch.setattr("embedlab.encoders.running.product_speeds", lambda: AVX2)
    monkeypatch.setattr("embedlab.encoders.load_encoder", lambda *given, **named: el.TfidfEncoder(["a b", "c d"]))
    shared.load_model(argparse.Namespace(model="m", device="cpu", precision="int8"))
    assert "8-bit integers are no faster" in capsys.readouterr().err
    shared.load_model(argparse.Namespace(model="m", device="cpu", precision="auto"))
    assert "8-bit" not in capsys.readouterr().err
