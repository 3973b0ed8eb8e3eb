"""What is measured of a sound without a pitch."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from synth.analysis.distance import mel_distance_db
from synth.analysis.note import find_onset
from synth.analysis.unpitched import analyse_unpitched
from synth.controls import NOISE, PARTIALS, SILENCE_DB, noise_centres_hz
from synth.training.render import render

RATE_HZ = 48_000


def door(seconds: float = 0.6):
    """A burst of noise between 100 and 900 Hz that dies away."""
    n = round(seconds * RATE_HZ)
    noise = np.random.default_rng(0).standard_normal(n)
    band = butter(2, (100, 900), "band", fs=RATE_HZ, output="sos")
    return 0.2 * sosfilt(band, noise) * np.exp(-np.arange(n) / RATE_HZ * 8)


def test_nothing_of_it_is_a_partial():
    assert (analyse_unpitched(door(), RATE_HZ).controls[:, PARTIALS] == SILENCE_DB).all()


def test_its_bands_lie_where_it_sounds():
    controls = analyse_unpitched(door(), RATE_HZ).controls
    loudest_hz = noise_centres_hz()[controls[10:60, NOISE].mean(axis=0).argmax()]
    assert 100 < loudest_hz < 900


def test_it_fades_as_the_sound_does():
    frames = analyse_unpitched(door(), RATE_HZ)
    late, early = np.interp([0.45, 0.15], frames.times_s, frames.loudness_db)
    assert late - early == pytest.approx(-0.3 * 8 * 8.686, abs=4)


def test_played_again_it_sounds_alike():
    sound = door()
    again = render(analyse_unpitched(sound, RATE_HZ))
    assert mel_distance_db(sound[find_onset(sound) :], again)[0] < 3.5


def test_its_key_is_the_one_that_was_given():
    assert set(analyse_unpitched(door(), RATE_HZ, 48.0).note) == {48.0}


@pytest.mark.parametrize("sound", [np.zeros(9000), door(0.01), np.zeros(0)])
def test_silence_and_what_is_too_short_are_refused(sound: np.ndarray):
    with pytest.raises(ValueError, match="silent or shorter than 20 ms"):
        analyse_unpitched(sound, RATE_HZ)
