"""An intention: what a player means over one touch, and the target it becomes on an instrument."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.description import describe
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.mapping import HIGHEST, LOWEST
from presets.factory.demonstrations import Composer

Array = NDArray[np.float64]

TAIL_S: Final = 0.5
"""A target goes on for so long after its lift; how it is released is the voice's own matter."""
BURST_S: Final = 0.160


@dataclass(frozen=True, kw_only=True)
class Intention:
    """One touch as meant, sampled at `TARGET_RATE_HZ` from the strike to the lift.

    Attributes
    ----------
    level
        From the instrument's softest to its loudest, 0-1, shape (n_rows,); on a struck one, how
        far it is swelled again.
    brightness
        From its dull to its bright end, 0-1 and up to a quarter beyond.
    cents
        Pitch relative to the key.
    swing_db
        Loudness added, which a vibrato moves.
    """

    strike: float
    level: Array
    brightness: Array
    cents: Array
    swing_db: Array

    @property
    def held_s(self) -> float:
        """From the strike to the lift."""
        return len(self.level) / TARGET_RATE_HZ


def compose(composer: Composer, meant: Intention, *, note: float, name: str, kind: str) -> Target:
    """Play an intention on an instrument at a key."""
    level, brightness, cents, swing_db = (
        _with_tail(curve) for curve in (meant.level, meant.brightness, meant.cents, meant.swing_db)
    )
    move = _move(note + cents / 100.0, meant.strike, level)
    loudness_db = composer.loudness_db(move, np.clip(brightness, 0.0, 1.0)) + swing_db
    codes = composer.codes(move, brightness, loudness_db)
    rows = np.clip(np.column_stack([codes, loudness_db, cents]), LOWEST, HIGHEST)
    trajectory = rows.astype(np.float32)
    return Target(
        name=name,
        kind=kind,
        note=note,
        strike=meant.strike,
        held_s=meant.held_s,
        trajectory=trajectory,
        descriptors=describe(composer, trajectory, note, meant.strike),
        space_sha256=composer.space.sha256,
    )


def _with_tail(curve: Array) -> Array:
    return np.concatenate([curve, np.full(round(TAIL_S * TARGET_RATE_HZ), curve[-1])])


def _move(pitch_note: Array, strike: float, level: Array) -> dict[str, Array]:
    """Say what the composer's laws ask of a hand that means this."""
    age_s = np.arange(len(level)) / TARGET_RATE_HZ
    return {
        "pitch_note": pitch_note,
        "age_s": age_s,
        "strike": np.full(len(level), strike),
        "level": level,
        "press": level,
        "burst_160ms": strike * np.exp(-age_s / BURST_S),
        "vibrato_semitones": np.zeros(len(level)),
    }
