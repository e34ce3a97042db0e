"""What a training needs before it starts: no model is loaded but a teacher."""

import re
import subprocess
import sys

import numpy as np
import pytest
from patience import PATIENCE
from tiny_models import save_tiny_model

from embedlab.encoders import load_encoder
from embedlab.errors import InvalidInputError, NotEnoughMemoryError
from embedlab.examples import LabelledTexts, ScoredPairs, Texts, Translations, Triplets
from embedlab.gold import Labelled
from embedlab.training import RECIPES, Recipe, recipes_for
from embedlab.training.preparing import prepare

LABELLED = LabelledTexts(
    tuple(f"{label} {a} {b}" for label in "qrst" for a in "abcdefghij" for b in "klmn"),
    tuple(label for label in "qrst" for _ in range(40)),
)
TEXTS = Texts(LABELLED.labelled)
PAIRS = LABELLED.labelled[:80], LABELLED.labelled[80:]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny"), pooling_mode="mean", normalize=True)


@pytest.mark.parametrize(
    ("examples", "name"),
    [
        (LABELLED, "labels"),
        (ScoredPairs(*PAIRS, np.arange(80.0)), "cosent"),
        (Triplets(*PAIRS), "together"),
        (TEXTS, "simcse"),
        (Translations(*PAIRS), "distil"),
    ],
)
def test_each_kind_has_its_recipe(base, examples, name):
    """Translations are never learned by telling them apart unless somebody asks: that did harm."""
    given = prepare(base, examples, held_out=None).assignment
    assert given.settings.recipe == name
    assert isinstance(recipes_for(examples)[name], Recipe)
    assert next(iter(recipes_for(examples))) == name
    assert given.settings.num_train_epochs == RECIPES[name].num_train_epochs
    assert given.settings.learning_rate == RECIPES[name].learning_rate
    assert (given.vectors is not None) is (name == "distil")


def test_a_teacher_says_what_is_learned(base):
    """Its vectors of the first texts, and of what is watched."""
    given = prepare(base, TEXTS, teacher=str(base)).assignment
    assert given.settings.recipe == "distil"
    encoder = load_encoder(base)
    np.testing.assert_allclose(given.vectors, encoder.encode(given.examples.columns[0]), atol=1e-5)
    np.testing.assert_allclose(given.watched_vectors, encoder.encode(given.watched.corpus), atol=1e-5)
    with pytest.raises(InvalidInputError, match="name as the teacher"):
        prepare(base, TEXTS, recipe="distil")


def test_what_is_watched_is_not_what_it_is_judged_by(base):
    """And neither is learned from."""
    rows = tuple(f"{text} {extra}" for extra in "uvwxyz" for text in LABELLED.labelled)
    prepared = prepare(base, LabelledTexts(rows, LABELLED.labels * 6), held_out=0.5)
    parts = (prepared.split.train.texts, prepared.assignment.watched.texts, prepared.split.held_out.texts)
    assert prepared.assignment.selects
    assert prepared.measure == "neighbor_purity"
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(rows)


def test_what_is_held_out_by_hand_is_not_learned(base):
    """In whatever case and punctuation: two texts are left out, and that is said."""
    held_out = Labelled(
        tuple([*(f"{label} o p{number}" for label in "qr" for number in range(5)), "Q A K!", "r a  l"]),
        tuple([*"qqqqqrrrrr", "q", "r"]),
    )
    prepared = prepare(base, LABELLED, held_out=held_out)
    assert set(LABELLED.labelled) - set(prepared.split.train.labelled) == {"q a k", "r a l"}
    assert prepared.split.remarks == ("2 texts are left out: a text of theirs is held out to judge by.",)
    with pytest.raises(InvalidInputError, match="nothing is left to learn from"):
        prepare(base, LABELLED, held_out=Labelled(LABELLED.labelled, LABELLED.labels))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"recipe": "cosent"},
            "The recipe 'cosent' does not take examples of this kind (labels). Choose one of: labels, ",
        ),
        ({"recipe": "magic"}, "'magic' is none that there is"),
        ({"num_train_epochs": 0}, "num_train_epochs"),
        ({"per_device_train_batch_size": 1}, "per_device_train_batch_size"),
        ({"frozen_layers": -1}, "frozen_layers"),
        ({"learning_rate": 3.0}, "between 0 and 1"),
        ({"learning_rate": float("nan")}, "between 0 and 1"),
        ({"warmup_ratio": 1.0}, "from 0 to below 1"),
        ({"truncate_dims": (0,)}, "truncate_dims"),
        ({"device": "abacus"}, "no device"),
        ({"held_out": 0.9}, "held out"),
    ],
)
def test_what_cannot_be_is_said(base, asked, said):
    with pytest.raises(InvalidInputError, match=re.escape(said)):
        prepare(base, LABELLED, **asked)


def test_what_is_not_here_is_not_trained():
    with pytest.raises(InvalidInputError, match="weights are not here"):
        prepare("openai/text-embedding-3-small", LABELLED)


def test_what_does_not_fit_is_refused(base, set_limits, monkeypatch):
    monkeypatch.setattr("embedlab.limits.free_memory", lambda: 1 << 30)
    with pytest.raises(NotEnoughMemoryError, match="Training .* needs about"):
        prepare(base, LABELLED)


def test_the_process_ends_with_whoever_asked_for_it(base, tmp_path):
    """A program that trains is killed: the process it has started hears the end of its input, and ends as well."""
    program = """
import sys, psutil
from embedlab.examples import Texts
from embedlab.training import Working, train
def tell(event):
    if event == Working("Loading the model"):
        print(psutil.Process().children()[0].pid, flush=True)
train(sys.argv[1], Texts(tuple(f"a {i} {j}" for i in "abcdefgh" for j in "klmnop")), on_event=tell)
"""
    import psutil

    asked = subprocess.Popen([sys.executable, "-c", program, str(base)], stdout=subprocess.PIPE, text=True)
    child = psutil.Process(int(asked.stdout.readline()))
    asked.kill()
    asked.wait()
    asked.stdout.close()
    child.wait(timeout=PATIENCE)
