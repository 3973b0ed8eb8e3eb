"""What the melody found in a recording must be."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from synth.analysis.frames import HOP, RATE_HZ
from synth.analysis.fundamental import MELODY_RATE_HZ, find_melody
from synth.analysis.note import resample
from synth.analysis.pitch import track_pitch
from synth.controls import note_to_hz

Array = NDArray[np.float64]
NOTES = Path(__file__).parents[1] / "notes"


def tone(note: Array, n_partials: int = 12, tilt: float = 1.0) -> Array:
    """A harmonic tone whose pitch follows a track of one value a sample."""
    turns = np.cumsum(note_to_hz(note)) / RATE_HZ
    orders = np.arange(1, n_partials + 1)
    audible = orders * note_to_hz(note.max()) < 18_000
    partials = [np.sin(2 * np.pi * k * turns) / k**tilt for k in orders[audible]]
    return 0.1 * np.sum(partials, axis=0)


def steady(note: float, seconds: float = 0.5) -> Array:
    return np.full(round(seconds * RATE_HZ), note)


@pytest.mark.parametrize("note", [33.0, 48.0, 60.3, 75.5, 88.0, 98.0])
@pytest.mark.parametrize("tilt", [0.0, 1.0, 2.0])
def test_a_tone_is_found_within_three_cents(note: float, tilt: float):
    found = find_melody(tone(steady(note), tilt=tilt)).note[5:-8]
    assert np.isfinite(found).all()
    assert np.abs(found - note).max() < 0.03


def test_a_tone_without_its_fundamental_keeps_its_pitch():
    turns = np.cumsum(note_to_hz(steady(50.0))) / RATE_HZ
    sound = 0.1 * sum(np.sin(2 * np.pi * k * turns) for k in range(3, 9))
    assert np.median(find_melody(sound).note) == pytest.approx(50.0, abs=0.05)


def test_a_glide_over_two_octaves_is_followed():
    track = np.linspace(48.0, 72.0, 2 * RATE_HZ)
    found = find_melody(tone(track))
    wanted = track[:: RATE_HZ // MELODY_RATE_HZ]
    inside = slice(5, -10)
    assert np.abs(found.note[inside] - wanted[inside]).max() < 0.15


def test_a_vibrato_keeps_its_extent():
    t_s = np.arange(RATE_HZ) / RATE_HZ
    found = find_melody(tone(69.0 + 0.5 * np.sin(2 * np.pi * 6 * t_s))).note[10:-10]
    assert 0.45 < np.ptp(found) / 2 < 0.52


def test_a_step_is_found_within_twenty_milliseconds():
    found = find_melody(tone(np.concatenate([steady(60.0), steady(67.0)]))).note
    assert np.abs(found[5:48] - 60.0).max() < 0.1
    assert np.abs(found[53:90] - 67.0).max() < 0.1


def test_noise_and_silence_have_no_pitch():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE_HZ)
    assert find_melody(noise).voiced.mean() < 0.05
    quiet = np.concatenate([tone(steady(60.0)), np.zeros(RATE_HZ // 2)])
    assert not find_melody(quiet).voiced[55:].any()
    assert find_melody(quiet).voiced[:48].all()


def test_noise_below_a_tone_does_not_move_it():
    hiss = 0.02 * np.random.default_rng(1).standard_normal(RATE_HZ // 2)
    found = find_melody(tone(steady(64.0)) + hiss).note[5:-8]
    assert np.nanmax(np.abs(found - 64.0)) < 0.1


@pytest.mark.parametrize(("name", "note"), [("trumpet-72", 72.0), ("viola-70", 70.0)])
def test_it_agrees_with_the_phases_of_the_partials_of_recorded_notes(name: str, note: float):
    audio, rate_hz = soundfile.read(NOTES / f"{name}.flac")
    sound = resample(audio, rate_hz)
    melody, by_phase = find_melody(sound), track_pitch(sound, np.array([note]))
    at = np.arange(len(melody.note)) * (RATE_HZ / MELODY_RATE_HZ / HOP)
    theirs = np.interp(at, np.arange(len(by_phase)), by_phase)
    loud = melody.level_db > melody.level_db.max() - 20.0
    assert melody.voiced[loud].mean() > 0.95
    apart = np.abs(melody.note - theirs)[loud & melody.voiced]
    assert np.median(apart) < 0.03
    assert (apart < 1.0).mean() > 0.98
