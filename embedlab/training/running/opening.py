"""A model opened to be trained: as its encoder reads it, and as it will be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedlab.encoders import prompts_of
from embedlab.models import ModelFiles, load_model
from embedlab.training.running.layers import freeze_layers, keep_layers
from embedlab.training.running.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from embedlab.encoders import Encoder

# Prompts by what a text is, the first a model has.
QUERY, DOCUMENT = ("query",), ("document", "passage", "corpus")


def open_model(files: ModelFiles, settings: Settings) -> SentenceTransformer:
    """Load a model in float32, with the pooling and the prompts that the catalog knows of, cut and frozen as asked."""
    from sentence_transformers.sentence_transformer.modules import Pooling

    model = load_model(files, settings.device).float()
    # They are written with the weights: the new model stands in no catalog.
    model.prompts, model.default_prompt_name = prompts_of(model, files.card)
    if files.pooling_mode is not None:
        place = next(place for place, module in enumerate(model) if isinstance(module, Pooling))
        model[place] = Pooling(model[0].get_embedding_dimension(), files.pooling_mode)
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
    return model.prompts[name] if name else ""
