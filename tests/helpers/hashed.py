"""An encoder that is quick enough to be killed often, and what the tests of faults give it to do."""

import sqlite3
from contextlib import closing
from hashlib import blake2b

import numpy as np

from embedlab.encoders import Encoder
from embedlab.spec import EmbeddingSpec

SPEC = EmbeddingSpec("model", "revision", "mean", 6, None, True, True, "float32")
# A thousand characters each: a part of the work, written at once, has a hundred of them.
TEXTS = [f"{number:04d}{' word' * 200}" for number in range(400)]


class Hashed(Encoder):
    """Vectors from a digest, and each text asked for noted in a file."""

    name, revision, backend, embedding_dimension = "hashed", "1", "numpy", 16

    def __init__(self, notes=None, on_text=lambda number: None):
        self.notes, self.on_text = notes, on_text

    def count_tokens(self, texts):
        return np.ones(len(texts), dtype=np.int64)

    def _embed(self, texts, specs, report):
        for number, text in enumerate(texts):
            if self.notes is not None:
                with self.notes.open("a") as file:
                    file.write(text[:4] + "\n")
            self.on_text(number)
            report(number + 1)
        rows = np.stack([np.frombuffer(blake2b(text.encode()).digest()[:16], np.uint8) for text in texts])
        return {way: rows.astype(np.float32) for way in specs}


def is_sound(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
