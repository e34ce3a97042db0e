"""Arrays as people hand them over: taken as they are meant, or refused with a sentence; nothing is lost in silence."""

import numpy as np
import pytest
import torch
from scipy.sparse import csr_array

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.evaluation import check_relevant
from embedlab.validation import as_embeddings

ROWS = [[0.5, 1.0], [2.0, -1.0]]


@pytest.mark.parametrize(
    "given",
    [
        ROWS,
        np.array(ROWS, dtype=object),
        np.ma.masked_array(ROWS, mask=False),
        torch.tensor(ROWS, requires_grad=True),
        torch.tensor(ROWS, dtype=torch.bfloat16),
        torch.tensor(ROWS, dtype=torch.float16),
    ],
    ids=["lists", "objects", "mask that hides nothing", "gradient", "bfloat16", "float16"],
)
def test_the_same_numbers_in_other_forms(given):
    np.testing.assert_array_equal(as_embeddings(given), np.array(ROWS, dtype=np.float32))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.array(ROWS) + 1j, "complex numbers"),
        (np.ma.masked_array(ROWS, mask=[[True, False], [False, False]]), "masked numbers in 1 of 2 rows"),
        (csr_array(np.array(ROWS)), r"toarray\(\)"),
        ([["0.5", "1"], ["2", "3"]], "these are texts"),
        ([[1.0], [1.0, 2.0]], "rows of equal length"),
        (np.array([[1.0, 0.0], [1e-50, 1e-60]]), "row 1 would be all zeros"),
        (np.array([["2026-01-01"]], dtype="datetime64[D]"), "datetime64"),
    ],
    ids=["complex", "masked", "sparse", "texts", "ragged", "too small", "dates"],
)
def test_what_would_be_lost_is_said(given, said):
    with pytest.raises(InvalidInputError, match=said):
        as_embeddings(given)


@pytest.mark.parametrize("positions", [[True, False], [np.True_], [2.5], ["d1"], [None]])
def test_relevant_texts_are_whole_numbers(positions):
    """A mask would be read as the texts 0 and 1."""
    with pytest.raises(InvalidInputError, match="no position of a text"):
        check_relevant([positions], 1, 3)


@pytest.mark.parametrize("grade", [np.inf, np.nan, 0, -1])
def test_grades_are_finite_and_above_0(grade):
    with pytest.raises(InvalidInputError, match="finite and above 0"):
        check_relevant([{0: grade}], 1, 3)


def test_candidates_may_be_named(tmp_path, monkeypatch):
    monkeypatch.setattr("embedlab.comparison.costs._MEASURED_SECONDS", 0.0)
    gold = el.Pairs(("a cat", "a dog", "a car"), ("one cat", "the sea", "two cars"), np.array([3.0, 0.0, 2.0]))
    found = el.compare(gold, ["tf-idf"], store=el.EmbeddingStore(tmp_path))
    assert [result.candidate.model for result in found.results] == ["tf-idf"]
