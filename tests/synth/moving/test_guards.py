"""What holds a mixture back that goes too far."""

import numpy as np
import pytest

from synth.controls import NOISE, PARTIALS, SILENCE_DB
from synth.moving.course import Course
from synth.moving.guards import ASTRAY_DB, BOOM_DB, LEEWAY_DB, danger, held
from synth.moving.measures.pairing import pairs
from synth.moving.mixture import Mixer, between, mix
from synth.space import Space
from tests.synth.toy import flat_space


def course_of(note: float = 60.0) -> Course:
    return Course(
        ages_s=np.array([0.0, 1.0]),
        codes=np.zeros((2, 16)),
        level_db=np.zeros(2),
        peak_db=-20.0,
        note=note,
    )


def test_a_tone_does_not_boom():
    assert danger(Mixer(flat_space((0.0,))), course_of()).boom_db < -60.0


def test_low_noise_booms_though_loudness_does_not_tell():
    booming = flat_space((0.0,))
    bias = booming.arrays["decoder.bias.1"].copy()
    bias[NOISE.start : NOISE.start + 4] = 10.0
    space = Space(booming.card, booming.arrays | {"decoder.bias.1": bias})
    assert danger(Mixer(space), course_of()).boom_db > -3.0


def test_a_partial_below_the_note_booms():
    space = flat_space((0.0,))
    bias = space.arrays["decoder.bias.1"].copy()
    bias[PARTIALS] = SILENCE_DB
    bias[PARTIALS.start + 100] = 0.0
    assert (
        danger(
            Mixer(Space(space.card, space.arrays | {"decoder.bias.1": bias})), course_of()
        ).boom_db
        > -1.0
    )


def test_what_is_too_quiet_to_be_held_is_beyond():
    quiet = danger(Mixer(flat_space((-40.0,), noise_db=SILENCE_DB)), course_of())
    assert quiet.astray_db == pytest.approx(40.0 + 3.0 - 12.0, abs=1.0)


def test_what_takes_nothing_away_goes_all_the_way(fluid: Space, fluid_mixer: Mixer):
    asked = mix(fluid, {"flute": 1.0, "timpani": 2.0, "goblins": 1.0})
    assert held(fluid_mixer, asked) == (asked, 1.0, False)


def test_wherever_it_is_held_it_is_safe(fluid: Space, fluid_mixer: Mixer):
    for first, second in pairs(fluid, 12, seed=3):
        safe, share, _ = held(fluid_mixer, between(fluid, first, second, 3.0), 60.0)
        own = danger(fluid_mixer, fluid_mixer.course(mix(fluid, {second: 1.0}), 60.0))
        found = danger(fluid_mixer, fluid_mixer.course(safe, 60.0))
        assert 0.0 <= share <= 1.0
        assert found.boom_db <= max(BOOM_DB, own.boom_db + LEEWAY_DB) + 1e-9
        assert found.astray_db <= max(ASTRAY_DB, own.astray_db) + 1e-9


def test_what_would_boom_is_bent_and_goes_all_the_way(fluid: Space, fluid_mixer: Mixer):
    asked = between(fluid, "flute", "saw-lead", 2.0)
    before = danger(fluid_mixer, fluid_mixer.course(asked, 60.0))
    safe = held(fluid_mixer, asked, 60.0)
    after = danger(fluid_mixer, fluid_mixer.course(safe.mixture, 60.0))
    assert before.boom_db > BOOM_DB >= after.boom_db
    assert (safe.share, safe.is_steered) == (1.0, True)
