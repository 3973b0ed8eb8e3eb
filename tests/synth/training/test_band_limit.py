"""What a recording without treble can tell."""

import math

import numpy as np

from synth.controls import (
    N_CONTROLS,
    N_STRETCHES,
    NOISE,
    PARTIALS,
    TRANSIENT,
    noise_edges_hz,
    note_to_hz,
)
from synth.training.band_limit import told_controls

A3 = np.array([57.0])
HARMONIC = np.zeros(N_STRETCHES)


def test_a_recording_without_a_limit_tells_everything():
    assert told_controls(HARMONIC, np.array([40.0, 90.0]), math.inf).all()


def test_partials_above_the_limit_are_not_told():
    told = told_controls(HARMONIC, A3, 7200.0)[0, PARTIALS]
    orders = np.arange(1, 101)
    assert (told[:100] == (orders * 220.0 <= 7200.0)).all()


def test_a_higher_note_tells_fewer_partials():
    low, high = told_controls(HARMONIC, np.array([45.0, 81.0]), 7200.0)[:, PARTIALS].sum(axis=1)
    assert high < low / 4


def test_stretched_partials_leave_sooner():
    stretched = told_controls(np.full(N_STRETCHES, 0.1), A3, 7200.0)[0, PARTIALS]
    assert not stretched[31]
    assert 32 * 1.1 * note_to_hz(57) > 7200.0 > 32 * note_to_hz(57)


def test_only_noise_bands_wholly_below_the_limit_are_told():
    told = told_controls(HARMONIC, A3, 8000.0)[0, NOISE]
    assert told.sum() == (noise_edges_hz() <= 8000.0).sum() - 1


def test_the_highest_bursts_are_not_told():
    told = told_controls(HARMONIC, A3, 7200.0)
    assert told.shape == (1, N_CONTROLS)
    assert told[0, TRANSIENT].tolist() == [True] * 6 + [False] * 2
