"""Traffic made to order: what each maker's controller sends for the same finger."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from mapper import profile
from mapper.profile import PROFILES, Profile
from mapper.receiver import Receiver
from mapper.touch import Kind, TouchEvent
from mapper.traffic import Stroke, Traffic, perform, still

PRESSED = Stroke(press=still(0.5))
SWELL = Stroke(press=lambda age_s: age_s, slide=lambda age_s: 0.5 + age_s / 2)

every_profile = pytest.mark.parametrize("one", PROFILES.values(), ids=PROFILES.keys())


def in_hex(traffic: Traffic, n: int | None = None) -> list[str]:
    """The first n messages, written in hex."""
    return [data.hex(" ") for _, data in traffic][:n]


def of_status(traffic: Traffic, status: int) -> list[tuple[float, bytes]]:
    """Messages of one kind, on any channel."""
    return [(time_s, data) for time_s, data in traffic if data[0] & 0xF0 == status]


def heard(one: Profile, strokes: Iterable[Stroke]) -> list[TouchEvent]:
    """What a receiver makes of it."""
    receiver = Receiver(0, one.mode)
    return [
        event for time_s, data in perform(one, strokes) for event in receiver.receive(data, time_s)
    ]


@every_profile
def test_every_touch_is_struck_and_lifted_at_its_time(one: Profile):
    strokes = [Stroke(note=60 + k, start_s=0.1 * k, length_s=0.35) for k in range(12)]
    events = heard(one, strokes)
    struck = [(e.note, e.time_s) for e in events if e.kind is Kind.STRIKE]
    lifted = [(e.note, e.time_s) for e in events if e.kind is Kind.LIFT]
    assert struck == [(stroke.note, stroke.start_s) for stroke in strokes]
    assert lifted == [(stroke.note, stroke.end_s) for stroke in strokes]


@every_profile
def test_time_never_falls(one: Profile):
    times_s = [time_s for time_s, _ in perform(one, [SWELL, Stroke(start_s=0.001, note=64)])]
    assert all(a <= b for a, b in pairwise(times_s))


@every_profile
def test_every_message_is_one_whole_message(one: Profile):
    for _, data in perform(one, [SWELL]):
        assert data[0] >= 0x80
        assert all(byte < 0x80 for byte in data[1:])
        assert len(data) == (2 if data[0] & 0xF0 == 0xD0 else 3)


def test_a_keyboard_sends_nothing_but_notes():
    assert in_hex(perform(profile.KEYBOARD, [SWELL])) == ["90 3c 40", "80 3c 40"]


def test_a_plain_mpe_controller_opens_as_the_specification_asks():
    opening = ["e1 00 40", "b1 4a 40", "d1 00", "91 3c 40"]
    assert in_hex(perform(profile.GENERIC, [PRESSED]), 4) == opening


class TestLinnStrument:
    """Its own limiter, its hill of pressure, its zone."""

    @staticmethod
    def pressures(stroke: Stroke) -> list[tuple[float, int]]:
        """When and how strongly it says that the finger presses."""
        messages = of_status(perform(profile.LINNSTRUMENT_MPE, [stroke]), 0xD0)
        return [(round(time_s, 6), data[1]) for time_s, data in messages]

    def test_it_announces_seven_members_and_its_range(self):
        opening = in_hex(perform(profile.LINNSTRUMENT_MPE, []))
        assert opening[:5] == ["b0 65 00", "b0 64 06", "b0 06 07", "b0 65 7f", "b0 64 7f"]
        assert opening.count("b7 06 30") == opening.count("b0 06 30") == 1

    def test_its_pressure_starts_after_the_strike_and_falls_before_the_note_off(self):
        assert self.pressures(PRESSED) == [(0.0, 0), (0.011, 64), (0.9934, 0)]

    def test_it_sends_at_most_one_pressure_in_8_ms(self):
        times_s = [time_s for time_s, _ in self.pressures(SWELL)]
        assert min(b - a for a, b in pairwise(times_s[:-1])) == pytest.approx(0.008)

    def test_a_step_is_sent_at_once_when_the_finger_was_still_before(self):
        step = Stroke(press=lambda age_s: 0.2 if age_s < 0.5 else 0.9)
        assert (0.5, 114) in self.pressures(step)

    def test_as_it_leaves_the_factory_its_pressure_is_of_one_note(self):
        strokes = [PRESSED, Stroke(note=64, press=still(0.25))]
        poly = of_status(perform(profile.LINNSTRUMENT, strokes), 0xA0)
        assert [data.hex(" ") for _, data in poly][:2] == ["a0 3c 40", "a0 40 20"]

    def test_more_fingers_than_members_share_a_channel(self):
        strokes = [Stroke(note=60 + k, start_s=0.01 * k) for k in range(8)]
        notes_on = of_status(perform(profile.LINNSTRUMENT_MPE, strokes), 0x90)
        assert [data[0] & 0x0F for _, data in notes_on] == [1, 2, 3, 4, 5, 6, 7, 1]


class TestOsmose:
    """Pressure leads, and one axis carries pressure first and slide behind it."""

    def test_its_pressure_is_above_0_when_the_note_begins(self):
        (strike,) = [e for e in heard(profile.OSMOSE, [Stroke()]) if e.kind is Kind.STRIKE]
        assert strike.press > 0.0

    def test_its_slide_starts_at_0_and_moves_only_under_full_pressure(self):
        full = Stroke(press=still(0.4), slide=lambda age_s: 0.5 if age_s < 0.5 else 0.75)
        messages = list(perform(profile.OSMOSE, [full]))
        slides = [data[2] for _, data in messages if data[0] & 0xF0 == 0xB0]
        pressures = [data[1] for time_s, data in messages if data[0] == 0xD1 and time_s >= 0.5]
        assert slides == [0, 64, 0]
        assert pressures == [127, 0]


class TestContinuum:
    """Velocity says nothing; low bits come along once things are slow."""

    def test_its_velocity_is_always_127(self):
        notes_on = of_status(perform(profile.CONTINUUM, [Stroke(strike=0.1)]), 0x90)
        assert [data[2] for _, data in notes_on] == [127]

    def test_low_bits_come_after_the_attack_only(self):
        messages = perform(profile.CONTINUUM, [SWELL])
        low_s = [time_s for time_s, data in messages if data[0] == 0xB1 and data[1] == 87]
        assert min(low_s) >= 0.05

    def test_low_bits_make_pressure_exact(self):
        presses = [e.press for e in heard(profile.CONTINUUM, [Stroke(press=still(0.3))])]
        assert min(abs(press - 0.3) for press in presses) < 1e-4

    def test_a_note_may_start_between_semitones(self):
        events = heard(profile.CONTINUUM, [Stroke(glide_semitones=still(0.3))])
        assert events[0].glide_semitones == pytest.approx(0.3, abs=0.006)


def test_push_3_begins_with_pressure_0_and_the_fingers_place():
    opening = in_hex(perform(profile.PUSH_3, [Stroke(slide=still(55 / 128))]), 4)
    assert opening == ["d1 00", "b1 4a 37", "e1 00 40", "91 3c 40"]
