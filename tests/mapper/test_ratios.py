"""MIDI numbers as ratios: exact ends, exact centres, and the way back."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from mapper import ratios


def test_bend_is_exact_at_both_ends_and_in_the_centre():
    assert [ratios.bend_to_ratio(bend) for bend in (0, 8192, 16383)] == [-1.0, 0.0, 1.0]


def test_slide_is_exact_at_both_ends_and_in_the_centre():
    assert [ratios.slide_to_ratio(slide) for slide in (0, 64, 127)] == [0.0, 0.5, 1.0]


def test_pressure_is_exact_at_both_ends():
    assert [ratios.pressure_to_ratio(pressure) for pressure in (0, 127)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("forward", "back", "values"),
    [
        (ratios.velocity_to_ratio, ratios.ratio_to_velocity, range(1, 128)),
        (ratios.pressure_to_ratio, ratios.ratio_to_pressure, range(128)),
        (ratios.slide_to_ratio, ratios.ratio_to_slide, range(128)),
        (ratios.bend_to_ratio, ratios.ratio_to_bend, range(16384)),
    ],
)
def test_every_number_comes_back_from_its_ratio(
    forward: Callable[[int], float], back: Callable[[float], int], values: range
):
    assert [back(forward(value)) for value in values] == list(values)


@pytest.mark.parametrize("convert", [ratios.pressure_to_ratio, ratios.slide_to_ratio])
def test_fourteen_bits_rise_without_a_step_back_and_stay_in_range(
    convert: Callable[[float], float],
):
    values = [convert(value / 128) for value in range(16384)]
    assert all(low <= high for low, high in pairwise(values))
    assert values[-1] == 1.0


def test_the_softest_note_on_is_never_a_note_off():
    assert ratios.ratio_to_velocity(0.0) == 1
