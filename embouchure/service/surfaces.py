"""The surfaces that play now: each has a seat, and whoever falls silent or leaves holds nothing."""

import time
from collections.abc import Callable
from typing import Final

from embouchure.errors import ProgramError
from embouchure.fingers import Fingers, Perform
from embouchure.own_inputs import SURFACES
from embouchure.service.touch_frames import TouchFrame

SILENT_S: Final = 0.25
"""A surface that holds touches sends a frame every 20 ms; after so long it is gone."""

Close = Callable[[str], None]
"""Ends what an input of the program's own holds."""


class Seat:
    """One surface that plays, under the name of its input."""

    def __init__(self, name: str, perform: Perform, clock: Callable[[], float]) -> None:
        self.name = name
        self._fingers = Fingers(name, perform, clock)
        self._clock = clock
        self._heard_s = clock()

    def play(self, frame: TouchFrame) -> None:
        """Play a frame."""
        self._heard_s = self._clock()
        self._fingers.play(frame.fingers)

    def look(self) -> None:
        """End what a silent surface holds; else tell the engine that it lives."""
        if self._clock() - self._heard_s > SILENT_S:
            self.lift_all()
        else:
            self._fingers.live()

    def lift_all(self) -> None:
        """End every touch."""
        self._fingers.lift_all()


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
