"""A model opened to be trained: as its encoder reads it, and as it will be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.encoders import prompts_of
from embedlab.errors import InvalidInputError
from embedlab.models import ModelFiles, load_model
from embedlab.training.running.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

    from embedlab.encoders import Encoder

# Prompts by what a text is, the first a model has.
QUERY, DOCUMENT = ("query",), ("document", "passage", "corpus")


def open_model(files: ModelFiles, settings: Settings) -> SentenceTransformer:
    """Load a model in float32, with the pooling and the prompts that the catalog knows of, cut and frozen as asked."""
    from sentence_transformers.sentence_transformer.modules import Pooling

    model = load_model(files, settings.device).float()
    # They are written with the weights: the new model stands in no catalog.
    prompts, model.default_prompt_name = prompts_of(model, files.card)
    model.prompts = {**prompts}
    if files.pooling_mode is not None:
        place = next(place for place, module in enumerate(model) if isinstance(module, Pooling))
        model[place] = Pooling(model[place].embedding_dimension, files.pooling_mode)
    if settings.num_layers is not None:
        keep_layers(model, settings.num_layers)
    freeze_layers(model, settings.frozen_layers)
    return model


def column_prompts(model: SentenceTransformer | Encoder, kind: str) -> tuple[str, ...]:
    """Return what is put before the texts of each column of examples; the last holds for further ones."""
    if kind in ("pairs", "triplets"):
        return prompt_of(model, QUERY), prompt_of(model, DOCUMENT)
    return (prompt_of(model),)


def prompt_of(model: SentenceTransformer | Encoder, names: tuple[str, ...] = ()) -> str:
    """Return what is put before a text: the first of some prompts a model has, or its default, or nothing."""
    name = next((name for name in names if name in model.prompts), model.default_prompt_name)
    return model.prompts[name] or "" if name else ""


def has_dropout(model: SentenceTransformer) -> bool:
    """Return whether a model forgets some of a text, at random, while it learns."""
    from torch import nn

    return any(isinstance(module, nn.Dropout) and module.p > 0 for module in model.modules())


def layers_of(model: SentenceTransformer) -> nn.ModuleList:
    """Return the layers of a model above its token look-up, from the lowest up.

    Raises
    ------
    InvalidInputError
        When it has none, as averaged word vectors, or they are not found.
    """
    from torch import nn

    transformer = getattr(model[0], "auto_model", None)
    n_layers = getattr(getattr(transformer, "config", None), "num_hidden_layers", 0)
    if transformer is not None and n_layers:
        for module in transformer.modules():
            if isinstance(module, nn.ModuleList) and len(module) == n_layers:
                return module
    raise InvalidInputError("The model has no layers that could be frozen or left out. Leave the number of layers out.")


def keep_layers(model: SentenceTransformer, num_layers: int) -> None:
    """Leave out all but some layers, evenly taken from all of them, the highest among them.

    Raises
    ------
    InvalidInputError
        When it has fewer.

    References
    ----------
    V. Sanh et al., "DistilBERT, a distilled version of BERT", 2019: every second layer.
    """
    layers = layers_of(model)
    if not 1 <= num_layers <= len(layers):
        raise InvalidInputError(f"The model has {len(layers)} layers; num_layers={num_layers} of them cannot be kept.")
    # Of six, three are the second, the fourth and the sixth.
    kept = np.round(np.arange(1, num_layers + 1) * len(layers) / num_layers).astype(int) - 1
    chosen = [layers[place] for place in kept.tolist()]
    del layers[:]
    layers.extend(chosen)
    transformer: Any = model[0].auto_model
    transformer.config.num_hidden_layers = num_layers


def freeze_layers(model: SentenceTransformer, frozen_layers: int) -> None:
    """Let nothing learn up to a layer: 1 freezes the token look-up, 2 that and the first layer, and so on.

    Raises
    ------
    InvalidInputError
        When nothing would be left to learn.
    """
    if frozen_layers == 0:
        return
    layers = layers_of(model)
    if not 0 < frozen_layers <= len(layers):
        raise InvalidInputError(
            f"The model has {len(layers)} layers above its look-up, one of which has to learn at least; "
            f"frozen_layers={frozen_layers} leaves none."
        )
    own = {id(weights) for layer in layers for weights in layer.parameters()}
    # The look-up is what stands before the layers: token vectors, those of positions, and their norm.
    for weights in model.parameters():
        if id(weights) in own:
            break
        weights.requires_grad_(False)
    for layer in layers[: frozen_layers - 1]:
        layer.requires_grad_(False)
