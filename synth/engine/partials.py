"""Partials: a bank of rotating phasors a voice, with ramped amplitudes and frequencies."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.controls import N_PARTIALS, N_STRETCHES, ORDERS, PARTIALS, STRETCH, TOP_RATIO
from synth.engine.intrinsics import FAST, bits_as_float32
from synth.engine.layout import LANES, PADDED_PARTIALS, Record

Array = NDArray[np.float32]

FADE_RATIO = 0.02
"""Partials fade over the last of this share of the sample rate below `TOP_RATIO`."""
AUDIBLE = np.float32(1e-6)
_STRETCH_AT = STRETCH.start
_PARTIALS_AT = PARTIALS.start
_LOG2_10_OVER_20 = np.float32(np.log2(10.0) / 20.0)
_ORDERS = np.array(ORDERS)
_OCTAVES = np.log2(ORDERS).astype(np.float32)
START_PHASE = 2 * np.pi * ((np.arange(PADDED_PARTIALS) + 1.0) ** 2 * 0.6180339887 % 1.0)
"""Phases at the strike: fixed, so that strikes repeat, and scattered, so that peaks stay low."""
_START_RE = np.cos(START_PHASE).astype(np.float32)
_START_IM = np.sin(START_PHASE).astype(np.float32)

WEIGHTING_STEPS_PER_NOTE = 4
WEIGHTING_NOTES = 150


@njit(cache=True, error_model="numpy", fastmath=FAST, inline="always")
def db_to_ratio(level_db: np.float32) -> np.float32:
    """Convert dB to an amplitude ratio to within 2e-6, in arithmetic that vectorises."""
    x = max(level_db * _LOG2_10_OVER_20, np.float32(-126.0))
    whole = np.floor(x)
    f = x - whole
    p = np.float32(1.8775767e-3)
    p = p * f + np.float32(8.9893397e-3)
    p = p * f + np.float32(5.5826318e-2)
    p = p * f + np.float32(2.4015361e-1)
    p = p * f + np.float32(6.9315308e-1)
    p = p * f + np.float32(9.9999994e-1)
    return np.float32(p * bits_as_float32((np.int32(whole) + np.int32(127)) << np.int32(23)))


@njit(cache=True, error_model="numpy", fastmath=FAST, inline="always")
def _sine_of_turns(x: np.float32) -> np.float32:
    """Sine of 2 pi x for x in -1/4..1/4 turns, to 2e-7 (odd polynomial)."""
    y = x * np.float32(2 * np.pi)
    z = y * y
    p = np.float32(-2.3889859e-8)
    p = p * z + np.float32(2.7525562e-6)
    p = p * z + np.float32(-1.9840874e-4)
    p = p * z + np.float32(8.3333310e-3)
    p = p * z + np.float32(-1.6666667e-1)
    return np.float32(y + y * z * p)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def start(voice: Record) -> None:
    """Put every partial at its starting phase, silent."""
    for k in range(PADDED_PARTIALS):
        voice.phase_re[k], voice.phase_im[k] = _START_RE[k], _START_IM[k]
    voice.amplitude[:] = 0.0
    voice.amplitude_goal[:] = 0.0
    voice.amplitude_step[:] = 0.0
    voice.n_partials = 0


@njit(cache=True, error_model="numpy", fastmath=FAST)
def set_frequencies(
    voice: Record, controls: Array, f0_hz: float, ramp_frames: int, rate_hz: float
) -> None:
    """Aim every partial at its frequency under `f0_hz`, reached after a linear ramp.

    A phasor turns by `step` each frame and the step itself by `chirp`, so frequency moves linearly
    and no partial ever jumps. Half the rate is as high as a partial goes: it is silent there, and
    a steeper chirp would not keep the phasor's size.
    """
    hz = voice.hz
    step_re, step_im = voice.step_re, voice.step_im
    chirp_re, chirp_im = voice.chirp_re, voice.chirp_im
    phase_re, phase_im = voice.phase_re, voice.phase_im
    first = voice.frame == voice.start_frame
    chirp_scale = np.float64(2 * np.pi / (rate_hz * ramp_frames))
    for k in range(N_PARTIALS):
        stretch = controls[_STRETCH_AT + k] if k < N_STRETCHES else np.float32(0)
        goal = min(f0_hz * _ORDERS[k] * (1.0 + stretch), 0.5 * rate_hz)
        now = goal if first else hz[k]
        turns = np.float32(now / rate_hz)
        step_im[k] = _sine_of_turns(min(turns, np.float32(0.5) - turns))
        step_re[k] = _sine_of_turns(np.float32(0.25) - turns)
        angle = np.float32((goal - now) * chirp_scale)
        chirp_re[k] = np.float32(1) - np.float32(0.5) * angle * angle
        chirp_im[k] = angle
        hz[k] = goal
        size = phase_re[k] * phase_re[k] + phase_im[k] * phase_im[k]
        repair = np.float32(1.5) - np.float32(0.5) * size
        phase_re[k] *= repair
        phase_im[k] *= repair


@njit(cache=True, error_model="numpy", fastmath=FAST)
def weighted_power(
    voice: Record, controls: Array, weighting: Array, rate_hz: float, levels: Array
) -> float:
    """Write each partial's amplitude re loudness into `levels`; return their K-weighted power."""
    note_steps = np.float32(WEIGHTING_STEPS_PER_NOTE) * np.float32(
        69.0 + 12.0 * np.log2(max(voice.f0_hz, 8.0) / 440.0)
    )
    top = np.float32(TOP_RATIO * rate_hz)
    fade = np.float32(1.0 / (FADE_RATIO * rate_hz))
    hz = voice.hz
    total = np.float32(0)
    for k in range(N_PARTIALS):
        edge = min(max((top - np.float32(hz[k])) * fade, np.float32(0)), np.float32(1))
        level = db_to_ratio(controls[_PARTIALS_AT + k]) * edge
        levels[k] = level
        step = note_steps + np.float32(12 * WEIGHTING_STEPS_PER_NOTE) * _OCTAVES[k]
        index = min(max(np.int32(step), np.int32(0)), np.int32(len(weighting) - 1))
        total += weighting[index] * level * level
    return float(np.float32(0.5) * total)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def set_amplitudes(voice: Record, levels: Array, gain: np.float32, ramp_frames: int) -> None:
    """Aim every partial at `levels` x `gain`, reached after a linear ramp."""
    amplitude, goal, step = voice.amplitude, voice.amplitude_goal, voice.amplitude_step
    per_frame = np.float32(1.0 / ramp_frames)
    highest = 0
    for k in range(N_PARTIALS):
        amplitude[k] = goal[k]
        goal[k] = levels[k] * gain
        step[k] = (goal[k] - amplitude[k]) * per_frame
        if goal[k] > AUDIBLE or amplitude[k] > AUDIBLE:
            highest = k + 1
    voice.n_partials = (highest + LANES - 1) // LANES * LANES


@njit(cache=True, error_model="numpy", fastmath=FAST)
def render(voice: Record, out: Array) -> None:
    """Add the voice's partials to `out`, shape (n_frames,), and advance them."""
    n = voice.n_partials
    phase_re, phase_im = voice.phase_re, voice.phase_im
    step_re, step_im = voice.step_re, voice.step_im
    chirp_re, chirp_im = voice.chirp_re, voice.chirp_im
    amplitude, amplitude_step = voice.amplitude, voice.amplitude_step
    for frame in range(len(out)):
        total = np.float32(0)
        for k in range(n):
            total += amplitude[k] * phase_im[k]
            re = phase_re[k] * step_re[k] - phase_im[k] * step_im[k]
            phase_im[k] = phase_re[k] * step_im[k] + phase_im[k] * step_re[k]
            phase_re[k] = re
            turn = step_re[k] * chirp_re[k] - step_im[k] * chirp_im[k]
            step_im[k] = step_re[k] * chirp_im[k] + step_im[k] * chirp_re[k]
            step_re[k] = turn
            amplitude[k] += amplitude_step[k]
        out[frame] += total
