"""Which notes are not fit to be learned from."""

import numpy as np
import pytest
from numpy.typing import NDArray

from synth.training.corpora.note_check import fault, steady_pitch

Array = NDArray[np.float64]
RATE_HZ = 24_000


def tone(note: float, seconds: float = 1.0, rate_hz: int = RATE_HZ) -> Array:
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    hz = 440 * 2 ** ((note - 69) / 12)
    waves = [np.sin(2 * np.pi * k * hz * t_s) / k for k in range(1, 8) if k * hz < 0.4 * rate_hz]
    return 0.2 * np.sum(waves, axis=0)


def test_a_good_note_has_no_fault():
    assert fault(tone(60), RATE_HZ, 60) is None


@pytest.mark.parametrize("sound", [np.zeros(9000), np.full(9000, 1e-6), np.full(9, np.nan)])
def test_silence_is_a_fault(sound: Array):
    assert fault(sound, RATE_HZ, 60) == "it is silent"


def test_clipping_is_a_fault():
    assert fault(np.clip(8 * tone(60), -1, 1), RATE_HZ, 60) == "it is clipped"


def test_a_loud_note_is_not_clipped():
    loud = tone(60)
    assert fault(0.999 * loud / np.abs(loud).max(), RATE_HZ, 60) is None


def test_another_pitch_than_the_named_one_is_a_fault():
    assert fault(tone(63), RATE_HZ, 60) == "it sounds at 63.0, not at 60"


@pytest.mark.parametrize("off", [-12, 12, 19, 0.3])
def test_a_layer_or_a_harmonic_is_none(off: float):
    assert fault(tone(60 + off), RATE_HZ, 60) is None


def test_a_pitch_that_was_measured_is_not_doubted():
    assert fault(tone(63), RATE_HZ, None) is None


def test_noise_has_no_pitch_to_be_wrong():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE_HZ)
    assert steady_pitch(noise, RATE_HZ) is None
    assert fault(noise, RATE_HZ, 60) is None


@pytest.mark.parametrize("note", [40, 57.2, 76])
def test_a_steady_pitch_is_measured(note: float):
    assert steady_pitch(tone(note), RATE_HZ) == pytest.approx(note, abs=0.1)
