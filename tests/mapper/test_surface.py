"""Fingers on glass as the bytes of an MPE controller."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.bytestream import ByteStream
from mapper.listener import Listener
from mapper.surface import MAX_FINGERS, Finger, Phase, Surface
from mapper.touch import Kind, TouchEvent
from mapper.zones import Mode

any_float = st.floats(allow_nan=True, allow_infinity=True, width=32)
fingers = st.builds(
    Finger, st.integers(0, 20), st.sampled_from(Phase),
    any_float, any_float, any_float, any_float, any_float,
)  # fmt: skip
frames = st.lists(st.lists(fingers, max_size=MAX_FINGERS, unique_by=lambda one: one.number))


def began(number: int, note: float = 60.0, **dimensions: float) -> Finger:
    return Finger(number, Phase.BEGAN, note, **dimensions)


def moves(number: int, note: float = 60.0, **dimensions: float) -> Finger:
    return Finger(number, Phase.MOVES, note, **dimensions)


def messages(data: bytes) -> list[bytes]:
    return ByteStream().feed(data)


def heard(*told: bytes) -> list[TouchEvent]:
    """What a listener who knows nothing of the surface makes of its bytes."""
    listener = Listener()
    return [event for data in told for event in listener.hear(data, 0.0)]


def strikes(events: list[TouchEvent]) -> list[TouchEvent]:
    return [event for event in events if event.kind is Kind.STRIKE]


def test_a_listener_that_knows_nothing_hears_mpe():
    listener = Listener(mode=None)
    listener.hear(Surface().configuration(), 0.0)
    assert listener.mode is Mode.MPE


def test_a_finger_is_heard_as_it_landed():
    surface = Surface()
    finger = began(1, 60.25, glide_semitones=2.0, press=0.4, slide=0.8, strike=0.6)
    (touch,) = strikes(heard(surface.configuration(), surface.play([finger])))
    assert touch.note + touch.glide_semitones == pytest.approx(62.25, abs=0.005)
    assert touch.press == pytest.approx(0.4, abs=0.005)
    assert touch.slide == pytest.approx(0.8, abs=0.005)
    assert touch.strike == pytest.approx(0.6, abs=0.005)


def test_what_a_finger_does_is_known_before_its_note_begins():
    told = messages(Surface().play([began(1)]))
    assert [message[0] & 0xF0 for message in told] == [0xE0, 0xB0, 0xD0, 0x90]


def test_five_fingers_glide_each_for_itself():
    surface = Surface()
    first = surface.play([began(k, 50.0 + k) for k in range(5)])
    then = surface.play([moves(k, 50.0 + k, glide_semitones=k - 2.0) for k in range(5)])
    listener = Listener()
    listener.hear(surface.configuration() + first + then, 0.0)
    glides = {one.note: one.glide_semitones for one in listener.touches()}
    assert glides == pytest.approx({50.0 + k: k - 2.0 for k in range(5)}, abs=0.005)


def test_a_finger_that_rests_says_nothing():
    surface = Surface()
    surface.play([began(1)])
    assert surface.play([moves(1)]) == b""


def test_beginning_twice_is_moving():
    surface = Surface()
    surface.play([began(1)])
    assert surface.play([began(1)]) == b""


def test_a_finger_that_is_missing_was_lifted():
    surface = Surface()
    surface.play([began(1), began(2, 64.0)])
    (off,) = messages(surface.play([moves(1)]))
    assert off[0] & 0xF0 == 0x80
    assert surface.fingers == {1}


def test_a_finger_that_was_lifted_by_mistake_sounds_again():
    surface = Surface()
    surface.play([began(1)])
    surface.lift_all()
    assert 0x90 in {message[0] & 0xF0 for message in messages(surface.play([moves(1)]))}


def test_sixteen_fingers_sound_and_the_last_presses_for_itself_alone():
    surface = Surface()
    told = surface.play([began(k, 40.0 + k, press=0.3) for k in range(16)])
    told += surface.play([moves(k, 40.0 + k, press=0.3 + 0.7 * (k == 15)) for k in range(16)])
    listener = Listener()
    listener.hear(surface.configuration() + told, 0.0)
    pressed = [round(one.press, 1) for one in sorted(listener.touches(), key=lambda t: t.note)]
    assert pressed == [0.3] * 15 + [1.0]


def test_channels_rest_as_long_as_they_can():
    surface = Surface()
    for number in range(15):
        surface.play([began(number)])
        surface.play([])
    channels = {message[0] & 0x0F for message in messages(surface.play([began(99)]))}
    assert channels == {1}


@given(frames)
def test_whatever_frames_come_no_note_is_left_sounding(played: list[list[Finger]]):
    surface = Surface()
    told = b"".join(surface.play(frame) for frame in played) + surface.lift_all()
    sounding: Counter[tuple[int, int]] = Counter()
    for message in messages(told):
        key = (message[0] & 0x0F, message[1])
        if message[0] & 0xF0 == 0x90:
            sounding[key] += 1
            on_channel = sum(n for (channel, _), n in sounding.items() if channel == key[0])
            assert on_channel == 1
        elif message[0] & 0xF0 == 0x80:
            sounding[key] -= 1
            assert sounding[key] == 0
    assert not +sounding
    assert surface.fingers == frozenset()


@given(frames)
def test_whatever_frames_come_a_listener_holds_the_fingers_that_are_down(
    played: list[list[Finger]],
):
    surface, listener = Surface(), Listener()
    listener.hear(surface.configuration(), 0.0)
    for frame in played:
        listener.hear(surface.play(frame), 0.0)
        assert len(listener.touches()) == len(surface.fingers)
        assert surface.fingers == {one.number for one in frame if one.phase is not Phase.ENDED}
