"""Selections on a map: by hand, against matplotlib's rule written out, and steps one after the other."""

import math

import numpy as np
import pytest

from embedlab.errors import InvalidInputError
from embedlab.ui.webgl.polygons import Step, points_in_polygon, selected_rows

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))


def winding(point, polygon):
    """How often a line goes round a point: the sum of the angles under which its edges are seen."""
    x, y = point
    total = 0.0
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        total += math.remainder(math.atan2(by - y, bx - x) - math.atan2(ay - y, ax - x), 2 * math.pi)
    return round(total / (2 * math.pi))


def test_a_square_and_a_ring_by_hand():
    """A line that goes round twice leaves out what it goes round twice: even and odd."""
    points = [[1, 1], [3, 1], [-1, 1], [1, 3]]
    assert points_in_polygon(points, SQUARE).tolist() == [True, False, False, False]
    twice = [*SQUARE, (0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert not points_in_polygon([[1, 1]], twice).any()
    assert not points_in_polygon(points, SQUARE[:2]).any()


def test_agrees_with_the_winding_number():
    rng = np.random.default_rng(0)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 40))
    star = [(float(r * np.cos(a)), float(r * np.sin(a))) for a, r in zip(angles, rng.uniform(0.3, 1, 40), strict=True)]
    points = rng.uniform(-1.1, 1.1, (500, 2))
    expected = [winding(point, star) != 0 for point in points.tolist()]
    np.testing.assert_array_equal(points_in_polygon(points, star), expected)


def test_steps_replace_add_and_take_away():
    points = np.array([[1, 1], [1.5, 1.5], [5, 5], [9, 9]], dtype=np.float32)
    first = Step("replace", SQUARE)
    assert selected_rows(points, [first]).tolist() == [0, 1]
    assert selected_rows(points, [first, Step("add", rows=(3,))]).tolist() == [0, 1, 3]
    assert selected_rows(points, [first, Step("subtract", rows=(0,))]).tolist() == [1]
    assert selected_rows(points, [first, Step("replace", rows=(2, 99, -1))]).tolist() == [2]
    assert selected_rows(points, []).tolist() == []


def test_what_was_hidden_is_not_selected():
    points, colors = np.array([[1, 1], [1.5, 1.5]], dtype=np.float32), np.array([0, 7], dtype=np.uint8)
    assert selected_rows(points, [Step("replace", SQUARE, hidden={7})], colors).tolist() == [0]


def test_what_a_browser_says_is_read_or_refused():
    said = {"mode": "add", "polygon": [[0, 0], [1, 0], [1, 1]], "hidden": [3]}
    step = Step.read(said)
    assert (step.mode, step.polygon, step.hidden) == ("add", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), frozenset({3}))
    assert (len(step.rows), step.axes) == (0, None)
    for wrong in (
        {},
        {"mode": "drop"},
        {"mode": "add", "polygon": [[1]]},
        {"mode": "add", "rows": ["x"]},
        "text",
        None,
    ):
        with pytest.raises(InvalidInputError):
            Step.read(wrong)


def test_a_line_on_a_map_in_space_selects_what_lay_behind_it_as_it_was_turned():
    """Seen from the side, z lies on the screen where x did."""
    points = np.array([[9, 1, 1], [1, 1, 9]], dtype=np.float32)
    from_front, from_side = [[1, 0, 0, 0], [0, 1, 0, 0]], [[0, 0, 1, 0], [0, 1, 0, 0]]
    for axes, expected in ((from_front, [1]), (from_side, [0])):
        step = Step.read({"mode": "replace", "polygon": SQUARE, "axes": axes})
        assert selected_rows(points, [step]).tolist() == expected
