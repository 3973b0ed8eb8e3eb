"""The safety limiter: no delay, gain from each block's peak, and a soft ceiling behind it."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.engine.intrinsics import FAST
from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, Record

Array = NDArray[np.float32]

THRESHOLD = np.float32(0.75)
CEILING = np.float32(0.98)
RELEASE_S = 0.25


@njit(cache=True, error_model="numpy", fastmath=FAST, inline="always")
def _soft(x: np.float32) -> np.float32:
    """Leave |x| up to the threshold alone and bend the rest towards the ceiling, slope continuous."""
    over = abs(x) - THRESHOLD
    room = CEILING - THRESHOLD
    bent = THRESHOLD + room * over / (room + over)
    return x if over <= 0 else (bent if x > 0 else -bent)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _apply(out: Array, gain: np.float32, step: np.float32) -> np.float32:
    peak = np.float32(0)
    for channel in range(N_CHANNELS):
        for frame in range(BLOCK_FRAMES):
            y = _soft(out[channel, frame] * (gain + step * np.float32(frame + 1)))
            out[channel, frame] = y
            peak = max(peak, abs(y))
    return peak


@njit(cache=True, error_model="numpy")
def limit(state: Record, out: Array) -> np.float32:
    """Hold `out`, shape (N_CHANNELS, BLOCK_FRAMES), below the ceiling; return its peak.

    The gain falls within the block that needs it and recovers over `RELEASE_S`. A block that is
    not finite is silenced and counted.
    """
    peak = np.float32(0)
    for channel in range(N_CHANNELS):
        for frame in range(BLOCK_FRAMES):
            if not np.isfinite(out[channel, frame]):
                out[:] = 0.0
                state.non_finite += 1
                return np.float32(0)
            peak = max(peak, abs(out[channel, frame]))
    needed = THRESHOLD / peak if peak > THRESHOLD else np.float32(1)
    gain = state.limiter_gain
    recovered = gain + (np.float32(1) - gain) * np.float32(
        BLOCK_FRAMES / (RELEASE_S * state.rate_hz)
    )
    goal = min(needed, recovered)
    peak = _apply(out, gain, (goal - gain) / np.float32(BLOCK_FRAMES))
    state.limiter_gain = goal
    return peak
