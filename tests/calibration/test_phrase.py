"""Phrases, and what was played lately."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.refinements.phrase import LastSeconds, Phrase
from mapper.features import N_FEATURES
from mapper.touch import Kind, TouchEvent
from presets.spaces import factory_space
from presets.store import load

KINDS = (Kind.STRIKE, Kind.MOVE, Kind.LIFT, Kind.STOP, Kind.ZONE_GLIDE, Kind.LEVEL, Kind.PANIC)


def strike(at_s: float, touch: int, note: float = 60.0) -> TouchEvent:
    return TouchEvent(at_s, Kind.STRIKE, touch, 0, note, 0.5)


def lift(at_s: float, touch: int, note: float = 60.0) -> TouchEvent:
    return TouchEvent(at_s, Kind.LIFT, touch, 0, note, 0.5)


def bend(at_s: float, semitones: float) -> TouchEvent:
    return TouchEvent(at_s, Kind.ZONE_GLIDE, 0, 0, glide_semitones=semitones)


@st.composite
def playing(draw: st.DrawFn) -> list[TouchEvent]:
    """Any events in the order of time, each touch struck at most once."""
    steps = draw(st.lists(st.tuples(st.floats(0, 2), st.sampled_from(KINDS), st.integers(0, 4))))
    events, time_s, struck = [], 0.0, set[int]()
    for step_s, kind, touch in steps:
        time_s += step_s
        if kind is Kind.STRIKE:
            if touch in struck:
                continue
            struck.add(touch)
        events.append(TouchEvent(time_s, kind, touch, 0, 60.0, 0.5, glide_semitones=step_s))
    return events


@given(playing())
def test_a_phrase_holds_whole_touches_in_order(events: list[TouchEvent]):
    phrase = Phrase.of(events)
    times_s = [event.time_s for event in phrase.events]
    assert times_s == sorted(times_s)
    for touch in {event.touch for event in phrase.events}:
        kinds = [event.kind for event in phrase.events if event.touch == touch]
        assert kinds[0] is Kind.STRIKE
        assert kinds[-1] in (Kind.LIFT, Kind.STOP)
        assert set(kinds[1:-1]) <= {Kind.MOVE}


@given(playing())
def test_a_phrase_of_a_phrase_is_itself(events: list[TouchEvent]):
    phrase = Phrase.of(events)
    again = Phrase.of(phrase.events)
    assert [event[1:] for event in again.events] == [event[1:] for event in phrase.events]


def test_the_zone_s_bend_is_in_the_touch_s_glide():
    phrase = Phrase.of([bend(0.0, 2.0), strike(1.0, 1), bend(1.5, -1.0), lift(2.0, 1)])
    assert [event.glide_semitones for event in phrase.events] == [2.0, -1.0, -1.0]
    assert phrase.length_s == 1.0


def test_a_held_touch_ends_with_the_phrase():
    phrase = Phrase.of([strike(0.0, 1), strike(0.5, 2), lift(1.0, 2)])
    assert {event.touch for event in phrase.events if event.kind is Kind.LIFT} == {1, 2}


def test_a_stretch_takes_whole_touches():
    phrase = Phrase.of(
        [strike(0, 1), lift(1, 1), strike(2, 2), lift(4, 2), strike(5, 3), lift(6, 3)]
    )
    stretch = phrase.between(2.5, 3.0)
    assert {event.touch for event in stretch.events} == {2}
    assert stretch.length_s == 2.0


def test_features_are_those_of_every_touch():
    phrase = Phrase.of([strike(0, 1), lift(0.2, 1), strike(0.3, 2), lift(0.5, 2)])
    features = phrase.features()
    assert features.shape[1] == N_FEATURES
    assert np.isfinite(features).all()


@pytest.mark.slow
def test_a_phrase_sounds():
    phrase = Phrase.of([strike(0, 1), lift(0.2, 1)])
    sound = phrase.sound(load("breath"), factory_space())
    assert np.abs(sound).max() > 0.01


@settings(max_examples=50)
@given(playing(), st.floats(0.5, 5.0))
def test_lately_is_never_longer_ago_than_kept(events: list[TouchEvent], kept_s: float):
    lately = LastSeconds(kept_s)
    lately.hear(events)
    assert lately.phrase().length_s <= kept_s


def test_the_last_seconds_are_kept_whatever_came_before():
    lately = LastSeconds(10.0)
    for number in range(200):
        lately.hear([strike(float(number), number), lift(number + 0.5, number)])
    assert {event.touch for event in lately.phrase().events} >= set(range(191, 200))
    assert {event.touch for event in lately.phrase(3.0).events} == {197, 198, 199}


def test_a_bend_from_long_ago_still_counts():
    lately = LastSeconds(5.0)
    lately.hear([bend(0.0, 3.0)])
    lately.hear([strike(100.0, 1), lift(101.0, 1)])
    assert lately.phrase().events[0].glide_semitones == 3.0


def test_it_is_still_once_every_finger_is_lifted():
    lately = LastSeconds()
    assert lately.is_still
    lately.hear([strike(0.0, 1)])
    assert not lately.is_still
    lately.hear([lift(1.0, 1)])
    assert lately.is_still


def test_nothing_played_is_an_empty_phrase():
    assert LastSeconds().phrase().events == ()
    assert Phrase(()).length_s == 0.0
