"""How far out a code may go."""

import numpy as np

from synth.controls import CODE_SIZE
from synth.moving.edge import Edge
from synth.space import Space
from tests.synth.toy import flat_space


def test_most_codes_of_the_codebook_stay_as_they_are(fluid: Space):
    edge = Edge(fluid)
    codes = fluid.codes[fluid.loudness_db > -50.0].astype(np.float64)
    kept = np.isclose(edge.within(codes), codes).all(axis=1)
    assert 0.985 <= kept.mean() <= 0.995


def test_far_codes_keep_their_direction_and_come_no_farther_than_the_farthest(fluid: Space):
    edge = Edge(fluid)
    away = np.random.default_rng(0).normal(size=(50, CODE_SIZE)) * 30.0
    held = edge.within(edge.centre + away) - edge.centre
    assert edge.distance(edge.centre + held).max() <= edge.farthest * (1 + 1e-9)
    cosines = (held * away).sum(1) / np.linalg.norm(held, axis=1) / np.linalg.norm(away, axis=1)
    np.testing.assert_allclose(cosines, 1.0)


def test_a_space_of_one_sound_has_an_edge_that_yields_numbers():
    assert np.isfinite(Edge(flat_space()).within(np.full((3, CODE_SIZE), 2.0))).all()
