"""What a finger feels when its hand was measured: presets follow more evenly, and feel as before."""

from functools import cache

import numpy as np
import pytest

from calibration.hand.evenness import HANDS, measured
from calibration.hand.stand_in import StandInHand
from embouchure.feel.following import SETTLED_S, leaning
from embouchure.feel.measures import RATE_HZ, level_db
from embouchure.feel.rig import Rig
from embouchure.feel.table import Row, row
from embouchure.instrument import load_sound
from embouchure.space_file import load_space
from mapper.hand import Hand
from presets.store import factory_names

BY_NAME = {one.name: one for one in HANDS}
MEANT = np.linspace(0.05, 1.0, 20)
STEP_S = 0.12
UNEVEN = ("exponent 0.5", "exponent 2.2", "light hand")


@cache
def hand(name: str) -> Hand:
    result: Hand = measured(BY_NAME[name]).result
    return result


def levels_db(preset: str, player: StandInHand, one: Hand | None) -> np.ndarray:
    """Press each intention in turn, and tell the level of the sound at its end."""
    sound = load_sound(preset, load_space())
    rig = Rig(load_space(), sound.patch, player.profile, sound.preset.card.manner, one)

    def press(since_s: float) -> float:
        return player.sensed_press(float(MEANT[min(int(since_s / STEP_S), len(MEANT) - 1)]))

    level = level_db(rig.sound([leaning(press, STEP_S * len(MEANT))]), 0.05)
    at_s = SETTLED_S + STEP_S * np.arange(1, len(MEANT) + 1) - 0.03
    return np.asarray(level[np.round(at_s * RATE_HZ).astype(int)])


@cache
def plain_levels_db(preset: str) -> np.ndarray:
    """Levels for a player and a controller that are even by themselves: what was designed."""
    return levels_db(preset, BY_NAME["straight"], None)


def off_db(preset: str, name: str, *, with_hand: bool) -> float:
    """How far the levels are from what was designed, root mean square."""
    own = hand(name) if with_hand else None
    levels = levels_db(preset, BY_NAME[name], own)
    return float(np.sqrt(np.mean((levels - plain_levels_db(preset)) ** 2)))


@pytest.mark.slow
@pytest.mark.parametrize("name", UNEVEN)
@pytest.mark.parametrize("preset", factory_names())
def test_every_factory_preset_follows_better_with_the_hand(preset: str, name: str):
    assert off_db(preset, name, with_hand=True) < 0.85 * off_db(preset, name, with_hand=False)


def test_a_preset_follows_a_logarithmic_controller_as_if_it_were_even():
    before = off_db("breath", "logarithm", with_hand=False)
    assert off_db("breath", "logarithm", with_hand=True) < 0.2 * before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["exponent 0.5", "exponent 2.2", "trembling"])
@pytest.mark.parametrize("preset", ["breath", "pluck"])
def test_a_preset_keeps_its_bounds_with_a_hand(preset: str, name: str):
    one: Row = row(preset, "linnstrument-mpe", hand(name))
    assert {figure: one.figures[figure] for figure in one.failures()} == {}


def test_a_bow_keeps_its_bounds_with_a_light_hand():
    one: Row = row("bow", "linnstrument-mpe", hand("light hand"))
    assert {figure: one.figures[figure] for figure in one.failures()} == {}
