"""Drift: noticing, while it is played, that a controller no longer answers as when it was measured."""

from collections import deque
from typing import Final

from mapper.bytestream import ByteStream
from mapper.hand import Hand
from mapper.profile import PROFILES
from mapper.ratios import pressure_to_ratio

N_PEAKS: Final = 40
"""Touches remembered."""
LEAST_TOUCHES: Final = 25
LEAST_HELD_S: Final = 0.3
"""Shorter touches are strikes, which need no press."""
BEYOND: Final = 0.12
"""Press this far above the range that was measured was not possible then."""
N_BEYOND: Final = 3
SHORT: Final = 0.55
"""A player whose hardest touches, of many, stay below this share of the range has not what they had."""
LOUD_SHARE: Final = 0.5
"""Only players who reach this share of the strikes' range are expected to press hard too."""
_NOTE_OFF, _NOTE_ON, _POLY_PRESSURE, _PRESSURE = 0x80, 0x90, 0xA0, 0xD0
_NOTE_MESSAGES: Final = (_NOTE_OFF, _NOTE_ON)


class Drift:
    """Listens to what a controller sends beside a hand, and says once when the two disagree.

    A controller whose own response was changed presses beyond the measured range, or no longer
    comes near its end however hard the keys are struck. A player who only plays softly is not told so:
    their strikes are soft too.

    Parameters
    ----------
    hand
        Measured on this controller.
    """

    def __init__(self, hand: Hand) -> None:
        self._hand = hand
        known = (one.deaf for one in PROFILES.values() if one.name == hand.controller)
        self._deaf: frozenset[int] = next(known, frozenset())
        self._stream = ByteStream()
        self._presses: dict[int, float] = {}
        self._struck_s: dict[int, float] = {}
        self._peaks: deque[float] = deque(maxlen=N_PEAKS)
        self._strikes: deque[float] = deque(maxlen=N_PEAKS)
        self._has_spoken = False

    def hear(self, data: bytes, time_s: float) -> str:
        """Take bytes as they came at `time_s`; return a sentence when the hand agrees no more, else nothing."""
        if self._has_spoken or self._hand.press.is_straight:
            return ""
        for message in self._stream.feed(data):
            if (message[0] << 7 | message[1]) not in self._deaf:
                self._take(message, time_s)
        sentence = self._judge()
        self._has_spoken = bool(sentence)
        return sentence

    def _take(self, message: bytes, time_s: float) -> None:
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind in (_POLY_PRESSURE, _PRESSURE):
            press = pressure_to_ratio(message[-1])
            self._presses[channel] = max(press, self._presses.get(channel, 0.0))
        elif kind == _NOTE_ON and message[2]:
            self._strikes.append(message[2] / 127)
            self._presses[channel], self._struck_s[channel] = 0.0, time_s
        elif kind in _NOTE_MESSAGES and channel in self._presses:
            peak, struck_s = self._presses.pop(channel), self._struck_s.get(channel, time_s)
            if time_s - struck_s >= LEAST_HELD_S:
                self._peaks.append(peak)

    def _judge(self) -> str:
        most = self._hand.press_range.high
        beyond = sum(peak > most + BEYOND for peak in self._peaks)
        if beyond >= N_BEYOND:
            return _sentence(self._hand, "presses harder")
        if len(self._peaks) < LEAST_TOUCHES:
            return ""
        hardest = sorted(self._peaks)[-N_BEYOND]
        struck = self._hand.strike.raw[-1] * LOUD_SHARE
        strikes_hard = sum(strike >= struck for strike in self._strikes) >= LEAST_TOUCHES // 2
        if strikes_hard and hardest < SHORT * most:
            return _sentence(self._hand, "presses less")
        return ""


def _sentence(hand: Hand, how: str) -> str:
    return (
        f"{hand.controller} {how} than when {hand.player}'s hand was measured on it; if you changed "
        "its response, bring the hand up to date with embouchure calibrate hand --warm."
    )
