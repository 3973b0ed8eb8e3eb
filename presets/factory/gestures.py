"""Gestures that a designer's hand might make: seeded touch rows of every kind and dynamic."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Curves = dict[str, Array]
Shape = Callable[[np.random.Generator, Array], Curves]

YOUNG_S: Final = 0.060
YOUNG_FRAME_S: Final = 64 / 48_000
FRAME_S: Final = 192 / 48_000
MESSAGE_S: Final = 0.008
"""A LinnStrument sends each dimension of a finger at most this often."""
STEPS: Final = 127
TAIL_S: Final = 0.6
HELD_S: Final = (0.12, 9.0)
PRESSED_BEFORE: Final = 0.25
"""Share of touches whose key is pressed before it strikes, as an Osmose's may be."""


class Gesture(NamedTuple):
    """One touch as the finger meant it and as the wire carried it.

    Both have one row per control frame, columns as `mapper.features.TOUCH_FIELDS`.
    """

    meant: Array
    heard: Array


def frame_ages_s(duration_s: float) -> Array:
    """Ages of a voice's control frames: short frames while young, long ones after."""
    young = np.arange(0.0, min(YOUNG_S, duration_s), YOUNG_FRAME_S)
    return np.concatenate([young, np.arange(YOUNG_S, duration_s, FRAME_S)])


def wander(rng: np.random.Generator, t: Array, pace_s: float) -> Array:
    """Move smoothly between random points in 0-1, one every `pace_s`."""
    knots = np.arange(0.0, t[-1] + 2 * pace_s, pace_s)
    points = rng.uniform(-0.15, 1.15, len(knots))
    phase = t / pace_s
    index = phase.astype(int)
    ease = 0.5 - 0.5 * np.cos(np.pi * (phase - index))
    way: Array = points[index] + (points[index + 1] - points[index]) * ease
    return np.clip(way, 0.0, 1.0)


def onset(rng: np.random.Generator, t: Array) -> Array:
    """Rise of a pressing finger: from zero, some milliseconds late, or down before it strikes."""
    late_s, rise_s = rng.uniform(0.0, 0.02), rng.uniform(0.005, 0.08)
    if rng.random() < PRESSED_BEFORE:
        return np.ones_like(t)
    rise: Array = (t - late_s) / rise_s
    return np.clip(rise, 0.0, 1.0)


def steady(rng: np.random.Generator, t: Array) -> Curves:
    """Press to one strength, or not at all as a plain keyboard does, with the slide at rest."""
    press = rng.uniform(0.0, 1.0) * onset(rng, t) if rng.random() < 0.7 else 0.0 * t
    return {"press": press, "slide": np.full_like(t, rng.uniform(0, 1))}


def swell(rng: np.random.Generator, t: Array) -> Curves:
    """Grow and fade once, or fade and grow."""
    arc = np.sin(np.pi * np.clip(t / t[-1], 0, 1)) ** rng.uniform(0.6, 2.0)
    low, high = np.sort(rng.uniform(0.0, 1.0, 2))
    arc = arc if rng.random() < 0.6 else 1.0 - arc
    return {"press": (low + (high - low) * arc) * onset(rng, t), "slide": wander(rng, t, 2.0)}


def sweep(rng: np.random.Generator, t: Array) -> Curves:
    """Slide from one end to the other while pressing slowly."""
    ramp = np.clip((t / t[-1] - 0.1) / rng.uniform(0.3, 0.8), 0.0, 1.0)
    ramp = ramp if rng.random() < 0.5 else 1.0 - ramp
    return {"press": wander(rng, t, 1.5) * onset(rng, t), "slide": ramp}


def vibrato(rng: np.random.Generator, t: Array) -> Curves:
    """Rock the finger, a little later and deeper as the note goes on."""
    depth = rng.uniform(0.1, 0.8) * np.clip((t - rng.uniform(0.0, 0.4)) / 0.5, 0, 1)
    glide = depth * np.sin(2 * np.pi * rng.uniform(3.5, 7.5) * t + rng.uniform(0, 6))
    return {
        "press": wander(rng, t, 1.0) * onset(rng, t),
        "slide": wander(rng, t, 2.5),
        "glide": glide,
    }


def portamento(rng: np.random.Generator, t: Array) -> Curves:
    """Glide to another note, stay, and perhaps return."""
    start_s, length_s = rng.uniform(0.05, 0.8), rng.uniform(0.05, 0.5)
    ease = 0.5 - 0.5 * np.cos(np.pi * np.clip((t - start_s) / length_s, 0, 1))
    return {
        "press": wander(rng, t, 1.2) * onset(rng, t),
        "slide": wander(rng, t, 1.5),
        "glide": rng.uniform(-12, 12) * ease,
    }


def roam(rng: np.random.Generator, t: Array) -> Curves:
    """Move every dimension at once, fast and slow."""
    pace_s = np.exp(rng.uniform(np.log(0.15), np.log(1.5)))
    return {
        "press": wander(rng, t, pace_s) * onset(rng, t),
        "slide": wander(rng, t, 1.3 * pace_s),
        "glide": (wander(rng, t, 1.7 * pace_s) - 0.5) * rng.uniform(0, 4),
    }


def pulses(rng: np.random.Generator, t: Array) -> Curves:
    """Accent again and again within one touch, the slide in steps."""
    rate_hz = rng.uniform(1.5, 5.0)
    beat = np.exp(-4.0 * ((t * rate_hz) % 1.0))
    steps = np.floor(t * rate_hz / 2) * 0.37 + rng.uniform(0, 1)
    return {"press": (0.15 + 0.8 * beat) * onset(rng, t), "slide": steps % 1.0}


def shake(rng: np.random.Generator, t: Array) -> Curves:
    """Cross a long crescendo with a widening shake of the finger."""
    grow = np.clip(t / t[-1], 0, 1)
    glide = 0.9 * grow * np.sin(2 * np.pi * (4.0 + 2.0 * grow) * t)
    return {"press": grow ** rng.uniform(0.7, 1.5), "slide": 1.0 - grow, "glide": glide}


def fall(rng: np.random.Generator, t: Array) -> Curves:
    """Drop off the note downwards while fading and brightening."""
    drop = np.clip((t - 0.4 * t[-1]) / (0.5 * t[-1]), 0, 1) ** 2
    press = rng.uniform(0.5, 1.0) * (1.0 - 0.8 * drop) * onset(rng, t)
    return {"press": press, "slide": 0.2 + 0.7 * drop, "glide": -rng.uniform(2, 9) * drop}


DEMONSTRATED: Final[tuple[Shape, ...]] = (steady, swell, sweep, vibrato, portamento, roam)
HELD_OUT: Final[tuple[Shape, ...]] = (pulses, shake, fall)
"""Kinds that no mapping is fitted on."""


def gesture(rng: np.random.Generator, shape: Shape, low_note: float, high_note: float) -> Gesture:
    """Make one touch of a kind, at a random note, strike, length and lift."""
    held_s = float(np.exp(rng.uniform(*np.log(HELD_S))))
    age_s = frame_ages_s(held_s + TAIL_S)
    curves = shape(rng, np.minimum(age_s, held_s))
    zeros = np.zeros_like(age_s)
    lifted = age_s >= held_s
    meant = np.stack(
        [
            np.full_like(age_s, rng.integers(1, STEPS + 1) / STEPS),
            curves["press"],
            curves["slide"],
            curves.get("glide", zeros),
            np.where(lifted, rng.integers(0, STEPS + 1) / STEPS, 0.0),
            np.full_like(age_s, rng.integers(round(low_note), round(high_note) + 1)),
            age_s,
            np.where(lifted, age_s - held_s, -1.0),
            np.diff(age_s, prepend=0.0),
        ],
        axis=1,
    )
    return Gesture(meant, as_heard(meant))


def as_heard(meant: Array) -> Array:
    """Send a touch over the wire: press and slide in 7 bits, each at most every 8 ms."""
    heard = meant.copy()
    sent = np.searchsorted(meant[:, 6], np.floor(meant[:, 6] / MESSAGE_S) * MESSAGE_S)
    heard[:, 1:3] = np.round(meant[sent, 1:3] * STEPS) / STEPS
    return heard


def gestures(
    seed: int, kinds: tuple[Shape, ...], count: int, notes: tuple[float, float]
) -> list[Gesture]:
    """Make `count` gestures, kinds in turn, notes within the range; equal seeds, equal hands."""
    rng = np.random.default_rng(seed)
    return [gesture(rng, kinds[i % len(kinds)], *notes) for i in range(count)]
