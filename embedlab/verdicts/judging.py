"""A model held against the one it was made from."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from embedlab.comparison import MEASURES, Candidate, compare, embed
from embedlab.errors import InvalidInputError
from embedlab.evaluation import CUTOFF
from embedlab.gold import Labelled, Unlabelled
from embedlab.intervals import difference
from embedlab.store import EmbeddingStore
from embedlab.verdicts.forgetting import not_hers
from embedlab.verdicts.verdict import Change, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from embedlab.comparison import Comparison
    from embedlab.encoders import Encoder, Progress
    from embedlab.gold import Gold
    from embedlab.intervals import Estimate

    Embeddings = NDArray[np.float32]

_PARTS = 1_000


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
        The same arithmetic of both, such as ``precision="float32"``, leaves the training alone to be seen.
    held_out : Gold
        What neither was learned from.
    learned_from : collection of str, default=()
        Texts the new model has learned from: what is not one's own and holds one of them is left out.
    store : EmbeddingStore, optional
        Where embeddings are kept; those of this judgement are forgotten when not given.
    progress : callable, optional
        ``progress(done, total)``; what it raises ends the work.

    Returns
    -------
    Verdict

    Raises
    ------
    InvalidInputError
        When no figure can be taken of what was held out.

    Notes
    -----
    The figure that decides is the main one of the kind of what was held out, chosen before anything is seen, and its
    interval is that of one comparison. The intervals of the other figures hold for all of them together, and so do
    those of what is not one's own. All are paired and drawn by groups: copies and rows that know of each other are one.

    Of labels it is the accuracy of a logistic regression, and not how well clusters or neighbours follow the labels: a
    regression on the old vectors has seen the labels as well and costs nothing, so that is what training has to beat.
    It also falls first where a training has gone too far. Texts alone do not say which model is better.
    """
    held_out = held_out.fitted() if isinstance(held_out, Labelled) else held_out
    foreign = list(not_hers([*learned_from, *held_out.corpus, *held_out.queries]))
    n_texts = [3 * len(held_out.texts), *(2 * known.n_texts for known in foreign)]
    parts = iter(_shares(progress, n_texts))
    with _kept_in(store) as kept:
        comparison, embeddings = _compared(before, after, held_out, kept, next(parts))
        changes = _changes(comparison)
        if not changes:
            raise InvalidInputError("No figure can be taken of what was held out. Hold out more, or other rows.")
        forgetting = []
        for known in foreign:
            report = next(parts)
            old, new = (known.figure(encoder, kept, report) for encoder in (before, after))
            forgetting.append(_change(known.title, known.description, old, new, len(foreign)))
    return Verdict(comparison, changes, tuple(forgetting), not isinstance(held_out, Unlabelled), embeddings)


@contextmanager
def _kept_in(store: EmbeddingStore | None) -> Iterator[EmbeddingStore]:
    if store is not None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="embedlab-") as folder:
        yield EmbeddingStore(Path(folder))


def _shares(progress: Progress | None, sizes: list[int]) -> Iterator[Progress]:
    """Give a way to report for each part of the work, by its share of the whole."""
    done = 0
    for size in sizes:

        def report(part: int, of: int, done: int = done, size: int = size) -> None:
            if progress is not None:
                progress(round(_PARTS * (done + size * part / max(of, 1)) / sum(sizes)), _PARTS)

        report(0, 1)
        yield report
        done += size


def _compared(
    before: Encoder, after: Encoder, held_out: Gold, store: EmbeddingStore, progress: Progress
) -> tuple[Comparison, tuple[Embeddings, Embeddings]]:
    """Return the figures of both, and the embeddings of a person's own texts by both."""
    names = [_short(before.name), _short(after.name)]
    if names[0] == names[1]:
        names[1] += " (trained)"
    encoders = dict(zip(names, (before, after), strict=True))
    candidates = [Candidate(name) for name in names]
    comparison = compare(
        held_out,
        candidates,
        load=lambda candidate: encoders[candidate.model],
        is_loaded=lambda _: True,
        store=store,
        reference=candidates[0],
        progress=progress,
    )
    first, second = (embed(held_out, each, encoders[each.model], store)[0] for each in candidates)
    n = len(held_out.corpus)
    return comparison, (first[:n], second[:n])


def _short(name: str) -> str:
    """Return the name of a model without the way to its folder."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _changes(comparison: Comparison) -> tuple[Change, ...]:
    """Return the figures that both models have and that have an interval, the main one first."""
    first, second = (result.figures for result in comparison.results)
    names = [name for name in first if name in second and getattr(first[name], "has_interval", True)]
    return tuple(
        _change(
            *_in_words(name, comparison.gold),
            first[name],
            second[name],
            len(names) - 1 if place else 1,
        )
        for place, name in enumerate(names)
    )


def _in_words(name: str, gold: Gold) -> tuple[str, str]:
    """Return the title of a figure and what it says, with the number of neighbours where it is not ten."""
    words = MEASURES[name]
    if name != "neighbor_purity" or not isinstance(gold, Labelled) or gold.n_neighbors == CUTOFF:
        return words.title, words.description
    k = gold.n_neighbors
    return (
        f"{words.title} ({k} nearest)",
        f"Share of the {k} nearest texts, as many as all labels allow, with the label.",
    )


def _change(title: str, description: str, before: Estimate, after: Estimate, n_figures: int) -> Change:
    return Change(title, description, before, after, difference(after, before, n_figures))
