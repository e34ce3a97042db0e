"""Some of what is known, to look at again and again while something is chosen, and the rest, to judge by once.

Whoever chooses the best of several states by the same rows that judge it finds it better than it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.gold.kinds import MIN_OF_A_LABEL, Gold, Labelled, Retrieval
from embedlab.gold.multiple import MultiLabelled
from embedlab.gold.parts import others, picked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

# Rows that are looked at while something is chosen, at most, and their largest share.
_MOST_WATCHED = 300
_LARGEST_SHARE = 1 / 3
# A figure of fewer tells states apart by chance alone.
_FEWEST = 40


def set_to_watch(gold: Gold, random_state: int = 0) -> tuple[Gold, Gold | None]:
    """Divide what is known into a part to watch and a part to judge by.

    Parameters
    ----------
    gold : Gold
    random_state : int, default=0

    Returns
    -------
    watched : Gold
        A third of the rows at most, of some labels where there are labels. All rows where they are too few for two
        parts, or a row has several labels.
    judged : Gold or None
        The others; None where there are not enough.
    """
    rng = np.random.default_rng(random_state)
    groups = np.unique(gold.groups, return_inverse=True)[1]
    n_wanted = min(_MOST_WATCHED, int(len(groups) * _LARGEST_SHARE))
    if isinstance(gold, MultiLabelled) or n_wanted < _FEWEST:
        return gold, None
    if isinstance(gold, Labelled):
        taken = _of_labels(gold.codes, groups, n_wanted, rng)
    else:
        sizes = np.bincount(groups)
        order = rng.permutation(len(sizes))
        taken = np.isin(groups, order[sizes[order].cumsum() <= n_wanted])
    try:
        return _rows(gold, taken), _rows(gold, ~taken)
    except InvalidInputError:
        return gold, None


def _of_labels(codes: Integers, groups: Integers, n_wanted: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return which rows are watched: half of those of some labels, whole groups, enough of a label on either side."""
    taken = np.zeros(len(codes), dtype=bool)
    # A group of several labels would be torn apart.
    of_groups, n_labels = np.unique(np.unique(np.stack([groups, codes]), axis=1)[0], return_counts=True)
    mixed = set(of_groups[n_labels > 1].tolist())
    for label in rng.permutation(int(codes.max()) + 1).tolist():
        rows = np.flatnonzero(codes == label)
        own = [group for group in rng.permutation(np.unique(groups[rows])).tolist() if group not in mixed]
        sizes = np.array([(groups == group).sum() for group in own], dtype=np.int64)
        chosen = np.isin(groups, [group for group, n in zip(own, sizes.cumsum(), strict=True) if n <= len(rows) // 2])
        if min(chosen.sum(), len(rows) - chosen.sum()) >= MIN_OF_A_LABEL and taken.sum() + chosen.sum() <= n_wanted:
            taken |= chosen
    return taken


def _rows(gold: Gold, is_left: NDArray[np.bool_]) -> Gold:
    if isinstance(gold, Retrieval):
        rows = np.flatnonzero(is_left).tolist()
        return replace(gold, **picked(gold, ("queries", "query_keys", "relevant", "origin", "shared"), rows))
    return others(gold, is_left)
