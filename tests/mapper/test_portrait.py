"""A portrait sees how a controller is set up, and the advice says what that means for its player."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.advice import advise, advise_octave, range_in_force_semitones
from mapper.portrait import Portrait
from mapper.profile import KEYBOARD, LINNSTRUMENT, LINNSTRUMENT_MPE, OSMOSE, PROFILES, Profile
from mapper.rpn import bend_range_messages, zone_messages
from mapper.traffic import Stroke, perform
from mapper.zones import Mode

CHORD = [
    Stroke(note=note, start_s=0.1 * place, strike=strike, press=lambda age_s: min(1.0, age_s))
    for place, (note, strike) in enumerate([(60, 0.2), (64, 0.5), (67, 0.9)])
]


def looked(profile: Profile, *messages: bytes) -> Portrait:
    portrait = Portrait(profile)
    for place, message in enumerate(messages):
        portrait.hear(message, 0.01 * place)
    return portrait


def played(profile: Profile) -> Portrait:
    return looked(profile, *[data for _, data in perform(profile, CHORD)])


def troubles(portrait: Portrait) -> dict[str, str]:
    found = advise(portrait.profile, portrait.traits())
    return {one.about: one.sentence for one in found if not one.is_well}


@pytest.mark.parametrize("word", ["seaboard", "linnstrument-mpe", "osmose", "push-3", "erae"])
def test_a_controller_that_plays_mpe_needs_no_change(word: str):
    assert troubles(played(PROFILES[word])) == {}


def test_a_linnstrument_as_it_leaves_the_factory_is_told_to_play_mpe():
    assert "Per-Split Settings turn MPE on" in troubles(played(LINNSTRUMENT))["fingers"]


def test_the_press_of_an_ordinary_keyboard_without_aftertouch_is_missed():
    portrait = looked(KEYBOARD, bytes((0x90, 60, 40)), bytes((0x80, 60, 64)))
    assert "No pressure came" in troubles(portrait)["press"]


def test_key_pressure_among_mpe_is_a_fault():
    chord = [bytes((0x91, 60, 40)), bytes((0x92, 64, 40)), bytes((0xA1, 60, 50))]
    portrait = looked(PROFILES["seaboard"], *zone_messages(0, 15), *chord)
    assert "key pressure" in troubles(portrait)["press"]


def test_a_wheel_in_place_of_slide_is_a_fault():
    portrait = looked(KEYBOARD, bytes((0xB0, 1, 40)))
    assert "CC 74" in troubles(portrait)["slide"]


def test_notes_that_are_all_struck_alike_are_noticed():
    strikes = [bytes((0x90, note, 100)) for note in (60, 62, 64)]
    assert "velocity (100)" in troubles(looked(KEYBOARD, *strikes))["strike"]


def test_a_zone_is_told_as_the_controller_says():
    portrait = looked(LINNSTRUMENT_MPE, *zone_messages(0, 7), *zone_messages(15, 7))
    sentences = [one.sentence for one in advise(LINNSTRUMENT_MPE, portrait.traits())]
    assert sentences == [
        "It says itself that the lower zone has 7 channels and the upper zone has 7 channels."
    ]


@pytest.mark.parametrize(("bends_semitones", "is_well"), [(48, True), (24, False), (96, False)])
def test_an_octave_under_the_finger_tells_the_bend_range(bends_semitones: int, *, is_well: bool):
    bend = 8192 + round(8192 * 12 / bends_semitones)
    message = bytes((0xE1, bend & 0x7F, bend >> 7))
    portrait = looked(LINNSTRUMENT_MPE, bytes((0x91, 60, 80)), message)
    advice = advise_octave(LINNSTRUMENT_MPE, portrait.traits())
    assert advice.is_well is is_well
    if not is_well:
        assert f"it bends {bends_semitones} semitones where 48 are expected" in advice.sentence


def test_a_range_that_the_controller_announces_counts():
    portrait = looked(OSMOSE, *bend_range_messages(1, 24))
    assert range_in_force_semitones(OSMOSE, portrait.traits()) == 24.0


def test_without_a_bend_the_octave_is_asked_for_again():
    assert "No bend came" in advise_octave(OSMOSE, Portrait(OSMOSE).traits()).sentence


def test_what_was_seen_is_forgotten_but_not_what_was_announced():
    portrait = looked(OSMOSE, *zone_messages(0, 10), bytes((0x91, 60, 80)), bytes((0xD1, 30)))
    portrait.forget()
    traits = portrait.traits()
    assert (traits.n_strikes, traits.press, traits.lower_members) == (0, None, 10)


@given(st.lists(st.binary(max_size=12), max_size=40))
def test_any_bytes_give_traits_within_their_ranges(chunks: list[bytes]):
    traits = looked(KEYBOARD, *chunks).traits()
    ratios = (
        traits.softest_strike,
        traits.hardest_strike,
        traits.highest_press,
        traits.widest_bend,
    )
    assert all(0.0 <= ratio <= 1.0 for ratio in ratios)
    assert traits.mode in Mode
    for one in advise(KEYBOARD, traits):
        assert one.sentence.endswith(".")
