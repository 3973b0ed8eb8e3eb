"""Notes that come in by OSC: each has an id of the sender's choice and plays as one finger."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from embouchure.errors import ProgramError
from embouchure.fingers import Fingers, Perform
from embouchure.own_inputs import OSC
from mapper.surface import MAX_FINGERS, Finger, Phase

SILENT_S: Final = 0.25
"""A sender that counts its frames is gone when it is silent for so long."""


class Notes:
    """Plays notes on the input named `OSC`; every method may be called from any thread.

    Parameters
    ----------
    perform
        Plays bytes on an input of the program's own.
    clock
        Tells the time in seconds.
    """

    def __init__(self, perform: Perform, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._played = Fingers(OSC, perform, clock)
        self._fingers: dict[int, Finger] = {}
        self._counts_frames = False
        self._heard_s = clock()
        self._lock = threading.Lock()

    def on(self, number: int, note: float, strike: float) -> None:
        """Begin a note; one with the same id ends first."""
        with self._lock:
            if self._fingers.pop(number, None):
                self._play()
            if len(self._fingers) >= MAX_FINGERS:
                raise ProgramError(f"{MAX_FINGERS} notes sound already; end one first")
            self._fingers[number] = Finger(number, Phase.BEGAN, note, strike=strike)
            self._play()

    def off(self, number: int) -> None:
        """End a note."""
        with self._lock:
            self._known(number)
            del self._fingers[number]
            self._play()

    def move(self, dimension: str, number: int, value: float) -> None:
        """Move one dimension of a note: `glide_semitones`, `press` or `slide`."""
        moved: dict[str, Any] = {dimension: value}
        with self._lock:
            self._fingers[number] = self._known(number)._replace(**moved)
            self._play()

    def touch(self, finger: Finger) -> None:
        """Begin or move a note with all its dimensions at once; a strike of 0 ends it."""
        with self._lock:
            if finger.strike <= 0.0:
                self._fingers.pop(finger.number, None)
            elif finger.number in self._fingers or len(self._fingers) < MAX_FINGERS:
                self._fingers[finger.number] = finger
            self._play()

    def end_all(self) -> None:
        """End every note."""
        with self._lock:
            self._fingers.clear()
            self._play()

    def count_frame(self) -> None:
        """Take a frame's number: the next silence ends what is held, by whomever."""
        with self._lock:
            self._counts_frames = True
            self._heard_s = self._clock()

    def look(self) -> None:
        """End what a silent sender holds, or tell the engine that it lives; a few times a second."""
        with self._lock:
            silent_s = self._clock() - self._heard_s
            if self._counts_frames and silent_s > SILENT_S:
                self._counts_frames = False
                self._fingers.clear()
                self._play()
            elif self._played.has_played:
                self._played.live()

    def _known(self, number: int) -> Finger:
        if finger := self._fingers.get(number):
            return finger
        raise ProgramError(f"no note sounds under the id {number}; begin it with note/on")

    def _play(self) -> None:
        self._heard_s = self._clock()
        self._played.play(list(self._fingers.values()))
