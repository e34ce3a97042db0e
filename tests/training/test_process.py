"""A training in a process of its own, with tiny models: the same bits, stopped, killed, without room, one at a time."""

import os
import threading
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
import torch
from app_server import processes_with, wait_until
from patience import PATIENCE
from tiny_models import save_tiny_model

import embedlab as el
from embedlab.errors import Cancelled, InvalidInputError, TrainingError
from embedlab.examples import LabelledTexts
from embedlab.training import Planned, Saved, Settings, Step, Working, plan_training, train

LABELS = ("q", "r", "s", "t")
SECRET = "xyzzy"
EXAMPLES = LabelledTexts(
    tuple(f"{label} {a} {b} {SECRET}{a}" for label in LABELS for a in "abcdefghij" for b in "klmn"),
    tuple(f"label{SECRET}{label}" for label in LABELS for _ in range(40)),
)


TRAINING = "embedlab.training.running"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny"), pooling_mode="mean", normalize=True)


@pytest.fixture(scope="module")
def trainings(base, tmp_path_factory):
    """The same training twice: alone, and while a thread of this process draws random numbers."""
    is_over = threading.Event()

    def draw():
        while not is_over.wait(0.001):
            torch.rand(10)
            np.random.default_rng().random()

    folders = [tmp_path_factory.mktemp("trained") / name for name in ("one", "two")]
    first = train(base, EXAMPLES, n_threads=1, folder=folders[0])
    thread = threading.Thread(target=draw)
    thread.start()
    try:
        return first, train(base, EXAMPLES, n_threads=1, folder=folders[1])
    finally:
        is_over.set()
        thread.join()


def test_the_same_seed_gives_the_same_bits(trainings, base):
    one, two = (sha256((each.folder / "model.safetensors").read_bytes()).hexdigest() for each in trainings)
    assert one == two != sha256((base / "model.safetensors").read_bytes()).hexdigest()
    assert trainings[0].losses == trainings[1].losses
    assert el.load_encoder(trainings[0].folder).revision == el.load_encoder(trainings[1].folder).revision


def test_no_text_is_in_any_file(trainings):
    for file in trainings[0].folder.rglob("*"):
        assert file.is_dir() or SECRET.encode() not in file.read_bytes(), file


def test_what_comes_of_it_is_said(trainings):
    training = trainings[0]
    assert [step for step, _ in training.losses] == list(range(1, training.plan.n_steps + 1))
    assert training.evaluations[0][0] == 0
    assert training.measure == "neighbor_purity"
    assert training.settings == Settings("labels", 2, 1e-4, n_threads=1)
    assert len(training.split.train) == training.plan.n_train
    card = (training.folder / "README.md").read_text(encoding="utf-8")
    assert "loss:MultipleNegativesRankingLoss" in card
    assert f"{training.plan.n_train} texts with 4 labels" in card
    assert "| random_state | 0 |" in card
    # Whoever reads it learns nothing of this machine.
    assert str(training.folder.parent) not in card
    assert os.listdir(training.folder.parent) == [training.folder.name]


def test_the_new_model_reads_as_sentence_transformers_does(trainings):
    from sentence_transformers import SentenceTransformer

    texts = list(EXAMPLES.labelled[:5])
    wanted = SentenceTransformer(str(trainings[0].folder), device="cpu").encode(texts)
    found = trainings[0].encoder(precision="float32").encode(texts)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_plan_is_what_the_training_takes(base, trainings):
    plan = plan_training(base, EXAMPLES, n_threads=1)
    assert replace(plan, seconds=0, peak_bytes=0) == replace(trainings[0].plan, seconds=0, peak_bytes=0)


def test_whoever_stops_it_ends_the_process_and_leaves_nothing(base, tmp_path):
    """At any event, before the model is loaded as well; what is gone on with starts over."""

    def stop(event):
        if isinstance(event, Working):
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        train(base, EXAMPLES, folder=tmp_path / "mine", on_event=stop)
    assert not processes_with(TRAINING)
    assert not os.listdir(tmp_path)


def test_a_killed_process_is_a_sentence(base, tmp_path):
    def kill(event):
        if isinstance(event, Step):
            for child in processes_with(TRAINING):
                child.kill()

    with pytest.raises(TrainingError, match=r"ended from outside \(SIGKILL\).*train again"):
        train(base, EXAMPLES, folder=tmp_path / "mine", on_event=kill)
    assert not os.listdir(tmp_path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of files are those of POSIX")
def test_a_full_disk_is_a_sentence(base, tmp_path):
    """A process may write so many bytes into a file and no more, which is how the system says that a disk is full."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(event):
        if isinstance(event, Planned):
            (child,) = processes_with(TRAINING)
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (100, before[1]))

    with pytest.raises(TrainingError, match=r"could not be written.*Make room"):
        train(base, EXAMPLES, folder=tmp_path / "mine", on_event=fill)
    assert not os.listdir(tmp_path)


def test_two_people_train_one_after_the_other(base, tmp_path):
    """The second waits until the first is done, and is told so."""
    heard, said, is_waiting = [], [], threading.Event()

    def first(event):
        heard.append(event)
        if event == Working("Writing the model"):
            is_waiting.wait(PATIENCE)

    def second(event):
        said.append((event, Saved in map(type, heard)))
        is_waiting.set()
        if event == Working("Starting"):
            raise Cancelled("stopped")

    thread = threading.Thread(target=train, args=(base, EXAMPLES), kwargs={"on_event": first})
    thread.start()
    wait_until(lambda: heard)
    with pytest.raises(Cancelled):
        train(base, EXAMPLES, folder=tmp_path / "mine", on_event=second)
    thread.join()
    assert said[0] == (Working("Waiting for another training to end"), False)
    assert said[-1] == (Working("Starting"), True)


def test_nothing_is_written_over(base, tmp_path):
    with pytest.raises(InvalidInputError, match="is there already"):
        train(base, EXAMPLES, folder=tmp_path)
