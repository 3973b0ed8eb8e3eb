"""A surface: fingers on glass become the bytes of an MPE controller, and no note is left sounding."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from mapper.ratios import (
    ratio_to_bend,
    ratio_to_pressure,
    ratio_to_slide,
    ratio_to_velocity,
)
from mapper.rpn import bend_range_messages, zone_messages
from mapper.zones import LOWER, MAX_MEMBERS, MEMBER_RANGE_SEMITONES

MAX_FINGERS: Final = MAX_MEMBERS + 1
RELEASE: Final = 64
"""Glass does not tell how fast a finger leaves it."""
_NOTE_OFF, _NOTE_ON, _KEY_PRESS, _CONTROL, _PRESS, _BEND = 0x80, 0x90, 0xA0, 0xB0, 0xD0, 0xE0
_SLIDE: Final = 74


class Phase(IntEnum):
    """What a finger does; the numbers are the wire format of touch frames."""

    BEGAN = 0
    MOVES = 1
    ENDED = 2


class Finger(NamedTuple):
    """One finger as a frame tells it; numbers beyond what MIDI can say become the nearest."""

    number: int
    phase: Phase
    note: float
    """Where it landed, in semitones; between two keys too."""
    glide_semitones: float = 0.0
    press: float = 0.0
    slide: float = 0.5
    strike: float = 0.5


@dataclass
class _Touch:
    """A finger that sounds: its channel and key, and what that channel was told last."""

    channel: int
    key: int
    told: dict[int, bytes] = field(default_factory=dict)


class Surface:
    """A generator of MPE: a lower zone of fifteen members, one finger on each.

    A channel has its bend, slide and press before its note begins. The sixteenth finger plays on
    the manager's channel, where it has strike and press and cannot bend the others.
    """

    def __init__(self) -> None:
        self._touches: dict[int, _Touch] = {}
        self._free = deque(range(1, MAX_MEMBERS + 1))
        self._manager_is_free = True

    @property
    def fingers(self) -> frozenset[int]:
        """Numbers of the fingers that sound."""
        return frozenset(self._touches)

    def configuration(self) -> bytes:
        """Announce the zone and its bend range; before anything else is sent."""
        zone = zone_messages(LOWER, MAX_MEMBERS)
        return b"".join([*zone, *bend_range_messages(LOWER + 1, MEMBER_RANGE_SEMITONES)])

    def play(self, frame: Sequence[Finger]) -> bytes:
        """Play a frame, which tells every finger that is down; who is missing has been lifted.

        One that moves without having begun begins now, as after a pause of the network; beginning
        twice is moving.
        """
        down = [finger for finger in frame if finger.phase is not Phase.ENDED]
        told = self._lift(self._touches.keys() - {finger.number for finger in down})
        for finger in down:
            if touch := self._touches.get(finger.number):
                told += _changes(touch, finger)
            elif self._free or self._manager_is_free:
                told += self._strike(finger)
        return told

    def lift_all(self) -> bytes:
        """Lift every finger, as when the surface is gone."""
        return self._lift(list(self._touches))

    def _strike(self, finger: Finger) -> bytes:
        if self._free:
            channel = self._free.popleft()
        else:
            channel, self._manager_is_free = LOWER, False
        touch = _Touch(channel, round(_within(finger.note, 0.0, 127.0)))
        self._touches[finger.number] = touch
        velocity = ratio_to_velocity(_within(finger.strike, 0.0, 1.0))
        strike = bytes((_NOTE_ON | channel, touch.key, velocity))
        return (
            strike + _changes(touch, finger)
            if channel == LOWER
            else _changes(touch, finger) + strike
        )

    def _lift(self, numbers: Iterable[int]) -> bytes:
        told = b""
        for number in sorted(numbers):
            touch = self._touches.pop(number)
            told += bytes((_NOTE_OFF | touch.channel, touch.key, RELEASE))
            if touch.channel == LOWER:
                self._manager_is_free = True
            else:
                self._free.append(touch.channel)
        return told


def _changes(touch: _Touch, finger: Finger) -> bytes:
    """Tell what a touch's channel was not told yet."""
    told = b""
    for message in _state(touch, finger):
        if touch.told.get(message[0]) != message:
            touch.told[message[0]] = message
            told += message
    return told


def _state(touch: _Touch, finger: Finger) -> list[bytes]:
    """Say bend, slide and press of a finger; on the manager's channel press alone."""
    press = ratio_to_pressure(_within(finger.press, 0.0, 1.0))
    if touch.channel == LOWER:
        return [bytes((_KEY_PRESS | LOWER, touch.key, press))]
    away = finger.note - touch.key + finger.glide_semitones
    bend = ratio_to_bend(_within(away / MEMBER_RANGE_SEMITONES, -1.0, 1.0))
    slide = ratio_to_slide(_within(finger.slide, 0.0, 1.0))
    return [
        bytes((_BEND | touch.channel, bend & 0x7F, bend >> 7)),
        bytes((_CONTROL | touch.channel, _SLIDE, slide)),
        bytes((_PRESS | touch.channel, press)),
    ]


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
