"""What lies near what, to the ear."""

import numpy as np
import pytest

from synth.moving.fingerprint import distance_db, fingerprint, heard
from synth.moving.measures.hearing import heard as sounded
from synth.moving.mixture import Mixer, between, mix
from synth.moving.neighbours import marks, nearest
from synth.space import Space


def test_a_recorded_sound_is_its_own_nearest(fluid: Space, fluid_mixer: Mixer):
    for sound in fluid.card.sounds[::200]:
        first = nearest(fluid, fluid_mixer.course(mix(fluid, {sound.name: 1.0})), 1)[0]
        assert first.distance_db < 0.2


def test_neighbours_come_in_order(fluid: Space, fluid_mixer: Mixer):
    found = nearest(fluid, fluid_mixer.course(mix(fluid, {"violin": 1.0})), 20)
    away = [one.distance_db for one in found]
    assert away == sorted(away)
    assert any("violin" in one.name for one in found[:4])


def test_what_is_foreseen_is_what_a_rendering_measures(fluid: Space, fluid_mixer: Mixer):
    names = ["flute", "violin", "marimba", "trumpet", "saw-lead", "nylon-guitar"]
    courses = [fluid_mixer.course(mix(fluid, {name: 1.0}), 60.0) for name in names]
    seen = np.stack([fingerprint(fluid, course) for course in courses])
    got = np.stack([heard(sounded(fluid, course, 1.1), 48_000) for course in courses])
    pairs = np.triu_indices(len(names), 1)
    between_db = [distance_db(marks[pairs[0]], marks[pairs[1]]) for marks in (seen, got)]
    assert np.corrcoef(*between_db)[0, 1] > 0.9


def test_distance_grows_on_the_way_from_one_sound_to_another(fluid: Space, fluid_mixer: Mixer):
    start, *way = (
        fingerprint(fluid, fluid_mixer.course(between(fluid, "flute", "trumpet", place), 60.0))
        for place in (0.0, 0.0, 0.25, 0.5, 0.75, 1.0)
    )
    away = [float(distance_db(start, there)) for there in way]
    assert away[0] == 0.0
    assert away == sorted(away)


def test_loudness_is_no_part_of_the_distance(tiny: Space):
    louder = tiny.arrays["codebook.loudness_db"] + np.float32(6.0)
    other = Space(tiny.card, tiny.arrays | {"codebook.loudness_db": louder})
    np.testing.assert_allclose(marks(other), marks(tiny), atol=1e-4)


def test_marks_are_not_for_writing(tiny: Space):
    with pytest.raises(ValueError, match="read-only"):
        marks(tiny)[0] = 0.0
