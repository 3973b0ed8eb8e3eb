"""Steps that are equal to the ear."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.moving.measures.evenness import evenness
from synth.moving.mixture import Mixer
from synth.moving.walk import Walk
from synth.space import Space
from tests.synth.moving.tiny import tiny_space

WALK = Walk(Mixer(tiny_space()), "toy-0", "toy-1", 60.0)


def test_a_walk_begins_and_ends_with_its_sounds():
    assert (WALK.place(0.0), WALK.place(1.0)) == (0.0, 1.0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_walk_never_turns_back(one: float, other: float):
    first, last = sorted((one, other))
    assert 0.0 <= WALK.place(first) <= WALK.place(last) <= 1.0


def test_a_walk_back_passes_the_same_places():
    back = Walk(Mixer(tiny_space()), "toy-1", "toy-0", 60.0)
    for share in (0.2, 0.5, 0.8):
        assert back.place(share) == pytest.approx(1.0 - WALK.place(1.0 - share), abs=1e-6)


@pytest.mark.slow
def test_steps_by_ear_are_more_even_than_steps_of_the_codes(fluid: Space):
    pairs = [("bottle", "saw-lead"), ("flute", "harpsichord")]
    by_ear, by_code = (evenness(fluid, pairs, by_ear=by_ear) for by_ear in (True, False))
    assert np.mean(by_ear.largest_step) < np.mean(by_code.largest_step)
