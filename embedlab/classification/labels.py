"""Which labels can be learned: written as text, on two different texts at least, and not too many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.validation import check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CLASSES = 1_000
"""Most labels that are learned: a column with more of them holds numbers or names, not labels."""


def check_names(labels: Sequence[str] | NDArray, n_rows: int) -> NDArray[np.object_]:
    """Return the labels without white space around them."""
    check_same_length("texts", n_rows, "labels", len(labels))
    wrong = [label for label in labels if not isinstance(label, str)]
    if wrong:
        raise InvalidInputError(f"The label {wrong[0]!r} is no text. Give strings, and '' where there is no label.")
    return np.array([label.strip() for label in labels], dtype=object)


def learnable(
    names: NDArray[np.object_], groups: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int64], dict[str, int]]:
    """Tell the labels with two different texts at least from those with one; return both, and the codes of the rows."""
    sizes: dict[str, int] = {}
    texts: dict[str, set[int]] = {}
    for name, group in zip(names.tolist(), groups.tolist(), strict=True):
        if name:
            sizes[name] = sizes.get(name, 0) + 1
            texts.setdefault(name, set()).add(group)
    classes = sorted(name for name, different in texts.items() if len(different) > 1)
    if len(classes) < 2:
        raise InvalidInputError(
            f"Learning needs two labels at least, with two different texts each; here are {len(classes)} such labels "
            f"among {len(sizes)}. Choose another label column, or label more rows."
        )
    if len(classes) > MAX_CLASSES:
        raise InvalidInputError(
            f"There are {len(classes):,} different labels; at most {MAX_CLASSES:,} can be learned. Choose another "
            "label column."
        )
    numbers = {name: code for code, name in enumerate(classes)}
    codes = np.array([numbers.get(name, -1) for name in names.tolist()], dtype=np.int64)
    return tuple(classes), codes, {name: sizes[name] for name in sorted(sizes) if name not in numbers}
