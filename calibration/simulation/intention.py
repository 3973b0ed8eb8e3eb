"""Intentions: what a player means a note to be, before any hand or controller comes between."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RATE_HZ: Final = 100
HELD_S: Final = 3.7
TAIL_S: Final = 0.3
LENGTH_S: Final = HELD_S + TAIL_S
"""Seconds recorded for one take, the end of the release included."""
FULL: Final = (0.0, 1.0)
NARROW: Final = (0.3, 0.7)
"""Reach of a player who shows only the middle of each dimension."""
HEARD_VIBRATO_HZ: Final = (5.0, 7.0)


@dataclass(frozen=True, kw_only=True)
class Intention:
    """One note as it is meant, sampled at `RATE_HZ` from the strike to the end of the tail.

    `loudness` and `brightness` are places between the least and the most that the sound can do;
    `pitch_cents` is the slow movement of the pitch; `swing` is the vibrato's wave, 1 at its full
    depth. All have shape (n,).
    """

    kind: str
    note: float
    strike: float
    lift: float
    loudness: Array
    brightness: Array
    pitch_cents: Array
    swing: Array
    held_s: float = HELD_S

    @property
    def times_s(self) -> Array:
        """Times since the strike, shape (n,)."""
        return np.arange(len(self.loudness)) / RATE_HZ

    def with_swing(self, swing: Array) -> "Intention":
        """Mean the same with another vibrato wave."""
        return replace(self, swing=swing)


Curves = dict[str, Array | float]
Shape = Callable[[np.random.Generator, Array], Curves]


def wander(rng: np.random.Generator, t: Array, pace_s: float) -> Array:
    """Move smoothly between random points of 0-1, one every `pace_s`, so slower than 1 Hz."""
    knots = int(t[-1] / pace_s) + 2
    points = rng.uniform(0.0, 1.0, knots + 1)
    phase = t / pace_s + rng.uniform(0.0, 1.0)
    index = np.minimum(phase.astype(int), knots - 1)
    ease = 0.5 - 0.5 * np.cos(np.pi * (phase - index))
    return np.asarray(points[index] + (points[index + 1] - points[index]) * ease)


def swing(t: Array, rate_hz: float, onset_s: float, phase: float) -> Array:
    """Swing once the note has settled, growing over 0.4 s."""
    depth = np.clip((t - onset_s) / 0.4, 0.0, 1.0)
    return np.asarray(depth * np.sin(2 * np.pi * rate_hz * t + phase))


def swell(rng: np.random.Generator, t: Array) -> Curves:
    """Grow and fade, or fade and grow, the brightness nearly still."""
    arc = np.sin(np.pi * np.clip(t / HELD_S, 0, 1)) ** rng.uniform(0.8, 1.6)
    low, high = rng.uniform(0.0, 0.4), rng.uniform(0.6, 1.0)
    arc = arc if rng.random() < 0.7 else 1.0 - arc
    return {"loudness": low + (high - low) * arc}


def bright(rng: np.random.Generator, t: Array) -> Curves:
    """Open or close the sound, the loudness nearly still."""
    ramp = np.clip((t - rng.uniform(0.3, 0.8)) / rng.uniform(1.0, 2.5), 0.0, 1.0)
    ease = 0.5 - 0.5 * np.cos(np.pi * ramp)
    low, high = rng.uniform(0.0, 0.3), rng.uniform(0.7, 1.0)
    return {"brightness": low + (high - low) * (ease if rng.random() < 0.6 else 1.0 - ease)}


def vibrato(rng: np.random.Generator, t: Array) -> Curves:
    """Hold, then let the note swing."""
    rate_hz = rng.uniform(*HEARD_VIBRATO_HZ)
    return {"swing": swing(t, rate_hz, rng.uniform(0.3, 0.9), rng.uniform(0, 2 * np.pi))}


def scoop(rng: np.random.Generator, t: Array) -> Curves:
    """Reach the note from below."""
    depth_cents, length_s = rng.uniform(60.0, 200.0), rng.uniform(0.25, 0.6)
    rise = 0.5 + 0.5 * np.cos(np.pi * np.clip(t / length_s, 0.0, 1.0))
    return {"pitch_cents": -depth_cents * rise}


def accent(rng: np.random.Generator, t: Array) -> Curves:
    """Strike hard and fall back to a level, and push once again on the way."""
    level, again_s = rng.uniform(0.15, 0.5), rng.uniform(1.2, 2.2)
    first = np.exp(-t / rng.uniform(0.3, 0.6))
    again = np.exp(-(((t - again_s) / 0.3) ** 2))
    top = rng.uniform(0.85, 1.0)
    push = np.maximum(first, rng.uniform(0.5, 1.0) * again)
    return {"loudness": level + (top - level) * push, "strike": rng.uniform(0.7, 1.0)}


def free(rng: np.random.Generator, t: Array) -> Curves:
    """Move everything independently, none of it faster than 1 Hz."""
    pace_s = rng.uniform(0.6, 1.4)
    return {
        "loudness": wander(rng, t, pace_s),
        "brightness": wander(rng, t, 1.2 * pace_s),
        "pitch_cents": 200.0 * (wander(rng, t, 1.4 * pace_s) - 0.5) * (rng.random() < 0.5),
    }


KINDS: Final[dict[str, Shape]] = {
    "free": free,
    "swell": swell,
    "bright": bright,
    "vibrato": vibrato,
    "scoop": scoop,
    "accent": accent,
}


def intend(
    rng: np.random.Generator, kind: str, note: float, reach: tuple[float, float] = FULL
) -> Intention:
    """Draw one intention of a kind; what the kind leaves open rests or drifts a little."""
    t = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    still: Curves = {
        "loudness": rng.uniform(0.2, 0.8) + 0.15 * (wander(rng, t, 2.0) - 0.5),
        "brightness": rng.uniform(0.1, 0.9) + 0.15 * (wander(rng, t, 2.0) - 0.5),
        "pitch_cents": np.zeros_like(t),
        "swing": np.zeros_like(t),
        "strike": rng.uniform(0.1, 0.9),
        "lift": rng.uniform(0.1, 0.9),
    }
    return within(reach, kind, note, still | KINDS[kind](rng, t))


def hold(rng: np.random.Generator, note: float) -> Intention:
    """Draw one still sound, as a snapshot is taken of."""
    t = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    curves: Curves = {
        "loudness": np.full_like(t, rng.uniform(0, 1)),
        "brightness": np.full_like(t, rng.uniform(0, 1)),
        "pitch_cents": np.full_like(t, rng.uniform(-100, 100) * (rng.random() < 0.25)),
        "swing": np.zeros_like(t),
        "strike": rng.uniform(0.1, 1.0),
        "lift": rng.uniform(0.1, 0.9),
    }
    return within(FULL, "hold", note, curves)


def within(reach: tuple[float, float], kind: str, note: float, curves: Curves) -> Intention:
    """Scale an intention's dimensions from 0-1 into a reach."""
    low, high = reach

    def scaled(value: Array | float) -> Array:
        return np.asarray(low + (high - low) * np.clip(value, 0.0, 1.0))

    return Intention(
        kind=kind,
        note=note,
        strike=float(scaled(curves["strike"])),
        lift=float(curves["lift"]),
        loudness=scaled(curves["loudness"]),
        brightness=scaled(curves["brightness"]),
        pitch_cents=np.asarray(curves["pitch_cents"], np.float64),
        swing=np.asarray(curves["swing"], np.float64),
    )
