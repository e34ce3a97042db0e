"""The ways to run a transformer: equal to each other, and in halves where memory is short."""

import numpy as np
import psutil
import pytest
import torch
from tiny_models import TEXTS

import embedlab as el
from embedlab.encoders.running import precision
from embedlab.encoders.running.conversion import has_openvino
from embedlab.encoders.running.forward import TorchForward
from embedlab.errors import InvalidInputError, MissingDependencyError
from embedlab.ui.serving.housekeeping import give_back_memory

needs_openvino = pytest.mark.skipif(not has_openvino(), reason="OpenVINO is not installed")
VARIANTS = [el.Variant("mean"), el.Variant("cls", 0), el.Variant("max", 1), el.Variant("attention")]


@pytest.fixture
def without_openvino(monkeypatch):
    monkeypatch.setattr(precision, "has_openvino", lambda: False)


@needs_openvino
@pytest.mark.parametrize("family", ["bert", "decoder", "dense"])
def test_openvino_equals_torch(family, tiny_model, tiny_decoder, monkeypatch):
    folder = {
        "bert": lambda: tiny_model(pooling_mode="mean"),
        "decoder": lambda: tiny_decoder,
        "dense": lambda: tiny_model(pooling_mode="mean", dense=5),
    }[family]()
    converted = el.load_encoder(folder, precision="float32")
    monkeypatch.setattr(precision, "has_openvino", lambda: False)
    plain = el.load_encoder(folder, precision="float32")
    assert (converted.backend, plain.backend) == ("openvino", "torch")
    assert converted.spec() != plain.spec()
    expected = plain.encode_variants(TEXTS, VARIANTS)
    for variant, embeddings in converted.encode_variants(TEXTS, VARIANTS).items():
        np.testing.assert_allclose(embeddings, expected[variant], atol=1e-5)


@needs_openvino
def test_a_long_request_keeps_no_room_that_it_alone_needed(encoder):
    """What goes when the model is told to let go once more is next to nothing."""

    def still_held():
        encoder.encode(["word " * n for n in range(1, 250, 4)])
        give_back_memory()
        before = psutil.Process().memory_info().rss
        encoder._forward.release_memory()
        give_back_memory()
        return before - psutil.Process().memory_info().rss

    # Threads that other tests have left may give back some of their own meanwhile, which room that is kept does not.
    assert any(still_held() < 1 << 20 for _ in range(3))


def test_without_openvino_torch_takes_over(without_openvino, encoder, sts_dev):
    plain = el.load_encoder(precision="float32")
    assert (plain.backend, plain.precision) == ("torch", "float32")
    texts = sts_dev[0][:100]
    np.testing.assert_allclose(plain.encode(texts), encoder.encode(texts), atol=1e-5)


def test_a_model_that_cannot_be_converted_still_runs(tiny_model, monkeypatch, caplog):
    def stumble(*arguments):
        raise KeyError("aten::strange")

    monkeypatch.setattr(precision, "has_openvino", lambda: True)
    monkeypatch.setattr(precision, "has_bfloat16", lambda: False)
    monkeypatch.setattr(precision, "converted_model", stumble)
    assert el.load_encoder(tiny_model(pooling_mode="mean")).backend == "torch"
    assert "aten::strange" in caplog.text


def test_a_wrong_conversion_is_not_used(tiny_model, monkeypatch):
    """A converted model whose vectors point elsewhere than torch's is left out."""

    class Wrong(TorchForward):
        def start(self, batch, layers, needs_attention, read_out):
            finish = super().start(batch, layers, needs_attention, read_out)
            return lambda: {key: np.roll(vectors, 1, axis=1) for key, vectors in finish().items()}

    def ways(transformer, modules, *rest):
        yield lambda: Wrong(transformer, modules, "cpu")

    monkeypatch.setattr(precision, "_ways", ways)
    chosen = el.load_encoder(tiny_model(pooling_mode="mean"))
    assert type(chosen._forward) is TorchForward


def test_8_bits_without_their_packages_say_what_to_install(tiny_model, monkeypatch):
    def missing():
        raise MissingDependencyError("openvino", "fast")

    monkeypatch.setattr("embedlab.encoders.running.conversion.import_openvino", missing)
    with pytest.raises(MissingDependencyError, match=r"pip install 'embedlab\[fast\]'"):
        el.load_encoder(tiny_model(pooling_mode="mean"), precision="int8")


def little_memory(encoder, monkeypatch, n_tokens):
    """Make the transformer fail as a GPU does on batches of more than ``n_tokens`` tokens; return the shapes tried."""
    tried = []
    transformer = encoder._forward._transformer
    whole = transformer.forward

    def forward(input_ids, **inputs):
        tried.append(tuple(input_ids.shape))
        if input_ids.numel() > n_tokens:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return whole(input_ids=input_ids, **inputs)

    monkeypatch.setattr(transformer, "forward", forward)
    return tried


def test_out_of_memory_halves_the_batch_and_is_remembered(without_openvino, tiny_model, monkeypatch):
    texts = [f"{a} {b} {c}" for a in "abcd" for b in "efgh" for c in "ijkl"]  # 64 texts of 5 tokens
    roomy, tight = (el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32") for _ in range(2))
    tried = little_memory(tight, monkeypatch, n_tokens=50)
    np.testing.assert_allclose(tight.encode(texts), roomy.encode(texts), atol=1e-6)
    assert [shape[0] for shape in tried] == [64, 32, 16, *[8] * 8]
    tried.clear()
    tight.encode(texts)
    assert all(rows * tokens <= 50 for rows, tokens in tried), "what failed once is not tried again"


def test_a_text_that_does_not_fit_alone_is_named(without_openvino, tiny_model, monkeypatch):
    tight = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")
    little_memory(tight, monkeypatch, n_tokens=4)
    with pytest.raises(InvalidInputError, match="text of 5 tokens does not fit into the memory of the device cpu"):
        tight.encode(["a b c", "d e f"])


def test_other_errors_are_not_taken_for_a_lack_of_memory(without_openvino, tiny_model, monkeypatch):
    encoder = el.load_encoder(tiny_model(pooling_mode="mean"), precision="float32")

    def broken(**inputs):
        raise RuntimeError("device-side assert triggered")

    monkeypatch.setattr(encoder._forward._transformer, "forward", broken)
    with pytest.raises(RuntimeError, match="device-side assert"):
        encoder.encode(["a", "b"])


def test_stopping_early_leaves_nothing_under_way(encoder):
    """A request that was started is waited for: the next caller gets its own vectors, not those of the stopped one."""
    texts = [f"text number {number}" for number in range(2000)]

    class EnoughError(Exception):
        pass

    def stop(done, total):
        raise EnoughError

    expected = encoder.encode(texts[:3])
    for _ in range(5):
        with pytest.raises(EnoughError):
            encoder.encode(texts, progress=stop)
        np.testing.assert_allclose(encoder.encode(texts[:3]), expected, atol=1e-6)


def test_half_weights_stay_near_and_are_half_as_large(without_openvino, tiny_model, monkeypatch):
    """What a GPU is given, here on the processor: weights in float16, a mask made from lengths, poolings in float32."""
    folder = tiny_model(pooling_mode="mean", dense=5)
    exact = el.load_encoder(folder, precision="float32")

    def ways(transformer, modules, revision, device, *rest):
        yield lambda: TorchForward(transformer, modules, device, "float16", rounds_weights=True)

    monkeypatch.setattr(precision, "_ways", ways)
    half = el.load_encoder(folder)
    assert (half.precision, half.nbytes * 2) == ("float16", exact.nbytes)
    expected = exact.encode_variants(TEXTS, VARIANTS)
    for variant, embeddings in half.encode_variants(TEXTS, VARIANTS).items():
        assert embeddings.dtype == np.float32
        assert (embeddings * expected[variant]).sum(axis=1).min() > 0.9999
    assert {weights.dtype for weights in exact._forward._transformer.parameters()} == {torch.float32}


def test_on_a_gpu_half_weights_come_first_and_what_fails_is_passed_over(tiny_model, monkeypatch):
    """Weights that leave the range of float16 give no numbers; then only products are rounded, then nothing."""
    tried = []

    class Recorded(TorchForward):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            tried.append((self.precision, bool(named)))

        def start(self, batch, layers, needs_attention, read_out):
            finish = super().start(batch, layers, needs_attention, read_out)
            spoilt = self.precision != "float32"
            return lambda: {key: vectors * np.nan if spoilt else vectors for key, vectors in finish().items()}

    ways = precision._ways
    monkeypatch.setattr(
        precision, "TorchForward", lambda *given, **named: Recorded(*given[:2], "cpu", *given[3:], **named)
    )
    monkeypatch.setattr(
        precision,
        "_ways",
        lambda transformer, modules, revision, device, *rest: ways(transformer, modules, revision, "cuda", *rest),
    )
    chosen = el.load_encoder(tiny_model(pooling_mode="mean"))
    assert tried == [("float32", False), ("float16", True), ("float16", False)]
    assert chosen.precision == "float32"


@needs_openvino
def test_poolings_leave_the_cores_to_the_batches_under_way(encoder, monkeypatch):
    """Torch's threads would spin on them; only the thread that pools is asked to do without."""
    inside, read_out = [], type(encoder._modules).read_out

    def watched(self, *arguments):
        inside.append(torch.get_num_threads())
        return read_out(self, *arguments)

    before = torch.get_num_threads()
    monkeypatch.setattr(type(encoder._modules), "read_out", watched)
    encoder.encode(["a", "b"])
    assert inside == [1]
    assert torch.get_num_threads() == before
