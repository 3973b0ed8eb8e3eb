"""Articulations: the ways to shape a note that a player is asked to imitate, in one table."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.targets.intention import Intention, compose
from calibration.targets.target import TARGET_RATE_HZ, Target
from calibration.targets.vibrato_styles import (
    BOW_VIBRATO,
    FLUTE_VIBRATO,
    TRUMPET_VIBRATO,
    VOICE_VIBRATO,
    VibratoStyle,
)
from presets.factory.demonstrations import Composer

Array = NDArray[np.float64]

FREE_PACE_S: Final = (0.6, 1.3)
"""Half a swing of a free target takes this long: none moves faster than 1 Hz."""


class Curves(NamedTuple):
    """What moves while a touch is held; columns as `calibration.targets.intention.Intention`."""

    level: Array
    brightness: Array
    cents: Array
    swing_db: Array


Shape = Callable[[np.random.Generator, Array], Curves]


def swell(rng: np.random.Generator, age_s: Array) -> Curves:
    """Grow and fade once."""
    share = age_s / age_s[-1]
    arc = np.sin(np.pi * share ** rng.uniform(0.9, 1.3)) ** 2
    low, high = rng.uniform(0.1, 0.25), rng.uniform(0.85, 1.0)
    level = low + (high - low) * arc
    return _still(age_s, level=level, brightness=0.25 + 0.25 * arc)


def brighten(rng: np.random.Generator, age_s: Array) -> Curves:
    """Open from dull to bright, and close again."""
    arc = _ease(age_s / age_s[-1], 0.15, 0.5) - 0.8 * _ease(age_s / age_s[-1], 0.65, 0.95)
    return _still(age_s, level=rng.uniform(0.5, 0.65), brightness=rng.uniform(0.9, 1.0) * arc)


def accent(rng: np.random.Generator, age_s: Array) -> Curves:
    """Hit the note and stay softer."""
    hit = np.exp(-age_s / rng.uniform(0.10, 0.18))
    return _still(age_s, level=0.4 + 0.6 * hit, brightness=0.35 + 0.5 * hit)


def scoop(rng: np.random.Generator, age_s: Array) -> Curves:
    """Start below the note and rise into it."""
    risen = _ease(age_s, 0.04, rng.uniform(0.24, 0.34))
    cents = -rng.uniform(110.0, 180.0) * (1.0 - risen)
    return _still(age_s, level=0.35 + 0.3 * risen, brightness=0.3 + 0.2 * risen, cents=cents)


def fall(rng: np.random.Generator, age_s: Array) -> Curves:
    """Drop off the end of the note while it fades."""
    drop = _ease(age_s / age_s[-1], 0.5, 1.0) ** 1.5
    cents = -rng.uniform(400.0, 700.0) * drop
    return _still(age_s, level=0.7 - 0.5 * drop, brightness=0.6 - 0.3 * drop, cents=cents)


def free(rng: np.random.Generator, age_s: Array) -> Curves:
    """Move loudness, brightness and pitch slowly and apart."""
    level, brightness, bend = (_wander(rng, age_s) for _ in range(3))
    return _still(
        age_s, level=0.1 + 0.85 * level, brightness=brightness, cents=400.0 * (bend - 0.5)
    )


def vibrato(style: VibratoStyle) -> Shape:
    """Hold a long note and let it wobble in a style."""

    def shape(rng: np.random.Generator, age_s: Array) -> Curves:
        arc = np.sin(np.pi * age_s / age_s[-1])
        swing, grown = style.swing(age_s), style.grown(age_s)
        return Curves(
            level=rng.uniform(0.45, 0.6) + 0.1 * arc,
            brightness=rng.uniform(0.4, 0.5) + 0.1 * arc + style.swing_brightness * swing,
            cents=style.extent_cents * (swing + style.asymmetry * grown),
            swing_db=style.swing_db * swing,
        )

    return shape


def _still(
    age_s: Array, *, level: Array | float, brightness: Array | float, cents: Array | float = 0.0
) -> Curves:
    """Fill what does not move, without a wobble of the loudness."""
    zeros = np.zeros_like(age_s)
    return Curves(zeros + level, zeros + brightness, zeros + cents, zeros)


def _ease(x: Array, start: float, end: float) -> Array:
    share = np.clip((x - start) / (end - start), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def _wander(rng: np.random.Generator, age_s: Array) -> Array:
    """Move smoothly between points in 0-1 that lie `FREE_PACE_S` apart."""
    knots_s = np.concatenate([[0.0], np.cumsum(rng.uniform(*FREE_PACE_S, 64))])
    points = np.clip(rng.uniform(-0.15, 1.15, len(knots_s)), 0.0, 1.0)
    at = np.searchsorted(knots_s, age_s, side="right") - 1
    part = (age_s - knots_s[at]) / (knots_s[at + 1] - knots_s[at])
    ease = 0.5 - 0.5 * np.cos(np.pi * part)
    return np.asarray(points[at] + (points[at + 1] - points[at]) * ease)


class Articulation(NamedTuple):
    """One line of the table: how it is called, how long it is held, how hard it may be struck."""

    about: str
    shape: Shape
    held_s: float
    strike: tuple[float, float]


ARTICULATIONS: Final = {
    "free": Articulation("loudness, brightness and pitch, each its own way", free, 6.0, (0.2, 1.0)),
    "swell": Articulation("soft, loud, soft again", swell, 4.0, (0.25, 0.45)),
    "brighten": Articulation("dull, bright, dull again", brighten, 4.0, (0.4, 0.6)),
    "accent": Articulation("a hard start that stays softer", accent, 2.0, (0.85, 1.0)),
    "scoop": Articulation("up into the note from below", scoop, 2.0, (0.3, 0.5)),
    "fall": Articulation("down off the note at its end", fall, 2.5, (0.5, 0.7)),
    "vibrato-trumpet": Articulation(
        "a trumpet's: from below, opening the tone", vibrato(TRUMPET_VIBRATO), 4.0, (0.4, 0.6)
    ),
    "vibrato-flute": Articulation(
        "a flute's: in the breath, hardly in the pitch", vibrato(FLUTE_VIBRATO), 4.0, (0.4, 0.6)
    ),
    "vibrato-bow": Articulation(
        "a bowed string's: quick and soon", vibrato(BOW_VIBRATO), 4.0, (0.4, 0.6)
    ),
    "vibrato-voice": Articulation(
        "a singer's: wide, and growing slowly", vibrato(VOICE_VIBRATO), 5.0, (0.4, 0.6)
    ),
}


def intend(kind: str, seed: int = 0) -> Intention:
    """Mean an articulation; each seed means it a little differently, `free` altogether."""
    articulation = ARTICULATIONS[kind]
    rng = np.random.default_rng([seed, list(ARTICULATIONS).index(kind)])
    strike = float(rng.uniform(*articulation.strike))
    age_s = np.arange(round(articulation.held_s * TARGET_RATE_HZ)) / TARGET_RATE_HZ
    return Intention(strike=strike, **articulation.shape(rng, age_s)._asdict())


def articulate(composer: Composer, kind: str, *, note: float, seed: int = 0) -> Target:
    """Make the target of one articulation on an instrument at a key."""
    return compose(composer, intend(kind, seed), note=note, name=kind, kind=kind)
