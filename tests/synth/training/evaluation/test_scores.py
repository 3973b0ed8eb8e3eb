"""What is measured of one version of one note."""

import numpy as np
import pytest

from synth.analysis.fundamental import find_melody
from synth.training.evaluation.scores import follow_pitch

RATE_HZ = 48_000


def tone(note: np.ndarray) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((note - 69) / 12)) / RATE_HZ
    return 0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))


def steady(note: float) -> np.ndarray:
    return tone(np.full(RATE_HZ, note))


def vibrato(note: float, cents: float) -> np.ndarray:
    return tone(note + cents / 100 * np.sin(2 * np.pi * 6 * np.arange(RATE_HZ) / RATE_HZ))


@pytest.mark.parametrize("cents", [0.0, 3.0, 10.0, 30.0])
def test_a_mistuning_is_told_in_cents(cents: float):
    away, in_tune = follow_pitch(find_melody(steady(60)), find_melody(steady(60 + cents / 100)), 60)
    assert away == pytest.approx(cents, abs=0.7)
    assert in_tune == 1.0


def test_an_octave_is_out_of_tune():
    assert follow_pitch(find_melody(steady(60)), find_melody(steady(72)), 60)[1] == 0.0


def test_a_recording_whose_pitch_is_not_heard_says_nothing():
    heard = follow_pitch(find_melody(steady(72)), find_melody(steady(60)), 60)
    assert np.isnan(heard).all()


@pytest.mark.parametrize("note", [45.0, 60.0, 76.0, 88.0])
def test_the_tracker_follows_a_vibrato(note: float):
    times_s = np.arange(100) / 100
    heard = find_melody(vibrato(note, 40.0)).note
    true = note + 0.4 * np.sin(2 * np.pi * 6 * times_s)
    assert np.median(np.abs(heard - true)[10:90]) < 0.06
