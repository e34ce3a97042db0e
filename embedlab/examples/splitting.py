"""Some examples held out before anything is learned, with all that knows of them on one side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.examples.kinds import Examples, LabelledTexts, near_tied
from embedlab.examples.known import as_examples
from embedlab.examples.sides import sides
from embedlab.gold import Gold
from embedlab.validation import check_integer, check_random_state, check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

# Of a label with fewer texts no figure is taken: see `embedlab.gold.Labelled`.
_FEWEST_OF_A_LABEL = 5
# A label of which less is learned is left to learning altogether.
_FEWEST_LEARNED = 2
_FEWEST_HELD_OUT = 12


@dataclass(frozen=True, eq=False)
class Split:
    """What is learned from, and what it is judged by.

    Parameters
    ----------
    train : Examples
    held_out : Gold
        Measured before the model learns, while it does, and after. No text of it is in ``train``.
    n_moved : int
        Examples that lie where they lie because another one does: with an equal text, or of one group.
    remarks : tuple of str
        What was left out, in sentences.
    """

    train: Examples
    held_out: Gold
    n_moved: int = 0
    remarks: tuple[str, ...] = ()


def hold_out(
    examples: Gold | Examples,
    *,
    share: float = 0.2,
    per_label: int | None = None,
    shared: Sequence[object] | NDArray | None = None,
    near_duplicates: bool = False,
    random_state: int = 0,
) -> Split:
    """Hold some examples out, to judge by.

    Parameters
    ----------
    examples : Gold or Examples
    share : float, default=0.2
        Of the examples, and of each label; above 0 and at most 0.5. At least 12 are held out, or five of each label.
    per_label : int, optional
        Texts of each label that are held out, instead of the share; five at least.
    shared : sequence of length n, optional
        What examples that know of each other have in common, such as author or ticket; that of the examples where not
        given.
    near_duplicates : bool, default=False
        Whether texts that are nearly the same by their letters know of each other as well.
    random_state : int, default=0
        Which are held out.

    Returns
    -------
    Split
        Equal texts (whatever case, spaces and punctuation) and what shares a group lie on one side. Labels with too
        few texts for both sides are learned from and not measured. Of pairs and translations the held-out first texts
        look for their second ones, among those that are held out and a share of the ``searched`` ones.

    Raises
    ------
    InvalidInputError
        When there is too little for both sides, or nearly all examples hang together.
    """
    check_random_state(random_state)
    if not 0 < share <= 0.5:
        raise InvalidInputError(f"share={share} cannot be held out; choose a number above 0 and at most 0.5.")
    examples = as_examples(examples)
    if shared is not None:
        check_same_length(examples.unit, len(examples), "groups", len(shared))
        examples = replace(examples, shared=tuple(shared))
    examples = near_tied(examples) if near_duplicates else examples
    rng = np.random.default_rng(random_state)
    if isinstance(examples, LabelledTexts):
        is_held, is_left, remarks = _of_labels(examples, share, per_label, rng)
    else:
        is_held, is_left, remarks = _of_groups(examples, share, rng)
    train, held_out = sides(examples, is_held, is_left, share, rng)
    if n_lost := int(is_left.sum()) - len(train):
        remarks.append(f"{n_lost:,} triplets are left out: their negative is held out.")
    return Split(train, held_out, len(examples) - len(np.unique(examples.groups)), tuple(remarks))


def _of_groups(examples: Examples, share: float, rng: np.random.Generator) -> tuple[Mask, Mask, list[str]]:
    """Return which examples are held out and which are left: whole groups at random, none that is too large."""
    n_wanted = max(_FEWEST_HELD_OUT, round(share * len(examples)))
    is_held = np.zeros(len(examples), dtype=bool)
    for rows in _rows_of(examples.groups, rng):
        if is_held.sum() + len(rows) <= n_wanted:
            is_held[rows] = True
    if is_held.sum() < _FEWEST_HELD_OUT or is_held.sum() > len(examples) / 2:
        largest = int(np.unique(examples.groups, return_counts=True)[1].max())
        raise InvalidInputError(
            f"Of {len(examples):,} {examples.unit}, {_FEWEST_HELD_OUT} are to be held out and as many learned from, "
            f"but {largest:,} hang together by equal texts or their group. Add {examples.unit}, or give others to "
            "judge by."
        )
    return is_held, ~is_held, []


def _of_labels(
    examples: LabelledTexts, share: float, per_label: int | None, rng: np.random.Generator
) -> tuple[Mask, Mask, list[str]]:
    """Return which texts are held out and which are left, the same share of every label, and what is in neither."""
    codes, n_labels = examples.targets, int(examples.targets.max()) + 1
    sizes = np.bincount(codes, minlength=n_labels)
    if per_label is None:
        wanted = np.maximum(_FEWEST_OF_A_LABEL, np.round(share * sizes).astype(np.int64))
    else:
        wanted = np.full(n_labels, check_integer(per_label, "per_label", _FEWEST_OF_A_LABEL))
    held, left = np.zeros(n_labels, dtype=np.int64), sizes.copy()
    is_held = np.zeros(len(codes), dtype=bool)
    for rows in _rows_of(examples.groups, rng):
        own = np.bincount(codes[rows], minlength=n_labels)
        has, after = own > 0, left - own
        if ((held + own)[has] <= wanted[has]).all() and (after[has] >= _FEWEST_LEARNED).all():
            is_held[rows] = True
            held, left = held + own, after
    is_rare = held < _FEWEST_OF_A_LABEL
    if (~is_rare).sum() < 2:
        raise InvalidInputError(
            f"Only {(~is_rare).sum()} of {n_labels:,} labels have enough texts that differ: {_FEWEST_OF_A_LABEL} are "
            f"held out and {_FEWEST_LEARNED} learned from. Label more texts, or give others to judge by."
        )
    # What was held out of too rare a label is learned from, unless it hangs together with what is measured.
    measured_groups = np.unique(examples.groups[is_held & ~is_rare[codes]])
    is_left = ~np.isin(examples.groups, measured_groups)
    is_held &= ~is_rare[codes]
    return is_held, is_left, _said_of_labels(is_rare, int((~is_held & ~is_left).sum()))


def _said_of_labels(is_rare: Mask, n_neither: int) -> list[str]:
    remarks = []
    if is_rare.any():
        remarks.append(
            f"{is_rare.sum():,} of {len(is_rare):,} labels are learned from and not measured: they have fewer than "
            f"{_FEWEST_OF_A_LABEL + _FEWEST_LEARNED} texts that differ."
        )
    if n_neither:
        remarks.append(f"{n_neither:,} texts of rare labels are left out: they hang together with what is held out.")
    return remarks


def _rows_of(groups: NDArray[np.int64], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Give the rows of each group, in random order."""
    numbers = np.unique(groups, return_inverse=True)[1]
    rows = np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])
    for number in rng.permutation(len(rows)).tolist():
        yield rows[number]
