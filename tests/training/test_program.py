"""The program that is taken away makes the same weights again, run by itself, without this package."""

import os
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from tiny_models import save_tiny_model

from embedlab.errors import InvalidInputError
from embedlab.examples import LabelledTexts, ScoredPairs
from embedlab.training import train, training_program

TEXTS = [f"{label} {a} {b} {label} {a}" for label in "qrst" for a in "abcde" for b in "klm"]
LABELS = [text[0] for text in TEXTS]
TABLE = pd.DataFrame({"id": [str(row) for row in range(60)], "text": TEXTS, "other": TEXTS[::-1], "label": LABELS})


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save_tiny_model(
        tmp_path_factory.mktemp("tiny"), pooling_mode="mean", normalize=True, prompts={"query": "query: "}
    )


def weights(folder):
    return sha256((folder / "model.safetensors").read_bytes()).hexdigest()


EXAMPLES = {
    "labels": (LabelledTexts(tuple(TEXTS), tuple(LABELS)), {"frozen_layers": 1}),
    "scores": (
        ScoredPairs(tuple(TEXTS), tuple(TEXTS[::-1]), np.random.default_rng(0).random(60)),
        {"truncate_dims": (4,), "held_out": None},
    ),
}


@pytest.mark.parametrize("kind", list(EXAMPLES))
def test_the_program_makes_the_same_weights(base, tmp_path, kind):
    examples, options = EXAMPLES[kind]
    training = train(base, examples, n_threads=1, folder=tmp_path / "ours", num_train_epochs=1, **options)
    TABLE.to_csv(tmp_path / "table.csv", index=False)
    program = training_program(training, "table.csv", TABLE)
    assert not [text for text in TEXTS if text in program], "it holds no text"
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    ran = subprocess.run(
        [sys.executable, "-P", "program.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "embedlab" not in program
    assert weights(tmp_path / "trained") == weights(training.folder) != weights(base)
    TABLE.assign(text=TABLE["text"].str.upper()).to_csv(tmp_path / "table.csv", index=False)
    ran = subprocess.run(
        [sys.executable, "-P", "program.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "not the file the model has learned from" in ran.stderr


def test_what_no_plain_program_does_is_said(base, tmp_path):
    training = train(base, EXAMPLES["labels"][0], n_threads=1, folder=tmp_path / "ours", num_train_epochs=1)
    with pytest.raises(InvalidInputError, match="save the table as CSV"):
        training_program(training, "table.sqlite", TABLE)
    with pytest.raises(InvalidInputError, match="stand in no cell of the table"):
        training_program(training, "table.csv", TABLE.assign(text=TABLE["text"].str.upper(), other=""))
