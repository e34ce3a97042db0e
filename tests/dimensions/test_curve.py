"""Quality over bytes: who is not beaten, what cannot be told from the full vectors, and the sentence that says so."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from golds import sample_gold
from hypothesis import given
from hypothesis import strategies as st

from embedlab.comparison import Candidate, Comparison, Result, compare
from embedlab.compression import Compression
from embedlab.dimensions import curve_table, curve_verdict, quality_curve
from embedlab.errors import InvalidInputError
from embedlab.intervals import MeanEstimate, difference

MODEL, WIDTH = "static-all-MiniLM-L6-v2", 384
FULL = Candidate(MODEL)


def made_up(hits, n=200, measure="probe_accuracy", gold_unit="texts"):
    """A comparison in which vectors get so many of n texts right, the first ones; None for no such figure."""
    results = []
    for key, n_hits in hits.items():
        values = (np.arange(n) < (n_hits or 0)).astype(float)
        figures = {} if n_hits is None else {measure: MeanEstimate(values, np.arange(n))}
        candidate = replace(FULL, compression=Compression.parse(key))
        compression = candidate.compression
        sizes = compression.bytes_per_vector(WIDTH), compression.rescoring_bytes(WIDTH)
        cost = SimpleNamespace(bytes_per_vector=sizes[0], rescoring_bytes=sizes[1])
        results.append(Result(candidate, None, figures, cost, candidate == FULL))
    return Comparison(SimpleNamespace(unit=gold_unit), tuple(results))


def curve_of(hits, **settings):
    return quality_curve(made_up(hits, **settings), FULL, settings.get("measure", "probe_accuracy"))


def test_by_hand():
    """Of 200 texts the full vectors get 180, int8 179, 64 dimensions 170 and bits 100.

    One and ten wrong of 200: the one is chance; ten of ten are not, for three held against the full ones at once.
    """
    curve = curve_of({"": 180, "vectors=int8": 179, "dim64": 170, "binary": 100})
    assert [(point.n_bytes, point.title) for point in curve.points] == [
        (48, "binary vectors"),
        (256, "first 64 dimensions"),
        (384, "int8 vectors"),
        (1536, "full vectors"),
    ]
    assert [point.behind and point.behind.is_clear for point in curve.points] == [True, True, False, None]
    assert curve.smallest.title == "int8 vectors"
    assert curve.points == curve.front, "each larger one is better"
    said = curve_verdict(curve)
    assert said.startswith("**int8 vectors**: the smallest that cannot be told from the full vectors. 384 bytes")
    assert "1,536, one in 4." in said
    assert "0.895 against 0.900" in said
    assert "for all 3 at once" in said


def test_the_difference_is_that_of_the_intervals():
    """For all compressions at once: as many comparisons as there are compressions."""
    curve = curve_of({"": 180, "vectors=int8": 175, "dim64": 170})
    by_title = {point.title: point for point in curve.points}
    for title in ("int8 vectors", "first 64 dimensions"):
        expected = difference(curve.figure(by_title[title]), curve.figure(curve.full), 2)
        assert by_title[title].behind == expected


def test_what_costs_more_and_brings_less_is_beaten():
    curve = curve_of({"": 180, "dim64": 170, "pca64": 175, "dim128": 172, "binary~rescore": 160})
    assert [point.title for point in curve.front] == ["binary vectors · rescored", "PCA to 64", "full vectors"]


def test_none_is_as_good():
    curve = curve_of({"": 200, "dim64": 100, "binary": 50})
    assert curve.smallest is curve.full
    assert curve_verdict(curve).startswith("None of the 2 smaller vectors is as good as the full ones: with your 200")


def test_too_few_rows_to_say():
    curve = curve_of({"": 3, "dim64": 2}, n=4)
    assert curve.smallest is curve.full
    assert "too few rows to say" in curve_verdict(curve)


def test_nothing_known_goes_by_neighbours():
    """The full vectors are what the others are held against: they have no such figure."""
    hits = {"": None, "vectors=int8": 199, "pca128": 192, "binary": 120}
    curve = curve_of(hits, measure="agreement")
    assert curve.full is None
    assert curve.smallest.title == "int8 vectors"
    assert "keeps 99.5%" in curve_verdict(curve)
    assert "nobody can say" in curve_verdict(curve)
    lost = curve_of({"": None, "binary": 120}, measure="agreement")
    assert lost.smallest is None
    assert "None of these vectors keeps 95%" in curve_verdict(lost)


def test_alone_and_without_the_full_vectors():
    assert "Add a compression" in curve_verdict(curve_of({"": 10}))
    with pytest.raises(InvalidInputError, match="full vectors of static-all-MiniLM-L6-v2 were not compared"):
        curve_of({"dim64": 100})


@given(st.dictionaries(st.sampled_from(["dim64", "dim128", "pca64", "vectors=int8", "binary"]), st.integers(0, 200)))
def test_the_front_rises_and_nobody_beats_it(hits):
    curve = curve_of({"": 150, **hits})
    values = [curve.figure(point).value for point in curve.front]
    sizes = [point.n_bytes for point in curve.front]
    assert values == sorted(set(values))
    assert sizes == sorted(set(sizes))
    for point in curve.points:
        assert any(
            front.n_bytes <= point.n_bytes and curve.figure(front).value >= curve.figure(point).value
            for front in curve.front
        )


def test_a_real_comparison_as_a_table():
    gold = sample_gold("sentence_pairs")
    keys = [MODEL, f"{MODEL}~dim64", f"{MODEL}~binary~rescore"]
    found = compare(gold, keys)
    curve = quality_curve(found, found.results[0].candidate, "spearman")
    table = curve_table(curve)
    assert table["vectors"].tolist() == ["first 64 dimensions", "full vectors", "binary vectors · rescored"]
    assert table["bytes"].tolist() == [256, 1024, 32]
    assert table["bytes beside"].tolist()[2] == 1024
    assert table["told apart"].isna().tolist() == [False, True, True], "of scored pairs nothing is found"
    assert table["smallest"].sum() == 1
    kept = table["neighbours kept"]
    assert kept[1] == 1 > kept.min() > 0
    assert (table["ms a query"] > 0).all()
