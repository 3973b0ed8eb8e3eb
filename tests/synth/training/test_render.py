"""What rendered controls must sound like, judged by the analysis and by plain measures."""

import numpy as np
import pytest

from synth.analysis.distance import mel_distance_db
from synth.analysis.frames import RATE_HZ, frame_starts
from synth.analysis.note import Analysis, analyse
from synth.controls import (
    N_CONTROLS,
    NOISE,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
    TRANSIENT_REFERENCE_S,
    noise_edges_hz,
    note_to_hz,
)
from synth.training.render import render, render_noise, render_partials, render_strike

N_FRAMES = 280


def frames(loudness_db: float = -20.0, note: float = 69.0, **levels_db: float):
    rows = np.full((N_FRAMES, N_CONTROLS), SILENCE_DB, np.float32)
    rows[:, STRETCH] = 0.0
    for name, level_db in levels_db.items():
        rows[:, {"first": slice(0, 1), "noise": NOISE, "strike": TRANSIENT}[name]] = level_db
    flat = np.ones(N_FRAMES, np.float32)
    return Analysis(controls=rows, loudness_db=loudness_db * flat, note=note * flat)


def test_a_partial_has_its_peak_amplitude_and_frequency():
    sound = render_partials(frames(first=0.0))
    assert np.abs(sound).max() == pytest.approx(0.1, rel=1e-3)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), RATE_HZ))
    assert np.argmax(spectrum) == 440


def test_a_glide_and_a_swell_are_those_of_plain_arithmetic():
    moving = frames(first=0.0)
    moving.note[:] = 60 + 12 * np.linspace(0, 1, N_FRAMES) ** 2
    moving.loudness_db[:] = -20 - 30 * np.linspace(0, 1, N_FRAMES)
    sound = render_partials(moving)
    starts, samples = frame_starts(N_FRAMES), np.arange(len(sound))
    hz = np.interp(samples, starts, note_to_hz(moving.note))
    levels = 10 ** (moving.loudness_db.astype(float) / 20)
    levels[0] = 0.0
    level = np.interp(samples, starts, levels)
    turns = np.concatenate([[0.0], np.cumsum(hz[1:] / RATE_HZ)])
    assert sound == pytest.approx(level * np.sin(2 * np.pi * turns), abs=1e-7)


def test_partials_above_the_top_are_silent():
    assert not render_partials(frames(first=0.0, note=137.0)).any()


def test_noise_has_the_power_of_all_its_bands():
    sound = render_noise(frames(noise=-30.0), np.random.default_rng(0))
    expected_db = -20 - 30 + 10 * np.log10(65)
    assert 10 * np.log10((sound**2).mean()) == pytest.approx(expected_db, abs=0.5)


def test_a_noise_band_stays_within_its_edges():
    controls = frames()
    controls.controls[:, NOISE.start + 20] = 0.0
    sound = render_noise(controls, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    low_hz, high_hz = noise_edges_hz()[[20, 21]]
    inside = (hz > low_hz - 5) & (hz < high_hz + 5)
    assert power[~inside].sum() < 1e-4 * power.sum()


def test_a_strike_holds_the_energy_it_says():
    controls = frames(strike=SILENCE_DB)
    controls.controls[0, TRANSIENT.start + 3] = 0.0
    energy = (render_strike(controls) ** 2).sum() / RATE_HZ
    assert energy == pytest.approx(TRANSIENT_REFERENCE_S * 0.01, rel=0.01)


def test_what_is_analysed_and_rendered_is_analysed_alike():
    time_s = np.arange(RATE_HZ) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * 330 * k * time_s) / k for k in range(1, 9)) * 0.1
    sound = tone * np.exp(-2 * time_s) + 1e-3 * np.random.default_rng(0).standard_normal(RATE_HZ)
    first = analyse(sound, RATE_HZ, 64)
    second = analyse(render(first), RATE_HZ, 64)
    held = slice(60, 200)
    apart = first.controls[held, PARTIALS] - second.controls[held, PARTIALS]
    assert apart[:, :8] == pytest.approx(0, abs=1.0)
    assert mel_distance_db(sound, render(first))[0] < 2.0
