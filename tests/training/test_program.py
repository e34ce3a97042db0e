"""The program that is taken away makes the same weights again, run by itself, without this package."""

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from tiny_models import save_tiny_model

from embedlab.encoders import load_encoder
from embedlab.errors import InvalidInputError
from embedlab.examples import LabelledTexts, ScoredPairs, Translations, Triplets
from embedlab.training import train, training_program

# A process that trains stands back behind others: on busy cores one takes minutes.
pytestmark = pytest.mark.timeout(1200)

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
    "guided, a layer left out": (
        Triplets(tuple(TEXTS), tuple(TEXTS[::-1])),
        {"recipe": "gist", "num_layers": 1, "held_out": None},
    ),
    "taught": (
        Translations(tuple(TEXTS), tuple(TEXTS[::-1])),
        {"num_layers": 1, "held_out": None},
    ),
}


@pytest.fixture(scope="module")
def trained(base, tmp_path_factory):
    """Gives a training by its kind, done when it is first asked for."""
    folder = tmp_path_factory.mktemp("trained")

    @cache
    def of_kind(kind):
        examples, options = EXAMPLES[kind]
        return train(base, examples, n_threads=1, folder=folder / kind, num_train_epochs=1, **options)

    return of_kind


def run(program, folder):
    (folder / "program.py").write_text(program, encoding="utf-8")
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-P", "program.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind != "taught"])
def test_the_program_makes_the_same_weights(base, trained, tmp_path, kind):
    TABLE.to_csv(tmp_path / "table.csv", index=False)
    program = training_program(trained(kind), "table.csv", TABLE)
    assert not [text for text in TEXTS if text in program], "it holds no text"
    assert "embedlab" not in program
    ran = run(program, tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert weights(tmp_path / "trained") == weights(trained(kind).folder) != weights(base)


def test_a_teacher_is_asked_again(trained, tmp_path):
    """Its last digits may be others, so that the weights are: what the two models make of texts is the same."""
    TABLE.to_csv(tmp_path / "table.csv", index=False)
    program = training_program(trained("taught"), "table.csv", TABLE)
    assert "but for last digits of what its teacher says" in program
    ran = run(program, tmp_path)
    assert ran.returncode == 0, ran.stderr
    again, before = (load_encoder(folder).encode(TEXTS) for folder in (tmp_path / "trained", trained("taught").base))
    cosines = (again * trained("taught").encoder().encode(TEXTS)).sum(axis=1)
    assert cosines.min() > 1 - 1e-4 > (again * before).sum(axis=1).max()


def test_the_program_stops_at_another_file(trained, tmp_path):
    program = training_program(trained("labels"), "table.csv", TABLE)
    TABLE.assign(text=TABLE["text"].str.upper()).to_csv(tmp_path / "table.csv", index=False)
    assert "not the file the model has learned from" in run(program, tmp_path).stderr


def test_what_no_plain_program_does_is_said(trained):
    training = trained("labels")
    with pytest.raises(InvalidInputError, match="does not make static-all-MiniLM-L6-v2"):
        training_program(replace(training, base="static-all-MiniLM-L6-v2"), "table.csv", TABLE)
    settings = replace(trained("taught").settings, teacher="all-MiniLM-L6-v2")
    with pytest.raises(InvalidInputError, match="teacher were turned"):
        training_program(replace(trained("taught"), settings=settings), "table.csv", TABLE)
    with pytest.raises(InvalidInputError, match="save the table as CSV"):
        training_program(training, "table.sqlite", TABLE)
    with pytest.raises(InvalidInputError, match="stand in no cell of the table"):
        training_program(training, "table.csv", TABLE.assign(text=TABLE["text"].str.upper(), other=""))
