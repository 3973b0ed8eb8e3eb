"""What moving along axes does to codes and envelopes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.controls import CODE_SIZE
from synth.moving.bend import MAX_ATTACK_OCTAVES, NO_BEND, Bend

AGES_S = np.linspace(0.0, 3.0, 301)
RISING_DB = np.minimum(-20.0 + 400.0 * AGES_S, 0.0)


def bend(**more: float) -> Bend:
    return Bend(shift=np.zeros(CODE_SIZE), onset=np.zeros(CODE_SIZE), **more)


def envelope(one: Bend):
    level = np.interp(one.ages_s(AGES_S), AGES_S, RISING_DB)
    return one.level_db(AGES_S, level)


def test_no_bend_changes_nothing():
    np.testing.assert_array_equal(envelope(NO_BEND), RISING_DB)
    assert not NO_BEND.codes(AGES_S).any()


@given(st.floats(-6.0, 6.0))
def test_a_bent_time_never_runs_back_and_catches_up(octaves: float):
    ages_s = bend(attack_octaves=octaves).ages_s(AGES_S)
    assert (np.diff(ages_s) > 0).all()
    assert ages_s[0] == 0.0
    assert ages_s[-1] == pytest.approx(3.0, abs=0.01)


@pytest.mark.parametrize("octaves", [1.0, 2.0, 3.0])
def test_a_slower_attack_speaks_later_and_a_quicker_one_sooner(octaves: float):
    slow, quick = (
        np.argmax(envelope(bend(attack_octaves=sign * octaves)) > -3.0) for sign in (1, -1)
    )
    assert quick < np.argmax(RISING_DB > -3.0) < slow


def test_even_a_struck_sound_can_be_made_to_fade_in():
    level = bend(attack_octaves=2.0).level_db(AGES_S, np.zeros_like(AGES_S))
    assert level[0] < -30.0
    assert level[-1] == pytest.approx(0.0, abs=0.1)


@given(st.floats(-100.0, 100.0))
def test_a_decay_never_makes_a_sound_louder_than_its_peak(decay_db_per_s: float):
    falling_db = -20.0 * AGES_S
    assert bend(decay_db_per_s=decay_db_per_s).level_db(AGES_S, falling_db).max() <= 0.0


def test_a_decay_is_so_many_decibels_a_second():
    level = bend(decay_db_per_s=12.0).level_db(AGES_S, np.zeros_like(AGES_S))
    assert level[100] - level[200] == pytest.approx(12.0)


def test_an_onset_fades_and_a_shift_stays():
    ones = np.ones(CODE_SIZE)
    codes = Bend(shift=2.0 * ones, onset=ones).codes(AGES_S)
    assert codes[0, 0] == 3.0
    assert codes[-1, 0] == pytest.approx(2.0, abs=1e-6)


def test_bends_add_up():
    twice = Bend(shift=np.ones(CODE_SIZE), onset=np.zeros(CODE_SIZE), attack_octaves=1.0)
    both, times = twice.plus(twice), twice.times(2.0)
    np.testing.assert_array_equal(both.shift, times.shift)
    assert both.attack_octaves == times.attack_octaves == 2.0 <= MAX_ATTACK_OCTAVES
