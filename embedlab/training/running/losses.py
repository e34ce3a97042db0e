"""The loss of a recipe, as sentence-transformers has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

    from embedlab.training.running.recipes import Recipe


def build_loss(
    recipe: Recipe,
    model: SentenceTransformer,
    *,
    truncate_dims: tuple[int, ...] = (),
    guide: SentenceTransformer | None = None,
) -> nn.Module:
    """Return the loss of a recipe for a model.

    Parameters
    ----------
    recipe : Recipe
    model : SentenceTransformer
    truncate_dims : tuple of int, default=()
        First dimensions that have to do alone; all of them are trained beside.
    guide : SentenceTransformer, optional
        Says which texts of a batch may belong together, for the losses that ask.
    """
    from sentence_transformers.sentence_transformer import losses

    arguments: dict[str, Any] = {
        name: _named(recipe.loss, value) if name == "distance_metric" and "Distill" not in recipe.loss else value
        for name, value in recipe.arguments.items()
    }
    if recipe.is_guided:
        arguments["guide"] = guide
    loss = getattr(losses, recipe.loss)(model, **arguments)
    if truncate_dims:
        dimensions = sorted({*truncate_dims, int(model.get_embedding_dimension() or 0)}, reverse=True)
        loss = losses.MatryoshkaLoss(model, loss, dimensions)
    return loss


def _named(loss: str, metric: object) -> object:
    """Return a distance by the name the recipe gives it; each loss has a list of its own."""
    from sentence_transformers.sentence_transformer import losses

    if loss == "TripletLoss":
        return getattr(losses.TripletDistanceMetric, str(metric).upper())
    return getattr(losses.BatchHardTripletLossDistanceFunction, f"{metric}_distance")
