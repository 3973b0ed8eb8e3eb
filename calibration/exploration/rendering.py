"""Rendering: a candidate's preview, loudness-matched, through the engine that plays live."""

from math import gcd
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from calibration.exploration.sounding import HELD_S, LENGTH_S, ROW_RATE_HZ
from mapper.playback import blob, play_back_address
from mapper.touch import Kind
from presets.factory.loudness import RATE_HZ, loudness_lufs
from synth.engine.engine import Engine, Event
from synth.offline import render
from synth.patch import Patch, RoomSettings, VoiceSettings
from synth.space import Space

Array = NDArray[np.float64]

PREVIEW_RATE_HZ: Final = 24_000
MATCHED_LUFS: Final = -20.0
PEAK_DB: Final = -1.0
"""Highest sample of a preview, dB of full scale."""
RELEASE_S: Final = 0.3


class Note(NamedTuple):
    """One touch of a phrase, a trajectory played at a key."""

    key: float
    start_s: float = 0.0
    held_s: float = HELD_S


def sound_of(
    space: Space,
    trajectory: NDArray[np.float32],
    notes: tuple[Note, ...],
    tail_s: float,
    row_rate_hz: float = ROW_RATE_HZ,
) -> Array:
    """Render a trajectory at each note through a fresh engine, so that equal asks sound equal.

    Returns
    -------
    NDArray
        One channel at `RATE_HZ`, shape (n_frames,).
    """
    engine = Engine(space, rate_hz=RATE_HZ)
    voice = VoiceSettings(width=0.0, release_slow_s=RELEASE_S, release_fast_s=RELEASE_S)
    patch = Patch(
        map_address=play_back_address(),
        blob=blob(trajectory, row_rate_hz),
        voice=voice,
        room=RoomSettings(mix=0.0),
    )
    engine.select(engine.install(patch))
    events = [event for touch, note in enumerate(notes) for event in _events(touch, note)]
    in_order = sorted(events, key=lambda event: event.frame)
    return render(engine, in_order, round(tail_s * RATE_HZ)).astype(np.float64).mean(axis=1)


def _events(touch: int, note: Note) -> tuple[Event, Event]:
    start, end = (round(s * RATE_HZ) for s in (note.start_s, note.start_s + note.held_s))
    return (
        Event(start, touch, int(Kind.STRIKE), note=note.key, strike=0.7, press=0.5),
        Event(end, touch, int(Kind.LIFT), note=note.key, press=0.5, lift=0.5),
    )


def note_of(space: Space, trajectory: NDArray[np.float32], key: float) -> Array:
    """Render one note of `LENGTH_S`."""
    sound = sound_of(space, trajectory, (Note(key),), LENGTH_S - HELD_S)
    return sound[: round(LENGTH_S * RATE_HZ)]


def matched(sound: Array) -> tuple[Array, float]:
    """Bring a sound to `MATCHED_LUFS`, or as near as its peaks allow, and tell its own loudness."""
    lufs = loudness_lufs(sound[:, None])
    peak_db = 20.0 * np.log10(np.abs(sound).max() + 1e-9)
    gain_db = min(MATCHED_LUFS - lufs, PEAK_DB - peak_db) if np.isfinite(lufs) else 0.0
    return sound * 10.0 ** (gain_db / 20.0), lufs


def at_rate(sound: Array, rate_hz: int) -> Array:
    """Resample from `RATE_HZ`."""
    common = gcd(rate_hz, RATE_HZ)
    return np.asarray(resample_poly(sound, rate_hz // common, RATE_HZ // common))
