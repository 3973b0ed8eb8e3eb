"""Sound with gradients must be the sound that controls are judged by."""

import numpy as np
import pytest
import torch

from synth.analysis.frames import RATE_HZ, frame_starts
from synth.analysis.note import Analysis
from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH, TRANSIENT
from synth.training.render import render_partials, render_strike
from synth.training.sound import GRAIN, HALF, Course, sound
from synth.training.spectra import spectral_errors

N_FRAMES, N_SAMPLES = 74, 8192
NOTE, LEVEL_DB = 64.0, -20.0


def rows_of(**levels_db: float):
    parts = {"first": slice(0, 3), "noise": NOISE, "strike": TRANSIENT}
    rows = np.full((N_FRAMES, N_CONTROLS), SILENCE_DB, np.float32)
    rows[:, STRETCH] = 0.0
    for name, level_db in levels_db.items():
        rows[:, parts[name]] = level_db
    return rows


def course(*, strikes: bool = True):
    one = torch.ones(1, N_FRAMES)
    return Course(
        starts=frame_starts(N_FRAMES),
        f0_hz=440 * 2 ** ((NOTE - 69) / 12) * one,
        loudness_db=LEVEL_DB * one,
        stretch=torch.zeros(1, 64),
        strikes=torch.tensor([float(strikes)]),
    )


def sounded(rows: np.ndarray, *, strikes: bool = True):
    white = torch.randn(1, N_SAMPLES // HALF + 1, GRAIN, generator=torch.Generator().manual_seed(0))
    controls = torch.from_numpy(rows)[None]
    return sound(controls, course(strikes=strikes), white, N_SAMPLES)[0].numpy()


def analysed(rows: np.ndarray, offset_db: float):
    flat = np.ones(N_FRAMES, np.float32)
    rows = rows.copy()
    rows[:, PARTIALS] += offset_db
    return Analysis(controls=rows, loudness_db=LEVEL_DB * flat, note=NOTE * flat)


def test_partials_are_those_of_the_plain_renderer():
    rows = rows_of(first=-6.0)
    got = sounded(rows, strikes=False)
    plain = render_partials(analysed(rows, 0.0))[:N_SAMPLES]
    aligned = np.vdot(got, plain) / np.sqrt(np.vdot(got, got) * np.vdot(plain, plain))
    assert abs(aligned) > 0.95


def test_a_sound_has_the_loudness_of_its_course():
    for rows in (rows_of(first=-6.0), rows_of(first=-10.0)):
        spectrum = sounded(rows, strikes=False)
        assert 10 * np.log10((spectrum[2000:] ** 2).mean()) == pytest.approx(LEVEL_DB, abs=1.5)


def test_noise_has_the_loudness_of_its_course_too():
    level = sounded(rows_of(noise=-30.0), strikes=False)[500:]
    assert 10 * np.log10((level**2).mean()) == pytest.approx(LEVEL_DB, abs=3)


def test_a_strike_rises_from_silence_and_what_goes_on_does_not():
    rows = rows_of(first=-6.0, noise=-30.0)
    first = np.abs(sounded(rows))[:16].max(), np.abs(sounded(rows, strikes=False))[:16].max()
    assert first[0] < 0.4 * first[1]


def test_a_strike_sounds_only_where_there_is_one():
    rows, calm = rows_of(first=-6.0, strike=0.0), rows_of(first=-6.0)
    assert np.array_equal(sounded(rows, strikes=False), sounded(calm, strikes=False))
    assert sounded(rows) - sounded(calm) == pytest.approx(
        render_strike(analysed(rows, 0.0))[:N_SAMPLES], abs=1e-4
    )


def test_gradients_reach_every_kind_of_control():
    controls = torch.from_numpy(rows_of(first=-6.0, noise=-50.0, strike=-20.0))[None]
    controls.requires_grad_()
    white = torch.randn(1, N_SAMPLES // HALF + 1, GRAIN, generator=torch.Generator().manual_seed(0))
    wanted = torch.randn(1, N_SAMPLES, generator=torch.Generator().manual_seed(1)) * 0.1
    spectral_errors(sound(controls, course(), white, N_SAMPLES), wanted).sum().backward()
    assert controls.grad is not None
    assert torch.isfinite(controls.grad).all()
    for part in (slice(0, 3), NOISE):
        assert controls.grad[0, 1:60, part].abs().min() > 0
    assert controls.grad[0, 0, TRANSIENT].abs().max() > 0


@pytest.mark.parametrize("gain_db", [-6.0, 6.0])
def test_a_change_of_level_is_told_in_db(gain_db: float):
    noise = torch.randn(2, N_SAMPLES, generator=torch.Generator().manual_seed(2))
    ratio = 10 ** (gain_db / 20)
    told = spectral_errors(noise * ratio, noise)
    apart = abs(ratio - 1) / np.sqrt((ratio**2 + 1) / 2)
    assert told.numpy() == pytest.approx(abs(gain_db) + 8.686 * apart, abs=0.1)


def test_a_sound_where_silence_was_recorded_is_no_boundless_error():
    noise = torch.randn(1, N_SAMPLES, generator=torch.Generator().manual_seed(2))
    assert float(spectral_errors(noise, 1e-5 * noise)) < 120


def test_the_same_sound_is_no_distance_away():
    tone = torch.sin(torch.arange(N_SAMPLES) * 2 * np.pi * 440 / RATE_HZ)[None]
    assert float(spectral_errors(tone, tone)) == pytest.approx(0, abs=1e-3)
