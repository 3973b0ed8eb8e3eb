"""A vibrato in a curve: what is found of it, and what is taken for none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from calibration.targets.phasors import phasors_at
from calibration.targets.vibrato import find_vibrato, split

Array = NDArray[np.float64]

RATE_HZ = 100
TIMES_S = np.arange(0.0, 4.0, 1 / RATE_HZ)
LEAST = 3.0


def wobble(hz: float, onset_s: float = 0.8, growth_s: float = 0.4, extent: float = 20.0) -> Array:
    grown = np.clip((TIMES_S - onset_s) / max(growth_s, 1e-3), 0.0, 1.0)
    return extent * grown * np.sin(2 * np.pi * hz * (TIMES_S - onset_s))


def unrest(seed: int) -> Array:
    """Tremor, noise and drift of a finger that means to hold still."""
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * rng.uniform(8.2, 12.0) * TIMES_S
    phase += np.cumsum(rng.normal(0.0, 0.2, len(TIMES_S)))
    drift = np.cumsum(rng.normal(0.0, 0.5, len(TIMES_S)))
    return rng.uniform(1.0, 5.0) * np.sin(phase) + rng.normal(0.0, 1.0, len(TIMES_S)) + drift


@settings(max_examples=20, deadline=None)
@given(hz=st.floats(3.4, 7.6), growth_s=st.floats(0.0, 0.8), seed=st.integers(0, 99))
def test_rate_extent_and_onset_are_found_in_spite_of_tremor(hz: float, growth_s: float, seed: int):
    found = find_vibrato(wobble(hz, growth_s=growth_s) + 0.4 * unrest(seed), RATE_HZ, LEAST)
    assert found is not None
    assert found.rate_hz == pytest.approx(hz, abs=0.1)
    assert found.extent == pytest.approx(20.0, rel=0.1)
    assert found.onset_s == pytest.approx(0.8 + growth_s / 2, abs=0.08)


@pytest.mark.parametrize("growth_s", [0.0, 0.3, 0.8])
def test_growth_is_told_from_the_time_of_looking(growth_s: float):
    found = find_vibrato(wobble(5.0, growth_s=growth_s), RATE_HZ)
    assert found is not None
    assert found.growth_s == pytest.approx(growth_s, abs=0.12)


def test_a_vibrato_below_the_note_leans_down():
    found = find_vibrato(wobble(5.0) - 20.0 * (TIMES_S > 1.0), RATE_HZ)
    assert found is not None
    assert found.lean == pytest.approx(-1.0, abs=0.15)


def test_a_vibrato_ends_when_it_does():
    found = find_vibrato(wobble(5.0) * (TIMES_S < 2.5), RATE_HZ)
    assert found is not None
    assert found.end_s == pytest.approx(2.5, abs=0.06)


def test_steady_holds_have_none():
    false = sum(find_vibrato(unrest(seed), RATE_HZ, LEAST) is not None for seed in range(60))
    assert false <= 3


@pytest.mark.parametrize(
    "curve",
    [
        200.0 * (TIMES_S > 1.0),
        1200.0 * np.clip((TIMES_S - 1.0) / 0.15, 0, 1),
        20.0 * np.sin(2 * np.pi * 1.5 * TIMES_S),
        20.0 * np.sin(2 * np.pi * 9.0 * TIMES_S),
        wobble(5.0) * (np.abs(TIMES_S - 1.3) < 0.2),
        np.zeros_like(TIMES_S),
        np.full_like(TIMES_S, np.nan),
        TIMES_S[:20],
        TIMES_S[:0],
    ],
    ids=["step", "swoop", "bend", "tremor", "two cycles", "still", "nan", "short", "empty"],
)
def test_what_is_no_vibrato_is_taken_for_none(curve: Array):
    assert find_vibrato(curve, RATE_HZ, LEAST) is None


def test_what_goes_along_is_measured_with_its_lag():
    late = 3.0 * np.sin(2 * np.pi * 5.0 * (TIMES_S - 0.8) - 0.5)
    led, along = (phasors_at(curve, RATE_HZ, 5.0)[200] for curve in (wobble(5.0), late))
    assert abs(along) == pytest.approx(3.0, rel=0.02)
    assert np.angle(along / led) == pytest.approx(-0.5, abs=0.02)


def test_a_split_leaves_the_slow_part_and_what_came_before():
    slow = np.stack([100.0 * (TIMES_S > 0.1), 5.0 * np.sin(2 * np.pi * 0.3 * TIMES_S)], axis=1)
    curves = slow + np.stack([wobble(5.0), 0.2 * wobble(5.0)], axis=1)
    found = find_vibrato(curves[:, 0], RATE_HZ, LEAST)
    assert found is not None
    rest, fast = split(curves, RATE_HZ, found)
    np.testing.assert_allclose(rest + fast, curves)
    assert np.abs(rest - slow)[130:].max() < 1.5
    assert np.abs(fast)[:50].max() < 0.1
