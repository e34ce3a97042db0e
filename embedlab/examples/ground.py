"""What hard negatives are looked for among: different anchors, different texts, and which of them belong together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from embedlab.examples.batches import pairs_of_labels
from embedlab.examples.kinds import LabelledTexts, Triplets
from embedlab.texts import near_copies

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Ground:
    """Anchors, the texts that are looked through, and the pairs that join them.

    Parameters
    ----------
    pairs : Triplets
    anchors, corpus : tuple of str
        Different ones.
    anchor_of, positive_of : int64 array of shape (n_pairs,)
        The anchor of each pair, and its positive in the corpus.
    labels : list of set of int
        Those of each text of the corpus; empty where the examples have none.
    """

    pairs: Triplets
    anchors: tuple[str, ...]
    corpus: tuple[str, ...]
    anchor_of: NDArray[np.int64]
    positive_of: NDArray[np.int64]
    labels: list[set[int]]

    @classmethod
    def of(cls, examples: Triplets | LabelledTexts, random_state: int) -> Ground:
        """Return where the negatives of examples are looked for."""
        if isinstance(examples, LabelledTexts):
            pairs, known = pairs_of_labels(examples, random_state=random_state), examples.labelled
        else:
            pairs, known = examples, examples.positives
        anchors = {text: place for place, text in enumerate(dict.fromkeys(pairs.anchors))}
        corpus = {text: place for place, text in enumerate(dict.fromkeys([*known, *pairs.searched]))}
        labels: list[set[int]] = [set() for _ in corpus]
        if isinstance(examples, LabelledTexts):
            for text, label in zip(known, examples.targets.tolist(), strict=True):
                labels[corpus[text]].add(label)
        anchor_of = np.array([anchors[text] for text in pairs.anchors], dtype=np.int64)
        positive_of = np.array([corpus[text] for text in pairs.positives], dtype=np.int64)
        return cls(pairs, tuple(anchors), tuple(corpus), anchor_of, positive_of, labels)

    @cached_property
    def _alike(self) -> NDArray[np.int64]:
        """A number for each anchor and then each text of the corpus, the same for those that are nearly equal."""
        return near_copies([*self.anchors, *self.corpus])

    @cached_property
    def _belonging(self) -> list[tuple[set[int], set[int]]]:
        """For each anchor, the numbers of texts like it and like its positives, and the labels of all of these."""
        n = len(self.anchors)
        found = [({int(number)}, set[int]()) for number in self._alike[:n]]
        for anchor, positive in zip(self.anchor_of.tolist(), self.positive_of.tolist(), strict=True):
            found[anchor][0].add(int(self._alike[n + positive]))
            found[anchor][1].update(self.labels[positive])
        return found

    @cached_property
    def n_known(self) -> int:
        """How many texts belong to one anchor, at most: among so many more the others have to be looked for."""
        alike = np.bincount(self._alike[len(self.anchors) :], minlength=int(self._alike.max()) + 1)
        sizes: dict[int, int] = {}
        for labels in self.labels:
            for label in labels:
                sizes[label] = sizes.get(label, 0) + 1
        return max(
            int(alike[list(numbers)].sum()) + sum(sizes[label] for label in labels)
            for numbers, labels in self._belonging
        )

    def belongs(self, near: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of the texts near each anchor belong to it: likenesses, its positives, those of its labels.

        Parameters
        ----------
        near : int64 array of shape (n_anchors, k)
            Places in the corpus.
        """
        numbers = self._alike[len(self.anchors) :]
        return np.array(
            [
                [int(numbers[text]) in alike or not labels.isdisjoint(self.labels[text]) for text in row]
                for row, (alike, labels) in zip(near.tolist(), self._belonging, strict=True)
            ],
            dtype=bool,
        )
