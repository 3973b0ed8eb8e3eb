"""What holds for the receiver whatever bytes it is sent."""

import math
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper.receiver import Receiver
from mapper.touch import Kind, TouchEvent
from mapper.traffic import storm, ten_fingers
from mapper.zones import Mode
from tests.mapper.hearing import fold

CONTROLS = 6, 38, 64, 66, 70, 74, 87, 98, 99, 100, 101, 102, 106, 120, 121, 123

data_bytes = st.integers(0, 127)
statuses = st.integers(0x80, 0xEF)
few_notes = st.integers(60, 62)
few_channels = st.sampled_from((0, 1, 2, 15))
notes = st.builds(
    lambda status, channel, note, velocity: bytes((status | channel, note, velocity)),
    st.sampled_from((0x80, 0x90, 0x90, 0xA0)), few_channels, few_notes, data_bytes,
)  # fmt: skip
controls = st.builds(
    lambda channel, control, value: bytes((0xB0 | channel, control, value)),
    few_channels, st.sampled_from(CONTROLS), data_bytes,
)  # fmt: skip
parameters = st.builds(
    lambda channel, number, value: bytes((0xB0 | channel, 101, 0, 100, number, 6, value)),
    few_channels, st.sampled_from((0, 6)), st.integers(0, 20),
)  # fmt: skip
bends = st.builds(
    lambda c, low, high: bytes((0xE0 | c, low, high)), few_channels, data_bytes, data_bytes
)
presses = st.builds(lambda channel, value: bytes((0xD0 | channel, value)), few_channels, data_bytes)
reads = st.lists(
    st.one_of(notes, notes, controls, parameters, bends, presses, st.binary(max_size=5)),
    max_size=60,
)
modes = st.sampled_from(Mode)


def played(mode: Mode, chunks: list[bytes]) -> tuple[Receiver, list[TouchEvent]]:
    """Play reads 10 ms apart."""
    receiver = Receiver(mode=mode)
    return receiver, [e for k, c in enumerate(chunks) for e in receiver.receive(c, 0.01 * k)]


def check_book(receiver: Receiver, events: list[TouchEvent]) -> None:
    """The receiver's touches are those the events tell of, as they tell it."""
    told = {
        number: (e.zone, e.note, e.strike, e.press, e.slide, e.glide_semitones)
        for number, e in fold(events).items()
    }
    assert told == {
        t.number: (t.zone, t.note, t.strike, t.press, t.slide, t.glide_semitones)
        for t in receiver.touches()
    }


def check_ends(events: list[TouchEvent]) -> None:
    """Every touch is struck once, ended once, and told of only in between.

    A touch that was lifted may still be stopped, once, to silence its tail.
    """
    struck = Counter(e.touch for e in events if e.kind is Kind.STRIKE)
    lifted = Counter(e.touch for e in events if e.kind is Kind.LIFT)
    stopped = Counter(e.touch for e in events if e.kind is Kind.STOP)
    assert set(struck) == set(lifted) | set(stopped)
    assert max([*struck.values(), *lifted.values(), *stopped.values()], default=1) == 1
    last = {Kind.STRIKE: 0, Kind.MOVE: 1, Kind.LIFT: 2, Kind.STOP: 3}
    seen: dict[int, Kind] = {}
    for event in events:
        if event.kind in last:
            before = seen.get(event.touch)
            assert (before is None) == (event.kind is Kind.STRIKE)
            assert before not in {Kind.LIFT, Kind.STOP} or event.kind is Kind.STOP
            seen[event.touch] = event.kind


def check_ranges(events: list[TouchEvent]) -> None:
    """Every number is finite and in its range."""
    for e in events:
        assert all(math.isfinite(number) for number in e)
        assert all(0.0 <= ratio <= 1.0 for ratio in (e.strike, e.press, e.slide, e.lift))
        assert -96.0 <= e.glide_semitones <= 96.0
        assert 0.0 <= e.note <= 127.0
        assert 0 <= e.zone <= 15
        assert e.lift == 0.0 or e.kind is Kind.LIFT


@given(modes, reads)
def test_its_own_book_is_what_the_events_tell(mode: Mode, chunks: list[bytes]):
    check_book(*played(mode, chunks))


@given(modes, reads)
def test_every_touch_ends_once(mode: Mode, chunks: list[bytes]):
    receiver, events = played(mode, chunks)
    check_ends(events + receiver.release_all(9.0))
    assert receiver.touches() == []


@given(modes, reads)
def test_panic_leaves_nothing(mode: Mode, chunks: list[bytes]):
    receiver, events = played(mode, chunks)
    events += receiver.panic(9.0)
    check_ends([e for e in events if e.kind is not Kind.PANIC])
    assert receiver.touches() == []
    assert events[-1].kind is Kind.PANIC


@given(modes, reads)
def test_every_number_is_finite_and_in_range(mode: Mode, chunks: list[bytes]):
    receiver, events = played(mode, chunks)
    check_ranges(events + receiver.release_all(9.0))


@given(modes, reads, st.data())
def test_how_reads_are_cut_changes_nothing(mode: Mode, chunks: list[bytes], data: st.DataObject):
    whole = b"".join(chunks)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=9)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    receiver = Receiver(mode=mode)
    events = [event for piece in pieces for event in receiver.receive(piece, 1.0)]
    assert events == Receiver(mode=mode).receive(whole, 1.0)


@given(modes, reads)
def test_a_stream_read_again_gives_the_same_events(mode: Mode, chunks: list[bytes]):
    assert played(mode, chunks)[1] == played(mode, chunks)[1]


@given(reads)
def test_its_configuration_is_always_one_it_can_return_to(chunks: list[bytes]):
    receiver, _ = played(Mode.MPE, chunks)
    other = Receiver()
    other.receive(b"".join(receiver.configuration()), 0.0)
    assert other.configuration() == receiver.configuration()


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 2**32), modes)
def test_a_storm_leaves_it_consistent(seed: int, mode: Mode):
    receiver, events = Receiver(mode=mode), []
    for time_s, data in storm(seed, 2.0, 4000.0):
        events += receiver.receive(data, time_s)
    check_book(receiver, events)
    events += receiver.release_all(2.0)
    check_ends(events)
    check_ranges(events)


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.PANIC, Kind.STEP)])
def test_a_storm_brings_every_kind_of_event(kind: Kind):
    receiver = Receiver()
    events = [e for time_s, data in storm(1, 5.0, 4000.0) for e in receiver.receive(data, time_s)]
    assert kind in {event.kind for event in events}


def test_hearing_ten_fingers_takes_less_than_a_twentieth_of_a_core():
    reads = list(ten_fingers(1, 1.0))

    def core_share() -> float:
        receiver, begun_s = Receiver(), time.thread_time()
        for time_s, data in reads:
            receiver.receive(data, time_s)
        return time.thread_time() - begun_s

    assert min(core_share() for _ in range(3)) < 0.05
