"""Sounds of a recipe that nobody recorded."""

from functools import cache

import numpy as np
import pytest

from presets.factory.recipes import RECIPES
from presets.factory.sounds import Blend, Likeness, guarded, surface_of
from presets.spaces import factory_space
from synth.moving.guards import ASTRAY_DB, BOOM_DB, danger
from synth.moving.mixture import KEYBOARD, Mixer
from synth.moving.surface import Anchor, Register

MADE = [
    pytest.param(sound, id=f"{recipe.name}-{place}")
    for recipe in RECIPES
    for place, sound in enumerate(recipe.sounds)
    if not isinstance(sound, Anchor)
]


@cache
def mixer() -> Mixer:
    return Mixer(factory_space())


def test_one_instrument_alone_is_that_instrument():
    alone = surface_of(mixer(), Blend(0.75, (("flute", 1.0),)))
    recorded = surface_of(mixer(), Anchor(0.75, (Register("flute"),)))
    note, age_s = np.full(20, 72.0), np.linspace(0.0, 2.0, 20)
    np.testing.assert_allclose(alone.code(note, age_s), recorded.code(note, age_s), atol=1e-3)


def test_what_a_bow_and_a_pick_differ_by_makes_a_held_voice_die_away():
    plucked = surface_of(mixer(), Likeness(0.7, "pizzicato", "violin", "voice-ooh"))
    note = np.full(2, 60.0)
    assert np.diff(plucked.decay_db(note, np.array([0.1, 1.5])))[0] < -20.0


def test_an_instrument_that_the_space_lacks_is_named():
    with pytest.raises(KeyError, match="kazoo"):
        surface_of(mixer(), Blend(0.5, (("flute", 0.5), ("kazoo", 0.5))))


@pytest.mark.parametrize("sound", MADE)
def test_nothing_booms_on_any_key(sound: Blend | Likeness):
    safe = guarded(mixer(), sound.mixture)
    for note in KEYBOARD:
        found = danger(mixer(), mixer().played(safe, note, sound.dynamic))
        assert found.boom_db <= BOOM_DB
        assert found.astray_db <= ASTRAY_DB
