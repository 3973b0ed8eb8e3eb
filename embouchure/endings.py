"""Endings: where the program itself ended notes, so that none is left hanging in a take."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from embouchure.journal import MAX_TIME_S, Line, read_lines
from mapper.bytestream import ByteStream
from mapper.performance import Played

CALLS: Final = frozenset({"release", "release_all", "panic"})
LIFT: Final = 0x40
"""The release velocity of a lift that nobody played: a middle one."""
_PEDALS: Final = frozenset({64, 66})
_NOTE_OFF, _NOTE_ON, _CONTROL = 0x80, 0x90, 0xB0


class Ending(NamedTuple):
    """A moment at which everything that a port held was ended; None means every port."""

    time_s: float
    port: int | None


def read_endings(journal: Path) -> list[Ending]:
    """Read from a journal when a port was unplugged, all was silenced, or another engine began."""
    found = [ending for line in read_lines(journal) for ending in _endings(line)]
    return sorted(found, key=lambda ending: ending.time_s)


def _endings(line: Line) -> Iterator[Ending]:
    if line.word not in {"segment", "call"}:
        return
    with suppress(
        ValueError, LookupError, TypeError, AttributeError, RecursionError
    ):  # a damaged line
        told = json.loads(line.text)
        is_one = line.word == "segment" or told["call"] in CALLS
        time_s = float(told["time_s"])
        if is_one and 0.0 <= time_s < MAX_TIME_S:
            yield Ending(time_s, int(told["port"]) if "port" in told else None)


def with_lifts(heard: Sequence[Played], endings: Sequence[Ending]) -> Iterator[Played]:
    """Yield what was heard, each ending's lifts and raised pedals at its place, and those at the end."""
    held: dict[int, _Held] = {}
    waiting = list(endings)
    for played in heard:
        while waiting and waiting[0].time_s < played.time_s:
            yield from _lifts(held, waiting.pop(0))
        yield played
        held.setdefault(played.port, _Held()).hear(played.data)
    for ending in waiting:
        yield from _lifts(held, ending)
    if heard:
        yield from _lifts(held, Ending(heard[-1].time_s, None))


def rests(heard: Sequence[Played]) -> Iterator[bool]:
    r"""Tell of every message whether no note was held when it came.

    >>> list(rests([Played(s, 0, bytes((0x90, 60, v))) for s, v in ((0.0, 9), (1.0, 0), (2.0, 9))]))
    [True, False, True]
    """
    held: dict[int, _Held] = {}
    for played in heard:
        yield not any(port.notes for port in held.values())
        held.setdefault(played.port, _Held()).hear(played.data)


def _lifts(held: "dict[int, _Held]", ending: Ending) -> Iterator[Played]:
    for port in held if ending.port is None else {ending.port} & held.keys():
        for data in held[port].end():
            yield Played(ending.time_s, port, data)


class _Held:
    """The notes and pedals that one port holds down, each as the message that ends it."""

    def __init__(self) -> None:
        self._stream = ByteStream()
        self._ends: dict[tuple[int, int], bytes] = {}

    def hear(self, data: bytes) -> None:
        """Follow the port's bytes, cut anywhere."""
        for message in self._stream.feed(data):
            if len(message) == 3:
                self._follow(*message)

    def _follow(self, status: int, number: int, value: int) -> None:
        kind, channel = status & 0xF0, status & 0x0F
        if kind == _NOTE_ON and value:
            self._ends[_NOTE_OFF | channel, number] = bytes((_NOTE_OFF | channel, number, LIFT))
        elif kind in {_NOTE_ON, _NOTE_OFF}:
            self._ends.pop((_NOTE_OFF | channel, number), None)
        elif kind == _CONTROL and number in _PEDALS:
            self._ends.pop((status, number), None)
            if value:
                self._ends[status, number] = bytes((status, number, 0))

    @property
    def notes(self) -> int:
        """How many notes are held, pedals apart."""
        return sum(status & 0xF0 == _NOTE_OFF for status, _ in self._ends)

    def end(self) -> list[bytes]:
        """Tell what ends them, and hold nothing more."""
        ends, self._ends = list(self._ends.values()), {}
        return ends
