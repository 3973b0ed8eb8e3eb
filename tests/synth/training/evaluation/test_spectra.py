"""Spectral distance at three resolutions."""

import numpy as np
import pytest

from synth.training.evaluation.spectra import spectra_db, spectral_distance_db

NOISE = np.random.default_rng(0).standard_normal(48_000)


def distance(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    return spectral_distance_db(spectra_db(one), spectra_db(other))


def test_a_sound_is_no_distance_from_itself():
    assert distance(NOISE, NOISE) == (0.0, 0.0)


def test_a_gain_is_its_own_distance():
    assert distance(NOISE, 0.5 * NOISE) == pytest.approx((6.02, 6.02), abs=0.01)


def test_a_change_after_the_attack_is_not_in_the_attack():
    other = NOISE.copy()
    other[12_000:] *= 0.5
    whole, attack = distance(NOISE, other)
    assert whole == pytest.approx(0.75 * 6.02, abs=0.2)
    assert attack < 0.1


def test_what_lies_80_db_down_does_not_count():
    tone = np.sin(2 * np.pi * 1000 * np.arange(48_000) / 48_000)
    assert distance(tone, tone + 1e-7 * NOISE)[0] < 0.05


def test_silence_after_the_sound_does_not_count():
    padded = np.concatenate([NOISE, np.zeros(48_000)])
    louder = np.concatenate([0.5 * NOISE, np.zeros(48_000)])
    assert distance(padded, louder)[0] == pytest.approx(6.02, abs=0.05)
