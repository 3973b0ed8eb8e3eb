"""A plain offline renderer of controls, by which analysis and decoder are judged."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ, frame_starts
from synth.analysis.note import Analysis
from synth.analysis.stretch import TOP_HZ, partial_hz
from synth.controls import (
    NOISE,
    PARTIALS,
    STRETCH,
    TRANSIENT,
    note_to_hz,
)
from synth.engine.layout import BLOCK_FRAMES
from synth.engine.noise import make_loops
from synth.engine.transients import make_atoms

Array = NDArray[np.float64]

INAUDIBLE_DB: Final = -110.0
SINE: Final = (
    6.283185307072583,
    -41.34170211699612,
    81.60522620628022,
    -76.70428132008205,
    42.00980569649249,
    -14.394135147273357,
)
"""The sine of up to a quarter turn as a polynomial of odd powers, least squares on Chebyshev nodes;
its error lies 210 dB down."""


def render(frames: Analysis, *, seed: int = 0) -> Array:
    """Sound frames of controls, shape (n_samples,); ends with the last frame.

    As in the engine, partials and noise rise from silence while the first frame lasts.
    """
    noise = np.random.default_rng(seed)
    return render_partials(frames) + render_noise(frames, noise) + render_strike(frames)


def _n_samples(frames: Analysis) -> int:
    return int(frame_starts(len(frames.controls))[-1])


def render_partials(frames: Analysis) -> Array:
    """Sound the partials with amplitudes and frequencies that move linearly between frames."""
    starts = frame_starts(len(frames.controls))
    level_db = (frames.controls[:, PARTIALS] + frames.loudness_db[:, None]).astype(np.float64)
    amplitude = np.where(level_db > INAUDIBLE_DB, 10 ** (level_db / 20), 0.0)
    ratio = partial_hz(1.0, frames.controls[:, STRETCH].astype(np.float64))
    hz = ratio * note_to_hz(frames.note)[:, None]
    amplitude[hz >= TOP_HZ] = amplitude[0] = 0.0
    out = np.zeros(_n_samples(frames))
    for k in np.flatnonzero(amplitude.any(axis=0)):
        turns = np.ascontiguousarray(hz[:, k]) / RATE_HZ
        _add_partial(out, starts, np.ascontiguousarray(amplitude[:, k]), turns)
    return out


@njit(cache=True, error_model="numpy")
def _add_partial(
    out: Array, starts: NDArray[np.int64], amplitude: Array, turns_per_sample: Array
) -> None:
    """Add one partial given at frames; its phase starts at 0."""
    phase = 0.0
    for frame in range(len(starts) - 1):
        n_samples = starts[frame + 1] - starts[frame]
        level, turns = amplitude[frame], turns_per_sample[frame]
        level_step = (amplitude[frame + 1] - level) / n_samples
        turns_step = (turns_per_sample[frame + 1] - turns) / n_samples
        if level != 0.0 or level_step != 0.0:
            part = out[starts[frame] : starts[frame + 1]]
            _add_sine(part, level, level_step, (phase, turns, turns_step))
        phase += n_samples * (turns + 0.5 * (n_samples + 1) * turns_step)
        phase -= math.floor(phase)


@njit(cache=True, error_model="numpy", fastmath=True)
def _add_sine(
    out: Array, level: float, level_step: float, motion: tuple[float, float, float]
) -> None:
    """Add a sine whose level and frequency move linearly; simple enough to run several at a time.

    `motion` is phase, turns per sample and their change per sample.
    """
    phase, turns, turns_step = motion
    for i in range(len(out)):
        place = phase + i * (turns + 0.5 * (i + 1) * turns_step)
        away = place - math.floor(place) - 0.5
        folded = 0.25 - abs(abs(away) - 0.25)
        square = folded * folded
        sine = SINE[4] + square * SINE[5]
        sine = SINE[2] + square * (SINE[3] + square * sine)
        sine = folded * (SINE[0] + square * (SINE[1] + square * sine))
        out[i] += (level + i * level_step) * (-sine if away > 0.0 else sine)


def render_noise(frames: Analysis, noise: np.random.Generator) -> Array:
    """Sound the noise bands as the engine does: loops made in advance under moving gains."""
    starts, n_samples = frame_starts(len(frames.controls)), _n_samples(frames)
    power = 10 ** (
        (frames.controls[:, NOISE] + frames.loudness_db[:, None]).astype(np.float64) / 10
    )
    power[0] = 0.0
    at = np.arange(0, n_samples + BLOCK_FRAMES, BLOCK_FRAMES)
    loops = make_loops(RATE_HZ)
    begins = noise.integers(0, loops.shape[1] - BLOCK_FRAMES, len(loops))
    out = np.zeros(len(at) * BLOCK_FRAMES)
    for loop, begin, band in zip(loops, begins, power.T, strict=True):
        _add_band(out, loop, begin, np.sqrt(np.interp(at, starts, band)))
    return out[:n_samples]


@njit(cache=True, error_model="numpy")
def _add_band(out: Array, loop: NDArray[np.float32], begin: int, gains: Array) -> None:
    """Add a band's loop from one of its frames on, its gain given at every block's start."""
    n_loop = len(loop) - BLOCK_FRAMES
    for block in range(len(gains) - 1):
        first = (begin + block * BLOCK_FRAMES) % n_loop
        gain, step = gains[block], (gains[block + 1] - gains[block]) / BLOCK_FRAMES
        for sample in range(BLOCK_FRAMES):
            out[block * BLOCK_FRAMES + sample] += (gain + step * sample) * loop[first + sample]


def render_strike(frames: Analysis) -> Array:
    """Sound the strike as the engine's bursts, one an octave."""
    level_db = (frames.controls[0, TRANSIENT] + frames.loudness_db[0]).astype(np.float64)
    atoms = _atoms()
    n_samples = _n_samples(frames)
    out = np.zeros(n_samples)
    n_struck = min(n_samples, atoms.shape[1])
    out[:n_struck] = (10 ** (level_db / 20) @ atoms)[:n_struck]
    return out


@lru_cache(maxsize=1)
def _atoms() -> NDArray[np.float32]:
    return make_atoms(RATE_HZ)
