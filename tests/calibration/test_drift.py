"""Drift: a controller whose response was changed is noticed, and a player who plays softly is not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.hand.drift import Drift
from calibration.hand.evenness import measured
from calibration.hand.stand_in import StandInHand
from mapper.hand import Hand
from mapper.profile import PUSH_3
from mapper.traffic import Stroke, perform, storm

PLAYER = StandInHand()


@pytest.fixture(scope="module")
def hand() -> Hand:
    result: Hand = measured(PLAYER).result
    return result


def played(
    drift: Drift, player: StandInHand, seed: int, *, loud: float = 1.0, length_s: float = 0.6
) -> list[str]:
    """Play sixty touches of every strength; return what is said."""
    import random

    rng = random.Random(seed)
    strokes = []
    for number in range(60):
        force = loud * rng.uniform(0.1, 1.0)
        swell = player.sensed_press(force)
        stroke = Stroke(
            strike=player.strike(force),
            start_s=number * 0.7,
            length_s=length_s,
            press=lambda age_s, most=swell: most * min(age_s / 0.2, 1.0),  # type: ignore[misc]
        )
        strokes.append(stroke)
    told = (drift.hear(data, time_s) for time_s, data in perform(player.profile, strokes))
    return [sentence for sentence in told if sentence]


@pytest.mark.parametrize("seed", range(5))
def test_a_controller_that_was_left_alone_is_not_complained_of(seed: int, hand: Hand):
    assert played(Drift(hand), PLAYER, seed) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_soft_player_is_not_complained_of(seed: int, hand: Hand):
    assert played(Drift(hand), PLAYER, seed, loud=0.4) == []


def test_short_strikes_need_no_press(hand: Hand):
    silent = replace(PLAYER, gain=0.05)
    assert played(Drift(hand), silent, 1, length_s=0.2) == []


def test_a_controller_that_now_presses_less_is_noticed_once(hand: Hand):
    (sentence,) = played(Drift(hand), replace(PLAYER, gain=0.45), 1)
    assert sentence.startswith("LinnStrument, MPE presses less than when Stand-in's hand was")
    assert sentence.endswith("embouchure calibrate hand --warm.")


def test_a_controller_that_now_presses_harder_is_noticed_once():
    tame = replace(PLAYER, gain=0.6)
    (sentence,) = played(Drift(measured(tame).result), PLAYER, 1)
    assert "presses harder than when" in sentence


def test_a_hand_that_leaves_press_alone_has_nothing_to_drift_from():
    plain = Hand(player="Ada", controller="any")
    assert played(Drift(plain), replace(PLAYER, gain=0.3), 1) == []


def test_what_a_controller_says_of_its_knobs_does_not_count(hand: Hand):
    drift = Drift(hand.model_copy(update={"controller": PUSH_3.name}))
    assert drift.hear(bytes((0x90, 3, 127)), 0.0) == ""


@given(st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_whatever_is_sent_it_speaks_at_most_once(seed: int):
    drift = Drift(Hand.model_validate(Hand(player="Ada", controller="any").model_dump() | {
        "press": {"raw": (0.0, 0.5), "even": (0.0, 1.0)}, "press_range": {"low": 0.0, "high": 0.5},
    }))  # fmt: skip
    told = [drift.hear(data, time_s) for time_s, data in storm(seed, 5.0, 300.0)]
    assert sum(map(bool, told)) <= 1
