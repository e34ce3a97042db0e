"""The layers of a transformer: some of them kept, some of them frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn


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
    model[0].auto_model.config.num_hidden_layers = num_layers


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
