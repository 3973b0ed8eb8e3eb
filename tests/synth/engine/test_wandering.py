"""A voice that wanders moves by its patch's macros, slowly, its own way, and the same way again."""

import numpy as np
import pytest

from synth.controls import CODE_SIZE
from synth.engine.wandering import wandered
from synth.patch import N_MACROS, VoiceSettings
from tests.synth.measures import power_db
from tests.synth.toy import make_engine, strike, toy_patch

AGES_S = np.arange(0.0, 30.0, 0.004)
EACH = pytest.mark.parametrize("macro", range(N_MACROS))


def course(macro: int, way: float = 0.3) -> np.ndarray:
    return np.array([wandered(way, macro, age_s) for age_s in AGES_S])


@EACH
def test_it_sets_out_from_where_the_mapping_is_and_stays_within_reach(macro: int):
    assert course(macro)[0] == 0.0
    assert 0.5 < np.abs(course(macro)).max() <= 1.0


@EACH
def test_it_goes_slowly_and_to_both_sides(macro: int):
    assert np.abs(np.diff(course(macro))).max() < 0.012
    assert course(macro).min() < -0.4
    assert course(macro).max() > 0.4


def test_macros_and_touches_go_their_own_ways():
    ways = [course(macro) for macro in range(N_MACROS)] + [course(0, way=0.8)]
    likeness = np.corrcoef(np.stack(ways)) - np.eye(len(ways))
    assert np.abs(likeness).max() < 0.8


def held(note: float = 60.0, wander: float = 1.0) -> np.ndarray:
    """Four seconds of a touch whose brightness is moved by the first macro."""
    patch = toy_patch(voice=VoiceSettings(wander=wander), macros={(0, CODE_SIZE): 6.0})
    engine = make_engine(patch=patch)
    engine.push(strike(note=note))
    return engine.render(4 * 48_000)


def test_a_patch_that_wanders_changes_while_it_is_held():
    still, moving = (
        [power_db(part) for part in np.split(held(wander=wander), 8)[1:]] for wander in (0.0, 1.0)
    )
    assert np.ptp(still) < 0.1
    assert np.ptp(moving) > 2.0


def test_the_same_touch_wanders_the_same_way_again_and_another_key_elsewhere():
    np.testing.assert_array_equal(held(), held())
    one, other = ([power_db(part) for part in np.split(held(note), 8)] for note in (60.0, 61.0))
    assert np.abs(np.subtract(one, other)).max() > 1.0
