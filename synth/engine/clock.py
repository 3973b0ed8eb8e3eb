"""The engine's clock: wall time to engine frames, from the moments at which the device asked.

A device asks for sound in bursts and wakes late, never early, so the earliest of the last few
requests tells the truth about all of them: the clock runs at the nominal rate and is set forward
by the smallest lateness that a window of requests shared. That follows drift and lost buffers
alike. An event that arrives at some time is placed at that time's frame plus a constant lead of
one device buffer, so its latency does not depend on where in a buffer it arrived.
"""

import ctypes
import sys
from typing import Final

from numba import njit

from synth.engine.intrinsics import fence, load_acquire, store_release
from synth.engine.layout import Record, Records

WINDOW_BUFFERS: Final = 16
LOST_NS: Final = 200e6
"""A lateness beyond this is a suspended machine or a new device: the clock starts anew."""
SIGHTINGS: Final = 3
PATIENCE: Final = 500
MAX_LEAD_FRAMES: Final = 8192
_NEVER_NS = 1e18


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
def _restart(clock: Record, now_ns: float) -> None:
    clock.origin_ns = now_ns
    clock.least_late_ns, clock.n_requests = _NEVER_NS, 0
    clock.started = 1


@njit(cache=True, error_model="numpy")
def _follow(clock: Record, now_ns: float, n_frames: int) -> None:
    """Move on by one device buffer and learn from how late it was asked for."""
    clock.origin_ns += n_frames * clock.ns_per_frame
    late_ns = now_ns - clock.origin_ns
    if abs(late_ns) > LOST_NS:
        _restart(clock, now_ns)
        return
    if late_ns < 0:
        clock.origin_ns += late_ns
        clock.least_late_ns, clock.n_requests = _NEVER_NS, 0
        return
    clock.least_late_ns = min(clock.least_late_ns, late_ns)
    clock.n_requests += 1
    if clock.n_requests == WINDOW_BUFFERS:
        clock.origin_ns += clock.least_late_ns
        clock.least_late_ns, clock.n_requests = _NEVER_NS, 0


@njit(cache=True, error_model="numpy")
def _learn_lead(clock: Record, n_frames: int) -> None:
    """Take the device's buffer size as the lead, but not from a single odd one.

    A larger size counts once it was seen `SIGHTINGS` times, a smaller one once nothing larger came
    for `PATIENCE` buffers.
    """
    if n_frames >= clock.lead_frames:
        clock.smaller = clock.smaller_frames = 0
        if n_frames > clock.lead_frames:
            clock.larger = clock.larger + 1 if n_frames == clock.larger_frames else 1
            clock.larger_frames = n_frames
            if clock.larger >= SIGHTINGS:
                clock.lead_frames, clock.larger = min(n_frames, MAX_LEAD_FRAMES), 0
        return
    clock.smaller += 1
    clock.smaller_frames = max(clock.smaller_frames, n_frames)
    if clock.smaller >= PATIENCE:
        clock.lead_frames = clock.smaller_frames
        clock.smaller = clock.smaller_frames = 0


@njit(cache=True, error_model="numpy")
def update(clock_array: Records, now_ns: int, host_time: float, frame: int) -> None:
    """Tell the clock that the device asked at `now_ns` for the sound of `frame`.

    `host_time` is PortAudio's current time, which stands still while one device buffer is cut
    into several requests: only the first of those counts. Audio thread.
    """
    clock = clock_array[0]
    n_frames = frame - clock.origin_frame
    if clock.started and (host_time == clock.host_time or n_frames <= 0):
        return
    sequence = clock_array[0].sequence
    store_release(sequence, 0, sequence[0] + 1)
    fence()
    if clock.started:
        _learn_lead(clock, n_frames)
        _follow(clock, float(now_ns), n_frames)
    else:
        _restart(clock, float(now_ns))
    clock.origin_frame, clock.host_time = frame, host_time
    store_release(sequence, 0, sequence[0] + 1)


@njit(cache=True, error_model="numpy")
def frame_at(clock_array: Records, time_ns: int) -> int:
    """Place a moment: the engine frame at which an event of `time_ns` must sound.

    Before the first request this is 0. Any thread but the audio thread.
    """
    clock = clock_array[0]
    sequence = clock.sequence
    while True:
        before = load_acquire(sequence, 0)
        if before % 2 == 0:
            elapsed_ns = float(time_ns) - clock.origin_ns
            frame = clock.origin_frame + int(elapsed_ns / clock.ns_per_frame) + clock.lead_frames
            known = clock.started
            fence()
            if load_acquire(sequence, 0) == before:
                return max(frame, 0) if known else 0
