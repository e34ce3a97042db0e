"""Colours of points: the same for the same name, few for many names, even along a scale."""

import numpy as np

from embedlab.plots.look import color_evenly, color_groups, color_points
from embedlab.plots.look.palette import ACCENT, NOISE_COLOR, color_for


def shown(coloring):
    return [coloring.palette[number] for number in coloring.numbers]


def test_categories_by_size_or_in_the_order_given():
    coloring = color_points(["b", "a", "a", ""], "Topic")
    assert coloring.names == ("a", "b", "(missing)") or coloring.names == ("a", "(missing)", "b")
    assert shown(coloring)[1] == color_for(0)
    ordered = color_points(["b", "a", "a"], "Topic", ["b", "a", "c"])
    assert (ordered.names, shown(ordered)) == (("b", "a"), [color_for(0), color_for(1), color_for(1)])
    assert ordered.palette[-1] == ACCENT


def test_groups_have_the_colours_of_their_order_and_noise_is_grey():
    coloring = color_groups(np.array([1, -1, 0, 1]), {0: "parcels", 1: "money", -1: "no cluster"}, "Cluster")
    assert coloring.names == ("parcels", "money", "no cluster")
    assert shown(coloring) == [color_for(1), NOISE_COLOR, color_for(0), color_for(1)]


def test_the_smallest_of_many_categories_are_one_grey():
    values = [f"c{i}" for i in range(40) for _ in range(40 - i)]
    coloring = color_points(values, "Many")
    assert len(coloring.names) == 30
    assert coloring.names[-1] == "11 others"
    assert shown(coloring)[-1] == NOISE_COLOR


def test_numbers_go_evenly_along_a_scale_and_blanks_are_grey():
    coloring = color_points([*map(str, range(101)), ""], "Price")
    assert coloring.ends == ("0", "100")
    assert coloring.names == ()
    assert (np.diff(coloring.numbers[:101].astype(int)) >= 2).all()
    assert shown(coloring)[-1] == NOISE_COLOR
    assert len(set(shown(coloring)[:101])) == 101


def test_dates_are_a_scale_too():
    days = [*(f"2026-{month:02d}-15" for month in range(1, 13)), "2027-01-01", "2020-01-01", "2026-01-02", "2026-01-03"]
    coloring = color_points(days, "Date")
    assert coloring.ends == ("2020-01-01", "2027-01-01")


def test_few_numbers_are_names():
    assert color_points(["1", "2", "1"], "Priority").names == ("1", "2")


def test_nothing_to_tell_apart_is_one_grey():
    assert set(shown(color_evenly(3))) == {NOISE_COLOR}
