"""A recording played at another pitch."""

import numpy as np
import pytest

from synth.training.evaluation.playback import play_back

RATE_HZ = 48_000


def held_sine(f0_hz: float, held_s: float = 3.0, total_s: float = 4.0):
    time_s = np.arange(int(total_s * RATE_HZ)) / RATE_HZ
    release = np.where(time_s < held_s, 1.0, np.exp(-40 * (time_s - held_s)))
    return np.sin(2 * np.pi * f0_hz * time_s) * release


def peak_hz(sound: np.ndarray) -> float:
    piece = sound[RATE_HZ : 2 * RATE_HZ] * np.hanning(RATE_HZ)
    return float(np.argmax(np.abs(np.fft.rfft(piece, 8 * RATE_HZ))) / 8)


@pytest.mark.parametrize("semitones", [-4.0, -1.0, 0.0, 2.0, 7.0])
def test_the_pitch_is_moved(semitones: float):
    played = play_back(held_sine(440.0), semitones, held_sine(440.0))
    assert peak_hz(played) == pytest.approx(440.0 * 2 ** (semitones / 12), abs=0.2)


@pytest.mark.parametrize("semitones", [-4.0, 2.0, 7.0])
def test_it_is_held_as_long_as_the_true_note(semitones: float):
    played = play_back(held_sine(440.0), semitones, held_sine(440.0))
    level = np.abs(played[: len(played) // 480 * 480].reshape(-1, 480)).max(axis=1)
    assert level[:298].min() > 0.5 * level.max()
    assert level[315:].max() < 0.05 * level.max()


def test_it_is_as_loud_as_the_true_note():
    true = 0.1 * held_sine(440.0)
    played = play_back(held_sine(440.0), 2.0, true)
    assert np.square(played).sum() == pytest.approx(np.square(true).sum(), rel=0.01)
