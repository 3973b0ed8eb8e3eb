"""Audition: a target heard alone, through the same engine that plays it live."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import Target
from mapper.touch import Kind
from synth.analysis.distance import mel_distance_db
from synth.engine.engine import Engine, Event
from synth.offline import render
from synth.patch import RoomSettings, VoiceSettings
from synth.space import Space

Array = NDArray[np.float64]

RATE_HZ: Final = 48_000
DRY: Final = RoomSettings(mix=0.0)
CENTRED: Final = VoiceSettings(width=0.0)
RINGING_S: Final = 0.2


def sound_of(
    target: Target,
    space: Space,
    *,
    voice: VoiceSettings = CENTRED,
    room: RoomSettings = DRY,
    key: float | None = None,
) -> Array:
    """Render a target from its strike to its end, shape (n_samples, 2) at `RATE_HZ`.

    Parameters
    ----------
    key
        The key that is struck; without one, the target's own.
    """
    engine = Engine(space, rate_hz=RATE_HZ)
    engine.select(engine.install(target.patch(voice, room)))
    note = target.note if key is None else key
    strike = Event(0, 1, int(Kind.STRIKE), note=note, strike=target.strike)
    lift = Event(round(target.length_s * RATE_HZ), 1, int(Kind.LIFT))
    return render(engine, [strike, lift], round(RINGING_S * RATE_HZ)).astype(np.float64)


def mono(sound: Array) -> Array:
    """Mix two channels to one of the same power where they are alike, shape (n_samples,)."""
    return np.asarray(sound.sum(axis=1) / np.sqrt(2.0))


def distance_db(target: Target, space: Space, true: Array, gain_db: float = 0.0) -> float:
    """Measure how far a target sounds from a recording that begins at its strike.

    Parameters
    ----------
    true
        One channel at `RATE_HZ`, shape (n_samples,).
    gain_db
        How much louder the target is than the recording.
    """
    sound = mono(sound_of(target, space)) * 10.0 ** (-gain_db / 20.0)
    return mel_distance_db(true, sound)[0]
