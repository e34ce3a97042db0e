"""Figures of a training hold the numbers they were given, and colour what is more than chance alone."""

import numpy as np

from embedlab.plots import change_intervals, training_curves
from embedlab.plots.look.palette import ACCENT, CATEGORICAL, NOISE_COLOR


def test_the_curves_hold_every_step_and_a_mean_of_those_around_it():
    losses = [(step, float(step % 2)) for step in range(1, 41)]
    batches, mean, held_out = training_curves(losses, [(0, 0.5), (20, 0.6), (40, 0.55)], 40, "Spearman").data
    assert list(zip(batches.x, batches.y, strict=True)) == losses
    assert (mean.y[0], mean.y[20]) == (0.5, 5 / 11), "six values at the end, eleven in the middle"
    assert list(held_out.y) == [0.5, 0.6, 0.55]


def test_axes_stay_while_points_come():
    empty, first = training_curves([], [], 40, "nDCG"), training_curves([(1, 2.0)], [(0, 0.5)], 40, "nDCG")
    assert empty.layout.xaxis.range == first.layout.xaxis.range == first.layout.xaxis2.range
    assert first.layout.shapes[0].y0 == 0.5, "the figure before anything was learned"


def test_only_what_is_more_than_chance_is_coloured():
    figure = change_intervals(
        ["<b>a</b>", "b", "c", "d"], [0.1, -0.1, 0.1, 0.3], [(0.05, 0.2), (-0.2, -0.01), (-0.1, 0.3), None], "x"
    )
    assert [trace.marker.color for trace in figure.data] == [CATEGORICAL[2], ACCENT, NOISE_COLOR, NOISE_COLOR]
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;a&lt;/b&gt;"
    np.testing.assert_allclose([figure.data[0].error_x.array[0], figure.data[0].error_x.arrayminus[0]], [0.1, 0.05])
    assert "too few rows" in figure.data[3].hovertemplate
