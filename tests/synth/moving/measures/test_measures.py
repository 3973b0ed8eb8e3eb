"""Measures of how a space moves, against sounds of which the answer is known."""

import numpy as np
import pytest

from synth.analysis.frames import RATE_HZ
from synth.controls import CODE_SIZE
from synth.moving.measures.analogies import analogy_ranks, strike_questions
from synth.moving.measures.evenness import evenness
from synth.moving.measures.extrapolation import extrapolation
from synth.moving.measures.fusedness import fusedness, partial_levels_db, performance, together
from synth.moving.measures.leakage import told_pitch
from synth.moving.measures.pairing import pairs
from synth.moving.mixture import Mixer, mix
from synth.space import Space
from synth.training.evaluation.intervals import explained_figure, mean_figure
from tests.synth.moving.tiny import tiny_space

TIME_S = np.arange(round(1.5 * RATE_HZ)) / RATE_HZ
F0_HZ = 261.6256


def chord(gains_db: np.ndarray) -> np.ndarray:
    """Ten partials of middle C, each with its own level over time."""
    phases = 2 * np.pi * F0_HZ * np.arange(1, 11)[:, None] * TIME_S
    return (10 ** ((gains_db - 3.0 * np.arange(10)[:, None]) / 20) * np.sin(phases)).sum(0)


def swell(rate_hz: float) -> np.ndarray:
    return 2.0 * np.sin(2 * np.pi * rate_hz * TIME_S)


def test_partials_that_swell_together_correlate():
    assert together(chord(np.tile(swell(5.0), (10, 1))), 60.0).swells > 0.98


def test_partials_of_two_swells_do_not():
    apart = np.where(np.arange(10)[:, None] % 2 == 0, swell(5.0), swell(7.3))
    assert together(chord(apart), 60.0).swells < 0.55


def test_partials_that_begin_apart_begin_less_together():
    rise = np.clip(20 * np.log10(np.clip(TIME_S / 0.02, 1e-2, 1)), -40, 0)
    late = np.clip(20 * np.log10(np.clip((TIME_S - 0.06) / 0.02, 1e-2, 1)), -40, 0)
    one = together(chord(np.tile(rise, (10, 1))), 60.0).attack
    two = together(chord(np.where(np.arange(10)[:, None] % 2 == 0, rise, late)), 60.0).attack
    assert one > 0.95
    assert two < 0.8 * one


def test_a_partials_level_is_read_apart_from_its_neighbours():
    levels = partial_levels_db(chord(np.zeros((10, len(TIME_S)))), F0_HZ)[:, 100:-100]
    np.testing.assert_allclose(levels[:10].mean(axis=1), -3.0 * np.arange(10) - 6.02, atol=0.1)


@pytest.mark.slow
def test_a_mixture_moves_as_one_where_a_cross_fade_does_not(fluid: Space, fluid_mixer: Mixer):
    one, other = (
        performance(
            fluid_mixer,
            fluid_mixer.course(mix(fluid, {name: 1.0}), 60.0),
            length_s=1.5,
            vibrato_hz=vibrato_hz,
            late_s=late_s,
        )
        for name, vibrato_hz, late_s in (("clarinet", 4.5, 0.005), ("viola", 6.5, 0.09))
    )
    found = fusedness(fluid, one, other)
    assert found.mixed.swells >= 0.9 * np.mean([one.swells for one in found.alone])
    assert found.mixed.swells > found.cross_faded.swells


@pytest.mark.slow
def test_no_way_is_shorter_than_straight_and_no_largest_step_less_than_the_mean(tiny: Space):
    found = evenness(tiny, [("toy-0", "toy-1"), ("toy-2", "toy-3")])
    assert (found.largest_step >= 1.0).all()
    assert (found.path >= 1.0 - 1e-9).all()
    assert (found.chord_db > 0.0).all()


@pytest.mark.slow
def test_beyond_is_finite_as_loud_and_on_pitch(fluid: Space):
    found = extrapolation(fluid, [("flute", "clarinet"), ("viola", "trumpet")])
    assert found.finite.all()
    assert (np.abs(found.loudness_db) <= 3.0).all()
    assert (found.cents <= 10.0).all()


def codebook_like(space: Space, codes: np.ndarray) -> Space:
    return Space(space.card, space.arrays | {"codebook.codes": codes.astype(np.float32)})


def test_codes_that_say_the_pitch_leak_it_and_noise_does_not(fluid: Space):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=fluid.codes.shape)
    note = np.array([sound.note for sound in fluid.card.sounds])
    telling = noise.copy()
    telling[:, :, 3] = note[:, None] / 12.0
    leaks = [
        explained_figure(*told_pitch(codebook_like(fluid, codes))).value
        for codes in (noise, telling)
    ]
    assert leaks[0] < 0.05
    assert leaks[1] > 0.95


def test_where_hard_means_one_direction_analogies_hold_and_where_it_means_none_they_do_not():
    """Instruments with codes of their own; a hard strike adds the same to each, or anything."""
    space = tiny_space(12)
    strike = np.array([sound.strike for sound in space.card.sounds])[:, None, None]
    own = np.repeat(np.random.default_rng(1).normal(size=(12, 1, CODE_SIZE)), 4, axis=0)
    step = np.zeros(CODE_SIZE)
    step[2] = 1.5
    anything = np.random.default_rng(2).normal(size=(48, 1, CODE_SIZE))
    constant = np.ones((48, len(space.card.ages_s), 1))
    asked = strike_questions(space, 40)
    groups = [question.base.instrument for question in asked]
    lawful, lawless = (
        analogy_ranks(codebook_like(space, (own + (strike > 0.5) * change) * constant), asked)
        for change in (step, anything)
    )
    assert lawful[:, 0].mean() > 0.95
    assert mean_figure(lawful[:, 2], groups).low > 0.9
    assert mean_figure(lawless[:, 2], groups).high < 0.9


def test_pairs_are_drawn_once_each_and_alike_for_equal_seeds(fluid: Space):
    drawn = pairs(fluid, 50)
    assert len({frozenset(pair) for pair in drawn}) == 50
    assert drawn == pairs(fluid, 50)


def test_a_mixer_of_a_tiny_space_goes_beyond_safely(tiny: Space):
    found = extrapolation(tiny, pairs(tiny, 3))
    assert found.finite.all()
    assert ((found.share >= 0.0) & (found.share <= 1.0)).all()
    assert Mixer(tiny).edge.farthest > 0
