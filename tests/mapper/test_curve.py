"""A curve: monotone, through its knots, and quick to look up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.interpolate import PchipInterpolator

from mapper.curve import MAX_KNOTS, STRAIGHT, Curve, look_up
from mapper.monotone_cubic import monotone_cubic

ratios = st.floats(0.0, 1.0)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    """Any curve whose knots are at least a hundredth apart."""
    raw = draw(st.lists(st.integers(0, 100), min_size=2, max_size=12, unique=True).map(sorted))
    steps = st.integers(0, 10_000).map(lambda step: step / 10_000)
    even = draw(st.lists(steps, min_size=len(raw), max_size=len(raw)).map(sorted))
    turned = draw(st.booleans())
    return Curve(raw=tuple(r / 100 for r in raw), even=tuple(even[::-1] if turned else even))


@given(curves())
def test_it_is_scipys_monotone_cubic(curve: Curve):
    places = np.linspace(0.0, 1.0, 57)
    raw, even = np.array(curve.raw), np.array(curve.even)
    oracle = PchipInterpolator(raw, even)(np.clip(places, raw[0], raw[-1]))
    assert monotone_cubic(raw, even, places) == pytest.approx(oracle, abs=1e-9)


@given(curves(), ratios, ratios)
def test_it_never_turns_back_nor_leaves_its_range(curve: Curve, one: float, other: float):
    low, high = (look_up(curve.table, raw) for raw in sorted((one, other)))
    rise = curve.even[-1] - curve.even[0]
    assert (high - low) * np.sign(rise) >= -1e-12
    assert min(curve.even) - 1e-12 <= low <= max(curve.even) + 1e-12


@given(curves())
def test_a_table_goes_through_the_knots_to_a_hundredth(curve: Curve):
    for raw, even in zip(curve.raw, curve.even, strict=True):
        assert look_up(curve.table, raw) == pytest.approx(even, abs=0.07)


@given(ratios)
def test_a_straight_one_changes_no_bit(raw: float):
    assert look_up(STRAIGHT.table, raw) == raw


def test_no_rounding_leads_beyond_its_knots():
    curve = Curve(raw=(0.0, 0.01, 0.02, 0.5, 0.78), even=(0.0, 0.0, 0.0, 1.0, 1.0))
    assert max(look_up(curve.table, raw) for raw in np.linspace(0.0, 1.0, 10_001)) <= 1.0


def test_before_its_first_knot_and_after_its_last_it_is_level():
    table = Curve(raw=(0.25, 0.75), even=(1.0, 0.5)).table
    assert [look_up(table, raw) for raw in (0.0, 0.25, 0.75, 1.0)] == [1.0, 1.0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("raw", "even", "why"),
    [
        ((0.0,), (0.0,), "2 to 33 knots"),
        ((0.0, 1.0), (0.0,), "2 to 33 knots"),
        (tuple(np.linspace(0, 1, MAX_KNOTS + 1)),) * 2 + ("2 to 33 knots",),
        ((0.5, 0.5), (0.0, 1.0), "must rise in what the controller says"),
        ((0.0, 0.5, 1.0), (0.0, 0.6, 0.5), "rise or fall throughout"),
        ((0.0, 1.1), (0.0, 1.0), "less than or equal to 1"),
        ((0.0, float("nan")), (0.0, 1.0), "less than or equal to 1|finite"),
    ],
)
def test_what_is_no_curve_is_refused(raw: tuple[float, ...], even: tuple[float, ...], why: str):
    with pytest.raises(ValidationError, match=why):
        Curve(raw=raw, even=even)
