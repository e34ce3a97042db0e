"""A model held against the one it was made from."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedlab.encoders import Encoder, Progress
    from embedlab.gold import Gold
    from embedlab.store import EmbeddingStore
    from embedlab.verdicts.verdict import Verdict


def judge(
    before: Encoder,
    after: Encoder,
    held_out: Gold,
    *,
    learned_from: Collection[str] = (),
    store: EmbeddingStore | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Judge a trained model by what was held out, and by what is not one's own.

    Parameters
    ----------
    before, after : Encoder
    held_out : Gold
        What neither was learned from.
    learned_from : collection of str, default=()
        Texts the new model has learned from: what is not one's own and holds one of them is left out.
    store : EmbeddingStore, optional
        Where embeddings are kept; those of this judgement are forgotten when not given.
    progress : callable, optional
        ``progress(done, total)``, nearly in texts; what it raises ends the work.

    Returns
    -------
    Verdict
    """
    raise NotImplementedError
