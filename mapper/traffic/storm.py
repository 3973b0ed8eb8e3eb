"""Storms: seeded MPE traffic of ten fingers that never rest."""

import random
from collections.abc import Iterator
from typing import Final

from mapper.ratios import ratio_to_bend
from mapper.rpn import bend_range_messages, zone_messages

Traffic = Iterator[tuple[float, bytes]]
"""Times in seconds, never falling, and the bytes of one read."""

N_FINGERS: Final = 10
LINNSTRUMENT_HZ: Final = 125.0
"""Messages per second of each kind from each finger, the most a LinnStrument sends over USB."""

_STRIKE_SHARE: Final = 0.02
_LIFT_SHARE: Final = 0.02
_MISCHIEF_SHARE: Final = 0.01
_WHEEL: Final = 0.05
"""Largest step of a bend, as a share of its range."""


class _Finger:
    """One finger: on a key of a member channel, or in the air."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._channel = 1
        self._note = 60
        self._bend = 0.0
        self.is_down = False

    def strike(self, channel: int) -> bytes:
        """Land: bend, slide, pressure 0, note-on."""
        self._channel, self._note = channel, self._rng.randint(24, 108)
        self.is_down = True
        self._bend = 0.0
        opening = bytes((0xB0 | channel, 74, self._rng.randrange(128), 0xD0 | channel, 0))
        note_on = bytes((0x90 | channel, self._note, self._rng.randint(1, 127)))
        return self._wheel() + opening + note_on

    def lift(self) -> bytes:
        """Leave: pressure 0, note-off."""
        self.is_down = False
        channel = self._channel
        return bytes((0xD0 | channel, 0, 0x80 | channel, self._note, self._rng.randrange(128)))

    def move(self, dimension: int) -> bytes:
        """Change pressure (0), slide (1) or bend (2)."""
        if dimension == 0:
            return bytes((0xD0 | self._channel, self._rng.randrange(128)))
        if dimension == 1:
            return bytes((0xB0 | self._channel, 74, self._rng.randrange(128)))
        step = self._rng.uniform(-_WHEEL, _WHEEL)
        self._bend = min(1.0, max(-1.0, self._bend + step))
        return self._wheel()

    def _wheel(self) -> bytes:
        bend = ratio_to_bend(self._bend)
        return bytes((0xE0 | self._channel, bend & 0x7F, bend >> 7))


def storm(seed: int, seconds: float, rate_hz: float) -> Traffic:
    """Yield random reads: strikes, lifts, every dimension, pedals, zones, resets and rubbish.

    Parameters
    ----------
    seed
        The same seed gives the same storm.
    seconds
        How long it lasts.
    rate_hz
        Reads per second on average; a strike is one read of four messages.
    """
    rng = random.Random(seed)
    fingers = [_Finger(rng) for _ in range(N_FINGERS)]
    time_s = rng.expovariate(rate_hz)
    while time_s < seconds:
        yield time_s, _gust(rng, rng.choice(fingers))
        time_s += rng.expovariate(rate_hz)


def ten_fingers(seed: int, seconds: float) -> Traffic:
    """Yield what a LinnStrument sends at most: ten held notes, each dimension at 125 Hz."""
    rng = random.Random(seed)
    fingers = [_Finger(rng) for _ in range(N_FINGERS)]
    for channel, finger in enumerate(fingers, start=1):
        yield 0.0, finger.strike(channel)
    n_moves = int(seconds * LINNSTRUMENT_HZ) * 3 * N_FINGERS
    for k in range(n_moves):
        time_s = k / (LINNSTRUMENT_HZ * 3 * N_FINGERS)
        yield time_s, fingers[k % N_FINGERS].move(k // N_FINGERS % 3)
    for finger in fingers:
        yield seconds, finger.lift()


def _gust(rng: random.Random, finger: _Finger) -> bytes:
    chance = rng.random()
    if chance < _MISCHIEF_SHARE:
        return _mischief(rng)
    if not finger.is_down:
        is_landing = chance < _MISCHIEF_SHARE + N_FINGERS * _STRIKE_SHARE
        return finger.strike(rng.randint(1, 15)) if is_landing else _manage(rng)
    if chance < _MISCHIEF_SHARE + _LIFT_SHARE:
        return finger.lift()
    return finger.move(rng.randrange(3))


def _manage(rng: random.Random) -> bytes:
    """Move the zone's own bend, pressure, slide, a pedal or a fader."""
    value = rng.randrange(128)
    choices = (
        bytes((0xE0, rng.randrange(128), value)),
        bytes((0xD0, value)),
        bytes((0xB0, 74, value)),
        bytes((0xB0, 64, value)),
        bytes((0xB0, 66, value)),
        bytes((0xB0, rng.choice((1, 7, 11, 17)), value)),
    )
    return rng.choice(choices)


def _mischief(rng: random.Random) -> bytes:
    """Do what seldom happens: zones, ranges, resets, silence, programs, rubbish."""
    channel = rng.choice((0, 0, 0, rng.randrange(16)))
    choices = (
        b"".join(zone_messages(rng.choice((0, 15)), rng.randrange(17))),
        b"".join(zone_messages(0, 15)),
        b"".join(bend_range_messages(rng.randrange(16), rng.uniform(0.0, 96.0))),
        bytes((0xB0 | channel, rng.choice((120, 121, 123)), 0)),
        bytes((0xC0 | channel, rng.randrange(128))),
        bytes((0xA0 | channel, rng.randint(24, 108), rng.randrange(128))),
        bytes((0x90 | channel, rng.randint(24, 108), 0)),
        b"\xf0" + rng.randbytes(6) + b"\xf7",
        rng.randbytes(rng.randint(1, 6)),
    )
    return rng.choice(choices)
