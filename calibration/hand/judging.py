"""Judging: whether one touch shows what a step of the measurement asks for, and if not, why."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.hand.habits import vibrato_of
from calibration.hand.steadiness import held_part
from mapper.gestures import Gesture

Array = NDArray[np.float64]
Judge = Callable[[Gesture], str]
"""Returns why a touch is no use, or nothing."""

LEAST_PRESS: Final = 0.25
LEAST_SLIDE: Final = 0.2
SHORTEST_RAMP_S: Final = 1.5
SHORTEST_HOLD_S: Final = 1.5
LONGEST_TAP_S: Final = 1.5
TURN: Final = 0.2
"""A way back of more than this share of the whole is a turn."""
STILL: Final = 0.15
LEAST_APART: Final = 4 / 127
SETTLED_S: Final = 0.4
BLOW_S: Final = 0.06
"""Some controllers tell the blow of a strike as press."""


def swell(gesture: Gesture) -> str:
    """Judge a swell of press."""
    slid = np.ptp(gesture.slide) >= LEAST_SLIDE or np.ptp(gesture.glide_semitones) >= 1.0
    other = "sideways or along the key" if slid else ""
    return _ramp(gesture, gesture.press, "press", LEAST_PRESS, other)


def sweep(gesture: Gesture) -> str:
    """Judge a sweep of slide."""
    after = gesture.times_s >= gesture.start_s + SETTLED_S
    pressed = after.any() and np.ptp(gesture.press[after]) >= 2 * LEAST_PRESS
    other = "in press" if pressed else ""
    return _ramp(gesture, gesture.slide, "slide", LEAST_SLIDE, other)


def _ramp(gesture: Gesture, values: Array, name: str, least: float, other: str) -> str:
    length_s = gesture.end_s - gesture.start_s
    if length_s < SHORTEST_RAMP_S:
        return f"that took {length_s:.1f} s; take three seconds each way"
    low, high = float(values.min()), float(values.max())
    if high - low < least:
        wrong_axis = f" and you moved {other}" if other else ""
        return (
            f"{name} moved only from {low:.0%} to {high:.0%}{wrong_axis}; "
            "go all the way to what you ever use"
        )
    n_turns = turns(values[gesture.times_s >= gesture.start_s + BLOW_S])
    if n_turns != 1:
        return (
            f"{name} turned {n_turns} times; go evenly all the way there once, and back once"
            if n_turns
            else f"{name} never came back; go all the way there and back in one touch"
        )
    return ""


def turns(values: Array) -> int:
    """Count how often a dimension turns by more than `TURN` of its whole way."""
    enough = TURN * np.ptp(values)
    count, heading, mark = 0, 0, float(values[0])
    for value in values.tolist():
        if heading * (value - mark) > 0.0 or not heading:
            if not heading and abs(value - mark) < enough:
                continue
            heading, mark = heading or int(np.sign(value - mark)), value
        elif abs(value - mark) >= enough:
            count, heading, mark = count + 1, -heading, value
    return count


def tap(gesture: Gesture) -> str:
    """Judge a short touch."""
    length_s = gesture.end_s - gesture.start_s
    return f"that lasted {length_s:.1f} s; strike and let go" if length_s > LONGEST_TAP_S else ""


def hold(gesture: Gesture) -> str:
    """Judge a touch that is held still."""
    if gesture.end_s - gesture.start_s < SHORTEST_HOLD_S:
        return "that was short; hold it for two seconds"
    press = held_part(gesture, gesture.press)
    moved = float(np.ptp(press))
    wide = max(STILL, 0.4 * float(np.median(press)))
    return f"press moved by {moved:.0%}; keep it as still as you can" if moved > wide else ""


def level_of(gesture: Gesture) -> float:
    """Tell the press at which a touch was held."""
    return float(np.median(held_part(gesture, gesture.press)))


def vibrato(gesture: Gesture) -> str:
    """Judge a vibrato."""
    if gesture.end_s - gesture.start_s < SHORTEST_HOLD_S:
        return "that was short; keep the vibrato up for three seconds"
    return "" if vibrato_of([gesture]) else "no vibrato was found in that; rock your finger evenly"


def anything(_: Gesture) -> str:
    """Take every touch."""
    return ""


def in_order(said: Sequence[Sequence[float]], words: Sequence[str], what: str) -> str:
    """Judge whether levels are told apart, each by the median of its touches."""
    middles = [float(np.median(values)) for values in said]
    if all(high - low >= LEAST_APART for low, high in pairwise(middles)):
        return ""
    told = ", ".join(f"{word} {middle:.0%}" for word, middle in zip(words, middles, strict=True))
    return f"your {what} were too much alike ({told}); make them clearly different"
