"""What a person knows about her texts, as examples to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedlab.errors import InvalidInputError
from embedlab.examples.kinds import Examples, LabelledTexts, ScoredPairs, Texts, Triplets
from embedlab.gold import Gold, Labelled, Pairs, Retrieval, Unlabelled


def as_examples(known: Gold | Examples) -> Examples:
    """Return what is known about texts as examples to learn from.

    Parameters
    ----------
    known : Gold or Examples
        Labels, scored pairs, questions with their answers (a pair for each), or texts alone. Examples are returned as
        they are.

    Raises
    ------
    InvalidInputError
        For several labels a text, or too little to learn from.

    Examples
    --------
    >>> as_examples(Retrieval(("Where?", "When?"), ("Here.", "Now.", "So."), [{0}, {1}])).columns
    (('Where?', 'When?'), ('Here.', 'Now.'))
    """
    if isinstance(known, Examples):
        return known
    kept: dict[str, Any] = {"n_set_aside": known.n_set_aside, "remarks": known.remarks}
    kept |= {"origin": known.origin, "shared": known.shared}
    match known:
        case Labelled():
            return LabelledTexts(known.texts, known.labels, **kept)
        case Pairs():
            return ScoredPairs(known.texts_a, known.texts_b, known.scores, **kept)
        case Unlabelled():
            return Texts(known.originals, **kept)
        case Retrieval():
            return _answered(known, kept)
    raise InvalidInputError(
        f"Nothing is learned from {known.kind} here. Choose one label for each text, such as the rarest it has."
    )


def _answered(known: Retrieval, kept: dict[str, Any]) -> Triplets:
    asked = [(row, text) for row, grades in enumerate(known.grades) for text, grade in grades.items() if grade > 0]
    rows = np.array([row for row, _ in asked], dtype=np.int64)
    anchors, positives = (known.queries[row] for row, _ in asked), tuple(known.texts[text] for _, text in asked)
    for name in ("origin", "shared"):
        if kept[name] is not None:
            kept[name] = np.asarray(kept[name])[rows]
    answers = set(positives)
    others = tuple(dict.fromkeys(text for text in known.texts if text not in answers))
    return Triplets(tuple(anchors), positives, searched=others, **kept)
