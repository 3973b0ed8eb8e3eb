"""The map of a space."""

import numpy as np
from scipy.spatial.distance import pdist

from synth.moving.chart import chart
from synth.moving.neighbours import marks
from synth.space import Space
from tests.synth.moving.tiny import tiny_space


def test_equal_spaces_have_equal_charts():
    first, second = chart(tiny_space(8)), chart(tiny_space(8))
    np.testing.assert_array_equal(first.places, second.places)


def test_a_chart_lies_within_a_square():
    places = chart(tiny_space(8)).places
    assert places.shape == (32, 2)
    assert np.abs(places).max() == 1.0


def test_a_space_of_few_sounds_has_a_flat_chart():
    assert np.isfinite(chart(tiny_space(1)).places).all()


def test_neighbours_on_the_chart_are_neighbours_to_the_ear(fluid: Space):
    """Every fifth sound, so that the test is quick."""
    few = np.arange(0, len(fluid.card.sounds), 5)
    card = fluid.card.model_copy(update={"sounds": [fluid.card.sounds[i] for i in few]})
    chosen = {name: fluid.arrays[name][few] for name in ("codebook.codes", "codebook.loudness_db")}
    space = Space(card, fluid.arrays | chosen)
    drawn = chart(space)
    assert drawn.trustworthiness >= 0.95
    assert drawn.trustworthiness > drawn.flat_trustworthiness
    assert np.corrcoef(pdist(drawn.places), pdist(marks(space)))[0, 1] > 0.5
