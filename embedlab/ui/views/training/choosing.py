"""What the model is to learn from, what it is judged by, and how it is trained; all of it in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from embedlab.encoders import StaticEncoder, TransformerEncoder
from embedlab.errors import InvalidInputError
from embedlab.escape import escape_markdown
from embedlab.models import is_ready
from embedlab.training import Settings, recipes_for
from embedlab.ui.choices import Selection, address
from embedlab.ui.parts import choose_near
from embedlab.ui.sessions import sharing
from embedlab.ui.tasks import services
from embedlab.ui.training import Lesson, tasks
from embedlab.ui.views.training import mining

if TYPE_CHECKING:
    from embedlab.encoders import Encoder
    from embedlab.examples import Examples, Split
    from embedlab.training import Recipe

NO_MODEL = (
    "Word counts, hosted models and vectors you have brought cannot be trained here. Choose a model of this machine in "
    "the panel on the left."
)
SHARES = ("10", "20", "30", "40", "50")
RATES = ("1e-05", "2e-05", "3e-05", "5e-05", "0.0001", "0.0002", "0.0003")
BATCHES = ("8", "16", "32", "64")
DIMENSIONS = (32, 64, 128, 256, 512)
SHARE_HELP = (
    "Set apart before anything is learned, and never learned from: what the model is judged by. Equal texts, whatever "
    "their case and spaces, and rows of one group lie on one side."
)
RECIPE_HELP = "The first is what did best with texts of this kind. docs/training.md has the figures."
EPOCHS_HELP = "How many times everything is seen."
RATE_HELP = "How far each step goes, at its highest. Too low changes nothing; too high unlearns what the model knew."
BATCH_HELP = "Rows a step. More take more memory and time; where the others of a batch are the wrong answers, it helps."
FROZEN_HELP = "What stays as it is, from below. Less to learn is quicker, and most of the gain stays."
DIMENSIONS_HELP = (
    "The first so many dimensions are trained to do alone, too (Matryoshka), so that vectors can be cut. PCA to as "
    "many, on the Dimensions page, kept more wherever it was measured (docs/training.md)."
)
SEED_HELP = "The same number gives the same weights, on the same number of threads. Others differ by a point or two."
TEACHER_HELP = "The model whose vectors are learned, or that says which texts of a batch belong together after all."
LAYERS_HELP = "Layers of the new model, evenly taken from all of them. Fewer are faster and know less."


def choose(selection: Selection, examples: Examples) -> Lesson | None:
    """Let the person choose what is held out and how the rest is learned from; None for what cannot be trained.

    Raises
    ------
    InvalidInputError
        When there is too little for both sides.
    """
    encoder = services.encoder(selection)
    if not isinstance(encoder, TransformerEncoder | StaticEncoder):
        st.info(NO_MODEL, icon=":material/memory:")
        return None
    share, how = st.columns([1, 3], vertical_alignment="bottom")
    with share:
        percent = address.pick(
            "share", "Held out", SHARES, "20", format_func=lambda percent: f"{percent} %", help=SHARE_HELP
        )
        near_duplicates = choose_near(selection)
    split = tasks.split(examples, int(percent) / 100, near_duplicates=near_duplicates)
    with how:
        _say(split)
    learned_from = mining.choose(selection, split.train)
    return Lesson(selection.model, learned_from, split.held_out, _choose_settings(learned_from, encoder))


def _say(split: Split) -> None:
    """Say the split in numbers."""
    unit, n_held_out = split.train.unit, len(split.held_out.groups)
    st.markdown(
        f":material/school: **{len(split.train):,} {unit}** are learned from · "
        f":material/rule: **{n_held_out:,} {split.held_out.unit}** are held out to judge by"
    )
    if split.n_moved:
        st.caption(
            f":material/link: {split.n_moved:,} of them lie on the side of one they equal, or are kept together with."
        )
    for remark in split.remarks:
        st.caption(f":material/info: {escape_markdown(remark)}")


def _choose_settings(examples: Examples, encoder: Encoder) -> Settings:
    recipes = recipes_for(examples, is_static=isinstance(encoder, StaticEncoder))
    if not recipes:
        raise InvalidInputError(f"Averaged word vectors learn nothing from {examples.kind}. Choose a transformer.")
    box, reason = st.columns([1, 2], vertical_alignment="bottom")
    with box:
        name = address.pick(
            "recipe",
            "Recipe",
            list(recipes),
            next(iter(recipes)),
            scope=examples.kind,
            format_func=lambda key: recipes[key].title,
            help=RECIPE_HELP,
        )
    recipe = recipes[name]
    reason.caption(f"{recipe.reason} Loss: `{recipe.loss}`.")
    teacher = _choose_teacher(recipe, encoder, examples.kind)
    with st.expander("Settings", icon=":material/tune:"):
        return _draw_settings(name, recipe, encoder, teacher)


def _draw_settings(name: str, recipe: Recipe, encoder: Encoder, teacher: str | None) -> Settings:
    """Draw what is seldom changed; what did well stands there at first."""
    first, second = st.columns(3), st.columns(3)
    with first[0]:
        epochs = address.count("epochs", "Epochs", recipe.num_train_epochs, (1, 20), scope=name, help=EPOCHS_HELP)
    with first[1]:
        usual = f"{recipe.learning_rate:g}"
        rates = sorted({*RATES, usual}, key=float)
        rate = address.pick("rate", "Learning rate", rates, usual, scope=name, help=RATE_HELP)
    with first[2]:
        size = str(recipe.per_device_train_batch_size)
        batch = address.pick("batch", "Batch size", sorted({*BATCHES, size}, key=int), size, help=BATCH_HELP)
    with second[0]:
        parts = [str(part) for part in range(encoder.n_layers + 1)]
        frozen = address.pick("frozen", "Left as it is", parts, "0", format_func=_frozen_title, help=FROZEN_HELP)
    with second[1]:
        few = [str(n) for n in DIMENSIONS if n < encoder.embedding_dimension]
        dimensions = address.pick_several(
            "dims", "Dimensions that do alone", few, scope="", placeholder="All of them only", help=DIMENSIONS_HELP
        )
    with second[2]:
        seed = address.count("seed", "Seed", 0, (0, 9999), help=SEED_HELP)
    return Settings(
        recipe=name,
        num_train_epochs=epochs,
        learning_rate=float(rate),
        per_device_train_batch_size=int(batch),
        frozen_layers=int(frozen),
        truncate_dims=tuple(sorted(map(int, dimensions), reverse=True)),
        teacher=teacher,
        num_layers=_choose_layers(encoder) if recipe.needs_teacher and encoder.n_layers else None,
        random_state=seed,
    )


def _choose_teacher(recipe: Recipe, encoder: Encoder, kind: str) -> str | None:
    """Let the person choose the model that is learned from, or that guides; None for the model as it was."""
    if not recipe.needs_teacher and not recipe.is_guided:
        return None
    here = [name for name, card in sharing.offered_cards().items() if is_ready(card)]
    # Those of the catalog first: what somebody keeps does not become the teacher of everybody.
    others = [name for name in (*here, *st.session_state["own_models"], *sharing.kept_here()) if name != encoder.name]
    # Nothing is learned of texts from what says the same of them already.
    itself = [] if recipe.needs_teacher and kind == "texts" and others else [address.NONE]
    offered = [*itself, *others]
    chosen = address.pick(
        "teacher",
        "Teacher" if recipe.needs_teacher else "Guide",
        offered,
        offered[0],
        scope=encoder.name,
        format_func=lambda name: "The model as it is" if name == address.NONE else name,
        help=TEACHER_HELP,
    )
    return None if chosen == address.NONE else chosen


def _choose_layers(encoder: Encoder) -> int | None:
    """Let the person choose how many layers the new model has; None for all of them."""
    every = encoder.n_layers
    chosen = address.count("layers", "Layers of the new model", every, (1, every), scope=encoder.name, help=LAYERS_HELP)
    return chosen if chosen < every else None


def _frozen_title(part: str) -> str:
    if part == "0":
        return "Nothing"
    return "Token look-up" if part == "1" else f"Token look-up and {int(part) - 1} layers"
