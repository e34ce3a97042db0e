"""A folder of averaged word vectors, small enough to be loaded in a moment by any process."""

import json

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import WordLevel

WORDS = ["[UNK]", *"the parcel is late where my order great lamp card was declined".split()]  # noqa: SIM905


def save_tiny_static(folder, seed=0):
    """Save random vectors of 8 dimensions, as a ``StaticEmbedding`` of sentence-transformers, and return the folder."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    vectors = np.random.default_rng(seed).standard_normal((len(WORDS), 8)).astype(np.float32)
    save_file({"embedding.weight": vectors}, folder / "model.safetensors")
    kind = "sentence_transformers.models.StaticEmbedding"
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": kind}]))
    return folder
