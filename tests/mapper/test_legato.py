from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mapper.legato import Legato
from mapper.receiver import Receiver
from mapper.touch import Kind, TouchEvent
from tests.mapper.hearing import fold, kinds
from tests.mapper.test_receiver_invariants import check_ends, reads


def strike(touch: int, note: float, press: float = 0.0, strike: float = 0.5) -> TouchEvent:
    return TouchEvent(1.0, Kind.STRIKE, touch, 0, note, strike, press)


def move(touch: int, note: float, press: float, **dimensions: float) -> TouchEvent:
    return strike(touch, note, press)._replace(kind=Kind.MOVE, **dimensions)


def lift(touch: int, note: float, press: float = 0.0, lift: float = 0.5) -> TouchEvent:
    return strike(touch, note, press)._replace(kind=Kind.LIFT, lift=lift)


def stop(touch: int) -> TouchEvent:
    return TouchEvent(1.0, Kind.STOP, touch, 0)


def heard(events: Iterable[TouchEvent], legato: Legato | None = None) -> list[TouchEvent]:
    legato = legato or Legato(mono=True)
    return [told for event in events if (told := legato.hear(event))]


def test_a_strike_over_a_held_touch_moves_the_voice_to_its_note():
    told = heard([strike(1, 60), strike(2, 67)])
    assert [(e.kind, e.touch, e.note) for e in told] == [
        (Kind.STRIKE, 1, 60),
        (Kind.MOVE, 1, 67),
    ]


def test_the_voice_keeps_the_strike_of_its_first_touch():
    told = heard([strike(1, 60, strike=0.3), strike(2, 67, strike=0.9), lift(1, 60), lift(2, 67)])
    assert {event.strike for event in told} == {0.3}


def test_a_first_strike_that_is_corrected_is_taken():
    told = heard([strike(1, 60, strike=1.0), move(1, 60, 0.2, strike=0.4), strike(2, 62)])
    assert [event.strike for event in told] == [1.0, 0.4, 0.4]


def test_lifting_the_newest_goes_back_to_the_newest_still_held():
    told = heard([strike(1, 60), strike(2, 64), strike(3, 67), lift(3, 67), lift(2, 64)])
    assert [event.note for event in told] == [60, 64, 67, 64, 60]


def test_lifting_an_older_touch_changes_nothing():
    assert kinds(heard([strike(1, 60), strike(2, 64), lift(1, 60)])) == ["STRIKE", "MOVE"]


def test_only_the_last_lift_lifts_the_voice():
    told = heard([strike(1, 60), strike(2, 64), lift(1, 60), lift(2, 64, press=0.7, lift=0.9)])
    assert told[-1][1:] == (Kind.LIFT, 1, 0, 64, 0.5, 0.7, 0.5, 0.0, 0.9)


def test_glide_and_slide_are_the_newest_touchs():
    bent = move(2, 64, 0.0, slide=0.9, glide_semitones=1.5)
    old = move(1, 60, 0.0, slide=0.1, glide_semitones=-1.5)
    told = heard([strike(1, 60), strike(2, 64), bent, old])
    assert (told[-1].slide, told[-1].glide_semitones) == (0.9, 1.5)


def test_a_press_that_begins_and_ends_at_0_makes_no_dip():
    told = heard([
        strike(1, 60), move(1, 60, 0.6), strike(2, 64), move(2, 64, 0.3), move(2, 64, 0.7),
        move(1, 60, 0.2), move(1, 60, 0.0), lift(1, 60),
    ])  # fmt: skip
    assert [event.press for event in told] == [0.0, 0.6, 0.6, 0.7]


def test_the_next_strike_after_the_last_lift_begins_a_new_touch():
    told = heard([strike(1, 60), strike(2, 64), lift(2, 64), lift(1, 60), strike(3, 65)])
    assert (told[-1].kind, told[-1].touch) == (Kind.STRIKE, 3)


def test_without_mono_everything_passes():
    events = [strike(1, 60), strike(2, 64), move(1, 60, 0.5), lift(1, 60), stop(1), stop(2)]
    assert heard(events, Legato()) == events


def test_touches_stay_as_they_were_struck_when_mono_changes():
    legato = Legato()
    told = heard([strike(1, 60)], legato)
    legato.mono = True
    told += heard([strike(2, 64), strike(3, 65), move(1, 60, 0.5)], legato)
    legato.mono = False
    told += heard([strike(4, 70), lift(3, 65), lift(2, 64), lift(1, 60)], legato)
    assert [(e.kind.name, e.touch) for e in told] == [
        ("STRIKE", 1), ("STRIKE", 2), ("MOVE", 2), ("MOVE", 1),
        ("STRIKE", 4), ("MOVE", 2), ("LIFT", 2), ("LIFT", 1),
    ]  # fmt: skip


def test_stopping_every_touch_stops_the_voice_once():
    told = heard([strike(1, 60), strike(2, 64), stop(1), stop(2)])
    assert [(e.kind, e.touch) for e in told if e.kind is Kind.STOP] == [(Kind.STOP, 1)]


def test_a_tail_is_stopped_through_any_touch_it_was_made_of():
    told = heard([strike(1, 60), strike(2, 64), lift(1, 60), lift(2, 64), stop(1), stop(2)])
    assert [(e.kind, e.touch) for e in told][2:] == [(Kind.LIFT, 1), (Kind.STOP, 1)]


def test_a_stop_for_a_touch_lifted_before_leaves_the_held_voice_alone():
    assert kinds(heard([strike(1, 60), strike(2, 64), lift(1, 60), stop(1)])) == ["STRIKE", "MOVE"]


def test_a_panic_passes_and_the_next_strike_begins_a_touch():
    panic = TouchEvent(1.0, Kind.PANIC, 0, 0)
    told = heard([strike(1, 60), strike(2, 64), panic, strike(3, 65)])
    assert kinds(told) == ["STRIKE", "MOVE", "PANIC", "STRIKE"]


@pytest.mark.parametrize("kind", [Kind.ZONE_GLIDE, Kind.LEVEL, Kind.MACRO, Kind.PROGRAM])
def test_events_of_the_zone_pass(kind: Kind):
    event = TouchEvent(1.0, kind, 1, 0, press=0.3)
    assert heard([strike(1, 60), event])[-1] is event


class Hand(RuleBasedStateMachine):
    """Fingers that play one zone through Legato, which may be switched at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.legato = Legato(mono=True)
        self.fingers: dict[int, TouchEvent] = {}
        self.joined: set[int] = set()
        self.lifted: list[int] = []
        self.n_struck = 0
        self.told: list[TouchEvent] = []

    def play(self, event: TouchEvent) -> None:
        told = self.legato.hear(event)
        self.told += [told] if told else []

    @rule(
        note=st.integers(60, 64),
        press=st.sampled_from((0.0, 0.5)),
        hard=st.sampled_from((0.2, 1.0)),
    )
    def strike(self, note: int, press: float, hard: float) -> None:
        self.n_struck += 1
        event = strike(self.n_struck, note, press, hard)
        self.fingers[event.touch] = event
        self.joined |= {event.touch} if self.legato.mono else set()
        self.play(event)

    @precondition(lambda self: self.fingers)
    @rule(data=st.data(), press=st.floats(0, 1), glide_semitones=st.floats(-48, 48))
    def move(self, data: st.DataObject, press: float, glide_semitones: float) -> None:
        touch = data.draw(st.sampled_from(sorted(self.fingers)))
        event = self.fingers[touch]._replace(
            kind=Kind.MOVE, press=press, glide_semitones=glide_semitones
        )
        self.fingers[touch] = event
        self.play(event)

    @precondition(lambda self: self.fingers)
    @rule(data=st.data(), kind=st.sampled_from((Kind.LIFT, Kind.LIFT, Kind.STOP)))
    def end(self, data: st.DataObject, kind: Kind) -> None:
        touch = data.draw(st.sampled_from(sorted(self.fingers)))
        event = self.fingers.pop(touch)._replace(kind=kind)
        self.lifted += [touch] if kind is Kind.LIFT else []
        self.play(event)

    @precondition(lambda self: self.lifted)
    @rule(data=st.data())
    def stop_tail(self, data: st.DataObject) -> None:
        touch = data.draw(st.sampled_from(self.lifted[-32:]))
        self.lifted.remove(touch)
        self.play(stop(touch))

    @rule()
    def panic(self) -> None:
        self.fingers.clear()
        self.lifted.clear()
        self.play(TouchEvent(1.0, Kind.PANIC, 0, 0))

    @rule()
    def switch(self) -> None:
        self.legato.mono = not self.legato.mono

    @invariant()
    def one_touch_sounds_for_all_that_joined_and_one_for_each_other(self) -> None:
        joined = self.joined & set(self.fingers)
        assert len(fold(self.told)) == bool(joined) + len(set(self.fingers) - joined)

    @invariant()
    def the_voice_is_where_the_newest_finger_is_and_as_loud_as_the_hardest_presses(self) -> None:
        joined = [self.fingers[touch] for touch in sorted(self.joined & set(self.fingers))]
        if joined:
            (voice,) = (e for e in fold(self.told).values() if e.touch in self.joined)
            newest = joined[-1]
            assert (voice.note, voice.glide_semitones) == (newest.note, newest.glide_semitones)
            assert voice.press == max(finger.press for finger in joined)

    def teardown(self) -> None:
        for touch in sorted(self.fingers):
            self.play(self.fingers[touch]._replace(kind=Kind.LIFT))
        assert fold(self.told) == {}
        struck = [event.touch for event in self.told if event.kind is Kind.STRIKE]
        assert len(struck) == len(set(struck))


TestHand = Hand.TestCase
TestHand.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(reads)
def test_a_voice_per_zone_ends_once_whatever_arrives(chunks: list[bytes]):
    receiver, zones, told = Receiver(), [Legato(mono=True) for _ in range(16)], []
    for k, chunk in enumerate([*chunks, b""]):
        events = receiver.receive(chunk, 0.01 * k) if chunk else receiver.release_all(9.0)
        told += [out for event in events if (out := zones[event.zone].hear(event))]
        sounding = [event.zone for event in fold(told).values()]
        assert len(sounding) == len(set(sounding))
    check_ends(told)
