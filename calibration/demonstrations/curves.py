"""Curves: what a target asks for, what a hand does and how a preset sounds by that, to be overlaid."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.take import AGE, Take
from calibration.guide import Lane
from calibration.targets.description import describe
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.touch import Kind, TouchEvent
from presets.factory.demonstrations import Composer
from presets.preset import Preset

Array = NDArray[np.floating]
Points = tuple[tuple[float, float], ...]

NAMES: Final = ("loudness", "brightness", "pitch")
"""What is drawn of each of `mapper.reading.DESCRIPTORS`, over press, slide and bend."""
MOVES: Final = ("press", "slide", "glide_semitones")
SPAN_DB: Final = 36.0
"""From the bottom of the picture to the loudest of a target."""
HEADROOM_DB: Final = 3.0
SPAN_CENTS: Final = 400.0
MOST_POINTS: Final = 60
LONGEST_S: Final = 12.0
"""A touch that is held for longer is drawn up to here."""


class Picture:
    """Draws what belongs to one target on its scale.

    Parameters
    ----------
    target
        What is to be imitated.
    """

    def __init__(self, target: Target) -> None:
        held = target.descriptors[: max(round(target.held_s * TARGET_RATE_HZ), 1)]
        self._target = target
        self._floor_db = float(held[:, 0].max()) + HEADROOM_DB - SPAN_DB
        wanted = self._scaled(held)
        self._lines = {"target": _by_name(_times_s(len(held)), wanted)}
        self._events: Sequence[TouchEvent] = ()

    def lanes(self) -> tuple[Lane, ...]:
        """Draw what there is so far, lane by lane."""
        lines = dict(self._lines)
        if self._events:
            rows = _moves(self._events)
            lines["hand"] = _by_name(rows[:, 0], rows[:, 1:])
        return tuple(
            Lane(name, self._target.held_s, {who: line[name] for who, line in lines.items()})
            for name in NAMES
        )

    def follow(self, events: Sequence[TouchEvent]) -> None:
        """Draw the touch that these events tell of from now on, as far as they have grown."""
        self._events = events

    def draw_sound(self, who: str, preset: Preset, composer: Composer, take: Take) -> None:
        """Draw how a preset sounds by the moves of a take."""
        heard = sounded(preset, composer, take)
        self._lines[who] = _by_name(_times_s(len(heard)), self._scaled(heard))

    def _scaled(self, descriptors: Array) -> Array:
        loud = (descriptors[:, 0] - self._floor_db) / SPAN_DB
        pitch = 0.5 + descriptors[:, 2] / SPAN_CENTS
        return np.clip(np.column_stack([loud, descriptors[:, 1], pitch]), 0.0, 1.0)


def sounded(preset: Preset, composer: Composer, take: Take) -> Array:
    """Tell how loud, bright and high a preset sounds by the moves of a take while it is held.

    Returns
    -------
    NDArray
        At `TARGET_RATE_HZ`, columns as `mapper.reading.DESCRIPTORS`, bends included.
    """
    features = gesture_features(take.touches, preset.card.manner.strike_share)
    trajectory = preset.mapping.predict(features)
    times_s = _times_s(max(round(take.held_s * TARGET_RATE_HZ), 1))
    at = np.searchsorted(take.touches[:, AGE], times_s + 1e-6, side="right") - 1
    first = take.touches[0]
    note, strike = (float(first[TOUCH_FIELDS.index(name)]) for name in ("note", "strike"))
    heard = describe(composer, trajectory[at], note, strike)
    heard[:, 2] += 100.0 * take.touches[at, TOUCH_FIELDS.index("glide_semitones")]
    return heard


def rows_of(lanes: Sequence[Lane]) -> list[dict[str, Any]]:
    """Write lanes as plain lists, ready for JSON."""
    return [
        {
            "name": lane.name,
            "length_s": round(lane.length_s, 3),
            "lines": {who: [list(point) for point in line] for who, line in lane.lines.items()},
        }
        for lane in lanes
    ]


def _moves(events: Iterable[TouchEvent]) -> Array:
    """List time since the strike, press, slide and bend (as a place) of each moment of a touch."""
    rows, zone_semitones, strike_s = [], 0.0, None
    for event in events:
        if event.kind is Kind.ZONE_GLIDE:
            zone_semitones = event.glide_semitones
            continue
        strike_s = event.time_s if strike_s is None else strike_s
        bend = 0.5 + 100.0 * (event.glide_semitones + zone_semitones) / SPAN_CENTS
        rows.append((event.time_s - strike_s, event.press, event.slide, min(max(bend, 0.0), 1.0)))
    drawn = np.array(rows or [(0.0, 0.0, 0.0, 0.5)])
    return drawn[drawn[:, 0] <= LONGEST_S]


def _times_s(count: int) -> NDArray[np.float64]:
    return np.arange(count) / TARGET_RATE_HZ


def _by_name(times_s: Array, values: Array) -> dict[str, Points]:
    """Thin three curves to what a screen can show, shape of `values` (n, 3)."""
    kept = np.unique(np.linspace(0, len(times_s) - 1, min(len(times_s), MOST_POINTS)).astype(int))
    return {
        name: tuple(
            (round(float(time_s), 3), round(float(value), 3))
            for time_s, value in zip(times_s[kept], values[kept, column], strict=True)
        )
        for column, name in enumerate(NAMES)
    }
