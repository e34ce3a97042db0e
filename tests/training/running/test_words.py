"""Averaged word vectors: loaded from any folder, and trained towards what another model says of whole texts."""

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tiny_models import WORDS, save_tiny_model, word_tokenizer

from embedlab.comparison import Candidate
from embedlab.encoders import StaticEncoder, load_encoder
from embedlab.errors import InvalidInputError, ModelLoadError
from embedlab.examples import Texts, Translations
from embedlab.models import find_model
from embedlab.recipes import recipe
from embedlab.training import recipes_for, train
from embedlab.training.running import Assignment, Saved, Settings
from embedlab.training.running.work import Work

LETTERS = WORDS[8:]
TEXTS = tuple(f"{a} {b} {c}" for a, b, c in zip(LETTERS, LETTERS[3:], LETTERS[7:], strict=False))


@pytest.fixture
def folder(tmp_path):
    vectors = np.random.default_rng(0).standard_normal((len(WORDS), 6)).astype(np.float32)
    words = StaticEmbedding(word_tokenizer(special=False), vectors)
    SentenceTransformer(modules=[words], device="cpu").save_pretrained(str(tmp_path / "words"))
    return tmp_path / "words"


def test_a_folder_of_word_vectors_is_an_encoder(folder):
    """It gives what the library gives."""
    encoder = load_encoder(folder)
    assert isinstance(encoder, StaticEncoder)
    expected = SentenceTransformer(str(folder), device="cpu").encode(list(TEXTS), normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-6)
    assert find_model(folder).is_static
    assert not find_model(save_tiny_model(folder.parent, pooling_mode="mean")).is_static


def test_a_program_loads_the_folder_as_it_is(folder):
    """Nobody has distilled it from a model of that name."""
    encoder = load_encoder(folder)
    program = recipe(Candidate(str(folder)).of(encoder), encoder)
    assert "distilled by" not in program
    assert f"SentenceTransformer({str(folder)!r}" in program.replace('"', "'")


def test_weights_of_another_kind_are_refused(folder):
    from safetensors.numpy import save_file

    save_file({"embeddings": np.zeros((3, 2), dtype=np.float32)}, folder / "model.safetensors")
    with pytest.raises(ModelLoadError, match=r"no embedding\.weight"):
        load_encoder(folder)


def test_words_learn_what_a_teacher_says(folder, tmp_path):
    """The teacher is another one of its kind, wider: texts come nearer to it, and words nobody has said stay."""
    rng = np.random.default_rng(1)
    table = {word: rng.standard_normal(9) for word in LETTERS}
    said = np.stack([sum(table[letter] for letter in text.split()) for text in TEXTS]).astype(np.float32)
    said /= np.linalg.norm(said, axis=1, keepdims=True)
    settings = Settings("distil-words", num_train_epochs=60, learning_rate=0.05, per_device_train_batch_size=8)
    events = []
    target = tmp_path / "trained"
    target.mkdir()
    Work(Assignment(find_model(folder), Texts(TEXTS), settings, target, vectors=said), events.append).run()
    assert isinstance(events[-1], Saved)
    before, after = load_encoder(folder), load_encoder(target)
    wanted = said @ said.T
    far = [np.abs(x @ x.T - wanted).mean() for x in (each.encode(TEXTS) for each in (before, after))]
    assert far[1] < 0.6 * far[0]
    # Nothing but the weight decay has touched them.
    unsaid = ["query", "passage"]
    np.testing.assert_allclose(after.encode(unsaid), before.encode(unsaid), atol=1e-6)


def test_what_word_vectors_cannot_learn(folder):
    """They have no dropout and no layers, and nothing is learned from what is as it was."""
    assert list(recipes_for(Texts(TEXTS), is_static=True)) == ["distil-words"]
    assert "distil-words" not in recipes_for(Texts(TEXTS))
    with pytest.raises(
        InvalidInputError, match="does not take examples of this kind .texts.. Choose one of: distil-words"
    ):
        train(folder, Texts(TEXTS), recipe="simcse", held_out=None)
    with pytest.raises(InvalidInputError, match="needs a model to learn from"):
        train(folder, Texts(TEXTS), held_out=None)
    with pytest.raises(InvalidInputError, match="has no layers"):
        train(folder, Translations(TEXTS, TEXTS[::-1]), held_out=None, num_layers=1)
