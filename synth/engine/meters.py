"""Meters: what the audio thread measures of itself and writes into the telemetry."""

import numpy as np
from numba import njit

from synth.controls import CODE_SIZE
from synth.engine.intrinsics import fence, store_release
from synth.engine.layout import FREE, HELD, N_SLOTS, Record, Records

AVERAGE_S = 0.3
HALVING_S = 1.0
NS_TO_S = 1e-9
PEAK_KEPT = np.float32(0.995)
"""Share of the shown peak that is left a device buffer later."""


@njit(cache=True, error_model="numpy")
def measure(state: Record, spent_ns: int, n_frames: int) -> np.float32:
    """Take the time one request cost into the load figures; return its share of the deadline."""
    duration_s = n_frames / state.rate_hz
    load = np.float32(spent_ns * NS_TO_S / duration_s)
    state.load += (load - state.load) * np.float32(min(duration_s / AVERAGE_S, 1.0))
    state.load_max = max(load, state.load_max * np.float32(0.5 ** (duration_s / HALVING_S)))
    return load


@njit(cache=True, error_model="numpy")
def count_gap(state: Record, host_time_s: float) -> None:
    """Count a gap in the output, once for all requests that one buffer of the host is asked for by.

    PortAudio asks for a host's long buffer in several requests, each with the buffer's flags and
    its host time.
    """
    state.dropouts += host_time_s != state.gap_time_s
    state.gap_time_s = host_time_s


@njit(cache=True, error_model="numpy")
def _copy_voice(view: Record, voice: Record) -> None:
    view.touch, view.status = voice.touch, voice.status
    view.zone, view.note = voice.zone, voice.note
    view.strike, view.press, view.slide = voice.strike, voice.press, voice.slide
    view.glide_semitones = voice.touch_frame[3]
    view.loudness_db, view.f0_hz = voice.loudness_db, voice.f0_hz
    for i in range(CODE_SIZE):
        view.code[i] = voice.trajectory[i]


@njit(cache=True, error_model="numpy")
def publish(view: Records, state: Record, voices: Records, clock: Record, time_ns: int) -> None:
    """Write a snapshot under the sequence lock: odd while writing, even when whole."""
    sequence = view[0].sequence
    store_release(sequence, 0, sequence[0] + 1)
    fence()
    n_held = n_voices = 0
    for slot in range(N_SLOTS):
        if voices[slot].status != FREE:
            _copy_voice(view[0].voices[slot], voices[slot])
            n_voices += 1
            n_held += voices[slot].status == HELD
        else:
            view[0].voices[slot].status = FREE
    view[0].frame, view[0].time_ns = state.frame, time_ns
    view[0].n_held, view[0].n_voices = n_held, n_voices
    view[0].dropouts, view[0].late_events = state.dropouts, state.late_events
    view[0].stolen, view[0].non_finite = state.stolen, state.non_finite
    view[0].shed, view[0].pace = state.shed, state.pace
    view[0].peak, view[0].limiter_gain = state.previous_peak, state.limiter_gain
    view[0].load, view[0].load_max = state.load, state.load_max
    view[0].lead_frames = np.int32(clock.lead_frames)
    state.previous_peak *= PEAK_KEPT
    store_release(sequence, 0, sequence[0] + 1)
