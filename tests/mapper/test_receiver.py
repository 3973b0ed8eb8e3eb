"""Notes and their dimensions, as the MPE specification and real controllers want them heard."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.receiver import Receiver
from mapper.touch import Kind
from mapper.zones import Mode
from tests.mapper.hearing import ABOVE, BELOW, configure, fold, kinds, pitches, play, set_range


def test_a_note_on_strikes_a_touch():
    (event,) = play(Receiver(), "91 3c 7f")
    assert (event.kind, event.note, event.strike, event.time_s) == (Kind.STRIKE, 60.0, 1.0, 1.0)


def test_a_note_off_lifts_it_with_its_release_velocity():
    strike, lift = play(Receiver(), "91 3c 40", "81 3c 7f")
    assert (lift.kind, lift.touch, lift.lift) == (Kind.LIFT, strike.touch, 1.0)


def test_a_note_on_of_velocity_0_lifts_with_velocity_64():
    events = play(Receiver(), "91 3c 40", "91 3c 00")
    assert events[-1].lift == 64 / 127


def test_a_note_off_must_match_channel_and_number():
    assert kinds(play(Receiver(), "91 3c 40", "82 3c 40", "81 3d 40")) == ["STRIKE"]


def test_the_same_note_on_two_channels_is_two_touches():
    assert len(fold(play(Receiver(), "91 3c 40", "92 3c 40"))) == 2


def test_the_same_note_struck_again_on_its_channel_lifts_the_old_touch_first():
    events = play(Receiver(), "91 3c 40", "91 3c 50", "81 3c 40")
    assert kinds(events) == ["STRIKE", "LIFT", "STRIKE", "LIFT"]
    assert events[1].touch == events[0].touch != events[2].touch == events[3].touch


def test_a_repeated_strike_keeps_the_bend_sent_before_it():
    events = play(Receiver(), "91 3c 40", f"e1 {ABOVE}", "91 3c 50")
    assert events[-1].glide_semitones == 48.0


def test_state_before_note_on_belongs_to_the_note():
    (event,) = play(Receiver(), f"e1 {ABOVE}", "b1 4a 7f", "d1 7f", "91 3c 40")
    assert (event.glide_semitones, event.slide, event.press) == (48.0, 1.0, 1.0)


def test_a_touch_starts_centred_when_nothing_was_sent():
    (event,) = play(Receiver(), "91 3c 40")
    assert (event.glide_semitones, event.slide, event.press) == (0.0, 0.5, 0.0)


@pytest.mark.parametrize(("bend", "semitones"), [(BELOW, -48.0), ("00 40", 0.0), (ABOVE, 48.0)])
def test_both_ends_and_the_centre_of_bend_are_exact(bend: str, semitones: float):
    events = play(Receiver(), "e1 01 41", "91 3c 40", f"e1 {bend}")
    assert events[-1].glide_semitones == semitones


def test_slide_64_is_exactly_the_middle():
    assert play(Receiver(), "91 3c 40", "b1 4a 63", "b1 4a 40")[-1].slide == 0.5


def test_a_move_carries_the_whole_touch():
    event = play(Receiver(), "91 3c 7f", f"e1 {ABOVE}", "d1 7f", "b1 4a 00")[-1]
    assert event.kind is Kind.MOVE
    assert event[4:] == (60.0, 1.0, 1.0, 0.0, 48.0, 0.0)


def test_a_value_repeated_tells_nothing():
    assert kinds(play(Receiver(), "91 3c 40", "d1 20", "d1 20")) == ["STRIKE", "MOVE"]


def test_a_channel_moves_only_its_own_touch():
    events = play(Receiver(), "91 3c 40", "92 40 40", f"e1 {ABOVE}")
    assert pitches(events) == {60.0: 48.0, 64.0: 0.0}


def test_a_lifted_touch_ignores_its_channel():
    events = play(Receiver(), "91 3c 40", "81 3c 40", f"e1 {ABOVE}", "d1 7f", "b1 4a 00")
    assert kinds(events) == ["STRIKE", "LIFT"]


def test_the_last_key_of_a_member_puts_bend_and_pressure_to_rest_but_not_slide():
    events = play(
        Receiver(), "91 3c 40", f"e1 {ABOVE}", "d1 7f", "b1 4a 00", "81 3c 40", "91 3c 40"
    )
    assert (events[-1].glide_semitones, events[-1].press, events[-1].slide) == (0.0, 0.0, 0.0)


def test_values_sent_between_two_notes_belong_to_the_second():
    events = play(Receiver(), "91 3c 40", "81 3c 40", f"e1 {BELOW}", "91 3e 40")
    assert events[-1].glide_semitones == -48.0


class TestLift:
    """The press that a touch is lifted with is the one the player meant."""

    @staticmethod
    def lifted_press(*timed: tuple[float, str]) -> float:
        """Press of the last event after messages at their times."""
        receiver = Receiver()
        return [e for time_s, m in timed for e in play(receiver, m, time_s=time_s)][-1].press

    def test_a_fall_to_0_just_before_note_off_was_not_meant(self):
        timed = (1.0, "91 3c 40"), (1.1, "d1 7f"), (1.2, "d1 00"), (1.2066, "81 3c 40")
        assert self.lifted_press(*timed) == 1.0

    def test_a_fall_to_0_long_before_note_off_was_meant(self):
        timed = (1.0, "91 3c 40"), (1.1, "d1 7f"), (1.2, "d1 00"), (1.25, "81 3c 40")
        assert self.lifted_press(*timed) == 0.0

    def test_a_fall_in_several_steps_is_undone_up_to_its_top(self):
        fall = (1.2, "d1 64"), (1.208, "d1 3c"), (1.216, "d1 14"), (1.224, "d1 00")
        assert self.lifted_press((1.0, "91 3c 40"), *fall, (1.225, "81 3c 40")) == 100 / 127

    def test_a_slow_fade_stays_as_low_as_it_had_come(self):
        fade = [(1.1 + 0.01 * step, f"d1 {120 - 4 * step:02x}") for step in range(31)]
        assert self.lifted_press((1.0, "91 3c 40"), *fade, (1.405, "81 3c 40")) == 12 / 127

    def test_a_fall_that_stops_above_0_was_meant(self):
        timed = (1.0, "91 3c 40"), (1.1, "d1 7f"), (1.2, "d1 01"), (1.201, "81 3c 40")
        assert self.lifted_press(*timed) == 1 / 127

    @given(
        st.lists(st.tuples(st.integers(1, 20), st.integers(0, 127)), max_size=40),
        st.integers(0, 40),
    )
    def test_a_touch_lifts_with_the_highest_press_in_force_in_the_last_30_ms(
        self, steps: list[tuple[int, int]], rest_ms: int
    ):
        times_ms = list(accumulate((pause_ms for pause_ms, _ in steps), initial=0))
        values = [0, *(value for _, value in steps)]
        end_ms = times_ms[-1] + rest_ms
        ends_ms = [*times_ms[1:], end_ms]
        recent = [v for v, until in zip(values, ends_ms, strict=True) if until >= end_ms - 30]
        expected = values[-1] or max(recent)
        timed = [(t / 1024, f"d1 {v:02x}") for t, v in zip(times_ms, values, strict=True)]
        pressed = self.lifted_press((0.0, "91 3c 40"), *timed, (end_ms / 1024, "81 3c 40"))
        assert pressed == expected / 127

    def test_a_press_that_never_fell_is_kept(self):
        timed = (1.0, "91 3c 40"), (1.1, "d1 7f"), (1.2, "81 3c 40")
        assert self.lifted_press(*timed) == 1.0

    def test_a_strike_on_the_same_key_lifts_with_the_press_meant(self):
        receiver = Receiver()
        play(receiver, "91 3c 40", "d1 7f")
        _, lift, strike = play(receiver, "d1 00", "91 3c 40")
        assert (lift.press, strike.press) == (1.0, 0.0)

    def test_a_pedal_holds_the_touch_with_the_press_meant(self):
        timed = (0.9, "b0 40 7f"), (1.0, "91 3c 40"), (1.1, "d1 7f"), (1.2, "d1 00")
        assert self.lifted_press(*timed, (1.2066, "81 3c 40")) == 1.0


class TestSeveralNotesOnOneChannel:
    """All held notes of a channel follow it."""

    def test_every_held_note_follows(self):
        events = play(Receiver(), "91 3c 40", "91 40 40", f"e1 {ABOVE}")
        assert pitches(events) == {60.0: 48.0, 64.0: 48.0}

    def test_a_lifted_one_no_longer_does(self):
        events = play(Receiver(), "91 3c 40", "91 40 40", "81 40 40", f"e1 {ABOVE}")
        assert [(e.kind, e.note) for e in events[3:]] == [(Kind.MOVE, 60.0)]

    def test_the_second_starts_from_the_channels_values(self):
        events = play(Receiver(), "91 3c 40", f"e1 {ABOVE}", "91 40 40")
        assert events[-1].glide_semitones == 48.0

    def test_lifting_one_leaves_the_bend_of_the_other(self):
        events = play(Receiver(), f"e1 {ABOVE}", "91 3c 40", "91 40 40", "81 40 40", "d1 01")
        assert events[-1].glide_semitones == 48.0


class TestManager:
    """What the manager channel does to its zone."""

    def test_bend_is_told_as_the_zones_own_glide(self):
        strike, glide = play(Receiver(), "91 3c 40", f"e0 {ABOVE}")
        assert (glide.kind, glide.zone, glide.glide_semitones) == (Kind.ZONE_GLIDE, 0, 2.0)
        assert strike.zone == 0

    def test_bend_adds_to_the_notes_own(self):
        assert pitches(play(Receiver(), "91 3c 40", f"e1 {ABOVE}", f"e0 {BELOW}")) == {60.0: 46.0}

    def test_bend_moves_a_touch_that_only_a_pedal_holds(self):
        events = play(Receiver(), "b0 40 7f", "91 3c 40", "81 3c 40", f"e0 {ABOVE}")
        assert pitches(events) == {60.0: 2.0}

    def test_pressure_adds_to_the_notes_own(self):
        events = play(Receiver(), "d1 20", "91 3c 40", "d0 20")
        assert events[-1].press == pytest.approx(64 / 127)

    def test_pressure_never_exceeds_full(self):
        assert play(Receiver(), "d1 60", "91 3c 40", "d0 7f")[-1].press == 1.0

    def test_slide_adds_its_distance_from_the_centre(self):
        events = play(Receiver(), "b1 4a 40", "91 3c 40", "b0 4a 20")
        assert events[-1].slide == 0.25

    def test_slide_in_the_middle_leaves_the_notes_own_exactly(self):
        events = play(Receiver(), "b1 4a 26", "b0 4a 40", "91 3c 40")
        assert events[-1].slide == 0x26 / 128

    def test_pressure_and_slide_reach_held_touches_only(self):
        events = play(Receiver(), "b0 40 7f", "91 3c 40", "81 3c 40", "d0 7f", "b0 4a 7f")
        assert kinds(events) == ["STRIKE"]

    def test_its_own_notes_sound_and_follow_its_bend(self):
        assert pitches(play(Receiver(), "90 3c 40", f"e0 {ABOVE}")) == {60.0: 2.0}

    def test_its_own_notes_take_its_pressure_once(self):
        assert play(Receiver(), "90 3c 40", "d0 20")[-1].press == 32 / 127

    def test_its_wheel_stays_where_it_is_after_its_last_key(self):
        events = play(Receiver(), f"e0 {ABOVE}", "90 3c 40", "80 3c 40", "90 3c 40")
        assert pitches(events) == {60.0: 2.0}


class TestPolyPressure:
    """Key pressure counts where a channel's notes share one pressure."""

    def test_it_presses_one_note_of_the_manager(self):
        events = play(Receiver(), "90 3c 40", "90 40 40", "a0 3c 7f")
        assert {e.note: e.press for e in fold(events).values()} == {60.0: 1.0, 64.0: 0.0}

    def test_a_member_channel_ignores_it(self):
        assert kinds(play(Receiver(), "91 3c 40", "a1 3c 7f")) == ["STRIKE"]

    def test_a_note_that_is_not_held_ignores_it(self):
        assert kinds(play(Receiver(), "a0 3c 7f", "90 3c 40", "a0 3d 7f")) == ["STRIKE"]


class TestFourteenBits:
    """Low bits come first and wait for the coarse value they belong to."""

    def test_cc_102_then_70_is_pressure(self):
        events = play(Receiver(), "91 3c 40", "b1 66 40", "b1 46 20")
        assert events[-1].press == pytest.approx(32.5 / 127)

    def test_cc_70_alone_is_some_keyboards_knob(self):
        assert kinds(play(Receiver(), "91 3c 40", "b1 46 20")) == ["STRIKE"]

    def test_cc_106_then_74_is_slide(self):
        events = play(Receiver(), "91 3c 40", "b1 6a 40", "b1 4a 20")
        assert events[-1].slide == pytest.approx(32.5 / 128)

    @pytest.mark.parametrize(
        ("message", "dimension", "value"),
        [
            ("d1 20", "press", 32.5 / 127),
            ("b1 4a 20", "slide", 32.5 / 128),
            ("e1 00 20", "glide_semitones", 48 * (4096.5 - 8192) / 8192),
        ],
    )
    def test_cc_87_refines_the_next_value(self, message: str, dimension: str, value: float):
        events = play(Receiver(), "91 3c 40", "b1 57 40", message)
        assert getattr(events[-1], dimension) == pytest.approx(value)

    def test_cc_87_has_no_effect_by_itself(self):
        assert kinds(play(Receiver(), "91 3c 40", "b1 57 40")) == ["STRIKE"]

    def test_low_bits_are_used_once(self):
        events = play(Receiver(), "91 3c 40", "b1 57 40", "d1 20", "d1 21")
        assert events[-1].press == 33 / 127

    @pytest.mark.parametrize(
        ("low", "high", "dimension", "value"),
        [
            ("b1 66 40", "b1 46 21", "press", 32.5 / 127),
            ("b1 6a 40", "b1 4a 21", "slide", 33 / 128),
        ],
    )
    def test_a_waiting_low_part_is_used_once(
        self, low: str, high: str, dimension: str, value: float
    ):
        events = play(Receiver(), "91 3c 40", low, high.replace("21", "20"), high)
        assert getattr(events[-1], dimension) == pytest.approx(value)

    def test_the_finest_bend_still_ends_exactly(self):
        assert play(Receiver(), "b1 57 7f", f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 48.0


class TestBendRange:
    """RPN 0."""

    def test_any_member_sets_all_members(self):
        receiver = Receiver()
        set_range(receiver, 5, 12)
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 12.0

    def test_the_manager_sets_its_own(self):
        receiver = Receiver()
        set_range(receiver, 0, 7)
        assert pitches(play(receiver, "91 3c 40", f"e1 {ABOVE}", f"e0 {ABOVE}")) == {60.0: 55.0}

    def test_the_low_part_is_cents(self):
        receiver = Receiver()
        set_range(receiver, 1, 2.5)
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 2.5

    def test_a_low_part_of_0_changes_nothing(self):
        linnstrument = "b1 65 00", "b1 64 00", "b1 06 18", "b1 26 00", "b1 65 7f", "b1 64 7f"
        events = play(Receiver(), *linnstrument, f"e1 {ABOVE}", "91 3c 40")
        assert events[-1].glide_semitones == 24.0

    def test_a_new_high_part_clears_the_cents(self):
        receiver = Receiver()
        play(receiver, "b1 65 00", "b1 64 00", "b1 06 02", "b1 26 32", "b1 06 03")
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 3.0

    def test_the_halves_come_in_any_order_with_anything_between(self):
        receiver = Receiver()
        events = play(receiver, "b1 64 00", "91 3c 40", "d1 10", "b1 65 00", "b2 06 05", "b1 06 0c")
        assert kinds(events) == ["STRIKE", "MOVE"]
        assert play(receiver, f"e1 {ABOVE}")[-1].glide_semitones == 12.0

    def test_two_channels_may_interleave(self):
        receiver = Receiver()
        play(receiver, "b0 65 00", "b1 65 00", "b0 64 00", "b1 64 00", "b0 06 05", "b1 06 0c")
        assert pitches(play(receiver, f"e0 {ABOVE}", f"e1 {ABOVE}", "91 3c 40")) == {60.0: 17.0}

    def test_the_null_parameter_closes_it(self):
        receiver = Receiver()
        set_range(receiver, 1, 12)
        play(receiver, "b1 06 18")
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 12.0

    def test_nrpn_0_is_not_rpn_0(self):
        receiver = Receiver()
        play(receiver, "b1 65 00", "b1 64 00", "b1 63 00", "b1 62 00", "b1 06 0c")
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 48.0

    def test_a_held_note_is_pitched_anew_at_once(self):
        receiver = Receiver()
        play(receiver, "91 3c 40", f"e1 {ABOVE}")
        assert [e.glide_semitones for e in set_range(receiver, 1, 24)] == [24.0]

    def test_a_zones_glide_is_told_anew_at_once(self):
        receiver = Receiver()
        play(receiver, f"e0 {ABOVE}")
        assert [e.glide_semitones for e in set_range(receiver, 0, 12)] == [12.0]

    def test_more_than_99_cents_are_99(self):
        receiver = Receiver()
        play(receiver, "b1 65 00", "b1 64 00", "b1 06 02", "b1 26 7f")
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 2.99

    def test_ninety_six_semitones_are_the_most(self):
        receiver = Receiver()
        play(receiver, "b1 65 00", "b1 64 00", "b1 06 7f", "b1 26 7f")
        assert play(receiver, f"e1 {ABOVE}", "91 3c 40")[-1].glide_semitones == 96.0


class TestModes:
    """Controllers that do not speak MPE."""

    def test_one_channel_bends_all_its_notes_by_two_semitones(self):
        events = play(Receiver(mode=Mode.ONE_CHANNEL), "93 3c 40", "93 40 40", f"e3 {ABOVE}")
        assert pitches(events) == {60.0: 2.0, 64.0: 2.0}
        assert [e.zone for e in events] == [3, 3, 3]

    def test_one_channel_takes_key_pressure_and_slide(self):
        events = play(Receiver(mode=Mode.ONE_CHANNEL), "90 3c 40", "a0 3c 7f", "b0 4a 7f")
        assert (events[-1].press, events[-1].slide) == (1.0, 1.0)

    def test_one_channel_keeps_its_wheel_after_the_last_key(self):
        receiver = Receiver(mode=Mode.ONE_CHANNEL)
        events = play(receiver, f"e0 {ABOVE}", "90 3c 40", "80 3c 40", "90 3e 40")
        assert pitches(events) == {62.0: 2.0}

    def test_a_channels_pedal_is_its_own(self):
        events = play(Receiver(mode=Mode.ONE_CHANNEL), "b1 40 7f", "90 3c 40", "80 3c 40")
        assert kinds(events) == ["STRIKE", "LIFT"]

    def test_a_channel_per_note_bends_its_own_note(self):
        events = play(Receiver(mode=Mode.CHANNEL_PER_NOTE), "90 3c 40", "91 40 40", f"e0 {ABOVE}")
        assert pitches(events) == {60.0: 24.0, 64.0: 0.0}

    def test_a_pedal_on_any_channel_holds_every_note(self):
        receiver = Receiver(mode=Mode.CHANNEL_PER_NOTE)
        assert kinds(play(receiver, "b5 40 7f", "91 3c 40", "81 3c 40")) == ["STRIKE"]

    @pytest.mark.parametrize("mode", Mode)
    def test_a_bend_range_may_be_given(self, mode: Mode):
        receiver = Receiver(mode=mode, bend_range_semitones=7.0)
        assert pitches(play(receiver, f"e1 {ABOVE}", "91 3c 40")) == {60.0: 7.0}

    @pytest.mark.parametrize("mode", [Mode.ONE_CHANNEL, Mode.CHANNEL_PER_NOTE])
    def test_only_mpe_is_configured_by_messages(self, mode: Mode):
        receiver = Receiver(mode=mode)
        play(receiver, "90 3c 40")
        assert configure(receiver, 0, 7) == []


def test_ports_never_share_a_touch_or_a_zone():
    first, second = (play(Receiver(port), "90 3c 40")[0] for port in (0, 1))
    assert first.touch != second.touch
    assert (first.zone, second.zone) == (0, 16)


def test_a_bank_tells_nothing():
    assert play(Receiver(), "b0 00 01", "b0 20 01") == []


def test_release_all_lifts_everything_pedals_included():
    receiver = Receiver()
    play(receiver, "b0 40 7f", "91 3c 40", "81 3c 40", "92 40 40")
    assert kinds(receiver.release_all(2.0)) == ["LIFT", "LIFT"]
    assert receiver.touches() == []


def test_after_release_all_no_pedal_is_down():
    receiver = Receiver()
    play(receiver, "b0 40 7f", "b0 42 7f")
    receiver.release_all(2.0)
    assert kinds(play(receiver, "91 3c 40", "81 3c 40")) == ["STRIKE", "LIFT"]


def test_panic_stops_every_touch_and_then_tells_everything_is_silent():
    receiver = Receiver()
    play(receiver, "91 3c 40")
    assert kinds(receiver.panic(2.0)) == ["STOP", "PANIC"]


def test_panic_centres_the_zones_bend():
    receiver = Receiver()
    play(receiver, f"e0 {ABOVE}")
    receiver.panic(2.0)
    assert pitches(play(receiver, "91 3c 40")) == {60.0: 0.0}


@pytest.mark.parametrize("sizes", [(15, 0), (7, 7), (0, 15), (0, 0), (10, 4)])
def test_its_configuration_brings_another_receiver_to_the_same_state(sizes: tuple[int, int]):
    receiver = Receiver()
    for manager, size in zip((0, 15), sizes, strict=True):
        configure(receiver, manager, size)
    set_range(receiver, 1, 12.5)
    other = Receiver()
    other.receive(b"".join(receiver.configuration()), 0.0)
    assert other.configuration() == receiver.configuration()
    for channel in range(16):
        messages = f"e{channel:x} {ABOVE}", f"9{channel:x} 3c 40"
        assert play(other, *messages) == play(receiver, *messages)
