"""Figures hold what they were given, map back to rows, and interpret nothing."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from colours import HOSTILE, contrast, lab

from embedlab.plots import (
    ImageSide,
    confusion_heatmap,
    contingency_heatmap,
    cosine_curves,
    cosine_histogram,
    point_map,
    silhouette_curve,
    similarity_heatmap,
    similarity_overview,
    token_length_histogram,
)
from embedlab.plots.look import SEQUENTIAL, colorscale, diverging_colorscale, readable
from embedlab.plots.look.palette import CATEGORICAL, NOISE_COLOR, category_colors, color_for

POINTS = np.arange(12, dtype=np.float32).reshape(6, 2)
TEXTS = [f"text {i}" for i in range(6)]


def test_heatmap_holds_the_matrix_and_both_texts():
    matrix = np.array([[1, 0.2], [0.2, 1]], dtype=np.float32)
    figure = similarity_heatmap(matrix, ["one", HOSTILE])
    assert np.array_equal(figure.data[0].z, matrix)
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        assert axis.ticktext[0] == "one"
        assert "<b>" not in axis.ticktext[1]
        assert "&lt;b&gt;" in axis.ticktext[1]


def test_a_clickable_heatmap_has_a_point_on_each_cell():
    """Row by row: the cell in row 1, column 2 of a 2 × 3 matrix is point 5."""
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3) / 10
    heatmap, points = similarity_heatmap(matrix, TEXTS[:2], TEXTS[:3], clickable=True).data
    assert heatmap.type == "heatmap"
    assert (points.x[5], points.y[5]) == (2, 1)
    assert points.customdata.tolist() == matrix.ravel().tolist()


def test_overview_names_large_groups_and_draws_all():
    """A group of 99 of 100 places is named, one of a single place is only set apart; names are escaped."""
    side = ImageSide(np.array([0, 50, 100]), ["a", HOSTILE], [(HOSTILE, 0, 99), ("tiny", 99, 100)])
    figure = similarity_overview(np.eye(2, dtype=np.float32), side, side)
    assert len(figure.layout.annotations) == 2
    assert "<b>" not in figure.layout.annotations[0].text
    assert [(shape.y0, shape.x0) for shape in figure.layout.shapes] == [(99, 0), (0, 99)]
    assert figure.layout.xaxis.range == (0, 100)
    assert figure.layout.yaxis.range == (100, 0)
    assert figure.layout.xaxis.tickvals.tolist() == [25, 75]
    assert "<b>" not in figure.layout.xaxis.ticktext[1]


def test_cosine_histogram_shows_the_bins_that_hold_pairs():
    bars = cosine_histogram(np.array([0, 1, 0, 3, 0]), np.linspace(-1, 1, 6), 0.3).data[0]
    assert bars.y.tolist() == [0.25, 0, 0.75]
    np.testing.assert_allclose(bars.x, [-0.4, 0, 0.4], atol=1e-9)
    assert cosine_histogram(np.zeros(4, dtype=int), np.linspace(-1, 1, 5), np.nan).data[0].y.tolist() == [0] * 4


def test_cosine_curves_are_shares_of_each_kind_with_the_line_between():
    many, few = np.zeros(2000, dtype=int), np.zeros(2000, dtype=int)
    many[1000:1200], few[1800] = 10, 4
    figure = cosine_curves({"others": many, "matches": few}, 0.5, (0.4, 0.6))
    assert [trace.name for trace in figure.data] == ["others", "matches"]
    assert [sum(trace.y) for trace in figure.data] == pytest.approx([1, 1])
    assert len(figure.layout.shapes) == 2
    width = [np.diff(trace.x)[0] for trace in figure.data]
    assert width == pytest.approx([0.05, 0.05])  # few pairs: wide bins
    assert np.diff(cosine_curves({"others": many}).data[0].x)[0] == pytest.approx(0.02)


def test_values_are_written_into_small_matrices_only():
    assert similarity_heatmap(np.eye(5, dtype=np.float32), TEXTS[:5]).data[0].texttemplate == "%{z:.2f}"
    assert similarity_heatmap(np.eye(50, dtype=np.float32), ["t"] * 50).data[0].texttemplate is None


def test_points_map_back_to_rows_whatever_the_colours():
    figure = point_map(POINTS, texts=TEXTS, colors=["b", "a", "b", "c", "a", "b"], color_title="topic")
    assert [trace.name for trace in figure.data] == ["b", "a", "c"]
    assert sorted(row for trace in figure.data for row in trace.customdata.tolist()) == list(range(6))
    for trace in figure.data:
        assert trace.x.tolist() == POINTS[trace.customdata, 0].tolist()
        assert trace.text.tolist() == [TEXTS[row] for row in trace.customdata]


def test_the_same_category_keeps_its_colour():
    order = ["c", "a", "b"]
    colours = {
        trace.name: trace.marker.color
        for trace in point_map(POINTS, texts=TEXTS, colors=list("babcab"), category_order=order).data
    }
    assert colours == {"c": CATEGORICAL[0], "a": CATEGORICAL[1], "b": CATEGORICAL[2]}
    fewer = point_map(POINTS[:2], texts=TEXTS[:2], colors=["b", "a"], category_order=order).data
    assert {trace.name: trace.marker.color for trace in fewer} == {"a": CATEGORICAL[1], "b": CATEGORICAL[2]}


def test_highlights_leave_the_rest_visible_in_grey():
    rest, hits = point_map(POINTS, texts=TEXTS, highlight=np.array([4, 1]), highlight_title="Hits").data
    assert hits.customdata.tolist() == [4, 1]
    assert sorted(rest.customdata.tolist()) == [0, 2, 3, 5]
    assert rest.marker.color == NOISE_COLOR
    assert rest.marker.opacity > 0.2


def test_many_numbers_get_a_colour_bar_and_many_categories_a_remainder():
    points = np.zeros((100, 2), dtype=np.float32)
    numbers = point_map(points, texts=["t"] * 100, colors=[str(i / 7) for i in range(100)], color_title="n").data
    assert len(numbers) == 1
    assert numbers[0].marker.showscale
    names = point_map(points, texts=["t"] * 100, colors=[f"c{i % 50}" for i in range(100)]).data
    assert len(names) == 30
    assert names[-1].name == "21 others"


def test_three_dimensions_and_a_single_point():
    figure = point_map(np.zeros((1, 3), dtype=np.float32), texts=["only"], colors=["a"])
    assert figure.data[0].type == "scatter3d"
    assert point_map(np.zeros((1, 2), dtype=np.float32), texts=["only"]).data[0].type == "scatter"


def test_nothing_a_person_wrote_is_interpreted():
    figure = point_map(POINTS, texts=[HOSTILE] * 6, colors=[HOSTILE] * 6, color_title=HOSTILE)
    table = contingency_heatmap(pd.DataFrame([[1]], index=[HOSTILE], columns=[HOSTILE]))
    for spec in (figure.to_json(), table.to_json()):
        assert "<b>x" not in spec.encode().decode("unicode_escape")
    assert all("x}" not in trace.hovertemplate.replace("%{text}", "") for trace in figure.data)


@pytest.mark.parametrize("limit", [10, 256, 255, 512])
def test_histogram_counts_every_text_once_and_splits_at_the_limit(limit):
    lengths = np.random.default_rng(0).integers(2, 600, 1000)
    traces = {trace.name: trace for trace in token_length_histogram(lengths, limit).data}
    assert sum(trace.y.sum() for trace in traces.values()) == 1000
    assert traces["Cut"].y.sum() == (lengths > limit).sum()
    assert traces["Fits"].customdata[:, 1].max() <= limit
    assert traces["Cut"].customdata[:, 0].min() > limit


def test_histogram_of_one_short_text():
    (trace,) = token_length_histogram(np.array([3]), 256).data
    assert trace.y.sum() == 1


def test_silhouette_curve_marks_the_number_in_use():
    tried, used = silhouette_curve([(2, 0.1), (3, 0.4), (4, 0.2)], 3).data
    assert tried.y.tolist() == [0.1, 0.4, 0.2]
    assert (used.x.tolist(), used.y.tolist()) == ([3], [0.4])


def test_contingency_has_groups_down_and_clusters_across():
    table = pd.DataFrame([[5, 0, 1], [0, 7, 2]], index=["a", "b"], columns=["x", "y", "z"])
    figure = contingency_heatmap(table)
    bright, other = (part.z for part in figure.data)
    assert np.fmax(bright, other).tolist() == [[5, 0, 1], [0, 7, 2]]
    assert list(figure.layout.yaxis.ticktext) == ["a", "b"]
    assert list(figure.layout.xaxis.ticktext) == ["x", "y", "z"]


def test_confusion_cells_carry_their_classes():
    """Of three classes the first and the last are drawn; the cell down 1, across 0 is label 2 taken for class 0."""
    counts = np.array([[5, 0, 1], [0, 7, 2], [4, 1, 3]])
    bright, other, clicked = confusion_heatmap(counts, ["a", HOSTILE, "c"], np.array([0, 2])).data
    assert (bright.text + other.text).tolist() == [["5", "1"], ["4", "3"]]
    np.testing.assert_allclose(np.fmax(bright.z, other.z), [[5 / 6, 1 / 6], [4 / 8, 3 / 8]])
    place = [(x, y) for x, y in zip(clicked.x, clicked.y, strict=True)].index((0, 1))
    assert clicked.customdata[place].tolist() == [2, 0]
    assert "<b>4</b>" in clicked.text[place]
    assert "<b>x" not in confusion_heatmap(counts, ["a", HOSTILE, "c"], np.arange(3)).to_json()


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("scale", [colorscale(SEQUENTIAL), diverging_colorscale()])
def test_what_is_written_into_cells_can_be_read(scale, dark):
    """By WCAG 2.2 small letters need a contrast of 4.5; dark grey on a half bright cell has 3."""
    scale = [[place, color] for (place, _), (_, color) in zip(scale, scale[::-1] if dark else scale, strict=True)]
    places = np.array([[place for place, _ in scale]])
    cells = go.Heatmap(z=places, zmin=0, zmax=1, colorscale=scale, text=places.astype(str))
    parts = readable(cells)
    for part in parts:
        written = ~np.isnan(part.z[0])
        assert (part.text[0] != "").tolist() == written.tolist()
        for place in np.flatnonzero(written):
            assert contrast(part.textfont.color, scale[place][1]) >= 4.5
    assert (np.isnan(parts[0].z) == ~np.isnan(parts[1].z)).all()
    turned = readable(go.Heatmap(cells).update(reversescale=True))
    assert (np.isnan(turned[0].z[0]) == np.isnan(parts[0].z[0])[::-1]).all()


@pytest.mark.parametrize("background", ["#ffffff", "#12161f"])
def test_categories_stand_out_from_both_backgrounds(background):
    assert min(contrast(color, background) for color in CATEGORICAL) > 2.5


def test_first_colours_are_far_apart():
    colors = [lab(color) for color in CATEGORICAL[:8]]
    distances = [np.linalg.norm(a - b) for i, a in enumerate(colors) for b in colors[:i]]
    assert min(distances) > 20
    assert len(set(CATEGORICAL)) == len(CATEGORICAL) >= 20


def test_scales_run_evenly_from_light_to_dark():
    lightness = [lab(color)[0] for color in SEQUENTIAL]
    assert np.all(np.diff(lightness) < 0)


def test_category_colours_follow_the_order_given():
    assert category_colors(["b", "a", "b"]) == {"b": CATEGORICAL[0], "a": CATEGORICAL[1]}
    assert color_for(len(CATEGORICAL)) == CATEGORICAL[0]
    assert color_for(-1) == NOISE_COLOR
