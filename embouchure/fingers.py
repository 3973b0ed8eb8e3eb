"""The fingers on an input of the program's own: played as by an MPE controller that makes itself known."""

from collections.abc import Callable, Sequence
from typing import Final

from mapper.surface import Finger, Surface

SIGN_OF_LIFE_S: Final = 0.2
"""The engine process is told so often at least that an input is still played."""
REST_S: Final = 2.0
"""After so long without anything new the zone is announced again: the engine may be another by now."""

Perform = Callable[[str, bytes], None]
"""Plays bytes on an input of the program's own, by its name."""


class Fingers:
    """Plays on one input; whoever calls sees that only one thread does at a time.

    Parameters
    ----------
    name
        What the input is called.
    perform
        Plays bytes on it.
    clock
        Tells the time in seconds.
    """

    def __init__(self, name: str, perform: Perform, clock: Callable[[], float]) -> None:
        self.name = name
        self.has_played = False
        self._surface = Surface()
        self._perform = perform
        self._clock = clock
        self._told_s = clock()
        self._new_s = -REST_S

    def play(self, fingers: Sequence[Finger]) -> None:
        """Play all fingers that are down; who is missing has been lifted."""
        now_s = self._clock()
        told = self._surface.play(fingers)
        if told and now_s - self._new_s >= REST_S:
            told = self._surface.configuration() + told
        if told:
            self._tell(told)
            self._new_s, self.has_played = now_s, True

    def lift_all(self) -> None:
        """Lift every finger."""
        if told := self._surface.lift_all():
            self._tell(told)

    def live(self) -> None:
        """Tell the engine that they are there, unless it was told just now; a few times a second."""
        if self._clock() - self._told_s > SIGN_OF_LIFE_S:
            self._tell(b"")

    def _tell(self, data: bytes) -> None:
        self._told_s = self._clock()
        self._perform(self.name, data)
