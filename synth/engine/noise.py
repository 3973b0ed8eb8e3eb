"""Noise: band-passed loops made in advance, one gain a band for all voices together.

Independent noises add in power, so the voices' band powers are summed first and each band is
played once per channel.
"""

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from synth.controls import N_NOISE_BANDS, TOP_RATIO, noise_edges_hz
from synth.engine.intrinsics import FAST
from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, Record

Array = NDArray[np.float32]

LOOP_S = 1.0
INAUDIBLE = np.float32(1e-7)


@lru_cache(maxsize=2)
def make_loops(rate_hz: float, seed: int = 7) -> Array:
    """Make one seamless loop of band-passed Gaussian noise per band, each with a mean square of 1.

    They are read only and made once for each rate, however many engines there are.

    Returns
    -------
    NDArray
        Shape (N_NOISE_BANDS, n_frames + BLOCK_FRAMES): the start stands again at the end, so that
        a block never has to wrap. Bands above `TOP_RATIO` of the rate are silent.
    """
    n_frames = int(LOOP_S * rate_hz) // 2 * 2
    generator = np.random.default_rng(seed)
    bins_hz = np.fft.rfftfreq(n_frames, 1.0 / rate_hz)
    edges_hz = noise_edges_hz()
    loops = np.zeros((N_NOISE_BANDS, n_frames + BLOCK_FRAMES), np.float32)
    for band in range(N_NOISE_BANDS):
        low, high = edges_hz[band], edges_hz[band + 1]
        inside = np.flatnonzero((bins_hz >= low) & (bins_hz < min(high, TOP_RATIO * rate_hz)))
        if not len(inside):
            continue
        spectrum = np.zeros(len(bins_hz), np.complex128)
        spectrum[inside] = generator.normal(size=(len(inside), 2)) @ (1.0, 1.0j)
        loop = np.fft.irfft(spectrum, n_frames)
        loop /= np.sqrt(np.mean(loop**2))
        loops[band, :n_frames] = loop
        loops[band, n_frames:] = loop[:BLOCK_FRAMES]
    loops.setflags(write=False)
    return loops


def loop_starts(n_frames: int, seed: int = 11) -> NDArray[np.int64]:
    """Scatter the bands' starting points over the loop so that the bands do not repeat together."""
    return np.random.default_rng(seed).integers(0, n_frames, N_NOISE_BANDS)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def add_power(voice: Record, fade: np.float32, power: Array) -> None:
    """Add the voice's band powers, faded and panned, to `power`, shape (N_CHANNELS, N_NOISE_BANDS)."""
    left = voice.pan_left * voice.pan_left * fade * fade
    right = voice.pan_right * voice.pan_right * fade * fade
    noise = voice.noise
    for band in range(N_NOISE_BANDS):
        power[0, band] += left * noise[band]
        power[1, band] += right * noise[band]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def advance(voice: Record, n_frames: int) -> None:
    """Move the voice's band powers along their ramps."""
    noise, step = voice.noise, voice.noise_step
    for band in range(N_NOISE_BANDS):
        noise[band] = max(noise[band] + step[band] * np.float32(n_frames), np.float32(0))


@njit(cache=True, error_model="numpy", fastmath=FAST)
def set_powers(voice: Record, powers: Array, gain: np.float32, ramp_frames: int) -> None:
    """Aim the voice's band powers at `powers` x `gain`, reached after a linear ramp."""
    noise, goal, step = voice.noise, voice.noise_goal, voice.noise_step
    for band in range(N_NOISE_BANDS):
        noise[band] = goal[band]
        goal[band] = powers[band] * gain
        step[band] = (goal[band] - noise[band]) / np.float32(ramp_frames)


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _play(loop: Array, out: Array, gain: np.float32, step: np.float32) -> None:
    for frame in range(len(out)):
        out[frame] += (gain + step * np.float32(frame + 1)) * loop[frame]


@njit(cache=True, error_model="numpy")
def render(state: Record, loops: Array, out: Array) -> None:
    """Add one block of noise to `out`, shape (N_CHANNELS, BLOCK_FRAMES).

    Gains run linearly from the last block's to the root of this block's summed powers. The right
    channel reads half a loop ahead, which makes the channels independent.
    """
    n_loop = loops.shape[1] - BLOCK_FRAMES
    for band in range(N_NOISE_BANDS):
        at = state.noise_at[band]
        for channel in range(N_CHANNELS):
            gain = state.noise_gain[channel, band]
            goal = np.float32(np.sqrt(state.noise_power[channel, band]))
            if gain > INAUDIBLE or goal > INAUDIBLE:
                first = (at + channel * (n_loop // 2)) % n_loop
                loop = loops[band, first : first + BLOCK_FRAMES]
                _play(loop, out[channel], gain, (goal - gain) / np.float32(BLOCK_FRAMES))
            state.noise_gain[channel, band] = goal
        state.noise_at[band] = (at + BLOCK_FRAMES) % n_loop
