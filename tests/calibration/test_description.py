"""What a description of a trajectory means."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.targets.articulations import articulate
from calibration.targets.description import describe, described
from calibration.targets.target import TARGET_RATE_HZ, TargetError
from presets.factory.demonstrations import Composer
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space

N_ROWS = 120
AGE_S = np.arange(N_ROWS) / TARGET_RATE_HZ


@pytest.fixture(scope="module")
def composers() -> list[Composer]:
    space = factory_space()
    return [Composer(space, recipe) for recipe in RECIPES]


def composed(composer: Composer, brightness: np.ndarray, note: float = 60.0, cents: float = 0.0):
    """Compose codes of a wished brightness at a middling loudness and one strike."""
    move = {
        "pitch_note": np.full(N_ROWS, note + cents / 100),
        "age_s": AGE_S,
        "strike": np.full(N_ROWS, 0.5),
    }
    loudness_db = np.full(N_ROWS, -20.0)
    codes = composer.codes(move, brightness, loudness_db)
    trajectory = np.column_stack([codes, loudness_db, np.full(N_ROWS, cents)])
    return describe(composer, trajectory.astype(np.float32), note, 0.5)


def test_brightness_is_what_the_instrument_was_asked_for(composers: list[Composer]):
    asked = 0.5 + 0.4 * np.sin(2 * np.pi * AGE_S)
    for composer in composers:
        heard = composed(composer, asked)[:, 1]
        settled = AGE_S > 0.1
        assert np.abs(heard - asked)[settled].mean() < 0.05, composer.recipe.name


def test_a_brighter_wish_never_sounds_duller(composers: list[Composer]):
    for composer in composers:
        means = [composed(composer, np.full(N_ROWS, b))[:, 1].mean() for b in (0, 0.25, 0.5, 1)]
        assert np.all(np.diff(means) > -1e-3), composer.recipe.name


def test_loudness_and_pitch_are_the_trajectorys_own(composers: list[Composer]):
    described = composed(composers[0], np.full(N_ROWS, 0.5), cents=35.0)
    np.testing.assert_allclose(described[:, 0], -20.0)
    np.testing.assert_allclose(described[:, 2], 35.0)


def test_a_description_stays_within_bounds_whatever_the_codes(composers: list[Composer]):
    trajectory = np.random.default_rng(0).normal(0.0, 4.0, (50, 18)).astype(np.float32)
    trajectory[:, 16] = -120.0
    brightness = describe(composers[0], trajectory, 60.0, 0.5)[:, 1]
    assert np.isfinite(brightness).all()
    assert (brightness >= -0.25).all()
    assert (brightness <= 1.25).all()


def test_each_instrument_hears_a_targets_brightness_between_its_own_ends(
    composers: list[Composer],
):
    first, second = composers[:2]
    target = articulate(first, "brighten", note=67.0)
    again = described(second, target)
    np.testing.assert_array_equal(again.trajectory, target.trajectory)
    assert np.abs(again.descriptors[:, 1] - target.descriptors[:, 1]).max() > 0.1
    np.testing.assert_array_equal(described(first, again).descriptors, target.descriptors)


def test_a_target_of_another_space_is_not_described(composers: list[Composer]):
    target = replace(articulate(composers[0], "swell", note=67.0), space_sha256="ab" * 32)
    with pytest.raises(TargetError, match="run `embouchure targets move swell`"):
        described(composers[0], target)
