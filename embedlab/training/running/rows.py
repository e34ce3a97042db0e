"""From examples to the batches of a whole training, in the order in which they are learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from embedlab.examples import (
    Examples,
    contrasts_of_labels,
    draw_batches,
    pairs_of_labels,
    triplets_of_labels,
    twins,
)
from embedlab.training.running.loop import Batch
from embedlab.training.running.recipes import RECIPES
from embedlab.training.running.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BY_LABELS: dict[str, Callable[..., Examples]] = {
    "pairs": pairs_of_labels,
    "triplets": triplets_of_labels,
    "contrasts": contrasts_of_labels,
}


def deal(examples: Examples, settings: Settings, vectors: NDArray[np.float32] | None = None) -> Iterator[Batch]:
    """Deal examples into batches, epoch after epoch.

    Parameters
    ----------
    examples : Examples of length n
    settings : Settings
    vectors : float32 array of shape (n, d), optional
        Of a teacher, for each example: what the loss is told instead of labels or scores.

    Yields
    ------
    Batch
    """
    recipe, size = RECIPES[settings.recipe], settings.per_device_train_batch_size
    for epoch in range(settings.num_train_epochs):
        drawn = {"epoch": epoch, "random_state": settings.random_state}
        made = examples
        if recipe.rows in _BY_LABELS:
            made = _BY_LABELS[recipe.rows](examples, **drawn)
        elif recipe.rows == "twins":
            made = twins(examples)  # type: ignore[arg-type]
        targets = made.targets if vectors is None else vectors
        for rows in draw_batches(made, size, batching=recipe.batching, **drawn):
            # Alone, a row has nothing that it could be told apart from.
            if recipe.batching != "any" and len(rows) < 2:
                continue
            columns = [[column[row] for row in rows.tolist()] for column in made.columns]
            yield Batch(columns, None if targets is None else targets[rows])
