"""Loudness: how loud a preset is for the same playing, after ITU-R BS.1770-4."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mapper.kernel import map_frame_address
from mapper.touch import Kind
from presets.preset import Preset
from synth.controls import k_weighting_db
from synth.engine.engine import Engine, Event
from synth.lattice import Lattice
from synth.offline import render
from synth.patch import GAINS_DB
from synth.space import Space

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
BLOCK_S: Final = 0.4
HOP_S: Final = 0.1
AT_ONCE: Final = 256
"""Blocks whose spectra are held at once; a long sound has thousands."""
ABSOLUTE_GATE_DB: Final = -70.0
RELATIVE_GATE_DB: Final = -10.0
NOTES: Final = tuple(range(36, 97, 4))
"""Keys on which every preset must be about as loud."""
STRIKE: Final = 64 / 127
PRESS: Final = 0.5
LATE_S: Final = 0.010
"""Pressure starts this long after the strike, as a LinnStrument's does."""
RISE_S: Final = 0.060
MESSAGE_S: Final = 0.008
TARGET_LUFS: Final = -20.0
"""What every preset's gain brings the reference performance to."""


class Played(NamedTuple):
    """One touch of the reference performance."""

    start_s: float
    held_s: float
    note: int
    strike: float = STRIKE
    press: float = PRESS
    lift: float = 0.5


def phrases() -> list[Played]:
    """Play as every preset is played to be compared: low, middle and high, soft and hard.

    Four phrases an octave and more apart, each of a soft, a middling and a hard note and a chord
    of three that is held.
    """
    touches = []
    for place, root in enumerate((41, 53, 65, 77)):
        start_s = 4.0 * place
        touches += [
            Played(start_s, 0.55, root, 0.3, 0.35, 0.3),
            Played(start_s + 0.6, 0.55, root + 7),
            Played(start_s + 1.2, 0.55, root + 12, 0.85, 0.7, 0.8),
        ]
        touches += [Played(start_s + 1.8, 1.8, root + step) for step in (0, 4, 7)]
    return touches


def note(key: int) -> list[Played]:
    """Strike one key with middling strength and hold it with a medium press."""
    return [Played(0.0, 1.0, key)]


def _events(number: int, played: Played) -> Iterator[Event]:
    """Strike, then press at a LinnStrument's pace, and lift."""

    def event(at_s: float, kind: Kind, press: float, lift: float = 0.0) -> Event:
        frame = round((played.start_s + at_s) * RATE_HZ)
        return Event(frame, number, int(kind), 0, played.note, played.strike, press, 0.5, 0.0, lift)

    yield event(0.0, Kind.STRIKE, 0.0)
    for late_s in np.arange(0.0, RISE_S + MESSAGE_S / 2, MESSAGE_S):
        yield event(LATE_S + late_s, Kind.MOVE, played.press * min(late_s / RISE_S, 1.0))
    yield event(played.held_s, Kind.LIFT, played.press, played.lift)


def sound_of(
    preset: Preset,
    space: Space,
    touches: list[Played],
    tail_s: float = 0.5,
    lattice: Lattice | None = None,
) -> Array:
    """Render touches through the engine, room and limiter included, shape (n_frames, 2)."""
    engine = Engine(space, rate_hz=RATE_HZ)
    patch = replace(preset.patch(map_frame_address()), lattice=lattice)
    engine.select(engine.install(patch))
    events = [event for number, played in enumerate(touches) for event in _events(number, played)]
    in_order = sorted(events, key=lambda event: event.frame)
    return render(engine, in_order, round(tail_s * RATE_HZ)).astype(np.float64)


def loudness_lufs(sound: Array) -> float:
    """Integrated loudness, weighted block by block in the spectrum and gated as the standard says.

    Parameters
    ----------
    sound
        Shape (n_frames, n_channels) at `RATE_HZ`, at least `BLOCK_S` long.
    """
    length, hop = round(BLOCK_S * RATE_HZ), round(HOP_S * RATE_HZ)
    blocks = sliding_window_view(sound, length, axis=0)[::hop]
    weight = 10.0 ** (k_weighting_db(np.fft.rfftfreq(length, 1 / RATE_HZ)) / 10.0)
    weight[1:-1] *= 2.0
    powers = np.concatenate(
        [
            (np.abs(np.fft.rfft(blocks[at : at + AT_ONCE], axis=-1)) ** 2 @ weight).sum(axis=1)
            for at in range(0, len(blocks), AT_ONCE)
        ]
    )
    powers /= length**2
    heard = powers[powers > 10.0 ** (ABSOLUTE_GATE_DB / 10.0)]
    if not heard.size:
        return -np.inf
    gate = heard.mean() * 10.0 ** (RELATIVE_GATE_DB / 10.0)
    return float(10.0 * np.log10(heard[heard > gate].mean()))


def preset_lufs(preset: Preset, space: Space) -> float:
    """Loudness of the reference performance."""
    return loudness_lufs(sound_of(preset, space, phrases()))


def note_lufs(preset: Preset, space: Space) -> Array:
    """Loudness of each of `NOTES` played alone in the same way."""
    return np.array([loudness_lufs(sound_of(preset, space, note(key))) for key in NOTES])


def balanced(preset: Preset, space: Space) -> Preset:
    """Set a preset's gain so that the reference performance is as loud as every other preset's.

    One that makes no sound keeps its gain.
    """
    lufs = preset_lufs(preset, space)
    if not np.isfinite(lufs):
        return preset
    low_db, high_db = GAINS_DB
    gain_db = min(high_db, max(low_db, preset.card.voice.gain_db + TARGET_LUFS - lufs))
    voice = preset.card.voice.model_copy(update={"gain_db": round(gain_db, 2)})
    return replace(preset, card=preset.card.model_copy(update={"voice": voice}))
