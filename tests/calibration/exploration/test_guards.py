"""What a found sound must not do."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.exploration.guards import boom_db, centroid_hz, refusal
from calibration.exploration.palette import Palette
from calibration.exploration.pool import Pool
from calibration.exploration.rendering import MATCHED_LUFS, matched, note_of
from calibration.exploration.sounding import trajectory
from presets.factory.loudness import RATE_HZ, loudness_lufs

Array = NDArray[np.float64]
TIME_S = np.arange(round(1.5 * RATE_HZ)) / RATE_HZ
MIDDLE_C_HZ = 261.63


def tone(frequency_hz: float = MIDDLE_C_HZ) -> Array:
    return np.sin(2 * np.pi * frequency_hz * TIME_S)


def judged(sound: Array, lufs: float = -25.0) -> str | None:
    return refusal(matched(sound)[0], lufs, 60.0)


def test_a_plain_tone_passes():
    assert judged(tone()) is None


def test_a_rumble_below_the_note_booms():
    assert judged(tone() + 0.6 * tone(55.0)) == "booms below its note"


def test_a_whistle_far_above_the_note_is_too_shrill():
    assert judged(tone(9000.0)) == "is too dull or too shrill"


def test_a_click_that_cannot_be_as_loud_as_the_others_is_left_out():
    assert judged(tone() * np.exp(-TIME_S / 0.002)) == "has peaks too high for its loudness"


def test_a_sound_that_comes_late_does_not_speak():
    late = np.clip((TIME_S - 0.9) / 0.2, 0.0, 1.0)
    assert judged(tone() * late) == "does not speak in time"


def test_what_is_no_number_is_no_sound():
    assert judged(tone() * np.nan) == "holds numbers that are no sound"


@pytest.mark.parametrize("lufs", [-60.0, -5.0])
def test_loudness_that_was_not_held_is_left_out(lufs: float):
    assert judged(tone(), lufs) == "does not hold its loudness"


def test_boom_and_centroid_are_measured_in_their_units():
    both = tone() + tone(100.0)
    assert boom_db(both, 60.0) == pytest.approx(-3.01, abs=0.1)
    assert centroid_hz(tone(1000.0)) == pytest.approx(1000.0, rel=0.01)


def test_silence_is_left_out():
    assert refusal(*matched(0.0 * tone()), 60.0) == "does not hold its loudness"


def test_a_matched_sound_is_as_loud_as_every_other():
    for gain in (0.01, 0.3):
        assert loudness_lufs(matched(gain * tone())[0][:, None]) == pytest.approx(MATCHED_LUFS)


def test_all_that_passes_is_held_in_level_and_tone(palette: Palette):
    n_passed = 0
    for candidate in Pool(palette, 9).draw(24):
        rows = trajectory(palette, candidate, 60.0)
        sound, lufs = matched(note_of(palette.space, rows, 60.0))
        if refusal(sound, lufs, 60.0):
            continue
        n_passed += 1
        assert np.abs(sound).max() <= 10 ** (-1 / 20) + 1e-9
        assert MATCHED_LUFS - 3.0 <= loudness_lufs(sound[:, None]) <= MATCHED_LUFS + 0.01
        assert MIDDLE_C_HZ * 0.7 < centroid_hz(sound) < 6000.0
    assert n_passed >= 12
