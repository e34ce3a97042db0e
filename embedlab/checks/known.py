"""What is wrong with a table before any model is looked at: contradictions, leaks between its parts, copies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from embedlab.checks.finding import Finding, places_of, plain
from embedlab.errors import InvalidInputError
from embedlab.gold import Gold, Labelled, MultiLabelled, Pairs, Retrieval, labels_in_words
from embedlab.texts import is_blank

if TYPE_CHECKING:
    import pandas as pd

_SPLIT_NAMES = frozenset({"split", "set", "subset", "fold", "partition", "part", "data_split", "dataset_split"})
_TRAINING = frozenset({"train", "training", "trn"})
_TESTED = frozenset({"test", "testing", "tst", "dev", "development", "val", "valid", "validation", "eval", "holdout"})


def check_gold(
    gold: Gold,
    frame: pd.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    split: str | None = None,
) -> list[Finding]:
    """Look for what makes figures wrong, whatever the model.

    Parameters
    ----------
    gold : Gold
        What is known of the texts.
    frame : DataFrame of str, optional
        The table it was made from, and ``columns`` as for ``build_gold``; needed to look for texts in several parts.
    columns : dict of str to str, optional
    split : str, optional
        The column that says which row is for training and which for tests; see :func:`guess_split`. Without it nothing
        is said of parts.

    Returns
    -------
    list of Finding
        What is graver first; nothing is changed.

    Raises
    ------
    InvalidInputError
        When the table has no column ``split``.
    """
    checks: dict[type[Gold], list[Callable[..., Finding | None]]] = {
        Pairs: [_different_scores, _equal_with_low_score],
        Retrieval: [_asked_and_searched, _searched_twice],
        Labelled: [_contradicting_labels, _of_one_group],
        MultiLabelled: [_contradicting_labels, _of_one_group],
    }
    found = [check(gold, _numbers(gold)) for check in checks.get(type(gold), [])]
    if frame is not None and columns is not None and split is not None:
        found.append(_in_several_parts(frame, columns, split))
    found.append(_repeated(gold, _numbers(gold)))
    return [finding for finding in found if finding is not None]


def guess_split(frame: pd.DataFrame) -> str | None:
    """Return the column that says which row is for training and which for tests, or None.

    Parameters
    ----------
    frame : DataFrame of str
    """
    for column in frame.columns:
        if str(column).strip().lower() in _SPLIT_NAMES:
            parts = {cell.strip().lower() for cell in frame[column]} - {""}
            if parts & _TRAINING and parts & _TESTED and parts <= _TRAINING | _TESTED:
                return str(column)
    return None


def _numbers(gold: Gold) -> list[int]:
    """Return the number of the row, from 1, that each row of a figure comes from."""
    rows = np.arange(len(gold.rows)) if gold.origin is None else gold.origin
    return (rows + 1).tolist()


def _finding(title: str, meaning: str, **columns: Iterable[object]) -> Finding | None:
    """Make a finding of what stands in the columns of its table; none where they are empty."""
    import pandas as pd

    table = pd.DataFrame({name: list(values) for name, values in columns.items()})
    return Finding(title, meaning, table) if len(table) else None


def _differing(keys: Iterable[Hashable], values: Sequence[object]) -> list[int]:
    """Return the places of keys that come several times with different values, those of one key beside each other."""
    several = [places for places in places_of(keys).values() if len({values[place] for place in places}) > 1]
    return [place for places in several for place in places]


def _contradicting_labels(gold: Labelled | MultiLabelled, numbers: list[int]) -> Finding | None:
    keys, labels = [plain(text) for text in gold.texts], labels_in_words(gold) or []
    places = _differing(keys, labels)
    what = "other labels in another row" if isinstance(gold, MultiLabelled) else "several labels"
    return _finding(
        f"{_counted({keys[place] for place in places}, 'text has', 'texts have')} {what}",
        "One of them is wrong, or the texts do not tell the labels apart; no model can get all of them right. Spaces "
        "and case do not count.",
        row=(numbers[place] for place in places),
        label=(labels[place] for place in places),
        text=(gold.texts[place] for place in places),
    )


def _of_one_group(gold: Labelled | MultiLabelled, numbers: list[int]) -> Finding | None:
    groups = gold.groups.tolist()
    alone = {label: places for label, places in _having(gold).items() if len({groups[at] for at in places}) == 1}
    return _finding(
        f"{_counted(alone, 'label lies', 'labels lie')} in one group of texts that are kept together",
        "When they are held out, nothing is left to learn the label from, so none of them is given it.",
        row=(numbers[places[0]] for places in alone.values()),
        label=alone,
        texts=(len(places) for places in alone.values()),
    )


def _having(gold: Labelled | MultiLabelled) -> dict[str, list[int]]:
    """Return where each label stands."""
    sets = gold.labels if isinstance(gold, MultiLabelled) else [(label,) for label in gold.labels]
    having: dict[str, list[int]] = {}
    for place, labels in enumerate(sets):
        for label in dict.fromkeys(labels):
            having.setdefault(label, []).append(place)
    return having


def _different_scores(gold: Pairs, numbers: list[int]) -> Finding | None:
    keys = [tuple(sorted(map(plain, pair))) for pair in zip(gold.texts_a, gold.texts_b, strict=True)]
    return _of_pairs(
        gold,
        numbers,
        _differing(keys, gold.scores.tolist()),
        "scored several times, and differently",
        "A model gives a pair one similarity, so the correlation cannot reach 1. Either order counts as the same pair.",
    )


def _equal_with_low_score(gold: Pairs, numbers: list[int]) -> Finding | None:
    middle = (gold.scores.min() + gold.scores.max()) / 2
    both = zip(gold.texts_a, gold.texts_b, gold.scores.tolist(), strict=True)
    places = [place for place, (a, b, score) in enumerate(both) if plain(a) == plain(b) and score < middle]
    return _of_pairs(
        gold,
        numbers,
        places,
        "of one text twice, with a score in the lower half of the scale",
        "Every model finds them as similar as can be. The score is wrong, or high scores mean little similarity.",
    )


def _of_pairs(gold: Pairs, numbers: list[int], places: list[int], title: str, meaning: str) -> Finding | None:
    return _finding(
        f"{_counted(places, 'pair is', 'pairs are')} {title}",
        meaning,
        row=(numbers[place] for place in places),
        score=(float(gold.scores[place]) for place in places),
        first=(gold.texts_a[place] for place in places),
        second=(gold.texts_b[place] for place in places),
    )


def _asked_and_searched(gold: Retrieval, numbers: list[int]) -> Finding | None:
    stored = {plain(text) for text in gold.texts}
    places = [place for place, query in enumerate(gold.queries) if plain(query) in stored]
    return _finding(
        f"{_counted(places, 'question is', 'questions are')} also among the texts that are searched",
        "Such a question finds itself first. That is counted as wrong, or as right without any merit.",
        row=(numbers[place] for place in places),
        question=(gold.queries[place] for place in places),
    )


def _searched_twice(gold: Retrieval, numbers: list[int]) -> Finding | None:
    """Find questions of whose answers copies are searched that do not count as answers."""
    copies = places_of(map(plain, gold.texts))
    keys = [plain(text) for text in gold.texts]
    missed = [
        (place, min(set(copies[keys[answer]]) - set(grades)))
        for place, grades in enumerate(gold.grades)
        for answer in sorted(grades)
        if not set(copies[keys[answer]]) <= set(grades)
    ]
    return _finding(
        f"{_counted({place for place, _ in missed}, 'question has', 'questions have')} answers with a copy that does "
        "not count as an answer",
        "Which of the two is found first is chance, and one of them counts as wrong. Name the copy as an answer, too.",
        row=(numbers[place] for place, _ in missed),
        question=(gold.queries[place] for place, _ in missed),
        copy=(gold.texts[copy] for _, copy in missed),
    )


def _in_several_parts(frame: pd.DataFrame, columns: Mapping[str, str], split: str) -> Finding | None:
    if split not in frame.columns:
        raise InvalidInputError(f"The table has no column {split!r} for its parts. Choose one.")
    texts = frame[columns.get("query", columns["text"])].tolist()
    if "second" in columns:
        texts = [" | ".join(sorted(pair)) for pair in zip(texts, frame[columns["second"]], strict=True)]
    parts = ["train" if part in _TRAINING else part for part in (cell.strip().lower() for cell in frame[split])]
    rows = [row for row, part in enumerate(parts) if part and not is_blank(texts[row])]
    keys = [plain(texts[row]) for row in rows]
    places = _differing(keys, [parts[row] for row in rows])
    what = "pair stands" if "second" in columns else "text stands"
    return _finding(
        f"{_counted({keys[place] for place in places}, what, what.replace(' stands', 's stand'))} in several parts of "
        f"{split}",
        "What was trained on one part has seen these texts of the others, so its figures there are too good.",
        row=(rows[place] + 1 for place in places),
        part=(frame[split].iloc[rows[place]] for place in places),
        text=(texts[rows[place]] for place in places),
    )


def _repeated(gold: Gold, numbers: list[int]) -> Finding | None:
    again = [place for places in places_of(gold.rows).values() for place in places[1:]]
    shown = [gold.rows[place].replace("\0", " | ") for place in again]
    return _finding(
        f"{len(again):,} of {len(gold.rows):,} {gold.unit} repeat another",
        "Copies are held out together, and count as one for the interval.",
        row=(numbers[place] for place in again),
        text=shown,
    )


def _counted(found: Iterable[object], one: str, many: str) -> str:
    n = len(list(found))
    return f"{n:,} {one if n == 1 else many}"
