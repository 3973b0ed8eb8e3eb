"""Analysis: a recorded note to the controls that would play it again, one row per frame.

The note is first time-warped so that its pitch holds still, then read by least squares at its
partials in a window of a few periods; what remains is noise, in bands, and the burst of the strike.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import median_filter, uniform_filter1d
from scipy.signal import resample_poly

from synth.controls import (
    N_CONTROLS,
    N_PARTIALS,
    N_STRETCHES,
    NOISE,
    PARTIALS,
    SILENCE_DB,
    STRETCH,
    TRANSIENT,
    TRANSIENT_CENTRES_HZ,
    TRANSIENT_REFERENCE_S,
    k_weighting_db,
    noise_centres_hz,
    noise_edges_hz,
    note_to_hz,
)

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
HOP: Final = 192
YOUNG_HOP: Final = 64
YOUNG_FRAMES: Final = 45
"""Frames of `YOUNG_HOP` before the frames of `HOP` begin, 60 ms in all."""

N_PERIODS: Final = 4
WINDOW_MIN: Final = 512
WINDOW_MAX: Final = 8192
ONSET_DB: Final = -40.0
TOP_HZ: Final = 0.45 * RATE_HZ
FLOOR_POWER: Final = 1e-14
STRETCH_MAX: Final = 0.5
STRIKE_FRAMES: Final = 9
"""Young frames whose surplus of noise belongs to the transient, 12 ms."""


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One note as frames.

    Attributes
    ----------
    controls
        Rows of controls, shape (n_frames, N_CONTROLS).
    loudness_db, note
        Loudness and sounding pitch as a fractional note number, shape (n_frames,).
    """

    controls: NDArray[np.float32]
    loudness_db: NDArray[np.float32]
    note: NDArray[np.float32]

    @property
    def times_s(self) -> Array:
        """Age of each frame, shape (n_frames,)."""
        return frame_times_s(len(self.controls))


def frame_starts(n_frames: int) -> NDArray[np.int64]:
    """Sample of each frame since the onset: every 64 while young, every 192 after."""
    young = np.arange(YOUNG_FRAMES) * YOUNG_HOP
    old = YOUNG_FRAMES * YOUNG_HOP + np.arange(max(n_frames - YOUNG_FRAMES, 0)) * HOP
    return np.concatenate([young, old])[:n_frames]


def frame_times_s(n_frames: int) -> Array:
    """Age of each frame in seconds, shape (n_frames,)."""
    return frame_starts(n_frames) / RATE_HZ


def n_frames_within(n_samples: int) -> int:
    """Count the frames that start within a note of this length."""
    young = min(-(-n_samples // YOUNG_HOP), YOUNG_FRAMES)
    return young + max(0, -(-(n_samples - YOUNG_FRAMES * YOUNG_HOP) // HOP))


def find_onset(audio: NDArray[np.floating]) -> int:
    """Find the first sample of the first millisecond within 40 dB of the loudest one."""
    blocks = audio[: len(audio) // 48 * 48].reshape(-1, 48).astype(np.float64)
    level_db = 10 * np.log10((blocks**2).mean(axis=1) + FLOOR_POWER)
    return int(np.argmax(level_db > level_db.max() + ONSET_DB)) * 48


def resample(audio: NDArray[np.floating], rate_hz: int) -> Array:
    """Bring audio of any rate to `RATE_HZ`."""
    if rate_hz == RATE_HZ:
        return np.asarray(audio, np.float64)
    common = np.gcd(rate_hz, RATE_HZ)
    return np.asarray(resample_poly(audio, RATE_HZ // common, rate_hz // common), np.float64)


def analyse(audio: NDArray[np.floating], rate_hz: int, note: ArrayLike) -> Analysis:
    """Measure the controls of one note.

    Parameters
    ----------
    audio
        One channel, shape (n_samples,); frames begin at its onset.
    rate_hz
        Its sample rate.
    note
        Pitch as a fractional note number, nominal within 80 cents; or, if the pitch moves further,
        its track, shape (n_points,), spread evenly over the audio.

    Raises
    ------
    ValueError
        When the audio is silent or shorter than 20 ms.
    """
    sound = resample(audio, rate_hz)
    if len(sound) < RATE_HZ // 50 or np.abs(sound).max() < 1e-5:
        raise ValueError("the recording is silent or shorter than 20 ms; give one that sounds")
    track = np.atleast_1d(np.asarray(note, np.float64))
    onset = find_onset(sound)
    n_frames = n_frames_within(len(sound) - onset)
    steady = _hold_pitch(sound, _pitch_track(sound, track))
    centres = np.interp(onset + frame_starts(n_frames), steady.source, np.arange(len(steady.sound)))
    integer = _split(steady, centres, np.zeros(N_STRETCHES))
    measured = _split(
        steady, centres, measure_stretch(steady.sound[int(centres[0]) :], steady.f0_hz)
    )
    best = min((integer, measured), key=lambda split: split.residual_db)
    at_s = (onset + frame_starts(n_frames)) / len(sound)
    pitch = np.interp(at_s, np.linspace(0, 1, len(steady.note)), steady.note)
    return _to_rows(best, pitch)


@dataclass(frozen=True, kw_only=True)
class _Steady:
    """A sound warped to constant pitch, and where its samples came from."""

    sound: Array
    source: Array
    f0_hz: float
    note: Array


@dataclass(frozen=True, kw_only=True)
class _Split:
    """A note as partials and noise: powers per frame."""

    partials: Array
    noise: Array
    stretch: Array

    @property
    def residual_db(self) -> float:
        """How loud the noise is on average over bands and over frames worth hearing."""
        total = 10 * np.log10(self.noise.sum(1) + (self.partials).sum(1) + FLOOR_POWER)
        heard = total > total.max() - 40
        return float((10 * np.log10(self.noise[heard] + 1e-12)).mean())


def _window(n_samples: int) -> Array:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(n_samples) + 0.5) / n_samples))


def _frames(sound: Array, centres: Array, n_samples: int) -> Array:
    """Cut frames around (rounded) centres; the sound is silent outside, shape (n_frames, n_samples)."""
    padded = np.pad(sound, (n_samples, n_samples))
    starts = np.rint(centres).astype(np.int64) + n_samples - n_samples // 2
    starts = np.clip(starts, 0, len(padded) - n_samples)
    return np.lib.stride_tricks.sliding_window_view(padded, n_samples)[starts]


def _period_window(f0_hz: float, n_periods: float) -> int:
    periods = np.ceil(max(n_periods, WINDOW_MIN * f0_hz / RATE_HZ))
    return int(min(np.rint(periods * RATE_HZ / f0_hz), WINDOW_MAX))


def _pitch_track(sound: Array, note: Array) -> Array:
    """Refine a nominal pitch by the phase advance of the lowest partials, one value per `HOP`."""
    centres = np.arange(0, len(sound), HOP, dtype=np.float64)
    nominal = np.interp(centres / len(sound), np.linspace(0, 1, len(note)), note)
    if len(note) > 1:
        return nominal
    f0_hz = float(note_to_hz(note[0]))
    n_low = max(1, min(8, int(TOP_HZ / 1.1 / f0_hz)))
    size = _period_window(f0_hz, 6)
    times = (np.arange(size) - size / 2) / RATE_HZ
    orders = np.arange(1, n_low + 1)
    probe = _window(size)[:, None] * np.exp(-2j * np.pi * f0_hz * np.outer(times, orders))
    before, after = (_frames(sound, centres + shift, size) @ probe for shift in (-24, 24))
    advance = after * before.conj() * np.exp(-2j * np.pi * f0_hz * orders * 48 / RATE_HZ)
    advance = uniform_filter1d(advance.real, 9, axis=0) + 1j * uniform_filter1d(
        advance.imag, 9, axis=0
    )
    weight = np.abs(advance) + 1e-30
    off_hz = np.angle(advance) * RATE_HZ / 48 / (2 * np.pi) / orders
    deviation = 1 + (weight * off_hz).sum(1) / weight.sum(1) / f0_hz
    cents = 1200 * np.log2(np.clip(deviation, 0.9, 1.1))
    return nominal + _trusted(cents, weight.sum(1)) / 100


def _trusted(cents: Array, power: Array) -> Array:
    """Keep a pitch track where it is loud and near; elsewhere hold the trusted median."""
    loud = power > power.max() * 1e-4
    near = loud & (np.abs(cents) < 80)
    if near.sum() < 10 or near.sum() < 0.5 * loud.sum():
        return np.zeros_like(cents)
    index = np.arange(len(cents))
    return median_filter(np.interp(index, index[near], cents[near]), 11)


def _hold_pitch(sound: Array, note: Array) -> _Steady:
    """Warp time so that the pitch stays at its median."""
    middle = float(np.median(note))
    speed = note_to_hz(note) / note_to_hz(middle)
    at = np.arange(0, len(sound), HOP)[: len(note)]
    warped_at = np.concatenate([[0], np.cumsum(np.interp(np.arange(len(sound)), at, speed))])[:-1]
    source = np.interp(np.arange(int(warped_at[-1]) + 1), warped_at, np.arange(len(sound)))
    if np.abs(note - middle).max() < 0.02:
        source, warped = np.arange(len(sound), dtype=np.float64), sound
    else:
        warped = _read_between(sound, source)
    return _Steady(sound=warped, source=source, f0_hz=float(note_to_hz(middle)), note=note)


def _read_between(sound: Array, positions: Array) -> Array:
    """Read samples at fractional positions, by linear interpolation of eight times the rate."""
    dense = resample_poly(sound, 8, 1)
    return np.interp(positions * 8, np.arange(len(dense)), dense)


def measure_stretch(sound: Array, f0_hz: float) -> Array:
    """Follow the partials' peaks upwards and tell how far each lies from its multiple of f0.

    Returns
    -------
    NDArray
        Stretch per partial, shape (N_STRETCHES,); a partial without a clear peak takes over the
        stretch that the partials below it suggest.
    """
    size = 1 << 15
    piece = sound[: size // 2] * np.hanning(2 * len(sound[: size // 2]))[len(sound[: size // 2]) :]
    level_db = 20 * np.log10(np.abs(np.fft.rfft(piece, 2 * size)) + 1e-9)
    bin_hz = RATE_HZ / (2 * size)
    stretch = np.zeros(N_STRETCHES)
    slope = 0.0
    for k in range(1, N_STRETCHES + 1):
        guess = 0.0 if k == 1 else min(stretch[k - 2] + slope * (2 * k - 1), STRETCH_MAX)
        at_hz, half_hz = k * f0_hz * (1 + guess), (0.05 if k == 1 else 0.35) * f0_hz
        if at_hz + half_hz > TOP_HZ:
            stretch[k - 1 :] = stretch[k - 2]
            break
        stretch[k - 1] = guess
        found_hz = _clear_peak_hz(level_db, bin_hz, at_hz, half_hz)
        if found_hz is not None:
            stretch[k - 1] = found_hz / (k * f0_hz) - 1
            slope = max(0.0, 0.7 * slope + 0.3 * stretch[k - 1] / (k * k))
    return np.asarray(stretch)


def _clear_peak_hz(level_db: Array, bin_hz: float, at_hz: float, half_hz: float) -> float | None:
    """Find the peak nearest in level and place within a slot, if it stands 12 dB over the slot."""
    low, high = int((at_hz - half_hz) / bin_hz), int((at_hz + half_hz) / bin_hz) + 2
    if low < 1 or high >= len(level_db) - 1 or high - low < 8:
        return None
    slot = level_db[low:high]
    distance = (np.arange(low, high) * bin_hz - at_hz) / half_hz
    peak = low + int(np.argmax(slot - 6 * distance**2))
    if level_db[peak] < np.median(slot) + 12 or peak in (low, high - 1):
        return None
    left, centre, right = level_db[peak - 1 : peak + 2]
    bend = left - 2 * centre + right
    return float((peak + (0.5 * (left - right) / bend if bend < 0 else 0.0)) * bin_hz)


def partial_hz(f0_hz: float, stretch: Array) -> Array:
    """Frequency of every partial, shape (..., N_PARTIALS) for stretch (..., N_STRETCHES)."""
    above = np.zeros((*stretch.shape[:-1], N_PARTIALS - N_STRETCHES))
    orders = np.arange(1, N_PARTIALS + 1)
    return f0_hz * orders * (1 + np.concatenate([stretch, above], axis=-1))


def _split(steady: _Steady, centres: Array, stretch: Array) -> _Split:
    """Read partials at the given stretch, subtract them, and read the rest as noise."""
    hz = partial_hz(steady.f0_hz, stretch)
    hz = hz[hz < TOP_HZ]
    grid = np.arange(0, len(steady.sound) + HOP, HOP, dtype=np.float64)
    waves = _fit(steady.sound, grid, hz, _period_window(steady.f0_hz, N_PERIODS))
    harmonic = _overlap_add(waves, hz, len(steady.sound))
    gain = _onset_gain(steady.sound, harmonic, centres[0], steady.f0_hz)
    residual = steady.sound - harmonic * gain
    level = np.empty((len(centres), len(hz)))
    for k, wave in enumerate(np.abs(waves).T):
        level[:, k] = np.interp(centres, grid, wave)
    level *= np.interp(centres, np.arange(len(gain)), gain)[:, None]
    partials = np.zeros((len(centres), N_PARTIALS))
    partials[:, : len(hz)] = level**2 / 2
    return _Split(partials=partials, noise=_noise_power(residual, centres), stretch=stretch)


def _fit(sound: Array, centres: Array, hz: Array, size: int) -> NDArray[np.complex128]:
    """Fit sinusoids to windowed frames by damped least squares, shape (n_frames, n_partials).

    The result is each partial's complex peak amplitude at its frame's centre.
    """
    times = (np.arange(size) - size // 2) / RATE_HZ
    phase = 2 * np.pi * np.outer(times, hz)
    basis = np.hstack([np.cos(phase), -np.sin(phase)]).astype(np.float32)
    weighted = basis * _window(size).astype(np.float32)[:, None]
    gram = (basis.T @ weighted).astype(np.float64)
    gram[np.diag_indices_from(gram)] *= 1.001
    read = np.linalg.solve(gram, weighted.T.astype(np.float64)).T.astype(np.float32)
    both = _frames(sound.astype(np.float32), centres, size) @ read
    n_partials = len(hz)
    return np.asarray(both[:, :n_partials] + 1j * both[:, n_partials:], np.complex128)


def _overlap_add(waves: NDArray[np.complex128], hz: Array, n_samples: int) -> Array:
    """Sound the fitted sinusoids again with their phases, cross-faded from frame to frame."""
    times = np.arange(-HOP, HOP) / RATE_HZ
    phase = 2 * np.pi * np.outer(hz, times)
    fade = _window(2 * HOP).astype(np.float32)
    pieces = waves.real.astype(np.float32) @ np.cos(phase).astype(np.float32)
    pieces -= waves.imag.astype(np.float32) @ np.sin(phase).astype(np.float32)
    pieces *= fade
    out = np.zeros((len(waves) + 1, HOP))
    out[:-1] += pieces[:, :HOP]
    out[1:] += pieces[:, HOP:]
    return out.ravel()[HOP : HOP + n_samples]


def _onset_gain(sound: Array, harmonic: Array, onset: float, f0_hz: float) -> Array:
    """Gain that keeps the fitted partials from sounding before the strike, shape (n_samples,)."""
    size = int(max(128, RATE_HZ / f0_hz))
    reach = slice(max(0, int(onset) - WINDOW_MAX), int(onset) + _period_window(f0_hz, N_PERIODS))
    true, smeared = (uniform_filter1d(x[reach] ** 2, size) for x in (sound, harmonic))
    gain = np.ones(len(sound))
    gain[reach] = np.sqrt(np.clip((true + 1e-16) / (smeared + 1e-16), 0, 1))
    gain[: int(onset)] = 0.0
    return gain


@lru_cache(maxsize=4)
def _band_weights(size: int) -> Array:
    """Share of each FFT bin's power that lies in each noise band, shape (n_bins, N_NOISE_BANDS)."""
    edges = noise_edges_hz()
    bin_hz = RATE_HZ / size
    low = (np.arange(size // 2 + 1) - 0.5)[:, None] * bin_hz
    overlap = np.minimum(low + bin_hz, edges[1:]) - np.maximum(low, edges[:-1])
    return np.clip(overlap, 0, None) / bin_hz


def _noise_power(residual: Array, centres: Array) -> Array:
    """Mean-square level of the noise bands, smoothed in time, shape (n_frames, N_NOISE_BANDS).

    Young frames look forwards through a short window, so that nothing sounds before the strike.
    """
    young = min(YOUNG_FRAMES, len(centres))
    early = _band_power(residual, centres[:young] + 64, 256)
    late = _band_power(residual, centres[young:], 512)
    late = uniform_filter1d(late, 7, axis=0, mode="nearest") if len(late) else late
    calm = uniform_filter1d(early, 9, axis=0, mode="nearest")
    early[STRIKE_FRAMES:] = calm[STRIKE_FRAMES:]
    return np.vstack([early, late])


def _band_power(residual: Array, centres: Array, size: int) -> Array:
    window = _window(size)
    spectra = np.fft.rfft(_frames(residual, centres, size) * window, axis=1)
    scale = 2.0 / (size * (window**2).sum())
    return np.asarray((np.abs(spectra) ** 2 * scale) @ _band_weights(size))


def loudness_db(partials: Array, noise: Array, hz: Array) -> Array:
    """K-weighted loudness of frames of partial and noise powers.

    Parameters
    ----------
    partials, noise
        Mean squares, shapes (n_frames, N_PARTIALS) and (n_frames, N_NOISE_BANDS).
    hz
        Frequencies of the partials, shape (n_frames, N_PARTIALS).
    """
    heard = (partials * 10 ** (k_weighting_db(hz) / 10)).sum(1)
    heard = heard + noise @ 10 ** (k_weighting_db(noise_centres_hz()) / 10)
    return np.asarray(10 * np.log10(heard + FLOOR_POWER))


def _take_strike(noise: Array) -> tuple[Array, Array]:
    """Move what is flat of the strike's surplus of noise into the transient.

    Only the geometric mean of the surplus over an octave's bands moves: a burst is flat within an
    octave, and must not fill the valleys between the peaks that the noise bands can follow.

    Returns the remaining noise, shape (n_frames, N_NOISE_BANDS), and the energy taken in each
    transient band, shape (N_TRANSIENT_BANDS,), in mean square times seconds.
    """
    calm = noise[STRIKE_FRAMES : STRIKE_FRAMES + 6].mean(axis=0)
    surplus = np.maximum(noise[:STRIKE_FRAMES] - calm, 0.0)
    width_hz = np.diff(noise_edges_hz())
    density = np.log(surplus.mean(0) / width_hz + 1e-22)
    octave = np.abs(np.log2(noise_centres_hz()[:, None] / TRANSIENT_CENTRES_HZ)).argmin(axis=1)
    flat = np.exp(np.bincount(octave, density) / np.bincount(octave))
    share = np.clip(flat[octave] / np.exp(density), 0, 1)
    kept = noise.copy()
    kept[:STRIKE_FRAMES] -= surplus * share
    duration_s = STRIKE_FRAMES * YOUNG_HOP / RATE_HZ
    return kept, flat * np.bincount(octave, width_hz) * duration_s


def _to_rows(split: _Split, note: Array) -> Analysis:
    """Express powers as controls relative to loudness."""
    noise, strike = _take_strike(split.noise)
    hz = note_to_hz(note)[:, None] * partial_hz(1.0, split.stretch)
    loudness = loudness_db(split.partials, noise, hz)
    rows = np.full((len(note), N_CONTROLS), SILENCE_DB)
    rows[:, PARTIALS] = 10 * np.log10(2 * split.partials + FLOOR_POWER) - loudness[:, None]
    rows[:, NOISE] = 10 * np.log10(noise + FLOOR_POWER) - loudness[:, None]
    rows = np.maximum(rows, SILENCE_DB)
    rows[:, PARTIALS][hz >= TOP_HZ] = SILENCE_DB
    rows[:, STRETCH] = split.stretch
    reference = TRANSIENT_REFERENCE_S * 10 ** (loudness[0] / 10)
    rows[0, TRANSIENT] = np.maximum(10 * np.log10((strike + 1e-18) / reference), SILENCE_DB)
    return Analysis(
        controls=rows.astype(np.float32),
        loudness_db=loudness.astype(np.float32),
        note=np.asarray(note, np.float32),
    )
