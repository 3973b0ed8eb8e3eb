"""Distances told from decoded controls, beside those measured on rendered sound."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.refinements.ears import FLOOR_DB, N_BANDS, band_levels_db, distance_db
from calibration.refinements.gains import Gains
from calibration.refinements.phrase import Phrase
from mapper.features import AT
from mapper.touch import Kind, TouchEvent
from presets.preset import Preset
from presets.spaces import factory_space
from presets.store import load
from synth.analysis.distance import mel_distance_db
from synth.space import Space

VARIED = (
    Gains(dynamics=1.5),
    Gains(curve=0.6),
    Gains(brightness=0.3),
    Gains(contrast=2.0),
    Gains(dynamics=0.7, brightness=-0.2),
)


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def a_swell() -> Phrase:
    def event(kind: Kind, at_s: float) -> TouchEvent:
        press = 0.1 + 0.8 * at_s
        return TouchEvent(at_s, kind, 1, 0, 60.0, 0.5, press, 0.3 + 0.4 * at_s)

    moves = [event(Kind.MOVE, at_s) for at_s in np.arange(0.02, 1.0, 0.02)]
    return Phrase((event(Kind.STRIKE, 0.0), *moves, event(Kind.LIFT, 1.0)))


def turned(preset: Preset, gains: Gains) -> Preset:
    return replace(preset, mapping=gains.apply(preset.mapping))


def test_a_sound_is_no_distance_from_itself():
    levels = np.random.default_rng(1).normal(-30, 5, (20, N_BANDS))
    assert distance_db(levels, levels) == 0.0


def test_a_decibel_everywhere_is_a_decibel():
    levels = np.random.default_rng(1).normal(-30, 5, (20, N_BANDS))
    assert distance_db(levels, levels + 1.0) == pytest.approx(1.0)


def test_what_lies_far_below_the_loudest_band_is_not_heard():
    levels = np.full((4, N_BANDS), FLOOR_DB - 10.0)
    levels[:, 0] = 0.0
    fainter = levels.copy()
    fainter[:, 1:] -= 20.0
    assert distance_db(levels, fainter) == 0.0


def test_a_higher_pitch_is_heard_in_higher_bands(space: Space):
    trajectory = np.zeros((1, 18), np.float32)
    trajectory[:, 16] = -20.0
    low, high = (band_levels_db(space, trajectory, np.array([note])) for note in (48.0, 72.0))
    assert high.argmax() > low.argmax()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["breath", "pluck"])
def test_distances_agree_with_those_of_rendered_sound(space: Space, name: str):
    preset, phrase = load(name), a_swell()
    features = phrase.features()[::4]

    def heard(gains: Gains) -> np.ndarray:
        note = features[:, AT.pitch_note].astype(np.float64)
        return band_levels_db(space, gains.apply(preset.mapping).predict(features), note)

    def rendered(gains: Gains) -> np.ndarray:
        return phrase.sound(turned(preset, gains), space).mean(axis=1)

    told = [distance_db(heard(Gains()), heard(gains)) for gains in VARIED]
    plain = rendered(Gains())
    true = [mel_distance_db(plain, rendered(gains))[0] for gains in VARIED]
    assert np.corrcoef(told, true)[0, 1] > 0.9
    assert 0.6 < np.mean(told) / np.mean(true) < 1.5
