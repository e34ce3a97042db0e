"""Everything a training needs before it starts: what is held out, what is watched, how it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.compute import n_cores
from embedlab.device import pick_device
from embedlab.encoders import Encoder, find_files, load_encoder
from embedlab.errors import InvalidInputError
from embedlab.examples import Examples, Split, as_examples, hold_out
from embedlab.gold import Gold, Unlabelled, set_to_watch
from embedlab.hosted import is_hosted
from embedlab.limits import check_bytes
from embedlab.models import ModelFiles, find_model
from embedlab.texts import fold_text
from embedlab.training.running import RECIPES, Assignment, Recipe, Settings, measure_of
from embedlab.validation import check_integer, check_random_state

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The parts of a batch are too small to be shared out further.
_MOST_THREADS = 8
# Of a word's vector few steps tell anything: those of averaged word vectors have to be so much longer.
_WORDS_LEARN = 50
# Weights, their gradients, two moments of each, and the best of them so far; and what torch itself takes.
_COPIES_OF_WEIGHTS, _OWN_BYTES = 6, 1 << 30


@dataclass(frozen=True, eq=False)
class Prepared:
    """A training that can start.

    Parameters
    ----------
    assignment : Assignment
        Without a folder yet.
    split : Split or None
        What is learned from and what it is judged by; None where nothing is held out.
    measure : str
        What is watched, a key of ``MEASURES``; empty for nothing.
    """

    assignment: Assignment
    split: Split | None
    measure: str


def recipes_for(examples: Gold | Examples, *, is_static: bool = False) -> dict[str, Recipe]:
    """Return the recipes that take such examples, with numbers that did well for such a model, the default first.

    Parameters
    ----------
    examples : Gold or Examples
    is_static : bool, default=False
        Whether averaged word vectors are trained. They read a text the same way every time, so that nothing is learned
        from finding it again, and what a teacher says they learn by a recipe of their own.

    Examples
    --------
    >>> from embedlab.examples import Texts
    >>> list(recipes_for(Texts(("The parcel is late.", "The lamp is broken."))))
    ['simcse', 'distil']
    """
    kind = as_examples(examples).kind
    fitting = {name: recipe for name, recipe in RECIPES.items() if kind in recipe.takes}
    if is_static:
        return {
            name: recipe if recipe.of_words else replace(recipe, learning_rate=recipe.learning_rate * _WORDS_LEARN)
            for name, recipe in fitting.items()
            if recipe.of_words or not (recipe.needs_teacher or recipe.rows == "twins")
        }
    return {name: recipe for name, recipe in fitting.items() if not recipe.of_words}


def prepare(
    model: str | Path,
    examples: Gold | Examples,
    *,
    recipe: str | None = None,
    held_out: float | Gold | None = 0.2,
    teacher: str | Encoder | None = None,
    truncate_dims: Sequence[int] | None = None,
    random_state: int = 0,
    n_threads: int | None = None,
    device: str = "auto",
    **choices: int | float | None,
) -> Prepared:
    """Check what is asked for and hold out what it is judged by; see :func:`embedlab.train` for the parameters."""
    examples = as_examples(examples)
    if is_hosted(model):
        raise InvalidInputError(
            f"{model} answers over the network: its weights are not here to be trained. Let it teach a model that is."
        )
    files = find_files(model, device=device)
    fitting = recipes_for(examples, is_static=files.is_static)
    name = _choose(fitting, examples, recipe, has_teacher=teacher is not None)
    nbytes = sum(file.stat().st_size for file in files.folder.glob("**/*.safetensors"))
    check_bytes(nbytes * _COPIES_OF_WEIGHTS + _OWN_BYTES, f"Training {files.name}")
    settings = _settings(
        name,
        fitting[name],
        teacher=getattr(teacher, "name", teacher),
        truncate_dims=tuple(sorted(truncate_dims or (), reverse=True)),
        random_state=check_random_state(random_state),
        n_threads=n_threads or max(1, min(_MOST_THREADS, n_cores() - 1)),
        device=pick_device(device),
        **choices,
    )
    split = _split(examples, held_out, random_state)
    watched, selects = None, False
    if split is not None:
        watched, judged = set_to_watch(split.held_out, random_state)
        selects = judged is not None
        split = replace(split, held_out=judged or split.held_out)
    taught = RECIPES[name].needs_teacher
    given = Assignment(
        files,
        examples if split is None else split.train,
        settings,
        None,
        watched=watched,
        selects=selects,
        n_held_out=0 if split is None else len(split.held_out.rows),
        guide=_guide(teacher, files) if RECIPES[name].is_guided else None,
    )
    if taught:
        given = _taught(given, teacher)
    return Prepared(given, split, "" if watched is None else measure_of(watched, has_teacher=taught))


def _choose(fitting: Mapping[str, Recipe], examples: Examples, recipe: str | None, *, has_teacher: bool) -> str:
    """Return the name of a recipe that takes the examples, the one asked for or the first."""
    if not fitting:
        raise InvalidInputError(f"Averaged word vectors learn nothing from {examples.kind}. Train a transformer.")
    if recipe is None:
        taught = [name for name in fitting if fitting[name].needs_teacher or fitting[name].is_guided]
        return taught[0] if has_teacher and taught else next(iter(fitting))
    if recipe not in fitting:
        known = "does not take" if recipe in RECIPES else "is none that there is for"
        raise InvalidInputError(
            f"The recipe {recipe!r} {known} examples of this kind ({examples.kind}). Choose one of: "
            f"{', '.join(fitting)}."
        )
    return recipe


def _settings(recipe: str, own: Recipe, *, truncate_dims: tuple[int, ...], **choices: Any) -> Settings:  # noqa: ANN401
    """Return the settings of a recipe with what was chosen otherwise, all within their ranges."""
    defaults = {
        "num_train_epochs": own.num_train_epochs,
        "learning_rate": own.learning_rate,
        "per_device_train_batch_size": own.per_device_train_batch_size,
    }
    given = {name: choice for name, choice in choices.items() if choice is not None}
    settings = Settings(recipe, truncate_dims=truncate_dims, **(defaults | given))
    for name, least in (
        ("num_train_epochs", 1),
        ("per_device_train_batch_size", 2),
        ("frozen_layers", 0),
        ("n_threads", 1),
    ):
        check_integer(getattr(settings, name), name, least)
    for dimension in truncate_dims:
        check_integer(dimension, "truncate_dims", 1)
    if not 0 < settings.learning_rate < 1 or not 0 <= settings.warmup_ratio < 1:
        raise InvalidInputError(
            f"learning_rate={settings.learning_rate} and warmup_ratio={settings.warmup_ratio}: the first has to lie "
            f"between 0 and 1, such as {own.learning_rate:g}, the second from 0 to below 1, such as 0.1."
        )
    return settings


def _split(examples: Examples, held_out: float | Gold | None, random_state: int) -> Split | None:
    if held_out is None:
        return None
    if not isinstance(held_out, Gold):
        return hold_out(examples, share=held_out, random_state=random_state)
    measured = {fold_text(text) for text in (*held_out.texts, *held_out.queries)}
    seen = [any(fold_text(text) in measured for text in row) for row in zip(*examples.columns, strict=True)]
    n_seen = sum(seen)
    if n_seen > len(examples) - 2:
        raise InvalidInputError(
            f"{n_seen:,} of {len(examples):,} {examples.unit} have a text that is held out to judge by, so nothing is "
            "left to learn from. Hold others out."
        )
    remarks = (f"{n_seen:,} {examples.unit} are left out: a text of theirs is held out to judge by.",) if n_seen else ()
    train = examples.take(np.flatnonzero(~np.array(seen))) if n_seen else examples
    return Split(train, held_out, remarks=remarks)


def _guide(teacher: str | Encoder | None, files: ModelFiles) -> ModelFiles:
    return files if teacher is None else find_model(teacher if isinstance(teacher, str) else teacher.name)


def _taught(given: Assignment, teacher: str | Encoder | None) -> Assignment:
    """Return an assignment with what its teacher says of every text, the model as it was for translations."""
    if teacher is None:
        if given.examples.kind != "translations":
            raise InvalidInputError("This recipe needs a model to learn from: give its name as the teacher.")
        teacher = given.files.name
    encoder = load_encoder(teacher, device=given.settings.device) if isinstance(teacher, str) else teacher
    watched = given.watched
    of_watched: NDArray[np.float32] | None = None
    if isinstance(watched, Unlabelled):
        of_watched = encoder.encode(watched.corpus)
    return replace(given, vectors=encoder.encode(given.examples.columns[0]), watched_vectors=of_watched)
