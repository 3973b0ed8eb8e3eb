"""Measures of how a sound follows a hand, on sounds whose answer is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from embouchure.feel.measures import (
    RATE_HZ,
    half_change_s,
    hiss_db,
    largest_jump_db,
    level_db,
    peak_db,
    pitch_notes,
    quietest_db,
    ripple_db,
    wave,
)

Array = NDArray[np.float64]
TIMES_S = np.arange(RATE_HZ) / RATE_HZ


def tone(note: float | Array = 72.0, amplitude: float | Array = 0.5) -> Array:
    hz = 440.0 * 2.0 ** ((np.broadcast_to(note, TIMES_S.shape) - 69.0) / 12.0)
    phase = 2.0 * np.pi * np.cumsum(hz) / RATE_HZ
    return amplitude * sum(np.sin(k * phase) / k for k in range(1, 6))


def test_a_peak_is_told_in_db_of_full_scale():
    sound = np.where(TIMES_S < 0.5, 0.1, 1.0)
    assert peak_db(sound, 0.1, 0.2) == pytest.approx(-20.0)
    assert peak_db(sound, 0.6, 0.7) == pytest.approx(0.0)


def test_silence_has_a_peak_too():
    assert peak_db(np.zeros(100), 0.0, 0.001) < -150.0


def test_the_level_of_a_sine_is_3_db_below_its_peak():
    sine = np.sin(2.0 * np.pi * 500.0 * TIMES_S)
    assert level_db(sine, 0.010)[RATE_HZ // 2] == pytest.approx(-3.01, abs=0.01)


def test_a_gap_of_ten_milliseconds_is_found():
    sound = tone() * np.where(abs(TIMES_S - 0.5) < 0.008, 1e-3, 1.0)
    assert quietest_db(sound, 0.2, 0.8) < quietest_db(sound, 0.2, 0.4) - 50.0


@pytest.mark.parametrize("late_s", [0.0, 0.004, 0.011])
@pytest.mark.parametrize("rise_db", [12.0, -12.0])
def test_a_change_is_half_done_when_half_of_its_decibels_are(late_s: float, rise_db: float):
    level = -30.0 + rise_db * np.heaviside(TIMES_S - 0.5 - late_s, 1.0)
    assert half_change_s(level, 0.5, 0.49, 0.7) == pytest.approx(late_s, abs=1e-4)


def test_a_wobble_is_told_by_its_depth_and_delay():
    curve = -20.0 + 3.0 * np.cos(2.0 * np.pi * 6.0 * (TIMES_S - 0.010))
    found = wave(curve, 6.0)
    assert abs(found) == pytest.approx(3.0, rel=0.01)
    assert -np.angle(found) / (2.0 * np.pi * 6.0) == pytest.approx(0.010, abs=1e-4)


def test_ripple_is_the_way_from_lowest_to_highest():
    assert ripple_db(np.array([-1.0, 0.5, 0.25])) == pytest.approx(1.5)


def test_the_largest_jump_may_go_either_way():
    assert largest_jump_db(np.array([0.0, 1.0, -1.5, -1.0])) == pytest.approx(2.5)


def test_stairs_hiss_and_a_slope_does_not():
    slope = np.linspace(0.1, 1.0, RATE_HZ)
    stairs = np.round(slope * 30) / 30
    sine = np.sin(2.0 * np.pi * 500.0 * TIMES_S)
    assert hiss_db(sine * stairs) > hiss_db(sine * slope) + 20.0


def test_a_held_pitch_is_found_to_a_cent():
    _, notes = pitch_notes(tone(72.37), 69.0, 87.0)
    np.testing.assert_allclose(notes, 72.37, atol=0.01)


def test_a_glide_that_goes_too_far_is_seen_to():
    way = np.interp(TIMES_S, [0.3, 0.4, 0.45, 0.5], [72.0, 74.2, 74.2, 74.0])
    times_s, notes = pitch_notes(tone(way), 69.0, 77.0)
    assert notes.max() == pytest.approx(74.2, abs=0.05)
    np.testing.assert_allclose(notes[times_s > 0.55], 74.0, atol=0.01)
