"""The table of probes holds the scores it was given, each on its place, and interprets nothing."""

import numpy as np
import pytest
from colours import HOSTILE

from embedlab.plots import probe_heatmap
from embedlab.probes import Contest, ReportCard

AGREE, APART = (1.0, 0.0), (0.0, 1.0)


def card(passed):
    """A card of some probes and languages, each with the contests that are passed."""
    sets, vectors = {}, {}
    for key, hits in passed.items():
        sets[key] = tuple(Contest(*(f"{kind} {key} {place}" for kind in "anf")) for place in range(len(hits)))
        for contest, hit in zip(sets[key], hits, strict=True):
            vectors |= dict(zip(contest, (AGREE, AGREE if hit else APART, APART if hit else AGREE), strict=True))
    return ReportCard.of(sets, lambda texts: [vectors[text] for text in texts])


def both(first, second):
    return {("typo", "en"): first, ("typo", "de"): second}


def test_each_language_has_a_block_with_the_models_in_order():
    """Two models in two languages: a row for each language's name, which has no cells."""
    figure = probe_heatmap(
        {"good": card(both([1, 1], [1, 0])), HOSTILE: card(both([0, 0], [1, 1]))}, (HOSTILE, "typo", "de")
    )
    heatmap, other, points = figure.data
    np.testing.assert_array_equal(np.fmax(heatmap.z, other.z), [[np.nan], [1], [0], [np.nan], [0.5], [1]])
    names = figure.layout.yaxis.ticktext
    assert [names[0], names[1], names[3]] == ["<b>English</b>", "good", "<b>German</b>"]
    assert "<b>" not in names[2]
    assert "&lt;b&gt;" in names[2]
    assert list(figure.layout.xaxis.ticktext) == ["Typing errors"]
    assert [list(point) for point in points.customdata][-1] == [HOSTILE, "typo", "de"]
    assert (points.x[-1], points.y[-1]) == (0, 5)
    assert (heatmap.zmin, heatmap.zmax, heatmap.reversescale) == (0, 1, True), "chance is in the middle"
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.y0, frame.y1) == (-0.5, 4.5, 5.5)


def test_the_box_under_the_pointer_has_the_interval_the_chance_and_the_margin():
    text = probe_heatmap({"a": card({("negation", "ko"): [1] * 30})}).data[-1].text[0]
    assert "Negation, Korean" in text
    assert "<b>1.00</b> of 30 contests passed, 95 % interval 0.9" in text
    assert "chance 0.5, mean margin +1.000" in text
    assert "too few for an interval" in probe_heatmap({"a": card({("own", "own"): [1]})}).data[-1].text[0]


def test_one_language_needs_no_name():
    figure = probe_heatmap({"a": card({("typo", "en"): [1]})})
    assert list(figure.layout.yaxis.ticktext) == ["a"]
    assert not figure.layout.shapes


@pytest.mark.parametrize("dark", [True, False])
def test_the_middle_of_the_colours_is_near_the_page(dark):
    colors = probe_heatmap({"a": card({("typo", "en"): [1]})}, dark=dark).data[0].colorscale
    assert colors[len(colors) // 2][1] == ("#171c26" if dark else "#f4f5f7")
