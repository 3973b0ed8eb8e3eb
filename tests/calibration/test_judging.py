"""Judging: bad measurements are refused, with the reason."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.hand import judging
from mapper.gestures import Gesture
from tests.mapper.test_curve import ratios

Curve = Callable[[float], float]


def triangle(length_s: float) -> Curve:
    return lambda age_s: 1.0 - abs(2.0 * age_s / length_s - 1.0)


def gesture(
    press: Curve = lambda _: 0.4,
    slide: Curve = lambda _: 0.5,
    glide: Curve = lambda _: 0.0,
    length_s: float = 6.0,
) -> Gesture:
    times_s = np.arange(0.0, length_s + 0.004, 0.008)
    press_, slide_, glide_ = (
        np.array([curve(float(at)) for at in times_s]) for curve in (press, slide, glide)
    )
    return Gesture(
        touch=1, zone=0, note=60.0, strike=0.5, lift=0.5, times_s=times_s,
        press=press_, slide=slide_, glide_semitones=glide_,
    )  # fmt: skip


def test_a_swell_from_nothing_to_all_and_back_will_do():
    assert judging.swell(gesture(press=triangle(6.0))) == ""


def test_a_trembling_one_will_do():
    def press(age_s: float) -> float:
        return triangle(6.0)(age_s) + 0.05 * np.sin(60.0 * age_s)

    assert judging.swell(gesture(press=press)) == ""


@pytest.mark.parametrize(
    ("played", "why"),
    [
        (gesture(press=triangle(1.0), length_s=1.0), "that took 1.0 s"),
        (gesture(press=lambda age: 0.4 + 0.1 * triangle(6.0)(age)), "moved only from 40% to 50%;"),
        (
            gesture(slide=triangle(6.0)),
            "moved only from 40% to 40% and you moved sideways or along",
        ),
        (gesture(glide=lambda age: age), "and you moved sideways or along"),
        (gesture(press=lambda age: triangle(3.0)(age % 3.0)), "turned 3 times"),
        (gesture(press=lambda age: age / 6.0), "never came back"),
    ],
)
def test_a_swell_that_shows_no_press_is_refused(played: Gesture, why: str):
    assert why in judging.swell(played)


@pytest.mark.parametrize(
    ("played", "why"),
    [
        (gesture(slide=triangle(6.0)), ""),
        (gesture(press=triangle(6.0)), "slide moved only from 50% to 50% and you moved in press"),
        (gesture(slide=lambda age: triangle(2.0)(age % 2.0)), "turned 5 times"),
    ],
)
def test_a_sweep_must_slide_there_and_back(played: Gesture, why: str):
    said = judging.sweep(played)
    assert why in said
    assert bool(said) == bool(why)


@pytest.mark.parametrize(
    ("played", "why"),
    [
        (gesture(length_s=2.5), ""),
        (gesture(length_s=1.0), "that was short"),
        (gesture(press=triangle(2.5), length_s=2.5), "press moved by"),
    ],
)
def test_a_hold_must_last_and_keep_still(played: Gesture, why: str):
    said = judging.hold(played)
    assert why in said
    assert bool(said) == bool(why)


def test_a_still_finger_has_no_vibrato():
    assert "no vibrato was found" in judging.vibrato(gesture(length_s=3.0))


def test_a_rocking_finger_has():
    rocking = gesture(glide=lambda age: 0.2 * np.sin(2 * np.pi * 5.0 * age), length_s=3.0)
    assert judging.vibrato(rocking) == ""


def test_levels_must_be_told_apart():
    words = ("soft", "medium", "hard")
    assert judging.in_order([[0.2], [0.5], [0.9]], words, "strikes") == ""
    assert judging.in_order([[0.5], [0.49], [0.9]], words, "strikes") == (
        "your strikes were too much alike (soft 50%, medium 49%, hard 90%); "
        "make them clearly different"
    )


@given(st.lists(ratios, min_size=2, max_size=300), st.floats(0.05, 10.0))
@settings(max_examples=15, deadline=None)
def test_whatever_was_played_is_judged(values: list[float], length_s: float):
    times_s = np.linspace(0.0, length_s, len(values))
    some = np.array(values)
    touch = Gesture(
        touch=1, zone=0, note=60.0, strike=0.5, lift=0.5, times_s=times_s, press=some,
        slide=some, glide_semitones=some,
    )  # fmt: skip
    for judge in (judging.swell, judging.sweep, judging.tap, judging.hold, judging.vibrato):
        assert isinstance(judge(touch), str)
