"""The surfaces that play now: each has a seat, and whoever falls silent or leaves holds nothing."""

import time
from collections.abc import Callable
from typing import Final

from embouchure.errors import ProgramError
from embouchure.own_inputs import SURFACES
from embouchure.service.touch_frames import TouchFrame
from mapper.surface import Surface

SIGN_OF_LIFE_S: Final = 0.2
"""The engine process is told so often at least that a surface still plays."""
REST_S: Final = 2.0
"""After so long without a touch the zone is announced again: the engine may be another by now."""
SILENT_S: Final = 0.25
"""A surface that holds touches sends a frame every 20 ms; after so long it is gone."""

Perform = Callable[[str, bytes], None]
"""Plays bytes on an input of the program's own, by its name."""
Close = Callable[[str], None]
"""Ends what such an input holds."""


class Seat:
    """One surface that plays, under the name of its input."""

    def __init__(self, name: str, perform: Perform, clock: Callable[[], float]) -> None:
        self.name = name
        self._surface = Surface()
        self._perform = perform
        self._clock = clock
        self._heard_s = self._told_s = clock()
        self._held_s = -REST_S

    def play(self, frame: TouchFrame) -> None:
        """Play a frame."""
        self._heard_s = self._clock()
        told = self._surface.play(frame.fingers)
        if told and self._heard_s - self._held_s >= REST_S:
            told = self._surface.configuration() + told
        if told:
            self._held_s = self._heard_s
            self._tell(told)

    def look(self) -> None:
        """End what a silent surface holds; else tell the engine that it lives."""
        now_s = self._clock()
        if now_s - self._heard_s > SILENT_S:
            self.lift_all()
        elif now_s - self._told_s > SIGN_OF_LIFE_S:
            self._tell(b"")

    def lift_all(self) -> None:
        """End every touch."""
        if told := self._surface.lift_all():
            self._tell(told)

    def _tell(self, data: bytes) -> None:
        self._told_s = self._clock()
        self._perform(self.name, data)


class Surfaces:
    """Hands out the seats; one thread.

    Parameters
    ----------
    perform, close
        How bytes reach the session.
    clock
        Tells the time in seconds.
    """

    def __init__(
        self, perform: Perform, close: Close, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._perform = perform
        self._close = close
        self._clock = clock
        self._seats: dict[str, Seat] = {}

    @property
    def names(self) -> list[str]:
        """Names of the seats that are taken."""
        return sorted(self._seats)

    def sit(self) -> Seat:
        """Take the first free seat.

        Raises
        ------
        ProgramError
            When all are taken, or the instrument cannot be played yet.
        """
        for name in SURFACES:
            if name not in self._seats:
                self._seats[name] = Seat(name, self._perform, self._clock)
                return self._seats[name]
        raise ProgramError(f"{len(SURFACES)} surfaces play already; close one of them")

    def leave(self, seat: Seat) -> None:
        """Give a seat back; what was held on it ends."""
        if self._seats.get(seat.name) is seat:
            del self._seats[seat.name]
            seat.lift_all()
            self._close(seat.name)

    def look(self) -> None:
        """End what silent surfaces hold, several times in `SILENT_S`."""
        for seat in self._seats.values():
            seat.look()
