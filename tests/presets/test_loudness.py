"""Every factory preset is as loud as the others, and as loud on every key, for the same playing."""

import numpy as np
import pyloudnorm
import pytest

from presets import store
from presets.factory.loudness import (
    NOTES,
    RATE_HZ,
    TARGET_LUFS,
    balanced,
    loudness_lufs,
    note,
    phrases,
    sound_of,
)
from presets.spaces import factory_space

pytestmark = pytest.mark.slow

SPACE = factory_space()
METER = pyloudnorm.Meter(RATE_HZ)
EACH = pytest.mark.parametrize("name", store.factory_names())


@EACH
def test_the_same_phrases_are_as_loud_in_every_preset(name: str):
    sound = sound_of(store.load(name), SPACE, phrases())
    assert METER.integrated_loudness(sound) == pytest.approx(TARGET_LUFS, abs=1.5)


@EACH
def test_every_key_is_as_loud_as_the_others(name: str):
    preset = store.load(name)
    keys = [METER.integrated_loudness(sound_of(preset, SPACE, note(key))) for key in NOTES]
    assert NOTES[0] == 36
    assert NOTES[-1] == 96
    assert max(keys) - min(keys) <= 6.0


@EACH
def test_the_hardest_playing_stays_below_full_scale(name: str):
    hardest = [touch._replace(strike=1.0, press=1.0) for touch in phrases()]
    assert np.abs(sound_of(store.load(name), SPACE, hardest)).max() < 1.0


def test_a_gain_is_found_from_what_is_heard():
    preset = store.load("breath")
    voice = preset.card.voice.model_copy(update={"gain_db": -9.0})
    quiet = preset.__class__(
        card=preset.card.model_copy(update={"voice": voice}), mapping=preset.mapping,
        macros=preset.macros,
    )  # fmt: skip
    again = balanced(quiet, SPACE).card.voice.gain_db
    assert again == pytest.approx(preset.card.voice.gain_db, abs=0.1)


def test_the_designers_meter_is_the_standards():
    rng = np.random.default_rng(0)
    loudly_then_softly = np.repeat([0.3, 0.001, 0.1], 2 * RATE_HZ)[:, None]
    sound = loudly_then_softly * rng.normal(0.0, 0.2, (6 * RATE_HZ, 2))
    assert loudness_lufs(sound) == pytest.approx(METER.integrated_loudness(sound), abs=0.05)


def test_silence_has_no_loudness():
    assert loudness_lufs(np.zeros((RATE_HZ, 2))) == -np.inf
