"""A taught preset moves to another space and plays there as it was taught."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calibration.crossing import repertoire
from calibration.demonstrations.diploma import bundle_of, takes_in
from calibration.demonstrations.refit import Refitted, refit
from calibration.targets.target import TargetError
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, LOUDNESS
from presets.bundle import Bundle
from presets.preset import Preset
from presets.refusal import PresetError
from presets.spaces import factory_space
from synth.decoder import decode
from synth.space import Space
from tests.calibration.test_moving import turned
from tests.calibration.test_pupil import pupil, takes, taught

pytestmark = pytest.mark.long

N_GESTURES = 40


@pytest.fixture(scope="module", autouse=True)
def _few_gestures() -> Iterator[None]:
    """Move by fewer gestures than a player's preset is moved by."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repertoire, "N_GESTURES", N_GESTURES)
        yield


@cache
def other() -> Space:
    return turned(factory_space())


@cache
def before() -> Bundle:
    return bundle_of(pupil(), taught(), takes(), "mine")


@cache
def after() -> Refitted:
    return refit(before(), factory_space(), other(), "mine-there")


def controls(preset: Preset, space: Space) -> np.ndarray:
    """What the preset makes of the first take's touch, as controls, which every space has."""
    rows = takes()[0].touches.astype(np.float64)
    answer = preset.mapping.predict(gesture_features(rows))
    note = rows[:, 5]
    return decode(space, answer[:, :CODE_SIZE], answer[:, LOUDNESS], note)


def test_it_needs_the_other_space_and_says_where_it_comes_from():
    card = after().bundle.preset.card
    assert (card.name, card.space.sha256) == ("mine-there", other().sha256)
    assert card.provenance.origin == "refitted"
    assert card.provenance.ancestors[-1].sha256 == before().preset.sha256
    assert "breath" in [one.name for one in card.provenance.ancestors]


def test_it_is_taught_as_well_as_before():
    assert after().taught.n_takes == len(takes())
    assert after().bundle.preset.card.metrics["error"] < 1.3 * (taught().error or 0.0)


def test_it_sounds_as_before_more_than_untaught():
    there = controls(after().bundle.preset, other())
    here = controls(before().preset, factory_space())
    untaught = controls(pupil().factory, factory_space())
    assert np.abs(there - here).mean() < 0.5 * np.abs(untaught - here).mean() + 0.5


def test_its_takes_go_with_it_and_what_was_played_is_as_it_was():
    again = takes_in(Bundle.open(after().bundle.to_bytes()))
    assert [take.touches.tobytes() for take in again] == [t.touches.tobytes() for t in takes()]
    assert {take.target.space_sha256 for take in again} == {other().sha256}


def test_what_cannot_be_refitted_is_refused():
    with pytest.raises(PresetError, match="already"):
        refit(before(), factory_space(), factory_space(), "x")
    with pytest.raises(PresetError, match="holds no takes"):
        refit(replace(before(), sources={}), factory_space(), other(), "x")
    with pytest.raises(TargetError, match="not in"):
        refit(before(), replace_hash(factory_space()), other(), "x")


def replace_hash(space: Space) -> Space:
    changed = Space.__new__(Space)
    changed.__dict__.update(vars(space) | {"sha256": "cd" * 32})
    return changed
