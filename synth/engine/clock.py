"""The engine's clock: wall time to engine frames, filtered by a delay-locked loop (Adriaensen 2005).

A device asks for sound in bursts and wakes late; the loop learns the steady rate behind that. An
event that arrives at some time is placed at that time's frame plus a constant lead of one device
buffer, so its latency does not depend on where in a buffer it arrived.
"""

import ctypes
import sys
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.engine.intrinsics import fence, load_acquire, store_release

BANDWIDTH_HZ: Final = 0.5
START_BANDWIDTH_HZ: Final = 4.0
SETTLING_S: Final = 2.0
LOST_NS: Final = 20e6
"""An error beyond this is a dropout or a suspended machine: the loop starts anew."""
MAX_DRIFT: Final = 0.002


def clock_source() -> tuple[int, int]:
    """Find the address of clock_gettime and the clock that `time.perf_counter_ns` reads.

    Returns (0, 0) where there is none (Windows): events then sound at the next block.
    """
    if sys.platform == "win32":
        return 0, 0
    function = ctypes.CDLL(None).clock_gettime
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return address, (8 if sys.platform == "darwin" else 1)


@njit(cache=True, error_model="numpy")
def _restart(clock: np.void, now_ns: float, frame: int, rate_hz: float) -> None:
    clock.origin_ns, clock.origin_frame = now_ns, frame
    clock.ns_per_frame = 1e9 / rate_hz
    clock.started = frame


@njit(cache=True, error_model="numpy")
def _follow(clock: np.void, now_ns: float, frame: int, rate_hz: float) -> None:
    """Move the loop by one device buffer."""
    n_frames = frame - clock.origin_frame
    predicted_ns = clock.origin_ns + n_frames * clock.ns_per_frame
    error_ns = now_ns - predicted_ns
    if abs(error_ns) > LOST_NS:
        _restart(clock, now_ns, frame, rate_hz)
        return
    settled = frame - clock.started > SETTLING_S * rate_hz
    bandwidth_hz = BANDWIDTH_HZ if settled else START_BANDWIDTH_HZ
    omega = 2.0 * np.pi * bandwidth_hz * n_frames / rate_hz
    nominal = 1e9 / rate_hz
    ns_per_frame = clock.ns_per_frame + omega * omega * error_ns / n_frames
    clock.ns_per_frame = min(max(ns_per_frame, nominal * (1 - MAX_DRIFT)), nominal * (1 + MAX_DRIFT))
    clock.origin_ns = predicted_ns + np.sqrt(2.0) * omega * error_ns
    clock.origin_frame = frame


@njit(cache=True, error_model="numpy")
def update(clock_array: NDArray[np.void], now_ns: int, host_time: float, frame: int, rate_hz: float) -> None:
    """Tell the clock that the device asked at `now_ns` for the sound of `frame`.

    `host_time` is PortAudio's current time, which stands still while one device buffer is cut
    into several requests: only the first of those counts.
    """
    clock = clock_array[0]
    if host_time == clock.host_time and clock.started >= 0:
        clock.host_frames = frame
        return
    sequence = clock_array[0].sequence
    store_release(sequence, 0, sequence[0] + 1)
    fence()
    if clock.started < 0:
        _restart(clock, float(now_ns), frame, rate_hz)
    elif frame > clock.origin_frame:
        clock.lead_frames = max(frame - clock.origin_frame, clock.lead_frames)
        _follow(clock, float(now_ns), frame, rate_hz)
    clock.host_time = host_time
    store_release(sequence, 0, sequence[0] + 1)


@njit(cache=True, error_model="numpy")
def frame_at(clock_array: NDArray[np.void], time_ns: int) -> int:
    """Place a moment: the engine frame at which an event of `time_ns` must sound, -1 if unknown."""
    clock = clock_array[0]
    sequence = clock.sequence
    while True:
        before = load_acquire(sequence, 0)
        if before % 2 == 0:
            elapsed_ns = float(time_ns) - clock.origin_ns
            frame = clock.origin_frame + int(elapsed_ns / clock.ns_per_frame) + clock.lead_frames
            known = clock.started >= 0
            fence()
            if load_acquire(sequence, 0) == before:
                return frame if known else -1
