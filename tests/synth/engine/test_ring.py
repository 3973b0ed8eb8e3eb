"""The event ring: what was told arrives in order, or newest when there is no room."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.engine.layout import (
    EVENT,
    LIFT,
    MOVE,
    PANIC,
    RING_EVENTS,
    SELECT,
    STATE,
    STOP,
    STRIKE,
    ZONE_GLIDE,
)
from synth.engine.ring import RESERVED, Event, Writer
from tests.synth.toy import lift, make_engine, move, strike

OF_A_TOUCH = (STRIKE, MOVE, LIFT, STOP)
EXPRESSION = (MOVE, ZONE_GLIDE)
TOUCHES = st.integers(0, 2)
TOLD = st.tuples(
    st.sampled_from([MOVE] * 4 + [STRIKE, LIFT, STOP, ZONE_GLIDE, PANIC, SELECT]), TOUCHES
)
READ = st.integers(0, 40)


class Ring:
    """A writer and a reader, with room for few events before the ring is full."""

    def __init__(self, room: int) -> None:
        self._state, self._ring = np.zeros(1, STATE), np.zeros(RING_EVENTS, EVENT)
        self._behind = RING_EVENTS - room
        self._state["head"] = self._behind
        self._read = self._behind
        self.writer = Writer(self._state, self._ring)

    def read(self, most: int) -> list[tuple[int, int, int]]:
        """Take the next events: kind, touch and the number in `frame`."""
        head = int(self._state[0]["head"][0])
        first, self._read = self._read, min(self._read + most, head)
        self._state["tail"] = self._read - self._behind
        taken = self._ring[np.arange(first, self._read) % RING_EVENTS]
        return [(int(e["kind"]), int(e["touch"]), int(e["frame"])) for e in taken]

    def clear(self) -> None:
        """Take everything that is in the ring, now that the crowd is gone."""
        self._behind = 0
        self.read(RING_EVENTS)

    def read_all(self) -> list[tuple[int, int, int]]:
        """Take everything, also what waits outside the ring, once the crowd is gone."""
        self._behind = 0
        read = self.read(RING_EVENTS)
        while self.writer.waiting:
            self.writer.flush()
            read += self.read(RING_EVENTS)
        return read


def played(room: int, steps: list) -> tuple[list, list]:
    """What was told, and what was read, when telling and reading alternate."""
    ring = Ring(room)
    told, read = [], []
    for number, step in enumerate(steps):
        if isinstance(step, int):
            read += ring.read(step)
        else:
            told.append((*step, number))
            ring.writer.push(Event(number, step[1], step[0]))
    return told, read + ring.read_all()


crowded = given(
    room=st.integers(0, RESERVED + 20), steps=st.lists(st.one_of(TOLD, TOLD, READ), max_size=120)
)


@settings(deadline=None)  # the first push may have to compile
@crowded
def test_everything_but_expression_arrives_in_order(room: int, steps: list):
    told, read = played(room, steps)
    discrete_read, discrete_told = (
        [e for e in events if e[0] not in EXPRESSION] for events in (read, told)
    )
    assert discrete_read == discrete_told


@crowded
def test_a_touchs_own_events_never_overtake_each_other(room: int, steps: list):
    _, read = played(room, steps)
    for touch in range(3):
        numbers = [n for kind, t, n in read if t == touch and kind in OF_A_TOUCH]
        assert numbers == sorted(numbers)


@crowded
def test_the_last_that_a_touch_was_told_arrives(room: int, steps: list):
    told, read = played(room, steps)
    for touch in range(3):
        own_told, own_read = (
            [e for e in events if e[1] == touch and e[0] in OF_A_TOUCH] for events in (told, read)
        )
        assert own_told[-1:] == own_read[-1:]


@given(steps=st.lists(TOLD, max_size=60))
def test_with_room_enough_everything_arrives(steps: list):
    told, read = played(RING_EVENTS, steps)
    assert read == told


def test_a_stalled_device_is_owed_one_bend_of_a_zone():
    ring = Ring(0)
    for frame in range(100):
        ring.writer.push(Event(frame, 0, ZONE_GLIDE, zone=3))
    ring.writer.push(Event(100, 0, ZONE_GLIDE, zone=4))
    assert ring.writer.waiting == 2


def test_expression_leaves_room_for_notes():
    ring = Ring(RESERVED)
    ring.writer.push(move(1))
    assert ring.writer.waiting == 1


def test_notes_take_the_room_that_expression_may_not():
    ring = Ring(RESERVED)
    ring.writer.push(strike(1))
    assert ring.writer.waiting == 0


def test_expression_that_waited_never_follows_newer(monkeypatch: pytest.MonkeyPatch):
    ring = Ring(0)
    ring.writer.push(move(1, press=0.1))
    monkeypatch.setattr(ring.writer, "flush", ring.clear)  # room comes right after a vain flush
    ring.writer.push(move(1, press=0.9))
    assert ring.writer.waiting == 0


def test_expression_that_waits_is_one_event_a_touch():
    ring = Ring(0)
    for press in np.linspace(0, 1, 100):
        ring.writer.push(move(1, press=press))
        ring.writer.push(move(2, press=press))
    assert ring.writer.waiting == 2


def test_a_note_that_a_held_touch_was_given_in_a_crowd_is_not_lost_with_its_lift():
    ring = Ring(RESERVED)
    ring.writer.push(move(1)._replace(note=67.0))
    ring.writer.push(lift(1))
    assert [(kind, touch) for kind, touch, _ in ring.read_all()] == [(MOVE, 1), (LIFT, 1)]


def test_an_event_keeps_its_fields():
    engine = make_engine()
    event = Event(5, 2**40, STRIKE, 3, 61.5, 0.25, 0.5, 0.75, -12.5, 0.125)
    engine.push(event)
    engine.render(64)
    assert engine.applied_events()[-1].item() == event


def test_after_a_long_stall_a_flood_ends_with_every_note_off_heard():
    engine = make_engine()
    for touch in range(10):
        engine.push(strike(touch))
    for i in range(40_000):
        engine.push(move(i % 10, press=i / 40_000))
    for touch in range(10):
        engine.push(lift(touch))
    engine.render(48_000)
    engine.flush()
    assert not engine.render(48_000)[24_000:].any()
