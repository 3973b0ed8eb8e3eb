"""What the distance between recordings means."""

import numpy as np
import pytest

from synth.analysis.distance import mel_distance_db

NOISE = 0.1 * np.random.default_rng(0).standard_normal(48_000)


def test_a_recording_is_at_no_distance_from_itself():
    assert mel_distance_db(NOISE, NOISE) == (0.0, 0.0)


def test_half_the_amplitude_is_six_db_away():
    assert mel_distance_db(NOISE, NOISE / 2) == pytest.approx((6.02, 6.02), abs=0.01)


def test_only_the_first_70_ms_make_the_attack():
    late = NOISE.copy()
    late[9600:] /= 2
    whole, attack = mel_distance_db(NOISE, late)
    assert whole > 4
    assert attack == 0


def test_silence_does_not_count():
    quiet = np.concatenate([NOISE, np.zeros(48_000)])
    hum = quiet + 1e-6 * np.sin(np.arange(96_000) * 0.05)
    assert mel_distance_db(quiet, hum)[0] < 0.1
