"""Controls: what the decoder says and physics needs, one frame at a time, legal by construction.

One frame is a row of `N_CONTROLS` numbers, in the order of the slices below:

- `PARTIALS`: level of each partial of `ORDERS`, dB of its peak amplitude relative to the frame's
  loudness
- `NOISE`: mean-square level of each noise band, dB relative to the frame's loudness
- `STRETCH`: partial k sounds at k * f0 * (1 + stretch), for k = 1..64; all others at their order
- `TRANSIENT`: level of each strike transient band, dB relative to the frame's loudness, read only
  in the frame of the strike

Loudness is K-weighted mean square in dB (ITU-R BS.1770-4, so a full-scale 1 kHz sine is -3.01 dB).
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

CODE_SIZE: Final = 16
TRAJECTORY_SIZE: Final = CODE_SIZE + 2
"""A code, then loudness in dB, then pitch offset in cents."""

N_WHOLE_ORDERS: Final = 100
N_HALF_ORDERS: Final = 12
N_PARTIALS: Final = N_WHOLE_ORDERS + N_HALF_ORDERS
N_NOISE_BANDS: Final = 65
N_STRETCHES: Final = 64
N_TRANSIENT_BANDS: Final = 8

PARTIALS: Final = slice(0, 112)
WHOLE_ORDERS: Final = slice(0, 100)
HALF_ORDERS: Final = slice(100, 112)
NOISE: Final = slice(112, 177)
STRETCH: Final = slice(177, 241)
TRANSIENT: Final = slice(241, 249)
N_CONTROLS: Final = 249

ORDERS: Final = np.concatenate(
    [np.arange(1.0, N_WHOLE_ORDERS + 1.0), np.arange(N_HALF_ORDERS) + 0.5]
)
"""Each partial's frequency as a multiple of f0 before its stretch, shape (N_PARTIALS,): the whole
orders, then the half ones, which an octave below, a 16-foot stop or a multiphonic adds."""
ORDERS.setflags(write=False)

CENTS_PER_STRETCH: Final = 1731.0
"""Cents by which a partial of a small stretch sounds too high, for a stretch of 1."""

SILENCE_DB: Final = -100.0
"""Floor of every level in a frame of controls, relative to loudness."""

TOP_RATIO: Final = 0.45
"""Nothing sounds above this share of the sample rate."""
NOISE_LOW_HZ: Final = 30.0
NOISE_HIGH_HZ: Final = 20_000.0
TRANSIENT_CENTRES_HZ: Final = 125.0 * 2.0 ** np.arange(N_TRANSIENT_BANDS)
TRANSIENT_REFERENCE_S: Final = 0.010
"""A transient of 0 dB holds the energy of this much sound at the frame's loudness."""

N_PITCH_FEATURES: Final = 9
N_DECODER_INPUTS: Final = CODE_SIZE + 1 + N_PITCH_FEATURES
PITCH_CENTRES_NOTES: Final = np.arange(24.0, 109.0, 12.0)
PITCH_WIDTH_NOTES: Final = 12.0
LEAK: Final = 0.1
"""Slope of the decoder's leaky rectifiers below zero."""


def hz_to_note(frequency_hz: ArrayLike) -> NDArray[np.float64]:
    """Convert frequency to MIDI note number (A4 = 440 Hz = 69); the reverse of `note_to_hz`.

    >>> float(hz_to_note(880.0))
    81.0
    """
    return 69.0 + 12.0 * np.log2(np.asarray(frequency_hz, np.float64) / 440.0)


def note_to_hz(note: ArrayLike) -> NDArray[np.float64]:
    """Convert MIDI note number to frequency; the reverse of `hz_to_note`.

    >>> float(note_to_hz(57))
    220.0
    """
    return 440.0 * 2.0 ** ((np.asarray(note, np.float64) - 69.0) / 12.0)


def hz_to_erb_rate(frequency_hz: ArrayLike) -> NDArray[np.float64]:
    """Convert frequency to ERB-rate (Glasberg & Moore 1990); the reverse of `erb_rate_to_hz`."""
    return 21.4 * np.log10(1.0 + 0.00437 * np.asarray(frequency_hz, np.float64))


def erb_rate_to_hz(erb_rate: ArrayLike) -> NDArray[np.float64]:
    """Convert ERB-rate to frequency; the reverse of `hz_to_erb_rate`."""
    return (10.0 ** (np.asarray(erb_rate, np.float64) / 21.4) - 1.0) / 0.00437


def noise_edges_hz() -> NDArray[np.float64]:
    """Edges of the noise bands, equally spaced in ERB-rate, shape (N_NOISE_BANDS + 1,)."""
    low, high = hz_to_erb_rate(NOISE_LOW_HZ), hz_to_erb_rate(NOISE_HIGH_HZ)
    return erb_rate_to_hz(np.linspace(low, high, N_NOISE_BANDS + 1))


def noise_centres_hz() -> NDArray[np.float64]:
    """Geometric centre of each noise band, shape (N_NOISE_BANDS,)."""
    edges = noise_edges_hz()
    return np.sqrt(edges[:-1] * edges[1:])


def k_weighting_db(frequency_hz: ArrayLike) -> NDArray[np.float64]:
    """Gain of ITU-R BS.1770-4's K-weighting with its -0.691 dB offset, so 0 dB at 1 kHz.

    Both biquads are evaluated as the analogue filters that the standard's 48 kHz coefficients
    discretise, which makes the gain independent of the sample rate.
    """
    s = 1j * np.maximum(np.asarray(frequency_hz, np.float64), 1e-3)
    shelf_hz, shelf_q, shelf_gain = (
        1681.974450955533,
        0.7071752369554196,
        10 ** (3.999843853973347 / 20),
    )
    band_gain = shelf_gain**0.4996667741545416
    x = s / shelf_hz
    shelf = (shelf_gain * x**2 + band_gain / shelf_q * x + 1.0) / (x**2 + x / shelf_q + 1.0)
    y = s / 38.13547087602444
    high_pass = y**2 / (y**2 + y / 0.5003270373238773 + 1.0)
    return 20.0 * np.log10(np.abs(shelf * high_pass)) - 0.691


def decoder_inputs(
    codes: NDArray[np.floating], loudness_db: ArrayLike, note: ArrayLike, scale: tuple[float, float]
) -> NDArray[np.float32]:
    """Assemble the decoder's input rows.

    Parameters
    ----------
    codes
        Codes, shape (n_frames, CODE_SIZE).
    loudness_db, note
        Loudness and sounding pitch as a fractional note number, shape (n_frames,).
    scale
        Mean and standard deviation that standardise the loudness.

    Returns
    -------
    NDArray
        Shape (n_frames, N_DECODER_INPUTS): code, loudness, pitch in units of two octaves from
        middle C, and eight Gaussian bumps an octave wide centred an octave apart.
    """
    note = np.asarray(note, np.float64)[:, None]
    loudness = (np.asarray(loudness_db, np.float64)[:, None] - scale[0]) / scale[1]
    bumps = np.exp(-0.5 * ((note - PITCH_CENTRES_NOTES) / PITCH_WIDTH_NOTES) ** 2)
    return np.hstack([codes, loudness, (note - 60.0) / 24.0, bumps]).astype(np.float32)
