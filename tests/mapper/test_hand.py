"""A hand: plain JSON, and nothing in it can make a touch stick."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mapper.curve import Curve
from mapper.hand import (
    BendCheck,
    CrossTalk,
    Hand,
    HandError,
    Range,
    Rest,
    VibratoHabit,
    Wire,
)
from tests.mapper.test_curve import curves

HAND = Hand(
    player="Ada",
    controller="LinnStrument, MPE",
    measured="2026-11-22T20:15:00+00:00",
    press=Curve(raw=(0.0, 0.3, 0.9), even=(0.0, 0.5, 1.0)),
    slide=Curve(raw=(0.2, 0.8), even=(1.0, 0.0)),
    press_range=Range(low=0.05, high=0.9),
    cross_talk=CrossTalk(press_by_slide=0.1, slide_by_press=-0.1),
    wire=Wire(press_step=1 / 127, press_hz=125.0),
    rest=Rest(press=0.004, tremor=0.002),
    vibrato=VibratoHabit(rate_hz=4.3, axis="glide", extent_semitones=0.2, press_wobble=0.05),
    lag_s=0.14,
    bend=BendCheck(asked_semitones=12.0, reached_semitones=12.1),
)


def test_it_is_read_as_it_was_written():
    assert Hand.from_json(HAND.to_json()) == HAND


@given(curves(), curves())
def test_any_curves_of_slide_and_lift_are_kept(slide: Curve, lift: Curve):
    hand = HAND.model_copy(update={"slide": slide, "lift": lift})
    assert Hand.from_json(hand.to_json()) == hand


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": "embouchure-hand-2"}, "its format is wrong"),
        ({"player": ""}, "its player is wrong"),
        ({"surprise": 1}, "its surprise is wrong"),
        ({"lag_s": -1}, "its lag_s is wrong"),
        ({"cross_talk": {"press_by_slide": 0.5}}, "its cross_talk.press_by_slide is wrong"),
        ({"press": {"raw": [0, 1], "even": [0.1, 1]}}, "must begin at 0 and rise"),
        ({"strike": {"raw": [0, 1], "even": [1, 0]}}, "must begin at 0 and rise"),
        ({"vibrato": {"rate_hz": 4, "axis": "lift"}}, "its vibrato.axis is wrong"),
    ],
)
def test_a_wrong_number_is_refused_by_its_name(change: dict[str, object], why: str):
    with pytest.raises(HandError, match=why):
        Hand.from_json(json.dumps(json.loads(HAND.to_json()) | change))


@pytest.mark.parametrize("text", ["", "[", "[" * 100_000, b"\xff\xfe", "null", "[]", '"hand"'])
def test_what_is_no_hand_is_refused(text: str | bytes):
    with pytest.raises(HandError):
        Hand.from_json(text)


@given(st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["format", "press", "raw", "player"]), x)))  # fmt: skip
def test_rubbish_in_json_is_refused(rubbish: object):
    with pytest.raises(HandError):
        Hand.from_json(json.dumps(rubbish))


def test_a_hand_cannot_be_changed():
    with pytest.raises(ValidationError):
        HAND.player = "Bob"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("asked", "reached", "agrees"),
    [
        (2.0, 2.3, True),
        (2.0, 1.0, False),
        (12.0, 13.0, True),
        (12.0, 3.0, False),
        (-2.0, -2.1, True),
    ],
)
def test_bend_ranges_agree_where_a_glide_ends_at_its_key(
    asked: float, reached: float, *, agrees: bool
):
    assert BendCheck(asked_semitones=asked, reached_semitones=reached).agrees is agrees
