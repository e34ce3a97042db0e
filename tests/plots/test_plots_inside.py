"""Figures of a model's inside hold what they were given, label tokens that repeat, and interpret nothing."""

import numpy as np
import pytest
from colours import HOSTILE, contrast, lab

from embedlab.plots import attention_heatmap, divergence_line, named_matrix, norm_bars, pooling_heatmap, token_heatmap
from embedlab.plots.look.palette import DIVERGING, DIVERGING_DARK, diverging_colorscale

PIECES = ["[CLS]", "bank", "##bank", "bank", "[SEP]"]
RNG = np.random.default_rng(0)
ATTENTION = RNG.dirichlet(np.ones(5), 5).astype(np.float32)


def test_token_heatmap_is_centred_and_clipped_but_holds_the_true_values():
    vectors = RNG.standard_normal((5, 200)).astype(np.float32)
    vectors[2, 7] = 50
    figure = token_heatmap(vectors, PIECES)
    (trace,) = figure.data
    assert np.array_equal(trace.z, vectors)
    assert trace.zmin == -trace.zmax
    assert 2 < trace.zmax < 4
    assert trace.colorbar.ticktext[-1] == f"≥ {trace.zmax:.2f}"
    assert list(figure.layout.yaxis.ticktext) == PIECES
    assert list(figure.layout.yaxis.tickvals) == [0, 1, 2, 3, 4]


def test_token_heatmap_of_zeros():
    assert token_heatmap(np.zeros((1, 4), dtype=np.float32), ["a"]).data[0].zmax == 1


def test_attention_rows_look_and_columns_are_looked_at():
    figure = attention_heatmap(ATTENTION, PIECES)
    (trace,) = figure.data
    assert np.array_equal(trace.z, ATTENTION)
    assert trace.zmin == 0
    assert list(figure.layout.xaxis.ticktext) == list(figure.layout.yaxis.ticktext) == PIECES
    assert trace.hovertemplate.startswith("%{y} looks at %{x}")


def test_pooling_heatmap_shows_percent():
    figure = pooling_heatmap(np.array([[0.2] * 5, [1, 0, 0, 0, 0]]), ["Mean", "CLS"], PIECES)
    assert figure.data[0].z.tolist() == [[20] * 5, [100, 0, 0, 0, 0]]
    assert list(figure.layout.yaxis.ticktext) == ["Mean", "CLS"]


def test_cosines_lines_and_bars_hold_their_numbers():
    bright, other = (part.z for part in named_matrix(np.eye(2), ["Mean", "CLS"]).data)
    assert np.where(np.isnan(bright), other, bright).tolist() == [[1, 0], [0, 1]]
    line = divergence_line(np.array([1.0, 0.8, -0.3]))
    assert line.data[0].y.tolist() == [1.0, 0.8, -0.3]
    assert list(line.layout.xaxis.ticktext) == ["Look-up", "Layer 1", "Layer 2"]
    assert line.layout.yaxis.range[0] < -0.3
    assert norm_bars(np.array([5.2, 0.7]), ["Mean", "CLS"]).data[0].x.tolist() == [5.2, 0.7]


@pytest.mark.parametrize(("n", "is_labelled"), [(40, True), (41, False), (512, False)])
def test_longer_sentences_stay_readable(n, is_labelled):
    tokens = token_heatmap(np.ones((n, 4), dtype=np.float32), ["a"] * n)
    attention = attention_heatmap(np.eye(n, dtype=np.float32), ["a"] * n)
    for figure in (tokens, attention):
        assert figure.layout.yaxis.showticklabels is is_labelled
        assert len(figure.layout.yaxis.ticktext) == n  # the hover reads them
        assert figure.layout.height <= 700


def test_nothing_a_person_wrote_is_interpreted():
    pieces = [HOSTILE] * 5
    for figure in (
        token_heatmap(ATTENTION, pieces),
        attention_heatmap(ATTENTION, pieces),
        pooling_heatmap(ATTENTION, pieces, pieces),
        named_matrix(ATTENTION, pieces),
        norm_bars(ATTENTION[0], pieces),
    ):
        assert "<b>x" not in figure.to_json().encode().decode("unicode_escape")


@pytest.mark.parametrize(
    ("colors", "background", "sign"),
    [(DIVERGING, "#ffffff", -1), (DIVERGING_DARK, "#12161f", 1)],
    ids=["light", "dark"],
)
def test_diverging_scale_leaves_the_background_evenly_on_both_sides(colors, background, sign):
    lightness = np.array([lab(color)[0] for color in colors]) * sign
    middle = len(colors) // 2
    assert np.all(np.diff(lightness[middle:]) > 0)
    assert np.all(np.diff(lightness[: middle + 1]) < 0)
    np.testing.assert_allclose(lightness, lightness[::-1], atol=7)
    assert contrast(colors[middle], background) < 1.2
    assert min(contrast(colors[0], background), contrast(colors[-1], background)) > 6
    assert diverging_colorscale(dark=sign == 1)[middle] == [0.5, colors[middle]]
