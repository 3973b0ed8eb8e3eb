"""What a mapping hears of a touch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from mapper.features import FEATURES, MEMORY_SIZE, N_FEATURES, N_STATES, TOUCH_FIELDS
from mapper.listening import gesture_features

Array = NDArray[np.float64]
FRAME_S = 0.004
REST = {"strike": 0.5, "slide": 0.5, "note": 60.0, "since_lift_s": -1.0}


def touch(n_frames: int = 250, **moves: ArrayLike) -> Array:
    """Rows of one touch at rest, with some dimensions replaced by constants or curves."""
    rows = np.zeros((n_frames, len(TOUCH_FIELDS)))
    age_s = np.arange(n_frames) * FRAME_S
    clock = {"age_s": age_s, "dt_s": np.where(age_s > 0, FRAME_S, 0.0)}
    for name, curve in (REST | clock | moves).items():
        rows[:, TOUCH_FIELDS.index(name)] = curve
    return rows


def feature(rows: Array, name: str) -> NDArray[np.float32]:
    return gesture_features(rows)[:, FEATURES.index(name)]


def after(start_s: float, value: float, before: float = 0.0, n_frames: int = 250) -> Array:
    return np.where(np.arange(n_frames) * FRAME_S >= start_s, value, before)


def test_memory_holds_the_states_and_the_features():
    assert MEMORY_SIZE == N_STATES + N_FEATURES == 32


def test_a_strike_without_pressure_speaks_for_as_long_as_it_is_held():
    np.testing.assert_allclose(feature(touch(strike=0.5), "effort"), 0.5)


def test_pressure_that_arrives_late_and_from_zero_leaves_no_hole():
    rising = np.clip((np.arange(250) * FRAME_S - 0.010) / 0.040, 0.0, 1.0) * 0.6
    assert feature(touch(strike=0.5, press=rising), "effort").min() > 0.45


def test_press_has_the_level_in_hand_once_it_has_been_as_strong_as_the_strike():
    press = after(0.1, 0.8) - after(0.5, 0.8)
    assert feature(touch(strike=0.5, press=press), "effort")[-1] == pytest.approx(0.0, abs=1e-3)


def test_a_softly_pressing_finger_takes_over_within_a_fifth_of_a_second():
    effort = feature(touch(strike=1.0, press=0.3), "effort")
    assert effort[50] == pytest.approx(0.3, abs=0.02)


def test_aftertouch_on_a_held_key_never_dips_below_the_strike():
    press = np.clip(np.linspace(-0.5, 1.0, 250), 0.0, 1.0)
    assert feature(touch(strike=0.6, press=press), "effort").min() == pytest.approx(0.6, abs=1e-3)


def test_effort_never_falls_while_press_rises_past_the_strike():
    press = np.clip(np.linspace(-0.1, 1.0, 250), 0.0, 1.0)
    assert (np.diff(feature(touch(strike=0.02, press=press), "effort")) > -1e-3).all()


def test_a_step_of_press_is_heard_by_half_within_one_frame():
    press = feature(touch(press=after(0.5, 1.0)), "press")
    assert press[125] > 0.5


def test_nothing_is_rounded_in_the_attack():
    assert feature(touch(press=after(0.008, 1.0)), "press")[2] == pytest.approx(1.0)


def test_press_rate_of_a_steady_ramp_is_its_slope():
    ramp = np.linspace(0.0, 1.0, 250)
    assert feature(touch(press=ramp), "press_rate")[-1] == pytest.approx(1.0, rel=0.1)


def test_vibrato_is_told_apart_from_a_settled_bend():
    rate_hz, t = 5.5, np.arange(500) * FRAME_S
    rows = touch(500, glide_semitones=2.0 + 0.5 * np.sin(2 * np.pi * rate_hz * t))
    swing = feature(rows, "vibrato_semitones")[250:]
    assert swing.max() == pytest.approx(0.47, abs=0.05)
    assert swing.mean() == pytest.approx(0.0, abs=0.05)


def test_pitch_is_note_and_glide_together():
    np.testing.assert_allclose(feature(touch(note=60.0, glide_semitones=-3.5), "pitch_note"), 56.5)


def test_release_features_are_zero_while_held():
    held = gesture_features(touch())[:, FEATURES.index("released_30ms") :]
    assert not held.any()


@given(
    strike=st.floats(0, 1),
    press=st.lists(st.floats(0, 1), min_size=2, max_size=40),
    slide=st.floats(0, 1),
    glide=st.floats(-96, 96),
    note=st.floats(0, 127),
    dt_s=st.floats(1e-4, 0.1),
)
def test_features_of_any_legal_gesture_are_finite(
    strike: float, press: list[float], slide: float, glide: float, note: float, dt_s: float
):
    n = len(press)
    rows = touch(
        n, strike=strike, press=press, slide=slide, glide_semitones=glide, note=note,
        age_s=np.arange(n) * dt_s, dt_s=np.where(np.arange(n) > 0, dt_s, 0.0),
    )  # fmt: skip
    features = gesture_features(rows)
    assert np.isfinite(features).all()
    assert (features[:, FEATURES.index("effort")] <= 1.0).all()
