from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calibration.demonstrations.take import AGE, Take
from calibration.demonstrations.verdict import AGAIN, GOOD, LATE, TOO_LITTLE, judge
from calibration.targets.articulations import articulate
from calibration.targets.target import TARGET_RATE_HZ, Target
from mapper.features import TOUCH_FIELDS
from presets.factory.demonstrations import Composer
from presets.factory.gestures import frame_ages_s
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space


@cache
def target(kind: str) -> Target:
    return articulate(Composer(factory_space(), RECIPES[0]), kind, note=66.0)


def played(kind: str, *, lag_s: float = 0.1, depth: float = 1.0, held: float = 1.0) -> Take:
    """A hand that follows loudness with press and brightness with slide, late and not so far."""
    wished = target(kind)
    held_s = held * wished.held_s
    age_s = frame_ages_s(held_s + 0.3)
    then_s = np.maximum(np.minimum(age_s, held_s) - lag_s, 0.0)
    times_s = np.arange(len(wished.descriptors)) / TARGET_RATE_HZ
    loudness_db, brightness, cents = (
        np.interp(then_s, times_s, curve) for curve in wished.descriptors.T
    )
    columns = {
        "strike": np.full_like(age_s, 0.5),
        "press": np.clip(0.5 + depth * (loudness_db + 30.0) / 50.0, 0.0, 1.0),
        "slide": np.clip(0.5 + depth * (brightness - 0.5), 0.0, 1.0),
        "glide_semitones": depth * cents / 100.0,
        "lift": np.where(age_s >= held_s, 0.5, 0.0),
        "note": np.full_like(age_s, 66.0),
        "age_s": age_s,
        "since_lift_s": np.where(age_s >= held_s, age_s - held_s, -1.0),
        "dt_s": np.diff(age_s, prepend=0.0),
    }
    touches = np.column_stack([columns[name] for name in TOUCH_FIELDS]).astype(np.float32)
    return Take(target=wished, touches=touches, key="key")


def without_bend(touches: np.ndarray) -> np.ndarray:
    """The same touches held still, but for a slow press."""
    still = touches.copy()
    for name, value in (("press", 0.5), ("slide", 0.5), ("glide_semitones", 0.0)):
        still[:, TOUCH_FIELDS.index(name)] = value
    return still


@pytest.mark.parametrize("kind", ["free", "swell", "brighten", "vibrato-trumpet", "accent"])
def test_whoever_follows_is_good(kind: str) -> None:
    assert judge(played(kind)).word == GOOD


@pytest.mark.parametrize("lag_s", [0.05, 0.15, 0.25])
def test_how_late_the_hand_is_is_found(lag_s: float) -> None:
    lag = judge(played("free", lag_s=lag_s)).lag_s
    assert lag == pytest.approx(lag_s, abs=0.03)


def test_whoever_follows_half_a_second_behind_is_late() -> None:
    verdict = judge(played("free", lag_s=0.5))
    assert verdict.word == LATE
    assert "ms behind" in verdict.sentence


def test_a_finger_that_hardly_moves_is_told_so() -> None:
    assert judge(played("swell", depth=0.02)).word == TOO_LITTLE


def test_a_vibrato_that_is_not_imitated_is_told() -> None:
    still = replace(played("vibrato-bow"), touches=without_bend(played("vibrato-bow").touches))
    verdict = judge(still)
    assert verdict.word == TOO_LITTLE
    assert "No vibrato" in verdict.sentence


@pytest.mark.parametrize("kind", ["vibrato-trumpet", "vibrato-flute", "vibrato-bow"])
def test_a_vibrato_of_ones_own_is_good_and_its_rate_is_told(kind: str) -> None:
    take = played(kind)
    touches = without_bend(take.touches)
    touches[:, TOUCH_FIELDS.index("glide_semitones")] = 0.2 * np.sin(
        2 * np.pi * 4.5 * touches[:, AGE]
    )
    verdict = judge(replace(take, touches=touches))
    assert verdict.word == GOOD
    assert "4.5 times a second" in verdict.sentence


def test_letting_go_too_soon_asks_for_another() -> None:
    verdict = judge(played("swell", held=0.4))
    assert verdict.word == AGAIN
    assert "let go after 1.6 s" in verdict.sentence


def test_moving_otherwise_than_the_target_asks_for_another() -> None:
    take = played("free")
    rng = np.random.default_rng(0)
    touches = take.touches.copy()
    wave = np.sin(7.0 * touches[:, AGE])
    for name, size in (("press", 0.4), ("slide", 0.4), ("glide_semitones", 1.0)):
        touches[:, TOUCH_FIELDS.index(name)] = 0.5 + size * wave * rng.choice([-1.0, 1.0])
    assert judge(replace(take, touches=touches)).word == AGAIN


def test_a_verdict_says_how_much_the_take_counts() -> None:
    assert judge(played("free")).weight > judge(played("free", lag_s=0.5)).weight
    assert judge(played("swell", held=0.4)).weight == 0.0
