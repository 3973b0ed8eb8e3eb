"""What a mapping hears of a touch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from mapper.features import (
    FEATURES,
    LAST_AT,
    MEMORY_SIZE,
    N_FEATURES,
    N_STATES,
    TOUCH_FIELDS,
    VIBRATO_AT,
)
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
    assert N_STATES + N_FEATURES <= LAST_AT <= VIBRATO_AT <= MEMORY_SIZE


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


def told_every(gap_s: float, curve: Array) -> Array:
    """A curve as a controller sends it: in 7 bits, one value every gap."""
    frame_s = np.arange(len(curve)) * FRAME_S
    sent = np.searchsorted(frame_s, np.floor(frame_s / gap_s + 1e-6) * gap_s - 1e-6)
    return np.round(curve[sent] * 127) / 127


def test_a_ramp_in_steps_and_gaps_is_heard_as_a_ramp():
    ramp = np.linspace(0.0, 1.0, 250)
    press = feature(touch(press=told_every(0.008, ramp)), "press")
    slopes = np.diff(press)[50:] * 249
    assert slopes.min() > 0.25
    assert slopes.max() < 2.1


@pytest.mark.parametrize("gap_s", [0.004, 0.008, 0.012])
def test_an_even_finger_is_heard_no_later_than_its_gap_and_noise_make_it(gap_s: float):
    ramp = np.linspace(0.0, 1.0, 125)
    press = feature(touch(125, press=told_every(gap_s, ramp)), "press")
    behind_s = (ramp - press)[50:] * 124 * FRAME_S
    assert behind_s.max() < 2 * gap_s + 0.008


def test_noise_of_one_step_hardly_moves_a_held_press():
    noise = np.random.default_rng(1).integers(-1, 2, 250) / 127
    press = feature(touch(press=told_every(0.008, 0.5 + noise)), "press")[50:]
    assert np.ptp(press) < 0.7 / 127


def test_a_wobble_of_the_finger_keeps_its_depth():
    wobble = 0.5 + 0.1 * np.sin(2 * np.pi * 6 * np.arange(250) * FRAME_S)
    press = feature(touch(press=told_every(0.008, wobble)), "press")[50:]
    assert np.ptp(press) > 0.2 * 0.85


def test_a_pause_does_not_slow_the_next_step():
    press = after(0.2, 0.5, 0.2) + after(0.6, 0.5) - after(0.9, 0.4)
    heard = feature(touch(press=press), "press")
    for step_s in (0.2, 0.6, 0.9):
        step = round(step_s / FRAME_S)
        np.testing.assert_allclose(heard[step + 2], press[step], atol=1.1 / 127)


def test_a_glide_lands_and_never_passes_its_goal():
    glide = told_every(0.008, np.clip((np.arange(250) - 125) / 10, 0.0, 1.0)) * 12.0
    heard = feature(touch(glide_semitones=glide), "glide_semitones")
    assert heard.max() == pytest.approx(12.0, abs=1e-3)
    assert np.diff(heard).min() > -1e-4
    assert np.diff(heard).max() < 2.0


def test_the_closing_fall_of_the_press_is_not_followed():
    lifted = np.arange(250) * FRAME_S >= 0.408
    press = np.where(lifted, 0.6, 0.6 - after(0.4, 0.6))
    since_s = np.where(lifted, np.arange(250) * FRAME_S - 0.408, -1.0)
    heard = feature(touch(press=press, since_lift_s=since_s), "press")
    np.testing.assert_allclose(heard[10:], 0.6, atol=1e-6)


def test_a_press_let_go_for_good_is_followed_smoothly():
    heard = feature(touch(press=0.6 - after(0.4, 0.6)), "press")
    np.testing.assert_allclose(heard[101], 0.6, atol=1e-6)
    assert 0.0 < heard[102] < 0.6
    np.testing.assert_allclose(heard[108:], 0.0, atol=1e-6)


def test_nothing_swells_after_the_lift():
    press = 0.6 - after(0.4, 0.6) + after(0.42, 0.6)
    since_s = np.where(np.arange(250) >= 105, (np.arange(250) - 105) * FRAME_S, -1.0)
    heard = feature(touch(press=press, since_lift_s=since_s), "press")
    assert np.diff(heard)[95:].max() <= 0.0


def test_a_strike_told_late_counts_as_if_it_had_come_first():
    strike = after(0.008, 0.3, 1.0)
    assert feature(touch(strike=strike), "effort")[-1] == pytest.approx(0.3)


def test_a_strike_told_when_the_attack_is_over_changes_nothing():
    np.testing.assert_allclose(feature(touch(strike=after(0.5, 1.0, 0.3)), "effort"), 0.3)


@pytest.mark.parametrize(("share", "heard"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_the_share_of_the_strike_moves_it_from_the_middle(share: float, heard: float):
    features = gesture_features(touch(strike=1.0), share)
    np.testing.assert_allclose(features[:, FEATURES.index("effort")], heard)


def test_press_rate_of_a_steady_ramp_is_its_slope():
    ramp = np.linspace(0.0, 1.0, 250)
    assert feature(touch(press=ramp), "press_rate")[200] == pytest.approx(1.0, rel=0.1)


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
