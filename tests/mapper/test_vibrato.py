"""The player's own vibrato, followed and turned into the one they asked for."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mapper.cycles import CENTRE, MOST, N_FOLLOWED, N_SWINGING, PACE_HZ, PRESENCE, SWING
from mapper.features import AT, MEMORY_SIZE, N_FEATURES, TOUCH_FIELDS
from mapper.mapping import LOUDNESS, PITCH_OFFSET, TRAJECTORY_SIZE
from mapper.swinging import calm, gesture_vibrato, swing_on
from mapper.vibrato import AXES, IN_PHASE, LEAN, PRESS_AXIS, QUADRATURE, Vibrato, VibratoError

Array = NDArray[np.float64]
Curve = Callable[[Array], Array]

RATE_HZ = 4.3
EXTENT = 0.2
START_S = 1.0
BEND_GRID = 96 / 16_384
MESSAGE_S = 0.008
PRESS = TOUCH_FIELDS.index("press")
GLIDE = TOUCH_FIELDS.index("glide_semitones")


def swings(**columns: float) -> NDArray[np.float32]:
    rows = np.zeros((LEAN + 1, TRAJECTORY_SIZE), np.float32)
    rows[IN_PHASE, PITCH_OFFSET] = columns.get("cents", 35.0)
    rows[LEAN, PITCH_OFFSET] = columns.get("lean_cents", 0.0)
    rows[IN_PHASE, LOUDNESS] = columns.get("db", 0.0)
    rows[QUADRATURE, LOUDNESS] = columns.get("late_db", 0.0)
    return rows


EXTENTS = (EXTENT, 0.06, 0.06)
VIBRATO = Vibrato(rate_hz=RATE_HZ, extents=EXTENTS, swings=swings())
PRESS_SWING = N_FOLLOWED * PRESS_AXIS + SWING


def still(value: float) -> Curve:
    return lambda age_s: np.full_like(age_s, value)


HELD = still(0.5)


def wave(extent: float = EXTENT, hz: float = RATE_HZ, turns: float = 0.0) -> Curve:
    """Begin to swing `START_S` after the strike."""
    return lambda age_s: np.where(
        age_s > START_S, extent * np.sin(2 * np.pi * (hz * (age_s - START_S) + turns)), 0.0
    )


def touch(glide: Curve, press: Curve = HELD, frame_s: float = 0.004) -> Array:
    """Touch rows of four seconds, told every 8 ms in 14 and in 7 bits."""
    age_s = np.arange(0.0, 4.0, frame_s)
    told_s = np.floor(age_s / MESSAGE_S + 1e-6) * MESSAGE_S
    rows = np.zeros((len(age_s), len(TOUCH_FIELDS)))
    rows[:, 0] = 0.6
    rows[:, PRESS] = np.round(press(told_s) * 127) / 127
    rows[:, GLIDE] = np.round(glide(told_s) / BEND_GRID) * BEND_GRID
    rows[:, TOUCH_FIELDS.index("note")] = 60.0
    rows[:, TOUCH_FIELDS.index("age_s")] = age_s
    rows[:, TOUCH_FIELDS.index("since_lift_s")] = -1.0
    rows[:, TOUCH_FIELDS.index("dt_s")] = np.diff(age_s, prepend=0.0)
    return rows


def late(rows: Array) -> NDArray[np.bool_]:
    return np.asarray(rows[:, TOUCH_FIELDS.index("age_s")] > START_S + 1.0)


def line(curve: Array, age_s: Array, hz: float) -> complex:
    """Amplitude and phase of one frequency, cosine at age 0."""
    window = np.hanning(len(curve))
    level = curve - np.average(curve, weights=window)
    return complex(2 * np.sum(window * level * np.exp(-2j * np.pi * hz * age_s)) / window.sum())


@pytest.mark.parametrize("hz", [3.4, RATE_HZ, 5.5])
@pytest.mark.parametrize("share", [0.6, 1.0, 1.6])
def test_the_pitch_swings_as_far_as_asked_at_the_players_own_rate(hz: float, share: float):
    rows = touch(wave(share * EXTENT, hz))
    states, added = gesture_vibrato(rows, VIBRATO)
    cents = 100.0 * rows[:, GLIDE] + added[:, PITCH_OFFSET]
    age_s = rows[:, TOUCH_FIELDS.index("age_s")]
    heard = line(cents[late(rows)], age_s[late(rows)], hz)
    assert abs(heard) == pytest.approx(share * 35.0, rel=0.05)
    assert states[-1, PACE_HZ] == pytest.approx(hz, abs=0.1)


@pytest.mark.parametrize("frame_s", [64 / 48_000, 192 / 48_000])
def test_it_is_the_same_at_any_pace_of_control_frames(frame_s: float):
    rows = touch(wave(), frame_s=frame_s)
    added = gesture_vibrato(rows, VIBRATO)[1][late(rows), PITCH_OFFSET]
    assert np.ptp(added) / 2 == pytest.approx(15.0, abs=1.5)


def test_nothing_is_added_before_most_of_a_cycle_has_gone_by():
    rows = touch(wave())
    added = gesture_vibrato(rows, VIBRATO)[1]
    since = (rows[:, TOUCH_FIELDS.index("age_s")] - START_S) * RATE_HZ
    assert not added[since < 0.85].any()
    assert added[(since > 1.3) & (since < 2.3), PITCH_OFFSET].any()


def test_it_ends_within_a_cycle_of_the_players():
    rows = touch(lambda age_s: np.where(age_s < 2.5, wave()(age_s), 0.0))
    states, added = gesture_vibrato(rows, VIBRATO)
    age_s = rows[:, TOUCH_FIELDS.index("age_s")]
    assert states[age_s < 2.5, PRESENCE].max() == 1.0
    assert not added[age_s > 2.5 + 1.2 / RATE_HZ].any()


@pytest.mark.parametrize(
    ("columns", "turns"), [({"db": 2.0}, 0.0), ({"late_db": 2.0}, 0.25), ({"db": -2.0}, 0.5)]
)
def test_the_loudness_follows_the_pitch_as_late_as_asked(columns: dict[str, float], turns: float):
    rows = touch(wave())
    added = gesture_vibrato(rows, replace(VIBRATO, swings=swings(**columns)))[1]
    part, age_s = late(rows), rows[late(rows), TOUCH_FIELDS.index("age_s")]
    cents = line(100.0 * rows[part, GLIDE] + added[part, PITCH_OFFSET], age_s, RATE_HZ)
    level = line(added[part, LOUDNESS], age_s, RATE_HZ)
    assert abs(level) == pytest.approx(2.0, rel=0.05)
    behind = np.angle(cents / level) / (2 * np.pi)
    assert np.cos(2 * np.pi * (behind - turns)) > 0.98


def test_a_vibrato_below_the_note_leans_down():
    rows = touch(wave())
    asked = replace(VIBRATO, swings=swings(lean_cents=-35.0))
    cents = 100.0 * rows[:, GLIDE] + gesture_vibrato(rows, asked)[1][:, PITCH_OFFSET]
    assert cents[late(rows)].max() == pytest.approx(0.0, abs=3.0)
    assert cents[late(rows)].min() == pytest.approx(-70.0, abs=4.0)


def test_a_player_who_rocks_along_the_key_is_heard_to_swing_the_pitch():
    rows = touch(still(0.0))
    rows[:, TOUCH_FIELDS.index("slide")] = 0.4 + wave(0.06)(rows[:, 6])
    added = gesture_vibrato(rows, replace(VIBRATO, axis="slide"))[1][late(rows), PITCH_OFFSET]
    assert np.ptp(added) / 2 == pytest.approx(35.0, rel=0.1)


def test_a_player_who_shakes_the_press_is_heard_to_shake_the_pitch():
    asked = replace(VIBRATO, axis="press")
    rows = touch(still(0.0), lambda age_s: 0.5 + wave(0.06)(age_s))
    added = gesture_vibrato(rows, asked)[1][late(rows), PITCH_OFFSET]
    assert np.ptp(added) / 2 == pytest.approx(35.0, rel=0.1)


def test_a_glide_that_goes_along_with_another_axis_adds_nothing_to_the_extent():
    rows = touch(wave(0.08), lambda age_s: 0.5 + wave(0.06)(age_s))
    asked = replace(VIBRATO, axis="press", extents=(0.08, 0.06, 0.0))
    cents = 100.0 * rows[:, GLIDE] + gesture_vibrato(rows, asked)[1][:, PITCH_OFFSET]
    assert np.ptp(cents[late(rows)]) / 2 == pytest.approx(35.0, rel=0.1)


@settings(max_examples=40, deadline=None)
@given(way=st.floats(-24, 24), length_s=st.floats(0.0, 2.0), start_s=st.floats(0.0, 1.5))
def test_a_glide_is_left_exactly_as_it_is(way: float, length_s: float, start_s: float):
    rows = touch(lambda age_s: way * np.clip((age_s - start_s) / max(length_s, 1e-6), 0, 1))
    assert not gesture_vibrato(rows, VIBRATO)[1].any()


@pytest.mark.parametrize(
    "glide",
    [
        lambda age_s: np.sign(np.sin(2 * np.pi * 5.0 * age_s)),
        lambda age_s: 0.4 * np.sin(np.pi * np.clip((age_s - 1.0) / 0.25, 0, 1)),
        lambda age_s: EXTENT * np.sin(2 * np.pi * 1.5 * age_s),
        lambda age_s: EXTENT * np.sin(2 * np.pi * 9.0 * age_s),
    ],
    ids=["trill", "scoop", "slow bend", "tremor as wide as a vibrato"],
)
def test_what_is_no_vibrato_is_left_exactly_as_it_is(glide: Curve):
    assert not gesture_vibrato(touch(glide), VIBRATO)[1].any()


def test_a_glide_within_a_vibrato_is_bent_by_no_more_than_the_vibrato_adds():
    rows = touch(lambda age_s: wave()(age_s) + 2.0 * (age_s > 2.2))
    added = gesture_vibrato(rows, VIBRATO)[1][:, PITCH_OFFSET]
    assert np.abs(added).max() < 1.5 * 15.0


def tremor(seed: int) -> tuple[Array, Array]:
    """Glide and press of a finger that holds still as well as it can."""
    rng = np.random.default_rng(seed)
    age_s = np.arange(0.0, 4.0, 0.004)
    hz = rng.uniform(8.0, 12.0) + 0.3 * np.cumsum(rng.normal(0.0, 0.1, len(age_s)))
    phase = 2 * np.pi * np.cumsum(hz * 0.004)
    drift = np.cumsum(rng.normal(0.0, 0.002, len(age_s)))
    shake = np.sin(phase + rng.uniform(0, 6)) * rng.uniform(0.2, 1.0)
    return 0.08 * shake + drift, 0.5 + 0.03 * shake + 0.3 * drift


def test_no_vibrato_is_heard_in_nearly_any_steady_hold():
    age_s = np.arange(0.0, 4.0, 0.004)
    false = 0
    for seed in range(100):
        glide, press = tremor(seed)
        rows = touch(
            lambda at_s, glide=glide: np.interp(at_s, age_s, glide),
            lambda at_s, press=press: np.interp(at_s, age_s, press),
        )
        false += bool(gesture_vibrato(rows, VIBRATO)[1].any())
    assert false <= 5


def test_switched_off_it_adds_nothing():
    assert not gesture_vibrato(touch(wave()), replace(VIBRATO, amount=0.0))[1].any()


def test_the_press_of_a_swinging_finger_reads_as_if_it_were_still():
    rows = touch(wave(), lambda age_s: 0.5 + wave(0.06, turns=0.3)(age_s))
    states = gesture_vibrato(rows, VIBRATO)[0][-250:]
    blob, calmed = VIBRATO.packed(), []
    for state, press in zip(states, rows[-250:, PRESS], strict=True):
        features = np.zeros(N_FEATURES, np.float32)
        features[AT.press] = features[AT.effort] = press
        memory = np.concatenate([np.zeros(MEMORY_SIZE, np.float32), state])
        calm(memory, MEMORY_SIZE, blob, 0, features)
        calmed.append(features[[AT.press, AT.effort]])
    assert np.ptp(rows[-250:, PRESS]) > 0.11
    assert np.std(calmed) < 0.2 * np.std(rows[-250:, PRESS])


def test_an_accent_within_a_vibrato_is_taken_for_no_swing():
    rows = touch(wave(), lambda age_s: 0.4 + wave(0.05)(age_s) + 0.3 * (age_s > 2.5))
    states = gesture_vibrato(rows, VIBRATO)[0]
    struck = (rows[:, 6] > 2.5) & (rows[:, 6] < 2.6)
    assert states[struck, PRESENCE].min() == 1.0
    assert np.abs(states[struck, PRESS_SWING]).max() < 0.08


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(width=32), min_size=2, max_size=40), st.sampled_from(AXES))
def test_whatever_comes_it_adds_nothing_endless(values: list[float], axis: str):
    asked = replace(VIBRATO, axis=axis, swings=swings(db=3.0, lean_cents=10.0))
    rows = touch(still(0.0))[: 8 * len(values)]
    rows[:, GLIDE] = rows[:, PRESS] = np.repeat(values, 8)
    with np.errstate(all="ignore"):
        added = gesture_vibrato(rows, asked)[1]
    assert (np.abs(added) <= MOST * 100.0).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**16), hz=st.floats(3.0, 8.0))
def test_a_swing_goes_on_as_its_plain_twin_does(seed: int, hz: float):
    """The twin is a matrix: rotate, then correct by shares of the error."""
    values = np.random.default_rng(seed).normal(0.0, 0.1, 50)
    turn = 2 * np.pi * hz * 0.004
    rotate = np.array(
        [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    )
    gain = turn * np.array([3**-1.5, 1, turn / 2]) * np.array([1, *2 * [3**0.5 - 3**-1.5]])
    memory, twin = np.zeros(N_SWINGING, np.float32), np.zeros(3)
    for value in values:
        swing_on(memory, CENTRE, value, 10.0, turn)
        twin = rotate @ twin
        twin += gain * (value - twin[0] - twin[1])
    np.testing.assert_allclose(memory[CENTRE : CENTRE + 3], twin, atol=1e-5)


def test_an_even_glide_leaves_the_swing_at_zero():
    memory = np.zeros(N_SWINGING, np.float32)
    for frame in range(1000):
        swing_on(memory, CENTRE, 0.01 * frame, 1e9, 0.1)
    assert memory[SWING] == pytest.approx(0.0, abs=1e-4)


def test_the_states_of_press_follow_those_of_glide():
    rows = touch(still(0.0), lambda age_s: 0.5 + wave(0.06)(age_s))
    states = gesture_vibrato(rows, VIBRATO)[0]
    assert np.ptp(states[late(rows), PRESS_SWING]) == pytest.approx(0.12, rel=0.1)
    assert not states[:, SWING].any()


def test_the_settings_survive_their_arrays():
    asked = replace(VIBRATO, axis="press", amount=0.5)
    again = Vibrato.from_arrays(asked.arrays())
    assert again.packed().tobytes() == asked.packed().tobytes()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"amount": 1.5}, "amount is 1.5; it must be from 0 to 1"),
        ({"rate_hz": float("nan")}, "rate is nan; it must be from 3 to 8"),
        ({"extents": (0.0, 0.1, 0.1)}, "extent is 0; it must be from 0.01 to 2"),
        ({"extents": (0.1, -1.0, 0.0)}, "extent of press is -1; it must be from 0 to 2"),
        ({"axis": "strike"}, "axis must be one of glide, press, slide"),
        ({"swings": swings(cents=1e3)}, "not finite or too large"),
        ({"swings": swings(db=float("nan"))}, "not finite or too large"),
        ({"swings": np.zeros((2, 18), np.float32)}, r"shape \(2, 18\)"),
    ],
)
def test_settings_that_no_vibrato_has_are_refused(wrong: dict[str, object], message: str):
    with pytest.raises(VibratoError, match=message):
        replace(VIBRATO, **wrong)


def test_arrays_that_are_no_settings_are_refused():
    with pytest.raises(VibratoError, match="not the expected ones"):
        Vibrato.from_arrays({"habit": np.zeros(3, np.float32), "swings": swings()})
