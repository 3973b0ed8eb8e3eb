"""An evener: what the player meant, from what the controller said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapper.curve import Curve, look_up
from mapper.evener import FAINTEST, Evener, EvenTouch
from mapper.hand import CrossTalk, Hand
from mapper.stillness import NOISE
from mapper.touch import Kind, TouchEvent
from tests.mapper.test_curve import curves, ratios

PLAIN = Hand(player="Ada", controller="any")
HALF = Curve(raw=(0.0, 0.5), even=(0.0, 1.0))

events = st.builds(
    TouchEvent,
    time_s=st.just(1.0),
    kind=st.sampled_from([Kind.STRIKE, Kind.MOVE, Kind.LIFT, Kind.STOP]),
    touch=st.integers(1, 9),
    zone=st.just(0),
    note=st.just(60.0),
    strike=ratios,
    press=ratios,
    slide=ratios,
    glide_semitones=st.floats(-48, 48),
    lift=ratios,
)
leaks = st.floats(-0.3, 0.3)
cross_talks = st.builds(CrossTalk, press_by_slide=leaks, slide_by_press=leaks)


def move(**dimensions: float) -> TouchEvent:
    return TouchEvent(1.0, Kind.MOVE, 1, 0, 60.0, 0.5)._replace(**dimensions)


def test_each_dimension_goes_through_its_curve():
    hand = PLAIN.model_copy(update={name: HALF for name in ("press", "slide", "strike", "lift")})
    even = Evener(hand).apply(move(strike=0.1, press=0.2, slide=0.3, lift=0.4))
    assert (even.strike, even.press, even.slide, even.lift) == pytest.approx((0.2, 0.4, 0.6, 0.8))


@given(events)
def test_a_plain_hand_changes_nothing_to_speak_of(event: TouchEvent):
    even = Evener(PLAIN).apply(event)
    assert even[:3] == event[:3]
    assert even.press == (event.press and max(event.press, even.press))
    assert even[3:] == pytest.approx(event[3:], abs=FAINTEST)


@given(events, curves(), curves(), cross_talks, st.booleans())
def test_no_hand_leads_out_of_the_range(
    event: TouchEvent,
    press: Curve,
    slide: Curve,
    leak: CrossTalk,
    relative: bool,  # noqa: FBT001
):
    rising = Curve(raw=(0.0, *press.raw[1:]), even=(0.0, *sorted(press.even)[1:]))
    hand = PLAIN.model_copy(update={"press": rising, "slide": slide, "cross_talk": leak})
    even = Evener(hand, relative_slide=relative).apply(event)
    assert 0.0 <= even.press <= 1.0
    assert 0.0 <= even.slide <= 1.0


@given(events, curves())
def test_press_is_0_where_it_was_0_and_nowhere_else(event: TouchEvent, curve: Curve):
    rising = Curve(raw=(0.0, *curve.raw[1:]), even=(0.0, *sorted(curve.even)[1:]))
    even = Evener(PLAIN.model_copy(update={"press": rising})).apply(event)
    assert (even.press == 0.0) == (event.press == 0.0)


def test_a_lift_that_is_not_yet_stays_0():
    high = Curve(raw=(0.0, 1.0), even=(0.4, 1.0))
    assert Evener(PLAIN.model_copy(update={"lift": high})).apply(move(lift=0.0)).lift == 0.0


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), leaks, leaks)
def test_cross_talk_is_taken_out(press: float, slide: float, leak: float, other: float):
    said = move(press=press + leak * (slide - 0.5), slide=slide + other * press)
    if not (0.01 < said.press < 1.0 and 0.0 < said.slide < 1.0):
        return
    cross_talk = CrossTalk(press_by_slide=leak, slide_by_press=other)
    even = Evener(PLAIN.model_copy(update={"cross_talk": cross_talk})).apply(said)
    assert (even.press, even.slide) == pytest.approx((press, slide), abs=1e-6)


def test_a_bend_that_comes_of_pressing_is_taken_out():
    hand = PLAIN.model_copy(update={"cross_talk": CrossTalk(glide_by_press_semitones=0.4)})
    assert Evener(hand).apply(move(press=0.5, glide_semitones=2.2)).glide_semitones == 2.0


def test_a_slide_from_the_landing_keeps_its_centre_and_takes_the_range():
    hand = PLAIN.model_copy(update={"slide": Curve(raw=(0.1, 0.6), even=(1.0, 0.0))})
    even = [Evener(hand, relative_slide=True).apply(move(slide=at)).slide for at in (0.5, 0.6)]
    assert even == pytest.approx([0.5, 0.3], abs=1e-3)


@given(ratios)
def test_it_is_the_curve_itself_that_is_looked_up(press: float):
    if press > 0.0:
        even = Evener(PLAIN.model_copy(update={"press": HALF})).apply(move(press=press)).press
        assert even == (look_up(HALF.table, press) or FAINTEST)


class TestNoise:
    """A step of noise is none after a steep curve either."""

    STEEP = PLAIN.model_copy(update={"press": HALF})

    def told(self, presses: list[int], hand: Hand) -> list[float]:
        touch = EvenTouch(Evener(hand), 0.0)
        return [touch.apply(move(press=press / 127)).press for press in presses]

    def test_a_press_that_trembles_by_a_step_is_within_what_tracking_takes_for_noise(self):
        told = self.told([32, 33, 31, 33, 32, 31, 33], self.STEEP)[2:]
        assert max(told) - min(told) <= 2 * NOISE

    def test_where_no_curve_is_steep_nothing_is_held(self):
        told = self.told([32, 33, 31, 33], PLAIN)
        assert told == pytest.approx([32 / 127, 33 / 127, 31 / 127, 33 / 127])

    def test_a_press_that_grows_evenly_is_told_evenly(self):
        told = self.told(list(range(1, 64)), self.STEEP)
        assert np.diff(told[4:-4]) == pytest.approx(2 / 127, abs=0.3 / 127)

    def test_the_first_moments_pass_as_they_come(self):
        touch = EvenTouch(Evener(self.STEEP), 1.0)
        first = [touch.apply(move(press=press / 127)).press for press in (32, 33, 32)]
        assert first == pytest.approx([64 / 127, 66 / 127, 64 / 127], abs=1e-3)

    @given(st.lists(events, max_size=20), curves())
    def test_no_hand_leads_out_of_the_range_and_0_is_0(self, told: list[TouchEvent], curve: Curve):
        rising = Curve(raw=(0.0, *curve.raw[1:]), even=(0.0, *sorted(curve.even)[1:]))
        touch = EvenTouch(Evener(PLAIN.model_copy(update={"press": rising})), 0.5)
        for event in told:
            even = touch.apply(event)
            assert 0.0 <= even.press <= 1.0
            assert 0.0 <= even.slide <= 1.0
            assert (even.press == 0.0) == (event.press == 0.0)
