"""Measure how a rendered performance follows the hand: pitch, level against press, centroid against slide.

    python scripts/follow.py IN.mid [PRESET ...]

Plays the file through each preset and prints one row a preset. Pitch is tracked by YIN (de
Cheveigne & Kawahara 2002, librosa's), and so is an exact harmonic tone of the same trajectory, whose
own error is subtracted: what is left is the instrument's. The centroid is taken relative to the
pitch, as the shape of a spectrum is.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly
from scipy.stats import spearmanr

from embouchure.kernel_cache import use_kernel_cache

use_kernel_cache()

from embouchure.instrument import space_and_patch
from embouchure.session import event_at
from mapper.gestures import Gesture, gestures_of
from mapper.performance import hear, read
from presets.store import names
from synth.engine.engine import Engine
from synth.offline import render

Array = NDArray[np.float64]

RATE_HZ = 48_000
TRACKED_HZ = 24_000
HOP = 240
WINDOW = 2048
SETTLED_S = 0.05
FLOOR_DB = -45.0
K_WEIGHTING = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1, -1.69065929318241, 0.73248077421585),
    ),
    ((1, -2, 1), (1, -1.99004745483398, 0.99007225036621)),
)
"""Numerators and denominators of the standard's two filters at 48 kHz."""


@dataclass(frozen=True, kw_only=True)
class Curves:
    """What the hand did, at the times of the analysis frames; `held` where it is settled."""

    times_s: Array
    note: Array
    press: Array
    slide: Array
    held: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Following:
    """How well a sound followed: cents, and rank correlations."""

    pitch_cents: float
    press_rank: float
    slide_rank: float
    press_span: float
    """Distance between the 5th and 95th percentile of press: how much there was to follow."""


def curves_of(gestures: Sequence[Gesture], length_s: float) -> Curves:
    """Sample the newest touch's dimensions every `HOP` frames of `TRACKED_HZ`."""
    times = np.arange(0, length_s, HOP / TRACKED_HZ)
    note, press, slide = (np.full(len(times), np.nan) for _ in range(3))
    held = np.zeros(len(times), bool)
    for touch in gestures:
        inside = (times >= touch.start_s) & (times < touch.end_s)
        at = np.searchsorted(touch.times_s, times[inside], side="right") - 1
        note[inside] = touch.note + touch.glide_semitones[at]
        press[inside], slide[inside] = touch.press[at], touch.slide[at]
        held |= inside & (times > touch.start_s + SETTLED_S) & (times < touch.end_s - 0.02)
        held &= ~((times >= touch.start_s) & (times <= touch.start_s + SETTLED_S))
    return Curves(times_s=times, note=note, press=press, slide=slide, held=held)


def exact_tone(curves: Curves, n_samples: int) -> Array:
    """Make a tone of ten partials that is on the trajectory by construction."""
    known = ~np.isnan(curves.note)
    samples_s = np.arange(n_samples) / TRACKED_HZ
    note = np.interp(samples_s, curves.times_s[known], curves.note[known])
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((note - 69) / 12)) / TRACKED_HZ
    sounding = np.interp(samples_s, curves.times_s, known.astype(float))
    return sounding * sum(np.sin(k * phase) / k for k in range(1, 11))


def track(sound: Array, curves: Curves) -> Array:
    """Track pitch as fractional note numbers, one a frame, in the range that was played."""
    low, high = np.nanmin(curves.note) - 4, np.nanmax(curves.note) + 4
    f0_hz = librosa.yin(
        sound,
        fmin=float(librosa.midi_to_hz(low)),
        fmax=float(librosa.midi_to_hz(high)),
        sr=TRACKED_HZ,
        frame_length=WINDOW,
        hop_length=HOP,
    )
    return 69 + 12 * np.log2(f0_hz[: len(curves.times_s)] / 440)


def level_db(sound: Array, n_frames: int) -> Array:
    """K-weighted level (ITU-R BS.1770) over windows of 20 ms around each frame, at the full rate."""
    for numerator, denominator in K_WEIGHTING:
        sound = lfilter(numerator, denominator, sound)
    hop = HOP * RATE_HZ // TRACKED_HZ
    rms = librosa.feature.rms(y=sound, frame_length=2 * hop, hop_length=hop)[0][:n_frames]
    return 20 * np.log10(np.maximum(rms, 1e-9))


def centroid_hz(sound: Array, n_frames: int) -> Array:
    """Spectral centroid of each frame at the full rate."""
    hop = HOP * RATE_HZ // TRACKED_HZ
    return librosa.feature.spectral_centroid(y=sound, sr=RATE_HZ, n_fft=1024, hop_length=hop)[0][
        :n_frames
    ]


def following(sound: Array, gestures: Sequence[Gesture]) -> Following:
    """Compare a mono sound at `RATE_HZ` with the gestures that made it."""
    low = resample_poly(sound, TRACKED_HZ, RATE_HZ)
    curves = curves_of(gestures, len(low) / TRACKED_HZ)
    level = level_db(sound, len(curves.times_s))
    voiced = curves.held & (level > level.max() + FLOOR_DB)
    own = track(low, curves)[voiced] - curves.note[voiced]
    exact = track(exact_tone(curves, len(low)), curves)[voiced] - curves.note[voiced]
    centroid = centroid_hz(sound, len(curves.times_s))[voiced] * 2 ** (-curves.note[voiced] / 12)
    moved = np.ptp(curves.slide[voiced]) > 0
    return Following(
        pitch_cents=float(100 * np.median(np.abs(own - exact))),
        press_rank=float(spearmanr(level[curves.held], curves.press[curves.held]).statistic),
        slide_rank=float(spearmanr(centroid, curves.slide[voiced]).statistic) if moved else np.nan,
        press_span=float(np.ptp(np.percentile(curves.press[curves.held], (5, 95)))),
    )


def play(path: Path, preset: str) -> Array:
    """Render a performance without its room, whose answer to one note sounds under the next."""
    space, patch = space_and_patch(preset)
    engine = Engine(space, rate_hz=RATE_HZ)
    engine.select(engine.install(replace(patch, room=patch.room.model_copy(update={"mix": 0.0}))))
    events = (event_at(round(e.time_s * RATE_HZ), e) for e in hear(read(path)))
    return render(engine, events, RATE_HZ // 2).mean(axis=1).astype(np.float64)


def main(path: Path, presets: Sequence[str]) -> None:
    """Print the table."""
    gestures = gestures_of(path)
    print("preset      pitch, cents   level ~ press   centroid ~ slide   press span")
    for preset in presets:
        row = following(play(path, preset), gestures)
        print(
            f"{preset:10} {row.pitch_cents:12.2f} {row.press_rank:15.3f} {row.slide_rank:18.3f}"
            f" {row.press_span:12.2f}"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or names())
