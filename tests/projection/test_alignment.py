"""Two maps side by side: against scipy, and begun where the other one is."""

import numpy as np
import pytest
from scipy.spatial import procrustes

import embedlab as el
from embedlab.errors import InvalidInputError
from embedlab.projection import align


def spread(points):
    return np.sqrt(((points - points.mean(axis=0)) ** 2).sum())


def test_a_turned_mirrored_scaled_map_comes_back():
    rng = np.random.default_rng(0)
    reference = rng.standard_normal((30, 2))
    turn = np.array([[np.cos(1), np.sin(1)], [np.sin(1), -np.cos(1)]])
    np.testing.assert_allclose(align(7 * reference @ turn + [3, -9], reference), reference, atol=1e-5)


def test_as_near_as_scipy_gets():
    rng = np.random.default_rng(1)
    reference, other = rng.standard_normal((2, 40, 3))
    residual = ((align(other, reference) - reference) ** 2).sum() / spread(reference) ** 2
    assert residual == pytest.approx(procrustes(reference, other)[2], abs=1e-6)


def test_all_points_in_one_place_stay_together_and_shapes_must_fit():
    np.testing.assert_allclose(align(np.ones((3, 2)), np.eye(3, 2)), np.full((3, 2), 1 / 3), atol=1e-6)
    with pytest.raises(InvalidInputError, match="rows of coordinates"):
        align(np.ones((3, 2)), np.ones((4, 2)))


def test_a_map_begun_from_another_lies_nearer_to_it(encoder):
    from embedlab.samples import read_sample

    texts = read_sample("support_messages").frame["text"].tolist()
    ways = encoder.encode_variants(texts, [el.Variant("mean"), el.Variant("mean", 5)])
    first, second = (ways[way] for way in ways)
    reference = el.project(first).coordinates

    def distance(coordinates):
        return ((align(coordinates, reference) - reference) ** 2).sum() / spread(reference) ** 2

    begun, alone = el.project(second, start=reference), el.project(second)
    assert distance(begun.coordinates) < 0.8 * distance(alone.coordinates)
    assert min(begun.trustworthiness.values()) > min(alone.trustworthiness.values()) - 0.02, (
        "at no cost to the map itself"
    )
    with pytest.raises(InvalidInputError, match="start has shape"):
        el.project(second, start=reference[:-1])
