"""The prompter: plays touches that a guide asks for, each event at its time, beside the player."""

import heapq
import itertools
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from embouchure.cues import PROMPT_PORT
from embouchure.instrument import Sound
from embouchure.session import Session
from mapper.book import TOUCHES_PER_PORT
from mapper.touch import Kind, TouchEvent

FIRST_TOUCH: Final = PROMPT_PORT * TOUCHES_PER_PORT + TOUCHES_PER_PORT // 2
"""Touch numbers from here on are nobody else's."""
ENDS: Final = (Kind.LIFT, Kind.STOP)
PROMPTED: Final = (Kind.STRIKE, Kind.MOVE, *ENDS)


class Prompter:
    """Plays into a session from a thread of its own; it is no take, but the journal has it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = itertools.count(FIRST_TOUCH)
        self._waiting: list[tuple[float, int, TouchEvent, Sound]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._play, name="prompter", daemon=True)
        self._thread.start()

    def prompt(self, events: Iterable[TouchEvent], sound: Sound, zone: int) -> None:
        """Play events in a zone at their times, by `time.perf_counter`; any thread."""
        known: dict[int, int] = {}
        with self._changed:
            for event in events:
                if event.kind is Kind.STRIKE:
                    known[event.touch] = next(self._numbers)
                if event.kind in PROMPTED and event.touch in known:
                    own = event._replace(touch=known[event.touch], zone=zone)
                    heapq.heappush(self._waiting, (event.time_s, next(self._order), own, sound))
            self._changed.notify()

    def forget(self) -> None:
        """Play nothing that is still to come but the ends of touches that sound, at once; any thread."""
        now_s = time.perf_counter()
        with self._changed:
            unstruck = {
                event.touch for _, _, event, _ in self._waiting if event.kind is Kind.STRIKE
            }
            self._waiting = [
                (now_s, order, event._replace(time_s=now_s), sound)
                for _, order, event, sound in self._waiting
                if event.kind in ENDS and event.touch not in unstruck
            ]
            heapq.heapify(self._waiting)
            self._changed.notify()

    def stop(self) -> None:
        """Play nothing further and end the thread; what sounds goes on."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _play(self) -> None:
        while True:
            with self._changed:
                due = self._next()
                if self._ended:
                    return
            if due:
                self._sound(*due)

    def _sound(self, event: TouchEvent, sound: Sound) -> None:
        """Play an event; whatever was selected for all zones since, it is struck with its own sound."""
        if event.kind is Kind.STRIKE:
            with suppress(RuntimeError):  # every slot sounds: it is heard with the player's sound
                self._session.select(event.time_s, sound, event.zone)
        self._session.push([event])

    def _next(self) -> tuple[TouchEvent, Sound] | None:
        """Take the next event if it is due, else wait until it is or something changes."""
        if not self._waiting:
            self._changed.wait()
            return None
        left_s = self._waiting[0][0] - time.perf_counter()
        if left_s > 0.0:
            self._changed.wait(left_s)
            return None
        return heapq.heappop(self._waiting)[2:]
