"""The event ring: one writer, one reader, bounded, and never a note-off lost."""

from collections import deque
from typing import Final, NamedTuple

import numpy as np
from numba import njit

from synth.engine.intrinsics import load_acquire, store_release
from synth.engine.layout import (
    LEVEL,
    LIFT,
    MACRO,
    MOVE,
    RING_EVENTS,
    SELECT,
    STOP,
    STRIKE,
    ZONE_GLIDE,
    Records,
)

RESERVED: Final = 4096
"""Places that expression may not take, so that notes, pedals and panic always find room."""
EXPRESSION: Final = (MOVE, ZONE_GLIDE, LEVEL, MACRO)
"""Kinds of event of which only the newest counts."""
ENDS_EXPRESSION: Final = (STRIKE, LIFT, STOP)
"""Kinds of event that make what their touch was told before them old."""


class Event(NamedTuple):
    """One event as the engine takes it; the fields are those of `layout.EVENT` in its order.

    `number` means nothing to the engine: it comes back with the event from
    `Engine.applied_events`, for its sender to know it by.
    """

    frame: int
    touch: int
    kind: int
    zone: int = 0
    note: float = 0.0
    strike: float = 0.0
    press: float = 0.0
    slide: float = 0.5
    glide_semitones: float = 0.0
    lift: float = 0.0
    number: int = 0


@njit(cache=True, error_model="numpy")
def _push(  # noqa: PLR0913
    state: Records,
    ring: Records,
    frame: int,
    touch: int,
    kind: int,
    zone: int,
    note: float,
    strike: float,
    press: float,
    slide: float,
    glide_semitones: float,
    lift: float,
    number: int,
    reserved: int,
) -> bool:
    head_at, tail_at = state[0].head, state[0].tail
    head = head_at[0]
    if head - load_acquire(tail_at, 0) >= RING_EVENTS - reserved:
        return False
    event = ring[head % RING_EVENTS]
    event.frame, event.touch, event.kind, event.zone = frame, touch, kind, zone
    event.note, event.strike, event.press = note, strike, press
    event.slide, event.glide_semitones, event.lift = slide, glide_semitones, lift
    event.number = number
    store_release(head_at, 0, head + 1)
    return True


def _what_moves(event: Event) -> tuple[int, int, int]:
    """Name what an expression event is about: a touch, or a zone's bend, volume or macro."""
    if event.kind == MOVE:
        return MOVE, event.touch, 0
    return event.kind, event.zone, event.touch if event.kind == MACRO else 0


class Writer:
    """The ring's only writer: callers on several threads must hold one lock between them.

    When the reader falls behind (a stalled device), expression is held back here, newest per
    touch and zone, and discrete events queue without bound; all of it follows when there is room again.
    """

    def __init__(self, state: Records, ring: Records) -> None:
        self._state, self._ring = state, ring
        self._expression: dict[tuple[int, int, int], Event] = {}
        self._discrete: deque[Event] = deque()

    def push(self, event: Event) -> None:
        """Write one event, or keep it until there is room."""
        if self.waiting:
            self.flush()
        if event.kind in EXPRESSION:
            self._expression.pop(_what_moves(event), None)
            if self._discrete or not _push(self._state, self._ring, *event, RESERVED):
                self._expression[_what_moves(event)] = event
            return
        if event.kind in ENDS_EXPRESSION:
            kept = self._expression.pop((MOVE, event.touch, 0), None)
            if kept and event.kind == LIFT:
                self._write(kept)  # the note that rings on may be told in it alone
        self._write(event)

    def _write(self, event: Event) -> None:
        if self._discrete or not _push(self._state, self._ring, *event, 0):
            self._discrete.append(event)

    def flush(self) -> None:
        """Write what was kept, as far as there is room."""
        while self._discrete and _push(self._state, self._ring, *self._discrete[0], 0):
            self._discrete.popleft()
        if self._discrete:
            return
        for what, event in list(self._expression.items()):
            if not _push(self._state, self._ring, *event, RESERVED):
                return
            del self._expression[what]

    def waiting_selects(self) -> set[int]:
        """Patch slots that are going to be selected, in the ring or before it; any thread."""
        kept = {event.touch for event in self._discrete.copy() if event.kind == SELECT}
        head, tail = int(self._state[0]["head"][0]), int(self._state[0]["tail"][0])
        waiting = self._ring[np.arange(tail, head) % RING_EVENTS]
        return kept | {int(slot) for slot in waiting["touch"][waiting["kind"] == SELECT]}

    @property
    def waiting(self) -> int:
        """Events kept for lack of room."""
        return len(self._expression) + len(self._discrete)
