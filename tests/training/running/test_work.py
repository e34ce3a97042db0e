"""A training in this process: each loss learns, and a step is what it is said to be."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer import losses
from tiny_models import save_tiny_model

from embedlab.encoders import load_encoder
from embedlab.errors import InvalidInputError, TrainingError
from embedlab.examples import LabelledTexts, ScoredPairs, Texts, Translations, Triplets
from embedlab.gold import Labelled
from embedlab.models import find_card, find_model, load_model
from embedlab.training.running import RECIPES, Assignment, Evaluated, Planned, Saved, Settings, Step
from embedlab.training.running.loop import Batch, Loop
from embedlab.training.running.losses import build_loss
from embedlab.training.running.opening import freeze_layers, keep_layers
from embedlab.training.running.rows import deal
from embedlab.training.running.work import Work

LABELS = ("q", "r", "s", "t")
# A text is three letters; those of a label have a letter in common.
LABELLED = LabelledTexts(
    tuple(f"{label} {a} {b}" for label in LABELS for a, b in ("ab", "cd", "ef", "gh", "ij", "kl", "mn", "op")),
    tuple(label for label in LABELS for _ in range(8)),
)
ANCHORS, POSITIVES = LABELLED.labelled[:16], LABELLED.labelled[16:]
EXAMPLES = {
    "labels": LABELLED,
    "scores": ScoredPairs(ANCHORS, POSITIVES, np.linspace(0, 5, 16)),
    "pairs": Triplets(ANCHORS, POSITIVES),
    "triplets": Triplets(ANCHORS, POSITIVES, tuple(f"u {text}" for text in ANCHORS)),
    "texts": Texts(LABELLED.labelled),
    "translations": Translations(ANCHORS, POSITIVES),
}
RECIPES_AND_KINDS = [(name, kind) for name, recipe in RECIPES.items() for kind in recipe.takes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_model(tmp_path_factory.mktemp("tiny"), pooling_mode="mean", normalize=True)


def settings(recipe="labels", **others):
    return Settings(recipe, **({"num_train_epochs": 1, "learning_rate": 1e-3} | others))


def assign(folder, recipe, kind, **others):
    """The assignment, with vectors of a teacher where one is needed."""
    rows = len(EXAMPLES[kind])
    vectors = np.eye(8, dtype=np.float32)[np.arange(rows) % 8] if RECIPES[recipe].needs_teacher else None
    return Assignment(find_model(folder), EXAMPLES[kind], settings(recipe, **others), None, vectors=vectors)


@pytest.mark.parametrize(("recipe", "kind"), RECIPES_AND_KINDS)
def test_each_loss_lowers_itself(folder, recipe, kind):
    """On one batch, with dropout drawn alike before and after the steps."""
    work = Work(assign(folder, recipe, kind, learning_rate=2e-2, warmup_ratio=0.0), lambda _: None)
    batch = work._batches[0]
    loop = Loop(work._model, work._loss, work._prompts, 50, work._settings)
    found = []
    for _ in range(8):
        torch.manual_seed(0)
        found.append(loop.step(batch))
    assert np.isfinite(found).all()
    assert found[-1] < found[0]


def test_a_step_is_adamw_by_hand(folder):
    """One step of a plain loop of torch, its parts written out, gives the same weights."""
    rate, decay, batch = 1e-2, 0.01, Batch([["q a b", "r c d"], ["q e f", "r g h"]], None)
    model = load_model(find_model(folder), "cpu").float()
    loss = build_loss(RECIPES["labels"], model)
    torch.manual_seed(0)
    Loop(model, loss, ("",), 10, settings(learning_rate=rate, warmup_ratio=0.0)).step(batch)

    plain = SentenceTransformer(str(folder), device="cpu").train()
    torch.manual_seed(0)
    value = losses.MultipleNegativesRankingLoss(plain)([plain.preprocess(column) for column in batch.columns], None)
    value.backward()
    gradients = {name: weights.grad for name, weights in plain.named_parameters() if weights.grad is not None}
    length = torch.cat([gradient.flatten() for gradient in gradients.values()]).norm()
    trained = dict(model.named_parameters())
    for name, weights in plain.named_parameters():
        if name not in gradients:
            assert torch.equal(trained[name], weights)
            continue
        gradient = gradients[name] * min(1, 1 / (length + 1e-6))
        # The moments of the first step, freed of their beginning at 0, are the gradient and its square.
        wanted = weights * (1 - rate * decay) - rate * gradient / (gradient.square().sqrt() + 1e-8)
        torch.testing.assert_close(trained[name], wanted, rtol=1e-4, atol=1e-6)


def test_the_rate_rises_and_falls_in_a_line(folder):
    """Of ten steps two rise: 0, 1/2, 1, 7/8 … 1/8 of the rate."""
    model = load_model(find_model(folder), "cpu").float()
    loop = Loop(model, build_loss(RECIPES["labels"], model), ("",), 10, settings(learning_rate=1.0, warmup_ratio=0.2))
    rates = []
    for _ in range(10):
        rates.append(loop._optimizer.param_groups[0]["lr"])
        loop._optimizer.step()
        loop._schedule.step()
    assert rates == pytest.approx([0, 0.5, *(part / 8 for part in range(8, 0, -1))])


def test_no_label_stands_in_a_batch_twice():
    batches = list(deal(LABELLED, settings(num_train_epochs=3)))
    for batch in batches:
        firsts, seconds = ([text[0] for text in column] for column in batch.columns)
        assert firsts == seconds
        assert len(set(firsts)) == len(firsts) > 1
    assert sum(len(batch.columns[0]) for batch in batches) <= 3 * len(LABELLED)
    # Epochs draw other partners.
    assert len({pair for batch in batches for pair in zip(*batch.columns, strict=True)}) > len(LABELLED)


def test_events_come_in_order_and_the_best_weights_are_kept(folder, tmp_path):
    held_out = Labelled(
        tuple(f"{label} {a}" for label in LABELS for a in "uvwxyz"), tuple(label for label in LABELS for _ in "uvwxyz")
    )
    events = []
    given = assign(folder, "labels", "labels", learning_rate=2e-2, num_train_epochs=4)
    work = Work(Assignment(given.files, given.examples, given.settings, tmp_path, held_out, True, 24), events.append)
    work.run()
    planned = next(event.plan for event in events if isinstance(event, Planned))
    steps = [event for event in events if isinstance(event, Step)]
    assert [step.step for step in steps] == list(range(1, planned.n_steps + 1))
    assert planned.seconds > 0
    assert planned.peak_bytes > 0
    assert (planned.n_train, planned.n_held_out) == (32, 24)
    looks = {event.step: event.figure for event in events if isinstance(event, Evaluated)}
    assert len(looks) == 5
    assert events.index(next(e for e in events if isinstance(e, Evaluated))) < events.index(steps[0])
    best = max(list(looks)[1:], key=looks.get)
    assert events[-1] == Saved(str(tmp_path), best)
    # What is written is what had that figure.
    work._model.load_state_dict(SentenceTransformer(str(tmp_path), device="cpu").state_dict())
    assert work._curve.figure() == pytest.approx(looks[best], abs=1e-6)


def test_the_timed_steps_are_undone(folder):
    work = Work(assign(folder, "labels", "labels"), lambda _: None)
    before = {name: weights.clone() for name, weights in work._model.state_dict().items()}
    work.run()
    assert all(torch.equal(weights, before[name]) for name, weights in work._model.state_dict().items())


def test_frozen_layers_stay(folder):
    model = load_model(find_model(folder), "cpu").float()
    freeze_layers(model, 2)
    frozen = {name for name, weights in model.named_parameters() if not weights.requires_grad}
    assert all("embeddings" in name or "layer.0." in name for name in frozen)
    assert any("layer.0." in name for name in frozen)
    assert not any("layer.1." in name for name in frozen)
    before = {name: weights.clone() for name, weights in model.named_parameters()}
    Loop(model, build_loss(RECIPES["labels"], model), ("",), 10, settings(warmup_ratio=0.0)).step(
        Batch([["q a b", "r c d"], ["q e f", "r g h"]], None)
    )
    changed = {name for name, weights in model.named_parameters() if not torch.equal(weights, before[name])}
    assert changed
    assert not changed & frozen


@pytest.mark.parametrize("n_frozen", [-1, 3])
def test_something_has_to_learn(folder, n_frozen):
    with pytest.raises(InvalidInputError, match="2 layers"):
        freeze_layers(load_model(find_model(folder), "cpu"), n_frozen)


def test_layers_are_kept_evenly(folder, tmp_path):
    """Of two layers one is kept, the upper; the model is read again with one layer."""
    model = load_model(find_model(folder), "cpu").float()
    upper = model[0].auto_model.encoder.layer[1].state_dict()
    keep_layers(model, 1)
    model.save_pretrained(str(tmp_path), create_model_card=False)
    read = SentenceTransformer(str(tmp_path), device="cpu")
    (layer,) = read[0].auto_model.encoder.layer
    assert all(torch.equal(weights, upper[name]) for name, weights in layer.state_dict().items())
    with pytest.raises(InvalidInputError, match="1 layers"):
        keep_layers(model, 2)


def test_matryoshka_trains_the_first_dimensions(folder):
    """Its loss is the sum of those of all vectors and of their first dimensions."""
    model = load_model(find_model(folder), "cpu").float().eval()
    features = [model.preprocess(column) for column in (["q a b", "r c d"], ["q e f", "r g h"])]
    found = build_loss(RECIPES["labels"], model, truncate_dims=(4,))([dict(each) for each in features], None)
    a, b = (model(dict(each))["sentence_embedding"] for each in features)
    cosines = [20 * torch.nn.functional.cosine_similarity(a[:, None, :d], b[None, :, :d], dim=-1) for d in (8, 4)]
    wanted = sum(torch.nn.functional.cross_entropy(each, torch.arange(2)) for each in cosines)
    assert found.item() == pytest.approx(wanted.item(), rel=1e-5)


def test_texts_are_read_behind_the_prompts_of_the_model(tmp_path):
    """A question behind its own; what is written has them, too."""
    prompts = {"query": "query : ", "document": "passage : "}
    base = save_tiny_model(tmp_path / "base", pooling_mode="mean", normalize=True, prompts=prompts)
    work = Work(assign(base, "together", "pairs"), lambda _: None)
    question, answer = work._loop()._features(Batch([["q a b"], ["q c d"]], None))
    tokens = work._model.tokenizer.convert_ids_to_tokens
    assert tokens(question["input_ids"][0]) == ["[CLS]", "query", ":", "q", "a", "b", "[SEP]"]
    assert tokens(answer["input_ids"][0]) == ["[CLS]", "passage", ":", "q", "c", "d", "[SEP]"]
    assert work._save(tmp_path)
    assert load_encoder(tmp_path).prompts == prompts


def test_the_pooling_of_the_catalog_is_trained_and_written(folder, tmp_path):
    """A plain transformer says nothing of it."""
    plain = replace(find_model(folder.parent / "plain"), card=find_card("multilingual-e5-small"))
    plain = replace(plain, card=replace(plain.card, pooling_mode="cls", sentence_head=False))
    work = Work(Assignment(plain, LABELLED, settings(), None), lambda _: None)
    found = work._model.encode(["q a b"], prompt="")
    states = work._model[0].auto_model(**work._model.tokenizer("q a b", return_tensors="pt")).last_hidden_state
    np.testing.assert_allclose(found[0], states[0, 0].detach().numpy(), atol=1e-6)
    work._save(tmp_path)
    assert load_encoder(tmp_path).pooling_mode == "cls"
    assert load_encoder(tmp_path).default_prompt_name == plain.card.default_prompt


def test_without_dropout_a_text_teaches_nothing_alone(folder, monkeypatch):
    given = assign(folder, "simcse", "texts")
    model = load_model(given.files, "cpu")
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    monkeypatch.setattr("embedlab.training.running.work.open_model", lambda *_: model)
    with pytest.raises(InvalidInputError, match="has no dropout"):
        Work(given, lambda _: None)


def test_a_loss_that_is_no_number_ends_it(folder, tmp_path):
    """Nothing is written of a model that has lost its numbers."""
    work = Work(assign(folder, "labels", "labels"), lambda _: None)
    with torch.no_grad():
        work._model[0].auto_model.embeddings.LayerNorm.weight.fill_(float("nan"))
    with pytest.raises(TrainingError, match="no number any more after 1 steps. Lower the learning rate"):
        work._learn(1.0)
