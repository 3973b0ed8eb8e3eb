"""A response: the curve from what a controller says to what its player means."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.hand.response import (
    MOST_DB,
    SPAN_DB,
    Ramp,
    from_level,
    legs_of,
    levels_curve,
    press_curve,
    range_of,
    slide_curve,
    to_level,
)
from mapper.curve import Curve, look_up
from tests.mapper.test_curve import ratios

STEP = 1 / 127


def swell(sense: Callable[[float], float], turn_s: float = 3.0, length_s: float = 6.0) -> Ramp:
    times_s = np.arange(0.0, length_s, 0.008)
    meant = np.interp(times_s, [0.0, turn_s, length_s], [0.0, 1.0, 0.0])
    return Ramp(times_s, np.array([round(sense(one) * 127) / 127 for one in meant]))


def at(curve: Curve, raw: float) -> float:
    return look_up(curve.table, raw)


@pytest.mark.parametrize("turn_s", [2.4, 3.0, 3.6])
def test_a_ramp_is_parted_where_it_turns(turn_s: float):
    out, back = legs_of(swell(lambda meant: meant, turn_s))
    assert out.said == pytest.approx(out.meant, abs=0.02)
    assert back.said == pytest.approx(back.meant, abs=0.02)


def test_saturation_turns_in_its_middle():
    out, _ = legs_of(swell(lambda meant: min(2.0 * meant, 1.0)))
    assert out.said[out.meant <= 0.5] == pytest.approx(2.0 * out.meant[out.meant <= 0.5], abs=0.03)


@pytest.mark.parametrize("exponent", [0.5, 0.8, 1.0, 1.2])
def test_an_even_ramp_becomes_even(exponent: float):
    curve = press_curve([swell(lambda meant: meant**exponent, turn_s) for turn_s in (2.7, 3.2)])
    for meant in (0.4, 0.6, 0.8):
        assert at(curve, meant**exponent) == pytest.approx(meant, abs=0.03)


def test_all_that_the_player_has_is_all_there_is():
    curve = press_curve([swell(lambda meant: 0.6 * meant)] * 2)
    assert at(curve, 0.6) == pytest.approx(1.0, abs=0.02)
    assert at(curve, 1.0) == pytest.approx(1.0, abs=0.02)


def test_held_levels_count_beside_the_ramps():
    plain = press_curve([swell(lambda meant: meant)] * 2)
    held = press_curve([swell(lambda meant: meant)] * 2, held=(0.25, 0.6, 0.8))
    assert at(held, 0.5) < at(plain, 0.5)


@pytest.mark.parametrize(
    "sense",
    [lambda m: m**2.2, lambda m: max(m - 0.2, 0.0) / 0.8, lambda m: 0.6 * m],
    ids=["late", "dead", "light"],
)
def test_no_step_of_the_controller_jumps(sense: Callable[[float], float]):
    curve = press_curve([swell(sense)] * 2, step=STEP)
    levels = to_level(np.array([at(curve, k / 127) for k in range(128)]))
    assert np.diff(levels).max() * SPAN_DB <= 1.1 * MOST_DB


@pytest.mark.parametrize("strength", [4.0, 12.0, 30.0])
def test_full_press_stays_full_press_where_the_end_is_steep(strength: float):
    curve = press_curve([swell(lambda m: np.log1p(strength * m) / np.log1p(strength))] * 2)
    assert at(curve, 1.0) == pytest.approx(1.0, abs=0.01)


def test_a_light_hand_gets_larger_steps_but_all_of_the_sound():
    curve = press_curve([swell(lambda m: 0.3 * m)] * 2, step=STEP)
    assert at(curve, 0.3) == pytest.approx(1.0, abs=0.02)


def test_the_range_is_what_every_ramp_reached():
    low, high = range_of([swell(lambda m: 0.8 * m), swell(lambda m: 0.9 * m)])
    assert (low, high) == pytest.approx((0.02, 0.79), abs=0.03)


def test_a_slide_is_stretched_to_its_ends():
    curve = slide_curve([swell(lambda place: 0.2 + 0.5 * place)] * 2)
    assert [at(curve, raw) for raw in (0.2, 0.45, 0.7)] == pytest.approx([0.0, 0.5, 1.0], abs=0.05)


def test_a_slide_that_runs_the_other_way_is_turned_round():
    curve = slide_curve([swell(lambda place: 0.9 - 0.8 * place)] * 2)
    assert at(curve, 0.8) < at(curve, 0.2)
    assert at(curve, 0.5) == pytest.approx(0.5, abs=0.05)


def test_a_slide_may_come_back_at_once():
    curve = slide_curve([swell(lambda place: place, turn_s=3.0, length_s=3.05)] * 2)
    assert [at(curve, raw) for raw in (0.0, 0.5, 1.0)] == pytest.approx([0.0, 0.5, 1.0], abs=0.1)


def test_a_slide_that_always_begins_at_the_centre_keeps_it():
    curve = slide_curve([swell(lambda place: 0.5 + 0.3 * place)] * 2, about_centre=True)
    assert at(curve, 0.5) == pytest.approx(0.5, abs=1e-6)
    assert at(curve, 0.8) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("said", [(0.1, 0.3, 0.6), (0.3, 0.6, 0.95), (0.2, 0.5, 1.0)])
def test_each_level_means_what_was_asked(said: tuple[float, ...]):
    curve = levels_curve(said, (0.2, 0.5, 0.9))
    assert at(curve, said[0]) == pytest.approx(0.2, abs=0.02)
    assert at(curve, said[1]) == pytest.approx(0.5, abs=0.02)
    assert at(curve, said[2]) == pytest.approx(1.0 if said[2] == 1.0 else 0.9, abs=0.02)
    assert (at(curve, 0.0), at(curve, 1.0)) == pytest.approx((0.0, 1.0), abs=0.05)


@given(ratios)
def test_a_level_is_read_back_as_its_press(press: float):
    assert from_level(to_level(np.array([press])))[0] == pytest.approx(press, abs=1e-9)


@given(st.lists(ratios, min_size=60, max_size=60), st.floats(0.3, 0.7))
def test_whatever_a_ramp_was_it_becomes_a_curve(noise: list[float], turn: float):
    times_s = np.linspace(0.0, 6.0, 60)
    way = np.interp(times_s, [0.0, 6.0 * turn, 6.0], [0.0, 1.0, 0.0])
    press_curve([Ramp(times_s, np.clip(way + 0.3 * (np.array(noise) - 0.5), 0.0, 1.0))])
