"""What the server keeps of comparisons."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from embedlab.gold import Retrieval
from embedlab.ui.tasks import comparing


def result(n_rows):
    return SimpleNamespace(figures={name: SimpleNamespace(groups=np.arange(n_rows)) for name in ("ari", "nmi")})


def test_the_oldest_results_go_first(monkeypatch):
    """Two figures of ten rows are 20 values: of four such results, 50 values hold the last two."""
    monkeypatch.setattr(comparing, "_KEPT_VALUES", 50)
    known = {number: result(10) for number in range(4)}
    comparing._let_go(known)
    assert list(known) == [2, 3]
    known[4] = result(30)
    comparing._let_go(known)
    assert not known, "a result larger than all that may be kept is computed again"


def test_slices_of_other_numbers_of_hits_are_other_slices(monkeypatch):
    """The figure of one hit and of ten are taken from the same texts, and must not stand for each other."""
    gold = Retrieval(("q",), ("a", "b"), [{0: 1.0}])
    keys = set()
    monkeypatch.setattr(comparing.waiting, "await_task", lambda task: keys.add(task.key))
    for top_k in (1, 10):
        found = SimpleNamespace(gold=replace(gold, top_k=top_k))
        comparing.slices_of(found, "ndcg", "a", "column", [], lambda _: SimpleNamespace(revision=""))
    assert len(keys) == 2
