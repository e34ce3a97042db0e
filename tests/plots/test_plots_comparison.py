"""Figures of a comparison hold the numbers they were given, in the same colours, and interpret nothing."""

import numpy as np
import pandas as pd

from embedlab.comparison import to_markdown
from embedlab.plots import (
    bytes_curve,
    cost_scatter,
    difference_heatmap,
    named_matrix,
    point_map,
    ranking_lines,
    score_intervals,
)
from embedlab.plots.look.palette import color_for

BOLD = "<b>x</b>"


def test_intervals_stand_where_they_belong():
    figure = score_intervals([BOLD, "b"], [0.5, 0.2], [(0.4, 0.7), (0.1, 0.3)], "Spearman", colors=[3, 0])
    first, second = figure.data
    assert (first.x[0], first.y[0], second.y[0]) == (0.5, 0, 1)
    np.testing.assert_allclose([first.error_x.array[0], first.error_x.arrayminus[0]], [0.2, 0.1])
    assert (first.marker.color, second.marker.color) == (color_for(3), color_for(0))
    assert figure.layout.yaxis.ticktext[0] == "&lt;b&gt;x&lt;/b&gt;"


def test_the_front_is_a_line_and_its_points_are_filled():
    figure = cost_scatter(["a", "b", "c"], [0.9, 0.5, 0.4], [10, 1000, 100], [1, 0], "Spearman")
    line, *points = figure.data
    assert (list(line.x), list(line.y)) == ([10, 1000], [0.9, 0.5])
    assert [point.marker.symbol for point in points] == [("circle",), ("circle",), ("circle-open",)]
    assert figure.layout.xaxis.type == "log"


def test_lines_join_what_both_have_found():
    figure = ranking_lines(np.array([0, 1, 2]), np.array([1, 0, 3]), [BOLD, "b", "c", "d" * 99], ("left", "right"))
    assert [list(trace.y) for trace in figure.data] == [[0, 1], [1, 0]]
    words = [annotation.text for annotation in figure.layout.annotations]
    assert any("&lt;b&gt;x&lt;/b&gt;" in word for word in words)
    assert sum("◦" in word for word in words) == 2, "c only on the left, d only on the right"
    assert max(map(len, words)) < 80


def test_differences_are_coloured_equally_far_to_both_sides():
    trace = difference_heatmap(np.array([[0, -0.5], [0.2, 0]], dtype=np.float32), ["a", "b"]).data[0]
    assert (trace.zmin, trace.zmax) == (-0.5, 0.5)
    assert difference_heatmap(np.zeros((2, 2), dtype=np.float32), ["a", "b"]).data[0].zmax == 1


def test_a_matrix_is_named_and_a_small_map_has_no_legend():
    assert "overlap" in named_matrix(np.eye(2), ["a", "b"], what="overlap").data[0].hovertemplate
    figure = point_map(np.eye(3, 2), texts=["a", "b", "c"], colors=["x", "y", "y"], is_small=True)
    assert figure.layout.showlegend is False


def test_a_table_as_markdown():
    frame = pd.DataFrame({"name": ["a|b", "c"], "score": [0.12345, np.nan], "n": [3, 4]})
    assert to_markdown(frame) == "| name | score | n |\n| --- | --- | --- |\n| a\\|b | 0.123 | 3 |\n| c |  | 4 |\n"


def test_bytes_are_drawn_by_kind_with_the_front_filled():
    """Two of one kind share a trace, sizes stand at powers of two, and who has no interval has no bar."""
    figure = bytes_curve(
        ["bits", "a half", "full"], [0.5, 0.7, 0.8], [(0.4, 0.6), None, (0.7, 0.9)], [48, 768, 1536],
        ["Fewer bits", "First dimensions", "Fewer bits"], [0, 2], "Spearman", full=0.8,
    )  # fmt: skip
    line, bits, dimensions = figure.data
    assert list(line.x) == [48, 1536]
    assert bits.name == "Fewer bits"
    assert list(bits.x) == [48, 1536]
    assert list(bits.marker.symbol) == ["circle", "circle"]
    assert list(dimensions.marker.symbol) == ["circle-open"]
    assert np.isnan(dimensions.error_y.array).all()
    assert "too few rows" in dimensions.text[0]
    assert list(figure.layout.xaxis.tickvals) == [32, 64, 128, 256, 512, 1024, 2048]
    assert figure.layout.shapes[0].y0 == 0.8
