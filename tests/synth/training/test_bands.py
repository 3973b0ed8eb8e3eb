"""Mel bands of controls must be those of the sound that controls make."""

import numpy as np
import pytest
import torch

from synth.analysis.distance import HOP, WINDOW, mel_db
from synth.analysis.frames import RATE_HZ, n_frames_within
from synth.analysis.note import Analysis
from synth.controls import N_CONTROLS, NOISE, PARTIALS, SILENCE_DB, STRETCH, k_weighting_db
from synth.training.bands import mel_errors_db, mel_levels_db, own_loudness_db, partial_steps
from synth.training.render import render

N_SAMPLES = 2 * RATE_HZ


def row_of(partials: dict[int, float], noise_db: float = SILENCE_DB):
    row = np.full(N_CONTROLS, SILENCE_DB, np.float32)
    row[STRETCH] = 0
    row[NOISE] = noise_db
    for order, level_db in partials.items():
        row[PARTIALS.start + order - 1] = level_db
    return row


def sounded(row: np.ndarray, note: float):
    """Mean powers of mel bands in dB of a second of sound."""
    n_frames = n_frames_within(N_SAMPLES)
    frames = Analysis(
        controls=np.tile(row, (n_frames, 1)),
        loudness_db=np.zeros(n_frames, np.float32),
        note=np.full(n_frames, note, np.float32),
    )
    inner = mel_db(render(frames))[WINDOW // HOP + 1 : -WINDOW // HOP - 1]
    return 10 * np.log10((10 ** (inner / 10)).mean(0))


def levels(row: np.ndarray, f0_hz: float):
    """Levels by the module under test, not relative to the loudness."""
    partials, noise, _ = parts(torch.from_numpy(row)[None])
    steps = partial_steps(torch.tensor([f0_hz]), torch.zeros(1, 64))
    absolute = mel_levels_db(partials, noise, steps) + own_loudness_db(partials, noise, steps)
    return absolute[0].numpy()


def parts(controls: torch.Tensor):
    return controls[:, PARTIALS], controls[:, NOISE], controls[:, STRETCH]


@pytest.mark.parametrize("note", [45.0, 57.0, 81.0])
def test_partials_are_heard_as_their_sound_is(note: float):
    row = row_of({1: -3.0, 2: -12.0, 5: -20.0})
    got, true = levels(row, 440 * 2 ** ((note - 69) / 12)), sounded(row, note)
    loud = true > true.max() - 25
    assert got[loud] == pytest.approx(true[loud], abs=1.5)


def test_noise_is_heard_as_its_sound_is():
    row = row_of({}, noise_db=-20.0)
    assert levels(row, 220.0)[2:] == pytest.approx(sounded(row, 57.0)[2:], abs=1.5)


def test_the_loudness_of_a_sine_is_its_weighted_mean_square():
    partials, noise, stretch = parts(torch.from_numpy(row_of({1: 0.0}))[None])
    loudness = own_loudness_db(partials, noise, partial_steps(torch.tensor([1002.0]), stretch))
    assert float(loudness) == pytest.approx(k_weighting_db(1002.0) - 3.01, abs=0.01)


def test_partials_above_the_top_are_silent():
    row = row_of({1: 0.0, 2: 0.0})
    assert levels(row, 12_000.0) == pytest.approx(levels(row_of({1: 0.0}), 12_000.0), abs=1e-3)


def test_what_lies_far_below_the_loudest_costs_nothing():
    wanted, said = (torch.from_numpy(row_of({1: 0.0, 3: db}))[None] for db in (-95.0, -100.0))
    near = torch.tensor([220.0]), torch.tensor([0.0])
    error, counts = mel_errors_db(parts(said), parts(wanted), *near)
    assert float(error.max()) < 0.1
    assert float(counts) == 1


def test_frames_that_the_distance_leaves_out_do_not_count():
    controls = torch.from_numpy(row_of({1: 0.0}))[None]
    _, counts = mel_errors_db(
        parts(controls), parts(controls), torch.tensor([220.0]), torch.tensor([61.0])
    )
    assert float(counts) == 0


def test_a_gradient_leads_to_the_right_level():
    wanted = torch.from_numpy(row_of({1: 0.0, 2: -20.0}))[None]
    said = torch.from_numpy(row_of({1: 0.0, 2: -40.0}))[None].requires_grad_()
    error, _ = mel_errors_db(parts(said), parts(wanted), torch.tensor([440.0]), torch.tensor([0.0]))
    error.sum().backward()
    assert said.grad is not None
    assert float(said.grad[0, 1]) < 0
