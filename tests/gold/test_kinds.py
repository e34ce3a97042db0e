"""What is known about texts: how many neighbours a label allows, and which figure is named by that."""

import numpy as np
import pytest

from embedlab.comparison.measuring import measure
from embedlab.gold import Labelled


@pytest.mark.parametrize(
    ("sizes", "shared", "n_neighbors"),
    [
        ((5, 9), None, 4),
        ((20, 30), None, 10),
        ((5, 6), ["Ann", "Ann", "Ann", "Ann", "", *"bcdefg"], 1),
    ],
)
def test_no_more_neighbours_than_a_label_has(sizes, shared, n_neighbors):
    """Of five texts each has four others of its label; where four of them are one author's, one."""
    labels = tuple(np.repeat(["x", "y"], sizes).tolist())
    gold = Labelled(tuple(f"text {n}" for n in range(len(labels))), labels, shared=shared)
    assert gold.n_neighbors == 10
    assert gold.fitted().n_neighbors == n_neighbors
    assert gold.fitted().digest == gold.digest, "it is the same that is known"
    assert (gold.fitted().key == gold.key) == (n_neighbors == 10), "but another figure"


def test_labels_that_lie_apart_have_pure_neighbours():
    """Two heaps of five: of ten nearest only four can have the label, of four all."""
    rng = np.random.default_rng(0)
    rows = (np.repeat(np.eye(2), 5, axis=0) + 0.01 * rng.standard_normal((10, 2))).astype(np.float32)
    gold = Labelled(tuple(f"text {n}" for n in range(10)), ("x",) * 5 + ("y",) * 5)
    assert measure(gold, rows, rows[:0])["neighbor_purity"].value == pytest.approx(4 / 9)
    assert measure(gold.fitted(), rows, rows[:0])["neighbor_purity"].value == 1
