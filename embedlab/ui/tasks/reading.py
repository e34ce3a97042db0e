"""What the chosen model does not read of the chosen texts: of all, of some, or of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedlab.rows import sample_positions
from embedlab.ui.tasks import model_tasks, services, waiting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embedlab.encoders import Encoder, Unread
    from embedlab.ui.choices import Selection

# So many texts say what share is cut to within one in a hundred; to count the tokens of a million takes minutes.
SAMPLED_TEXTS = 10_000


def unread_at(selection: Selection, places: NDArray[np.int64], model: Encoder | None = None) -> Unread:
    """Return what the chosen model, which may be at hand, does not read of the chosen texts at some places."""
    model = model or services.encoder(selection)
    every = model_tasks.look_at_unread(selection.corpus, model)
    if len(places) == len(selection.corpus.texts) or waiting.is_done(every):
        return waiting.await_task(every).at(places)
    return waiting.await_task(model_tasks.look_at_unread(selection.corpus, model, places))


def unread_sample(selection: Selection) -> tuple[NDArray[np.int64], Unread]:
    """Return what the chosen model does not read of at most 10,000 of the chosen texts, and where those stand."""
    places = _sampled(selection)
    return places, unread_at(selection, places)


def n_cut(selection: Selection) -> tuple[int, int] | None:
    """Return how many of the chosen texts the model cuts, of how many that were looked at.

    None while no page has looked at them, and for a model that cuts none.
    """
    if not services.is_loaded(selection):
        return None
    model, places = services.encoder(selection), _sampled(selection)
    if model.max_seq_length is None:
        return None
    looks = [model_tasks.look_at_unread(selection.corpus, model, at) for at in (None, places)]
    is_counted = any(map(waiting.is_done, looks))
    return (int(unread_at(selection, places, model).is_cut.sum()), len(places)) if is_counted else None


def _sampled(selection: Selection) -> NDArray[np.int64]:
    return sample_positions(len(selection.corpus.texts), SAMPLED_TEXTS, random_state=0)
