"""The bank of partials against numpy's sines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.controls import N_CONTROLS, N_PARTIALS, ORDERS, PARTIALS, STRETCH, k_weighting_db
from synth.engine import partials
from synth.engine.engine import Engine
from synth.engine.layout import PADDED_PARTIALS, VOICE
from tests.synth.measures import cents_between, instantaneous_hz
from tests.synth.toy import RATE_HZ, flat_space

RAMP_FRAMES = 64
STEADY = 200
"""Control frames of a second or so."""


class Bank:
    """One voice's partials, told where to go and heard one control frame at a time."""

    def __init__(self, stretch: float = 0.0) -> None:
        self.voice = np.zeros(1, VOICE)[0]
        self.controls = np.zeros(N_CONTROLS, np.float32)
        self.controls[STRETCH] = stretch
        partials.start(self.voice)

    def play(self, f0_hz: float, *levels: float, ramp_frames: int = RAMP_FRAMES) -> np.ndarray:
        """One control frame's sound on the way to this pitch and these amplitudes."""
        padded, out = np.zeros(256, np.float32), np.zeros(ramp_frames, np.float32)
        padded[: len(levels)] = levels
        partials.set_frequencies(self.voice, self.controls, f0_hz, ramp_frames, RATE_HZ)
        partials.set_amplitudes(self.voice, padded, np.float32(1), ramp_frames)
        self.voice["frame"] += ramp_frames
        partials.render(self.voice, out)
        return out

    def hold(self, f0_hz: float, *levels: float, n: int = STEADY) -> np.ndarray:
        """Several control frames of the same."""
        return np.concatenate([self.play(f0_hz, *levels, ramp_frames=192) for _ in range(n)])


def sine(frequencies_hz: np.ndarray, partial: int = 0) -> np.ndarray:
    """A partial whose frequency is given for each frame."""
    turned = np.concatenate([[0.0], np.cumsum(2 * np.pi * frequencies_hz[:-1] / RATE_HZ)])
    return np.sin(partials.START_PHASE[partial] + turned)


@pytest.mark.parametrize("f0_hz", [27.5, 55.0, 440.0, 4186.0, 15_000.0, 20_000.0])
def test_a_steady_partial_is_in_tune_within_a_hundredth_of_a_cent(f0_hz: float):
    sound = Bank().hold(f0_hz, 0.5, n=2 * STEADY)[192:]
    assert abs(cents_between(instantaneous_hz(sound, RATE_HZ), f0_hz)) < 0.01


def test_a_steady_sound_is_the_sum_of_its_sines():
    bank, levels = Bank(), [0.5, 0.25, 0.125]
    sound = np.concatenate([bank.play(220.0, *levels), bank.hold(220.0, *levels, n=20)])
    frames = np.ones(len(sound))
    wanted = sum(a * sine(220.0 * (k + 1) * frames, k) for k, a in enumerate(levels))
    assert abs(sound - wanted)[RAMP_FRAMES:].max() < 2e-4


def test_stretch_moves_every_partial_by_its_ratio():
    sound = Bank(stretch=0.01).hold(100.0, 0.0, 0.0, 0.5)[192:]
    assert abs(cents_between(instantaneous_hz(sound, RATE_HZ), 303.0)) < 0.01


def test_partials_beyond_the_stretches_are_harmonic():
    sound = Bank(stretch=0.01).hold(100.0, *[0.0] * 79, 0.5)[192:]
    assert abs(cents_between(instantaneous_hz(sound, RATE_HZ), 8000.0)) < 0.01


@pytest.mark.parametrize("stretch", [0.0, 0.01])
@pytest.mark.parametrize("order", [0.5, 1.5, 11.5])
def test_half_orders_sound_at_their_multiple_of_the_pitch_and_never_stretched(
    order: float, stretch: float
):
    levels = np.where(order == ORDERS, 0.5, 0.0)
    sound = Bank(stretch).hold(440.0, *levels)[192:]
    assert abs(cents_between(instantaneous_hz(sound, RATE_HZ), 440.0 * order)) < 0.01


def test_amplitude_rises_in_a_straight_line():
    sound = Bank().play(440.0, 0.5)
    ramp = 0.5 * np.arange(RAMP_FRAMES) / RAMP_FRAMES
    assert sound == pytest.approx(ramp * sine(np.full(RAMP_FRAMES, 440.0)), abs=1e-5)


@pytest.mark.parametrize("semitones", [-12.0, -1.0, 0.1, 1.0, 12.0])
def test_a_glide_runs_straight_to_its_goal_and_stays(semitones: float):
    bank, goal_hz = Bank(), 440.0 * 2.0 ** (semitones / 12)
    sound = np.concatenate(
        [bank.play(440.0, 0.5), bank.play(goal_hz, 0.5), bank.hold(goal_hz, 0.5, n=3)]
    )
    moving = 440.0 + (goal_hz - 440.0) * np.arange(RAMP_FRAMES) / RAMP_FRAMES
    course = np.concatenate([np.full(RAMP_FRAMES, 440.0), moving, np.full(3 * 192, goal_hz)])
    assert sound[RAMP_FRAMES:] == pytest.approx(0.5 * sine(course)[RAMP_FRAMES:], abs=2e-3)


@given(notes=st.lists(st.floats(-36, 160), min_size=2, max_size=6), ramp=st.sampled_from([64, 192]))
@settings(deadline=None)
def test_no_leap_of_pitch_makes_a_partial_louder_than_its_amplitude(notes: list[float], ramp: int):
    bank, levels = Bank(), [0.01] * N_PARTIALS
    played = [bank.play(440 * 2 ** ((n - 69) / 12), *levels, ramp_frames=ramp) for n in notes]
    assert abs(np.concatenate(played)).max() < 1.01 * sum(levels)


def test_a_long_note_leaves_its_phasor_at_its_size():
    bank = Bank()
    bank.hold(440.0, 0.5, n=4000)
    sizes = np.hypot(bank.voice["phase_re"], bank.voice["phase_im"])[:1]
    assert sizes == pytest.approx([1.0], abs=1e-5)


def weighted(f0_hz: float, levels_db: np.ndarray) -> tuple[np.ndarray, float]:
    """Amplitudes and power re loudness of a frame at this pitch."""
    engine, bank = Engine(flat_space()), Bank()
    bank.controls[PARTIALS] = levels_db
    bank.voice["f0_hz"] = f0_hz
    levels = np.zeros(256, np.float32)
    partials.set_frequencies(bank.voice, bank.controls, f0_hz, RAMP_FRAMES, RATE_HZ)
    table = engine._weighting
    power = partials.weighted_power(bank.voice, bank.controls, table, RATE_HZ, levels)
    return levels[:N_PARTIALS], power


def test_partials_above_0_45_of_the_rate_are_silent():
    levels, _ = weighted(1000.0, np.zeros(N_PARTIALS))
    assert ORDERS[levels > 0].max() == 21


def test_partials_below_0_43_of_the_rate_keep_their_level():
    levels, _ = weighted(1000.0, np.zeros(N_PARTIALS))
    assert levels[:20] == pytest.approx(np.ones(20))


@pytest.mark.parametrize("f0_hz", [41.2, 440.0, 3520.0])
def test_weighted_power_is_the_partials_k_weighted_mean_square(f0_hz: float):
    levels_db = -0.5 * np.arange(N_PARTIALS)
    hz = f0_hz * ORDERS
    heard = hz < 0.43 * RATE_HZ
    levels_db[~heard] = -100.0
    wanted_db = 10 * np.log10(0.5 * np.sum(10 ** ((levels_db + k_weighting_db(hz)) / 10)[heard]))
    assert 10 * np.log10(weighted(f0_hz, levels_db)[1]) == pytest.approx(wanted_db, abs=0.1)


def test_db_to_ratio_is_right_to_two_millionths():
    levels_db = np.linspace(-120.0, 40.0, 2001, dtype=np.float32)
    found = np.array([partials.db_to_ratio(level_db) for level_db in levels_db])
    assert found == pytest.approx(10.0 ** (levels_db.astype(float) / 20), rel=4e-6)


def test_the_polynomial_sine_is_right_to_float_precision():
    turns = np.linspace(-0.25, 0.25, 2001, dtype=np.float32)
    found = np.array([partials._sine_of_turns(turn) for turn in turns])
    assert found == pytest.approx(np.sin(2 * np.pi * turns.astype(float)), abs=2e-7)


def test_a_partial_bank_is_padded_to_whole_lanes():
    assert PADDED_PARTIALS % partials.LANES == 0 < N_PARTIALS <= PADDED_PARTIALS
