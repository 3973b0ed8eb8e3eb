"""A measurement: hands that are known exactly, found again by what they did on request."""

from functools import cache

import numpy as np
import pytest

from calibration.hand.evenness import HANDS, MEANT, Row, compare, measured, told, unevenness
from calibration.hand.measurement import measure, rewarm
from calibration.hand.sitting import Sitting
from calibration.hand.stand_in import Sense, StandInHand, logarithm, power, sigmoid
from mapper.evener import Evener
from mapper.hand import Hand, HandError
from mapper.profile import CONTINUUM, LINNSTRUMENT_MPE

BY_NAME = {one.name: one for one in HANDS}
TRIED = ("straight", "exponent 0.5", "exponent 2.2", "light hand", "cross-talk")
MORE = tuple(
    pytest.param(one.name, marks=pytest.mark.slow) for one in HANDS if one.name not in TRIED
)


@cache
def row(name: str) -> Row:
    return compare(BY_NAME[name])


@cache
def hand(name: str) -> Hand:
    result: Hand = measured(BY_NAME[name]).result
    return result


@pytest.mark.parametrize("name", [*TRIED[1:], *MORE])
def test_press_is_more_even_with_the_hand_than_without(name: str):
    before, after = row(name).press
    assert after < max(0.65 * before, 0.02)


@pytest.mark.parametrize("name", ["straight"])
def test_a_press_that_is_even_stays_so(name: str):
    assert row(name).press[1] < 0.02


@pytest.mark.parametrize(
    "name", ["light hand", "cross-talk", pytest.param("slide turned", marks=pytest.mark.slow)]
)
def test_a_slide_that_is_short_turned_or_leaked_into_becomes_even(name: str):
    before, after = row(name).slide
    assert after < min(0.6 * before, 0.03)


@pytest.mark.parametrize("name", ["exponent 0.5", "exponent 2.2"])
def test_strikes_become_even(name: str):
    before, after = row(name).strike
    assert after < 0.25 * before


@pytest.mark.parametrize("name", [*TRIED, *MORE])
def test_lag_is_found_within_20_ms_and_vibrato_within_a_fifth_of_a_hertz(name: str):
    assert abs(row(name).lag_off_ms) < 20.0
    assert abs(row(name).vibrato_off_hz) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("lag_s", [0.06, 0.25])
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_lag_is_found_whoever_plays(lag_s: float, seed: int):
    found: Hand = measured(StandInHand(lag_s=lag_s), seed).result
    assert found.lag_s == pytest.approx(lag_s, abs=0.020)


def test_a_vibrato_is_known_by_its_extent_axis_and_wobble():
    player = StandInHand(vibrato_hz=4.3, vibrato_semitones=0.2, press_wobble=0.04)
    habit = measured(player).result.vibrato
    assert habit is not None
    assert habit.axis == "glide"
    assert habit.rate_hz == pytest.approx(4.3, abs=0.2)
    assert habit.extent_semitones == pytest.approx(0.2, rel=0.15)
    assert habit.press_wobble == pytest.approx(0.04, abs=0.02)


def test_tremor_is_no_vibrato():
    player = StandInHand(vibrato_semitones=0.0, press_wobble=0.0, tremor=0.012)
    assert measured(player).result.vibrato is None


@pytest.mark.slow
def test_more_tremor_is_more_tremor():
    assert hand("trembling").rest.tremor > 1.5 * hand("straight").rest.tremor


def test_the_wire_is_known_by_its_steps_and_rate():
    wire = hand("straight").wire
    assert wire.press_step == pytest.approx(1 / 127, rel=0.01)
    assert wire.press_hz == pytest.approx(125.0, rel=0.1)


def test_a_finer_controller_has_finer_steps():
    assert measured(StandInHand(profile=CONTINUUM)).result.wire.press_step < 1 / 1000


def test_cross_talk_is_found():
    leak = hand("cross-talk").cross_talk
    assert leak.slide_by_press == pytest.approx(-0.12, abs=0.04)
    assert leak.glide_by_press_semitones == pytest.approx(0.15, abs=0.04)
    assert leak.press_by_slide > 0.05


def test_where_nothing_leaks_nothing_is_taken_out():
    leak = hand("straight").cross_talk
    assert (leak.press_by_slide, leak.slide_by_press, leak.glide_by_press_semitones) == (0, 0, 0)


@pytest.mark.parametrize("ratio", [0.5, pytest.param(2.0, marks=pytest.mark.slow)])
def test_bend_ranges_that_differ_are_noticed(ratio: float):
    same, other = hand("straight").bend, measured(StandInHand(bend_ratio=ratio)).result.bend
    assert same is not None
    assert other is not None
    assert (same.agrees, other.agrees) == (True, False)


def test_a_hand_brought_up_to_date_follows_the_new_range():
    old: Hand = measured(StandInHand(press=power(0.7))).result
    worn = StandInHand(press=power(0.7), gain=0.8)
    new: Hand = measured(worn, known=old).result

    def off(one: Hand) -> float:
        return unevenness(MEANT, told(worn, Evener(one))["press"])

    assert off(new) < 0.5 * off(old)
    assert new.strike == old.strike


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "press", [power(0.6), logarithm(8.0), sigmoid(4.0)], ids=["power", "logarithm", "sigmoid"]
)
def test_every_player_of_a_kind_is_evened(seed: int, press: Sense):
    one = compare(StandInHand(press=press), seed)
    assert one.press[1] < 0.6 * one.press[0]


def test_nothing_at_all_is_no_hand():
    with pytest.raises(HandError, match="neither press nor strikes were measured"):
        measure(Sitting(), player="Ada", controller="any")
    with pytest.raises(HandError, match="no press was measured"):
        rewarm(hand("straight"), Sitting())


def test_measuring_twice_gives_the_same_hand():
    one, two = hand("straight"), measured(BY_NAME["straight"]).result
    assert one.model_copy(update={"measured": ""}) == two.model_copy(update={"measured": ""})


def test_the_player_and_the_controller_are_named():
    assert (hand("straight").player, hand("straight").controller) == (
        "Stand-in",
        LINNSTRUMENT_MPE.name,
    )
    assert np.isfinite(hand("straight").rest.press)
