"""Surprise on purpose: seeded, guarded, and nothing at all at 0."""

import numpy as np
import pytest

from calibration.refinements.refusal import RefinementError
from calibration.refinements.wandering import FARTHEST, wander
from mapper.mapping import PITCH_OFFSET
from tests.calibration.readable import a_phrase, readable_mapping

PLAYED = a_phrase().features()


def moved(amount: float, seed: int = 1) -> np.ndarray:
    mapping = readable_mapping()
    return wander(mapping, PLAYED, amount, seed).predict(PLAYED) - mapping.predict(PLAYED)


def test_an_amount_of_nothing_is_the_very_mapping():
    mapping = readable_mapping()
    assert wander(mapping, PLAYED, 0.0, 5) is mapping


def test_equal_draws_are_equal_and_others_are_not():
    mapping = readable_mapping()
    blobs = [wander(mapping, PLAYED, 0.5, seed).blob().tobytes() for seed in (1, 1, 2)]
    assert blobs[0] == blobs[1] != blobs[2]


def test_more_of_it_moves_more():
    little, much = (np.abs(moved(amount)).mean() for amount in (0.1, 0.8))
    assert 0.0 < little < 0.5 * much


def test_it_surprises_audibly():
    assert np.abs(moved(1.0)[:, :16]).max() > 0.4


@pytest.mark.parametrize("seed", range(6))
def test_nothing_moves_further_than_it_may_and_the_pitch_not_at_all(seed: int):
    change = np.abs(moved(1.0, seed)).max(axis=0)
    assert (change <= FARTHEST + 1e-4).all()
    assert change[PITCH_OFFSET] == 0.0


def test_what_was_played_much_wanders_less():
    mapping = readable_mapping()
    once, often = PLAYED[::40], np.repeat(PLAYED, 4, axis=0)
    spread = [
        np.std([wander(mapping, f, 0.3, s).predict(PLAYED) for s in range(8)], axis=0).mean()
        for f in (once, often)
    ]
    assert spread[1] < spread[0]


def test_far_from_what_was_played_nothing_wanders():
    mapping, far = readable_mapping(), np.full_like(PLAYED[:5], 100.0)
    wandering = wander(mapping, PLAYED, 1.0, 3)
    np.testing.assert_array_equal(wandering.predict(far), mapping.predict(far))


@pytest.mark.parametrize("amount", [-0.1, 1.1, float("nan")])
def test_an_amount_that_there_is_not_is_refused(amount: float):
    with pytest.raises(RefinementError, match="choose from 0, not at all, to 1"):
        wander(readable_mapping(), PLAYED, amount, 1)
