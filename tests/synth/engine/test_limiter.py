"""The safety limiter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from synth.engine.layout import BLOCK_FRAMES, N_CHANNELS, STATE
from synth.engine.limiter import CEILING, RELEASE_S, THRESHOLD, limit
from tests.synth.toy import RATE_HZ

SHAPE = (N_CHANNELS, BLOCK_FRAMES)
BLOCKS_A_SECOND = int(RATE_HZ / BLOCK_FRAMES)
finite_blocks = arrays(
    np.float32, SHAPE, elements=st.floats(width=32, allow_nan=False, allow_infinity=False)
)


def fresh() -> np.void:
    state = np.zeros(1, STATE)[0]
    state["limiter_gain"], state["rate_hz"] = 1.0, RATE_HZ
    return state


def limited(state: np.void, *blocks: np.ndarray) -> np.ndarray:
    """The blocks after the limiter, one after the other."""
    blocks = [np.array(block, np.float32) for block in blocks]
    for block in blocks:
        limit(state, block)
    return np.concatenate(blocks, axis=1)


def level(peak: float) -> np.ndarray:
    return np.full(SHAPE, peak)


@given(st.lists(finite_blocks, min_size=1, max_size=4))
@settings(deadline=None)
def test_nothing_finite_passes_the_ceiling(blocks: list[np.ndarray]):
    assert abs(limited(fresh(), *blocks)).max() <= CEILING


@given(arrays(np.float32, SHAPE, elements=st.floats(-0.75, 0.75, width=32)))
@settings(deadline=None)
def test_below_the_threshold_nothing_changes(block: np.ndarray):
    assert np.array_equal(limited(fresh(), block), block)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_block_that_is_not_finite_is_silenced(bad: float):
    block = level(0.5)
    block[1, 17] = bad
    assert not limited(fresh(), block).any()


def test_a_block_that_is_not_finite_is_counted():
    state = fresh()
    limited(state, level(np.nan), level(0.1), level(np.inf))
    assert state["non_finite"] == 2


def test_too_loud_a_sound_is_turned_down_to_the_threshold():
    assert limited(fresh(), *[level(3.0)] * 4)[:, -1] == pytest.approx([THRESHOLD] * 2, rel=1e-3)


def test_within_a_block_the_gain_moves_in_a_straight_line():
    state = fresh()
    state["limiter_gain"] = 0.5
    gains = limited(state, level(0.1))[0] / 0.1
    assert np.diff(gains) == pytest.approx(gains[1] - gains[0], abs=1e-6)


def test_the_gain_recovers_within_a_few_release_times():
    n_blocks = int(4 * RELEASE_S * BLOCKS_A_SECOND)
    sound = limited(fresh(), level(3.0), *[level(0.1)] * n_blocks)
    assert sound[0, -1] == pytest.approx(0.1, rel=0.03)


def test_the_peak_of_the_block_is_returned():
    assert limit(fresh(), level(0.5).astype(np.float32)) == pytest.approx(0.5)
