"""A listener: profiles, detection and the receiver as one port hears them."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapper import profile
from mapper.curve import Curve
from mapper.hand import Hand
from mapper.listener import Listener
from mapper.manner import Manner
from mapper.profile import PROFILES, Profile
from mapper.rpn import zone_messages
from mapper.sounding import FIRST_PRESSES_S, SOFTEST_STRIKE
from mapper.touch import Kind, TouchEvent
from mapper.traffic import Stroke, perform, still, storm
from mapper.tuning import Tuning
from mapper.zones import Mode
from tests.mapper.hearing import ABOVE, fold, kinds, pitches
from tests.mapper.test_receiver_invariants import check_ends, check_ranges, reads

ALL_KEYS_UP = b"".join(
    bytes((0xB0 | channel, 64, 0, 0xB0 | channel, 66, 0))
    + b"".join(bytes((0x80 | channel, note, 64)) for note in range(128))
    for channel in range(16)
)
MCM = b"".join(zone_messages(0, 7))

profiles = st.sampled_from(list(PROFILES.values()))
every_profile = pytest.mark.parametrize("one", PROFILES.values(), ids=PROFILES.keys())


def play(listener: Listener, *messages: str, time_s: float = 1.0) -> list[TouchEvent]:
    """Send messages written in hex, all at one time."""
    return [event for m in messages for event in listener.hear(bytes.fromhex(m), time_s)]


def heard(listener: Listener, one: Profile, strokes: Iterable[Stroke]) -> list[TouchEvent]:
    """Play strokes as the controller would."""
    return [e for time_s, data in perform(one, strokes) for e in listener.hear(data, time_s)]


class TestMode:
    """When a verdict counts."""

    def test_a_keyboard_on_another_channel_bends_by_two_semitones_once_its_chord_has_ended(self):
        listener = Listener()
        play(listener, "94 3c 40", "94 40 40")
        assert listener.mode is Mode.MPE
        play(listener, "84 3c 40", "84 40 40")
        events = play(listener, "94 3c 40", f"e4 {ABOVE}")
        assert (listener.mode, events[-1].glide_semitones) == (Mode.ONE_CHANNEL, 2.0)

    def test_a_configuration_message_counts_at_once_and_lifts_what_sounds(self):
        listener = Listener(0, profile.KEYBOARD)
        play(listener, "94 3c 40")
        assert kinds(listener.hear(MCM, 1.0)) == ["LIFT"]
        assert listener.mode is Mode.MPE

    def test_a_mode_chosen_by_hand_is_kept(self):
        listener = Listener(mode=Mode.ONE_CHANNEL)
        listener.hear(MCM, 1.0)
        play(listener, "91 3c 40", "92 40 40", "81 3c 40", "82 40 40", "91 3c 40")
        assert listener.mode is Mode.ONE_CHANNEL

    def test_what_came_before_the_first_note_of_a_new_mode_still_belongs_to_it(self):
        listener = Listener(0, profile.KEYBOARD)
        play(listener, "91 3c 40", "81 3c 40")
        strike = play(listener, f"e2 {ABOVE}", "b2 4a 7f", "92 40 40")[-1]
        assert listener.mode is Mode.MPE
        assert (strike.glide_semitones, strike.slide) == (48.0, 1.0)

    def test_a_pedal_that_is_down_stays_down_in_a_new_mode(self):
        listener = Listener(0, profile.KEYBOARD)
        events = play(listener, "b0 40 7f", "91 3c 40", "81 3c 40", "b0 40 00", "b0 40 7f")
        events += play(listener, "92 3c 40", "82 3c 40")
        assert listener.mode is Mode.MPE
        assert kinds(events)[-1] == "STRIKE"

    def test_a_pedal_pressed_on_any_channel_does_not_stay_down_where_it_could_not_be_raised(self):
        listener = Listener()
        play(listener, "90 3c 40", "91 40 40", "80 3c 40", "81 40 40", "90 3c 40", "80 3c 40")
        assert listener.mode is Mode.CHANNEL_PER_NOTE
        play(listener, "b5 40 7f")
        listener.hear(MCM, 1.0)
        events = play(listener, "b5 40 00", "91 3c 40", "81 3c 40")
        assert kinds(events) == ["STRIKE", "LIFT"]

    def test_a_bend_of_the_zone_that_a_new_mode_makes_the_notes_own_is_not_told_twice(self):
        listener = Listener(0, profile.KEYBOARD)
        events = play(listener, f"e0 {ABOVE}", "b1 40 7f", "b2 40 7f", "90 3c 40")
        assert listener.mode is Mode.CHANNEL_PER_NOTE
        assert pitches(events) == {60.0: 24.0}

    @every_profile
    def test_each_controller_is_understood_from_what_it_sends(self, one: Profile):
        listener = Listener(0, profile.recognise(next(iter(one.port_names), "")))
        strokes = [Stroke(note=60 + k, start_s=0.2 * k, length_s=0.5) for k in range(4)]
        heard(listener, one, [*strokes, Stroke(start_s=3.0), Stroke(start_s=5.0, note=50)])
        assert listener.mode is one.mode

    def test_a_fresh_listener_of_an_announced_zone_can_be_brought_to_it(self):
        listener, other = Listener(), Listener()
        listener.hear(MCM, 0.0)
        other.hear(b"".join(listener.configuration()), 0.0)
        assert other.configuration() == listener.configuration()

    def test_an_unannounced_zone_is_not_announced_to_another_listener(self):
        assert Listener().configuration() == []
        assert set(zone_messages(0, 15)) <= set(Listener(mode=Mode.MPE).configuration())

    def test_a_bend_range_that_a_controller_has_set_holds_in_the_mode_it_turns_out_to_have(self):
        listener = Listener()
        play(listener, "b4 65 00 64 00 06 07", "94 3c 40", "94 40 40", "84 3c 40", "84 40 40")
        events = play(listener, "94 3c 40", f"e4 {ABOVE}")
        assert (listener.mode, events[-1].glide_semitones) == (Mode.ONE_CHANNEL, 7.0)
        assert b"\xb4\x06\x07" in listener.configuration()


class TestUnplugging:
    """A controller that vanishes in the middle, and returns."""

    def test_its_tails_ring_on_as_they_were(self):
        listener = Listener()
        play(listener, "91 3c 40", f"e0 {ABOVE}")
        assert kinds(listener.release_all(2.0)) == ["LIFT"]

    def test_it_returns_with_its_wheels_and_sliders_at_rest(self):
        listener = Listener()
        play(listener, "91 3c 40", f"e0 {ABOVE}", f"e1 {ABOVE}", "b1 4a 7f", "b0 0b 00")
        listener.release_all(2.0)
        events = play(listener, "91 3c 40", time_s=3.0)
        assert kinds(events) == ["ZONE_GLIDE", "LEVEL", "STRIKE"]
        assert (events[0].glide_semitones, events[1].press, events[2].slide) == (0.0, 1.0, 0.5)

    def test_a_message_cut_short_by_the_cable_is_not_continued(self):
        listener = Listener()
        play(listener, "91 3c")
        listener.release_all(2.0)
        assert play(listener, "40", "91 3e 40")[0].note == 62.0


class TestHabits:
    """What each maker's controller means by what it sends."""

    def test_an_osmoses_slide_rests_in_the_centre_and_opens_upwards(self):
        listener = Listener(0, profile.OSMOSE)
        assert [e.slide for e in play(listener, "b1 4a 00", "91 3c 40", "b1 4a 7f")] == [0.5, 1.0]

    def test_an_osmose_has_two_dimensions_out_of_one_axis(self):
        stroke = Stroke(
            press=lambda age_s: min(1.0, 2 * age_s), slide=lambda age_s: max(0.5, age_s)
        )
        events = heard(Listener(0, profile.OSMOSE), profile.OSMOSE, [stroke])
        assert all(event.slide == 0.5 for event in events if event.press < 1.0)
        assert max(event.slide for event in events) > 0.95

    def test_an_osmoses_editor_is_not_heard(self):
        assert play(Listener(0, profile.OSMOSE_HAKEN), "9e 3c 40", "9f 3c 40") == []

    def test_a_push_3s_touched_knobs_do_not_sound(self):
        listener = Listener(0, profile.PUSH_3)
        assert kinds(play(listener, "90 00 7f", "91 3c 40", "b0 4a 7f")) == ["STRIKE"]
        assert listener.mode is Mode.MPE

    def test_an_erae_bends_as_far_as_its_manual_says(self):
        (strike,) = play(Listener(0, profile.ERAE), f"e1 {ABOVE}", "91 3c 40")
        assert strike.glide_semitones == 28.0

    def test_a_bend_range_of_the_profile_holds_in_its_own_mode_only(self):
        listener = Listener(0, profile.ERAE, mode=Mode.ONE_CHANNEL)
        play(listener, "94 3c 40", f"e4 {ABOVE}")
        assert b"\xb4\x06\x02" in listener.configuration()

    @pytest.mark.parametrize(
        "one", [one for one in PROFILES.values() if one is not profile.KEYBOARD],
        ids=[word for word in PROFILES if word != "keyboard"],
    )  # fmt: skip
    def test_a_touch_is_lifted_with_the_press_from_before_the_closing_zero(self, one: Profile):
        events = heard(Listener(0, one), one, [Stroke(start_s=0.1, press=still(0.5))])
        (lift,) = [event for event in events if event.kind is Kind.LIFT]
        assert lift.press == pytest.approx(0.5, abs=0.005)


class TestStrikeFromPress:
    """Where velocity is always 127 the first pressures tell how hard the note was struck."""

    @staticmethod
    def strikes(*timed: tuple[float, str]) -> list[float]:
        """Strike in every event after messages at their times."""
        listener = Listener(0, profile.CONTINUUM)
        return [e.strike for time_s, m in timed for e in play(listener, m, time_s=time_s)]

    def test_a_strike_without_any_press_yet_is_soft_and_speaks(self):
        assert self.strikes((1.0, "91 3c 7f")) == [SOFTEST_STRIKE]

    def test_the_press_before_note_on_is_the_strike(self):
        assert self.strikes((1.0, "d1 40"), (1.0, "91 3c 7f")) == [64 / 127]

    def test_the_first_presses_raise_it(self):
        presses = (1.005, "d1 20"), (1.010, "d1 60"), (1.012, "d1 50")
        assert self.strikes((1.0, "91 3c 7f"), *presses)[1:] == [32 / 127, 96 / 127, 96 / 127]

    def test_later_presses_do_not(self):
        late_s = 1.0 + FIRST_PRESSES_S + 0.001
        assert self.strikes((1.0, "91 3c 7f"), (late_s, "d1 7f"))[-1] == SOFTEST_STRIKE

    def test_it_is_told_even_when_a_fader_already_presses_fully(self):
        listener = Listener(0, profile.CONTINUUM)
        events = play(listener, "d0 7f", "91 3c 7f", "d1 40")
        assert events[-1].strike == 64 / 127

    def test_a_stroke_strikes_as_hard_as_it_was_meant(self):
        def strike_of(strike: float) -> float:
            events = heard(
                Listener(0, profile.CONTINUUM), profile.CONTINUUM, [Stroke(strike=strike)]
            )
            return max(event.strike for event in events)

        assert [strike_of(strike) for strike in (0.2, 0.5, 1.0)] == pytest.approx(
            [0.2, 0.5, 1.0], abs=0.05
        )

    def test_any_other_controllers_velocity_counts(self):
        (strike,) = play(Listener(), "d1 40", "91 3c 7f")
        assert strike.strike == 1.0


class TestManner:
    """What a preset wishes of its zone."""

    def test_a_relative_slide_begins_in_the_centre(self):
        listener = Listener()
        listener.set_manner(Manner(relative_slide=True))
        events = play(listener, "b1 4a 20", "91 3c 40", "b1 4a 40", "b1 4a 7f")
        assert [event.slide for event in events] == [0.5, 0.75, 1.0]

    def test_a_manner_of_one_zone_is_not_anothers(self):
        listener = Listener(1, mode=Mode.ONE_CHANNEL)
        listener.set_manner(Manner(relative_slide=True), zone=16 + 3)
        events = play(listener, "b3 4a 20", "93 3c 40", "b4 4a 20", "94 3c 40")
        assert [event.slide for event in events] == [0.5, 0.25]

    def test_a_touch_keeps_the_manner_it_was_struck_with(self):
        listener = Listener()
        play(listener, "b1 4a 20", "91 3c 40")
        listener.set_manner(Manner(relative_slide=True))
        assert play(listener, "b1 4a 40")[0].slide == 0.5
        assert play(listener, "b1 4a 20")[0].slide == 0.25

    def test_a_mono_zone_is_played_as_one_voice(self):
        listener = Listener()
        listener.set_manner(Manner(mono=True))
        first, second, back, last = play(listener, "91 3c 40", "92 40 40", "82 40 40", "81 3c 40")
        assert kinds([first, second, back, last]) == ["STRIKE", "MOVE", "MOVE", "LIFT"]
        assert [event.note for event in (first, second, back)] == [60.0, 64.0, 60.0]

    @pytest.mark.parametrize("end", ["b0 40 00", "b0 7b 00", "b0 78 00"])
    def test_touches_that_a_pedal_held_end_on_the_note_played_last(self, end: str):
        listener = Listener()
        listener.set_manner(Manner(mono=True))
        play(listener, "b0 40 7f", "92 3c 40", "91 43 40", "82 3c 40", "81 43 40")
        assert {event.note for event in play(listener, end)} == {67.0}

    def test_unplugging_ends_on_the_note_played_last(self):
        listener = Listener()
        listener.set_manner(Manner(mono=True))
        play(listener, "92 3c 40", "91 43 40")
        assert {event.note for event in listener.release_all(2.0)} == {67.0}

    def test_other_zones_stay_as_they_are(self):
        listener = Listener(1, mode=Mode.ONE_CHANNEL)
        listener.set_manner(Manner(mono=True), zone=16 + 3)
        assert kinds(play(listener, "93 3c 40", "93 40 40", "94 3c 40", "94 40 40")) == [
            "STRIKE", "MOVE", "STRIKE", "STRIKE",
        ]  # fmt: skip

    def test_a_panic_in_a_mono_zone_is_told_once(self):
        listener = Listener()
        listener.set_manner(Manner(mono=True))
        play(listener, "91 3c 40", "92 40 40")
        assert kinds(listener.panic(2.0)).count("PANIC") == 1


class TestTuning:
    """Keys that sound something else."""

    def test_a_tuned_key_bends_from_its_tuned_note(self):
        listener = Listener(tuning=Tuning(tuple(key + 0.25 for key in range(128))))
        events = play(listener, "91 3c 40", f"e1 {ABOVE}", "81 3c 40")
        assert {event.note for event in events} == {60.25}
        assert events[1].glide_semitones == 48.0

    def test_a_key_that_sounds_stays_as_it_was_struck(self):
        listener = Listener()
        play(listener, "91 3c 40")
        listener.set_tuning(Tuning(tuple(key + 0.25 for key in range(128))))
        assert [event.note for event in play(listener, "d1 40", "92 3c 40")] == [60.0, 60.25]

    def test_a_bend_and_a_press_of_a_silent_key_are_no_later_notes(self):
        listener = Listener(tuning=Tuning((None,) * 60 + tuple(range(60, 128))))
        play(listener, "91 3b 40", f"e1 {ABOVE}", "d1 7f", "81 3b 40")
        strike = play(listener, "91 3c 40")[-1]
        assert (strike.glide_semitones, strike.press) == (0.0, 0.0)

    def test_a_silent_key_begins_no_touch(self):
        listener = Listener(tuning=Tuning(128 * (None,)))
        assert play(listener, "91 3c 40", "d1 40", "81 3c 40") == []


manners = st.builds(
    Manner, mono=st.booleans(), relative_slide=st.booleans(), strike_share=st.just(1.0)
)


@given(profiles, st.lists(st.tuples(reads, manners), max_size=3))
def test_nothing_sticks_however_the_manner_changes(
    one: Profile, passages: list[tuple[list[bytes], Manner]]
):
    listener, events = Listener(0, one), []
    for chunks, manner in passages:
        listener.set_manner(manner)
        events += [e for k, chunk in enumerate(chunks) for e in listener.hear(chunk, 0.01 * k)]
    events += listener.hear(ALL_KEYS_UP, 9.0)
    assert fold(events) == {}
    check_ends(events)


@given(profiles, st.sampled_from([None, *Mode]), reads)
def test_every_touch_ends_once(one: Profile, mode: Mode | None, chunks: list[bytes]):
    listener = Listener(0, one, mode=mode)
    events = [e for k, chunk in enumerate(chunks) for e in listener.hear(chunk, 0.01 * k)]
    assert set(fold(events)) == {touch.number for touch in listener.touches()}
    events += listener.release_all(9.0)
    check_ends(events)
    check_ranges(events)
    assert listener.touches() == []


@given(profiles, reads)
def test_nothing_sticks_once_every_key_and_pedal_is_up(one: Profile, chunks: list[bytes]):
    listener = Listener(0, one)
    events = [e for k, chunk in enumerate(chunks) for e in listener.hear(chunk, 0.01 * k)]
    events += listener.hear(ALL_KEYS_UP, 9.0)
    assert fold(events) == {}


@given(profiles, reads, st.data())
def test_how_reads_are_cut_changes_nothing(one: Profile, chunks: list[bytes], data: st.DataObject):
    whole = b"".join(chunks)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=9)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    listener = Listener(0, one)
    events = [event for piece in pieces for event in listener.hear(piece, 1.0)]
    assert events == Listener(0, one).hear(whole, 1.0)


@every_profile
def test_its_own_controller_is_heard_whole(one: Profile):
    curve = still(0.6)
    strokes = [Stroke(note=50 + k, start_s=0.1 * k, press=curve) for k in range(9)]
    events = heard(Listener(0, one), one, strokes)
    assert kinds(events).count("STRIKE") == kinds(events).count("LIFT") == 9
    assert not {Kind.STOP, Kind.PANIC} & {event.kind for event in events}


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 2**32), profiles)
def test_a_storm_leaves_nothing_behind(seed: int, one: Profile):
    listener, events = Listener(0, one), []
    modes = set()
    for time_s, data in storm(seed, 2.0, 4000.0):
        events += listener.hear(data, time_s)
        modes.add(listener.mode)
    assert set(fold(events)) == {touch.number for touch in listener.touches()}
    events += listener.release_all(2.0)
    check_ends(events)
    check_ranges(events)
    assert Mode.MPE in modes


class TestHand:
    """Whose playing it is."""

    HALF = Curve(raw=(0.0, 0.5), even=(0.0, 1.0))
    HAND = Hand(player="Ada", controller="any", press=HALF, slide=HALF, strike=HALF)

    def test_a_hand_evens_every_touch_that_is_struck_from_then_on(self):
        listener = Listener(mode=Mode.MPE, hand=self.HAND)
        (struck,) = play(listener, "91 3c 20")
        (pressed,) = play(listener, "d1 20")
        assert struck.strike == pytest.approx(64 / 127, abs=1e-3)
        assert pressed.press == pytest.approx(64 / 127, abs=1e-3)

    def test_a_touch_keeps_the_hand_that_it_was_struck_with(self):
        listener = Listener(mode=Mode.MPE, hand=self.HAND)
        play(listener, "91 3c 20")
        listener.set_hand(None)
        play(listener, "92 40 20")
        old, new = play(listener, "d1 20", "d2 20")
        assert (old.press, new.press) == pytest.approx((64 / 127, 32 / 127), abs=1e-3)
        (lifted,) = play(listener, "81 3c 40")
        assert lifted.press == pytest.approx(64 / 127, abs=1e-3)

    def test_a_slide_from_the_landing_keeps_its_centre(self):
        listener = Listener(mode=Mode.MPE, hand=self.HAND)
        listener.set_manner(Manner(relative_slide=True))
        struck = play(listener, "b1 4a 40", "91 3c 20")[-1]
        assert struck.slide == pytest.approx(0.5)

    def test_volumes_and_macros_are_nobodys_press(self):
        listener = Listener(mode=Mode.MPE, hand=self.HAND)
        events = play(listener, "b0 07 20", "b0 01 20")
        assert [e.press for e in events] == [
            e.press for e in play(Listener(mode=Mode.MPE), "b0 07 20", "b0 01 20")
        ]

    @every_profile
    def test_a_closing_press_is_0_and_the_lift_tells_what_was_meant(self, one: Profile):
        stroke = Stroke(press=still(0.4), length_s=0.5)
        listener = Listener(0, one, hand=Hand(player="Ada", controller="any", press=self.HALF))
        events = heard(listener, one, [stroke])
        plain = heard(Listener(0, one), one, [stroke])
        assert [e.press == 0.0 for e in events] == [e.press == 0.0 for e in plain]
        held_still = 2.0 / 127  # what of a steep curve's noise is not told
        meant = min(1.0, 2.0 * plain[-1].press)
        assert events[-1].press == pytest.approx(meant, abs=held_still)

    @given(st.integers(0, 2**32))
    @settings(max_examples=20, deadline=None)
    def test_a_storm_under_a_hand_has_the_same_touches(self, seed: int):
        traffic = list(storm(seed, 3.0, 300.0))
        told = []
        for hand in (None, self.HAND):
            listener = Listener(hand=hand)
            listener.set_manner(Manner(mono=True), 0)
            told.append([e for time_s, data in traffic for e in listener.hear(data, time_s)])
            check_ranges(told[-1])
        assert [e.touch for e in told[0] if e.kind is not Kind.MOVE] == [
            e.touch for e in told[1] if e.kind is not Kind.MOVE
        ]
