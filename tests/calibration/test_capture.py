import pytest

from calibration.demonstrations.capture import Capture, shifted
from calibration.guide import Heard
from mapper.listeners import Listeners
from mapper.touch import Kind

STRIKE, PRESS, BEND, LIFT = b"\x91\x3c\x40", b"\xd1\x60", b"\xe1\x00\x48", b"\x81\x3c\x40"
ZONE_BEND = b"\xe0\x00\x60"
OTHER_STRIKE, OTHER_LIFT = b"\x92\x40\x40", b"\x82\x40\x40"


def record(*messages: tuple[float, bytes]) -> Capture:
    """Record from the beginning on."""
    capture, listeners = Capture(), Listeners()
    capture.begin()
    for time_s, data in messages:
        events = listeners.hear(data, time_s, 0)
        capture.hear(Heard(time_s, 0, data, tuple(events)))
    return capture


def test_it_follows_one_touch_from_strike_to_lift() -> None:
    capture = record((1.0, STRIKE), (1.5, PRESS), (2.0, LIFT))
    assert capture.is_finished
    gesture = capture.gesture()
    assert (gesture.start_s, gesture.end_s, gesture.note) == (1.0, 2.0, 60.0)


def test_it_has_not_finished_while_the_touch_is_held() -> None:
    capture = record((1.0, STRIKE), (1.5, PRESS))
    assert (capture.has_begun, capture.is_finished) == (True, False)
    assert capture.newest.press == pytest.approx(96 / 127)


def test_other_touches_are_left_out() -> None:
    capture = record((1.0, STRIKE), (1.2, OTHER_STRIKE), (1.4, OTHER_LIFT), (2.0, LIFT))
    assert {one.note for one in capture.events} == {60.0}


def test_a_touch_that_was_struck_before_is_left_out() -> None:
    capture, listeners = Capture(), Listeners()
    for time_s, data in ((1.0, STRIKE), (1.1, OTHER_STRIKE)):
        capture.hear(Heard(time_s, 0, data, tuple(listeners.hear(data, time_s, 0))))
        if time_s == 1.0:
            capture.begin()
    assert capture.newest.note == 64.0


def test_the_bend_of_the_zone_counts_even_if_it_came_before() -> None:
    bent = record((0.5, ZONE_BEND), (1.0, STRIKE), (2.0, LIFT))
    assert bent.gesture().glide_semitones[-1] == pytest.approx(1.0, abs=0.01)
    assert bent.glide_semitones == pytest.approx(1.0, abs=0.01)


def test_messages_before_the_strike_are_kept_but_for_notes() -> None:
    capture = record((0.5, ZONE_BEND), (1.0, STRIKE), (2.0, LIFT))
    capture.begin()
    assert [one.data for one in record((0.2, ZONE_BEND), (1.0, STRIKE), (2.0, LIFT)).taken()] == [
        ZONE_BEND,
        STRIKE,
        LIFT,
    ]


def test_a_shifted_touch_has_the_bend_of_its_zone_in_its_own() -> None:
    capture = record((0.5, ZONE_BEND), (1.0, STRIKE), (1.5, BEND), (2.0, LIFT))
    moved = shifted(capture.events, 10.0)
    assert [one.kind for one in moved] == [Kind.STRIKE, Kind.MOVE, Kind.LIFT]
    assert [one.time_s for one in moved] == pytest.approx([10.0, 10.5, 11.0])
    assert moved[0].glide_semitones == pytest.approx(1.0, abs=0.01)
    assert moved[1].glide_semitones == pytest.approx(7.0, abs=0.05)


def test_a_zone_that_bends_meanwhile_moves_the_shifted_touch() -> None:
    capture = record((1.0, STRIKE), (1.5, ZONE_BEND), (2.0, LIFT))
    moved = shifted(capture.events, 0.0)
    assert [one.kind for one in moved] == [Kind.STRIKE, Kind.MOVE, Kind.LIFT]
    assert moved[1].glide_semitones == pytest.approx(1.0, abs=0.01)
