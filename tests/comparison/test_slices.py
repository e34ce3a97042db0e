"""Where it fails: rows and slices by hand, and how often a slice is called worse that is not."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from golds import sample_gold

import embedlab as el
from embedlab.comparison import item_table, row_lengths, slice_table, slices
from embedlab.comparison.slices import slice_names
from embedlab.errors import InvalidInputError
from embedlab.gold import build_gold
from embedlab.intervals import MeanEstimate, ResampledEstimate
from embedlab.store import EmbeddingStore

FIRST, SECOND = el.Candidate("first"), el.Candidate("second")


def compared(gold, first, second, name="probe_accuracy"):
    figures = [
        {name: each if isinstance(each, ResampledEstimate) else MeanEstimate(np.array(each, float), gold.groups)}
        for each in (first, second)
    ]
    results = [el.comparison.Result(c, None, f, None, False) for c, f in zip((FIRST, SECOND), figures, strict=True)]
    return el.Comparison(gold, tuple(results))


@pytest.fixture
def labelled():
    frame = pd.DataFrame(
        {
            "text": ["a", "", *"bcdefghij"],
            "label": ["x", "x", *"xxxxyyyyy"],
            "channel": ["web", "web", *["web"] * 4, *["mail"] * 5],
        }
    )
    return frame, build_gold(frame, "labels", {"text": "text", "label": "label"})


def test_rows_on_which_two_part_come_first_and_name_their_row_of_the_table(labelled):
    frame, gold = labelled
    found = item_table(compared(gold, [1, 1, 1, 0, 1, 1, 1, 1, 1, 0], [1, 1, 0, 1, 1, 1, 1, 1, 1, np.nan]),
                       "probe_accuracy", FIRST, SECOND)  # fmt: skip
    assert found.columns.tolist() == ["row", "text", "label", "first", "second", "difference"]
    assert found.head(2).to_numpy().tolist() == [[4, "c", "x", 1, 0, 1], [5, "d", "x", 0, 1, -1]]
    assert len(found) == 9, "what one of the two has no value for is left out"
    assert [frame["text"][row - 1] for row in found["row"]] == found["text"].tolist()


def test_a_pair_adds_how_near_it_is_to_its_place(tmp_path):
    """By hand: cosines in the order 1 3 2 4 against scores 1 2 3 4: two pairs are one of three places off."""
    from embedlab.comparison.measuring import _in_place

    assert _in_place(np.array([0.1, 0.3, 0.2, 0.4]), np.arange(4.0)).tolist() == pytest.approx([1, 2 / 3, 2 / 3, 1])


def test_a_figure_of_all_rows_has_no_rows(labelled):
    _, gold = labelled
    whole = ResampledEstimate(lambda counts: np.full(len(counts), 0.5), gold.groups)
    with pytest.raises(InvalidInputError, match="KMeans ARI is a figure of all texts together"):
        item_table(compared(gold, whole, whole, "ari"), "ari", FIRST, SECOND)


def test_slices_by_hand(labelled):
    frame, gold = labelled
    both = compared(gold, [1, 1, 1, 1, 1, 0, 0, 0, 0, 1], [1] * 10)
    mail, web = slices(both, "probe_accuracy", FIRST, frame["channel"].iloc[gold.origin].tolist())
    assert (mail.name, mail.figure.value, mail.figure.n_rows) == ("mail", pytest.approx(0.2), 5)
    assert (web.name, web.figure.value) == ("web", 1)
    assert mail.to_rest.value == pytest.approx(-0.8)
    assert (mail.is_worse, web.is_worse) == ("yes", "no, better")
    table = slice_table([mail, web], "probe_accuracy")
    assert table["worse than the rest"].tolist() == ["yes", "no, better"]
    assert row_lengths(gold) == [1] * 10


def test_slices_that_are_equally_good_are_rarely_called_worse():
    """Eight languages of 40 questions each, found as often in all: a “yes” in one column of twenty at most."""
    rng, languages = np.random.default_rng(0), np.repeat(list("abcdefgh"), 40).tolist()
    gold = SimpleNamespace(groups=np.arange(320), unit="texts", origin=None)
    called = []
    for _ in range(200):
        hits = rng.random(320) < 0.8
        called.append(any(each.to_rest.is_clear for each in slices(
            compared(gold, hits, hits), "probe_accuracy", FIRST, languages)))  # fmt: skip
    assert np.mean(called) <= 0.05 + 0.046, "three standard errors of 200"


def test_values_of_many_numbers_lie_in_ranges_and_rare_words_together():
    assert slice_names([3, 3.0, None, float("nan"), " 3 "]) == ["3", "3.0", "(blank)", "(blank)", "3"]
    assert set(slice_names([str(number) for number in range(100)])) == {"0 to 24", "25 to 49", "50 to 74", "75 to 99"}
    words = [f"w{number % 20}" for number in range(40)] + ["often"] * 9
    assert "often" in slice_names(words)
    assert len(set(slice_names(words))) == 12


def test_every_figure_of_the_samples_can_be_taken_of_a_part(tmp_path):
    for name in ("sentence_pairs", "refrigerators", "support_messages"):
        gold = sample_gold(name)
        found = el.compare(gold, ["tf-idf"], store=EmbeddingStore(tmp_path))
        (result,) = found.results
        for measure, figure in result.figures.items():
            parts = slices(found, measure, result.candidate, row_lengths(gold))
            assert len(parts) >= 2, measure
            assert all(part.figure.n_rows <= figure.n_rows for part in parts)
