"""Registered parameters: what a channel's data entry means now, and the messages that set one."""

from typing import Final

BEND_RANGE: Final = 0
"""RPN 0, pitch bend sensitivity: semitones, then hundredths."""
ZONE_SIZE: Final = 6
"""RPN 6, the MPE Configuration Message: number of member channels."""
CLOSED: Final = 0x3FFF
"""The null parameter: data entry does nothing."""
MAX_BEND_RANGE_SEMITONES: Final = 96.0


class Parameter:
    """The parameter that one channel's data entry sets.

    The two halves of a registered number come in any order with anything between; selecting a
    non-registered parameter closes the registered one.
    """

    __slots__ = ("_high", "_low")

    def __init__(self) -> None:
        self.close()

    @property
    def number(self) -> int:
        """The registered parameter number, or `CLOSED`."""
        return self._high << 7 | self._low

    def select_high(self, value: int) -> None:
        """Take CC 101."""
        self._high = value

    def select_low(self, value: int) -> None:
        """Take CC 100."""
        self._low = value

    def close(self) -> None:
        """Forget the parameter, as CC 98 and CC 99 do."""
        self._high = self._low = 0x7F


def zone_messages(manager: int, n_members: int) -> list[bytes]:
    """Messages of an MPE Configuration Message on manager channel 0 or 15."""
    return _messages(manager, ZONE_SIZE, (6, n_members))


def bend_range_messages(channel: int, semitones: float) -> list[bytes]:
    """Messages that set the bend range of a channel 0-15, to a hundredth of a semitone."""
    whole, cents = divmod(round(100.0 * semitones), 100)
    low = [(38, cents)] if cents else []  # some receivers misread a low part of 0
    return _messages(channel, BEND_RANGE, (6, whole), *low)


def _messages(channel: int, number: int, *entries: tuple[int, int]) -> list[bytes]:
    select = [(101, number >> 7), (100, number & 0x7F)]
    close = [(101, 0x7F), (100, 0x7F)]
    return [bytes((0xB0 | channel, *pair)) for pair in [*select, *entries, *close]]
