"""How late a hand follows, found again."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.fitting.alignment import LAGS, _later, delayed, lag_path, session_lag_rows

Array = NDArray[np.float64]
N_ROWS = 600


def wish(seed: int) -> Array:
    """Two slow, independent movements of a few units, shape (N_ROWS, 2)."""
    rng = np.random.default_rng(seed)
    knots = rng.uniform(0.0, 10.0, (14, 2))
    at = np.linspace(0.0, 13.0, N_ROWS)
    return np.stack([np.interp(at, np.arange(14), column) for column in knots.T], axis=1)


def late(rows: Array, lag_rows: Array | float) -> Array:
    return delayed(rows[::-1], lag_rows)[::-1]


def test_a_delay_moves_rows_and_the_last_one_stays():
    rows = np.arange(10.0)[:, None]
    np.testing.assert_array_equal(delayed(rows, 2)[:, 0], [2, 3, 4, 5, 6, 7, 8, 9, 9, 9])
    np.testing.assert_allclose(delayed(rows, 0.5)[:3, 0], [0.5, 1.5, 2.5])


@pytest.mark.parametrize("n_rows", [1, 2, 10, 600])
def test_by_whole_rows_it_moves_them_as_between_rows(n_rows: int):
    rows = wish(1)[:n_rows]
    for lag in (*LAGS, 1000):
        np.testing.assert_array_equal(_later(rows, lag), delayed(rows, float(lag)))


@pytest.mark.parametrize("n_rows", [1, 2, 3, 10])
def test_a_take_shorter_than_any_lag_has_one_too(n_rows: int):
    wished = wish(2)[:n_rows]
    session_lag = session_lag_rows([wished], [wished])
    path = lag_path(wished, wished, session_lag)
    assert path.shape == (n_rows,)
    assert np.isfinite(path).all()


def test_the_lag_of_a_session_is_found_within_20_ms():
    wishes = [wish(seed) for seed in range(4)]
    rng = np.random.default_rng(0)
    for lag in (0, 6, 13, 25):
        moves = [late(one, lag) * 0.1 + rng.normal(0, 0.02, one.shape) for one in wishes]
        assert abs(session_lag_rows(moves, wishes) - lag) <= 2


def test_a_drifting_lag_is_followed():
    wished = wish(9)
    drift = 12.0 + 4.0 * np.sin(np.linspace(0.0, 2.0 * np.pi, N_ROWS))
    heard = late(wished, drift[::-1])
    path = lag_path(heard, wished, 12)
    before = np.abs(delayed(heard, 12.0) - wished).mean()
    assert np.abs(delayed(heard, path) - wished).mean() < 0.5 * before


def test_a_hand_in_time_is_left_in_time():
    wished = wish(3)
    assert np.abs(lag_path(wished, wished, 0)).max() < 1.0
