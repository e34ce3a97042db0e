"""Attention read on the way equals what transformers' slow attention gives."""

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tiny_models import TEXTS, save_tiny_mpnet
from transformers.masking_utils import bidirectional_mask_function, sdpa_mask

import embedlab as el
from embedlab.encoders.running import precision, received_attention
from embedlab.encoders.running.attention import _make_mask, recorded_attention, recording, watch_attention
from embedlab.models import catalog


def test_received_attention_by_hand():
    """Two heads, two tokens and padding: token 0 gets (0.5 + 0.9 + 0.1 + 0.3) / 4, padding attends to nothing."""
    heads = [[[0.5, 0.5, 0.0], [0.9, 0.1, 0.0], [0, 0, 1.0]], [[0.1, 0.9, 0.0], [0.3, 0.7, 0.0], [0, 0, 1.0]]]
    received = received_attention(torch.tensor([heads]), torch.tensor([[1, 1, 0]]))
    np.testing.assert_allclose(received, [[0.45, 0.55, 0.0]], atol=1e-6)


def slow_attention(folder, texts):
    """Attention by the library itself, one text at a time, so that there is no padding."""
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"attn_implementation": "eager"})
    for text in texts:
        tokens = model.tokenizer([text], return_tensors="pt")
        with torch.inference_mode():
            output = model[0].auto_model(**tokens, output_attentions=True)
        yield output.last_hidden_state[0].numpy(), output.attentions[-1][0].mean(dim=(0, 1)).numpy()


@pytest.mark.parametrize("way", ["openvino", "torch"])
@pytest.mark.parametrize("family", ["bundled", "bert", "decoder", "attention of its own"])
def test_equals_the_slow_attention_of_the_library(family, way, tiny_model, tiny_decoder, tmp_path, monkeypatch):
    if way == "torch":
        monkeypatch.setattr(precision, "has_openvino", lambda: False)
    folder = {
        "bundled": catalog()["all-MiniLM-L6-v2"].bundled_folder,
        "bert": lambda: tiny_model(pooling_mode="mean"),
        "decoder": lambda: tiny_decoder,
        "attention of its own": lambda: save_tiny_mpnet(tmp_path),
    }[family]()
    texts = ["The parcel never arrived.", "Hi", "I want to send this back today"] if family == "bundled" else TEXTS
    ours = el.load_encoder(folder, precision="float32").encode(
        texts, pooling_mode="attention", normalize_embeddings=False
    )
    for row, (states, weights) in enumerate(slow_attention(folder, texts)):
        np.testing.assert_allclose(ours[row], weights @ states, atol=1e-5)


def test_masks_are_made_without_a_look_at_a_gpu():
    """The device "meta" has no values to look at: whoever asks for one fails, as transformers does here."""
    given = torch.ones(2, 3, dtype=torch.bool, device="meta")
    sizes = {"batch_size": 2, "q_length": 3, "kv_length": 3, "mask_function": bidirectional_mask_function}
    asked = {**sizes, "attention_mask": given, "allow_is_bidirectional_skip": True, "device": "meta"}
    with pytest.raises(RuntimeError, match="meta"):
        sdpa_mask(**asked)
    assert _make_mask(**asked).shape == (2, 1, 3, 3)
    here = {**asked, "attention_mask": torch.ones(2, 3, dtype=torch.bool), "device": "cpu"}
    assert _make_mask(**here) is None, "on the processor a look costs nothing"


def test_each_thread_records_for_itself(tiny_model):
    model = SentenceTransformer(str(tiny_model(pooling_mode="mean")), device="cpu")[0].auto_model
    watch_attention(model)
    mask = torch.ones(1, 3, dtype=torch.long)
    with recording():
        assert recorded_attention(mask) is None
        model(input_ids=mask, attention_mask=mask)
        np.testing.assert_allclose(recorded_attention(mask).sum().item(), 1.0, rtol=1e-6)
    model(input_ids=mask, attention_mask=mask)
    with recording():
        assert recorded_attention(mask) is None
