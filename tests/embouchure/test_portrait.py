"""A portrait finds what is wrong with a sound."""

import numpy as np
import pytest

from embouchure.feel.measures import RATE_HZ
from embouchure.feel.portrait import (
    APART_S,
    FIRST_S,
    STRIKES,
    SWELL_S,
    attack_figures,
    beyond,
    boom_db,
    centroid_hz,
    level_figures,
    swell_figures,
)
from presets.spaces import factory_space
from presets.store import load


def tone(hz: float, length_s: float) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(length_s * RATE_HZ)) / RATE_HZ)


def strokes(rise_s: float, *, reverse: bool = False) -> np.ndarray:
    """Five tones that speak within a time, each louder and brighter than the one before, or less."""
    sound = np.zeros(round((FIRST_S + APART_S * len(STRIKES)) * RATE_HZ))
    order = STRIKES[::-1] if reverse else STRIKES
    for place, strike in enumerate(order):
        rising = np.minimum(np.arange(RATE_HZ // 2) / (rise_s * RATE_HZ), 1.0)
        begin = round((FIRST_S + APART_S * place) * RATE_HZ)
        sound[begin : begin + RATE_HZ // 2] = strike * rising * tone(400 + 400 * strike, 0.5)
    return sound


def test_a_quick_attack_speaks_and_a_slow_one_is_out_of_bounds():
    quick, slow = (attack_figures(strokes(rise_s)) for rise_s in (0.005, 0.3))
    assert beyond(quick) == []
    assert "speaks_ms" in beyond(slow)
    assert "attack_db" in beyond(attack_figures(strokes(0.45)))


def test_strikes_that_get_softer_and_duller_are_out_of_bounds():
    found = beyond(attack_figures(strokes(0.005, reverse=True)))
    assert {"harder_is_louder", "harder_is_brighter"} <= set(found)


def test_a_boom_below_the_note_is_found():
    clean = tone(440.0, 0.5)
    assert boom_db(clean, 69) < -40.0
    assert boom_db(clean + tone(110.0, 0.5), 69) == pytest.approx(-3.0, abs=0.3)


def test_a_swell_that_jumps_is_out_of_bounds():
    at_s = np.arange(round((SWELL_S + 1.0) * RATE_HZ)) / RATE_HZ
    press = 0.5 - 0.5 * np.cos(2 * np.pi * (at_s - FIRST_S) / SWELL_S)
    even = (0.05 + press) * (tone(300.0, SWELL_S + 1.0) + press * tone(1500.0, SWELL_S + 1.0))
    assert beyond(swell_figures(even)) == []
    assert "swell_jump_db" in beyond(swell_figures(even * np.where(at_s > 4.0, 1.0, 0.2)))


def test_a_gain_that_is_off_is_out_of_bounds():
    preset, space = load("breath"), factory_space()
    voice = preset.card.voice.model_copy(update={"gain_db": preset.card.voice.gain_db - 4.0})
    quiet = preset.__class__(
        card=preset.card.model_copy(update={"voice": voice}), mapping=preset.mapping,
        macros=preset.macros,
    )  # fmt: skip
    assert beyond(level_figures(preset, space)) == []
    assert beyond(level_figures(quiet, space)) == ["level_off_db"]


def test_brightness_is_the_middle_of_the_spectrum():
    assert centroid_hz(tone(1000.0, 0.5)) == pytest.approx(1000.0, rel=0.02)
