from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.demonstrations.take import AGE, RELEASE_S, Take, TakeError, new_key, take_of
from calibration.targets.articulations import articulate
from calibration.targets.target import Target
from mapper.features import TOUCH_FIELDS
from mapper.gestures import Gesture
from mapper.performance import Played
from presets.factory.demonstrations import Composer
from presets.factory.gestures import FRAME_S, YOUNG_FRAME_S
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space

PLAYED = (Played(10.0, 0, b"\x91\x3c\x40"), Played(10.5, 0, b"\xd1\x30"))


@cache
def target() -> Target:
    return articulate(Composer(factory_space(), RECIPES[0]), "swell", note=60.0)


def gesture(held_s: float = 1.0) -> Gesture:
    """A touch that presses halfway through, and slides as it is lifted."""
    return Gesture(
        touch=1,
        zone=0,
        note=60.0,
        strike=0.5,
        lift=0.25,
        times_s=np.array([10.0, 10.0 + held_s / 2, 10.0 + held_s]),
        press=np.array([0.0, 0.75, 0.75]),
        slide=np.array([0.5, 0.5, 1.0]),
        glide_semitones=np.array([0.0, 2.0, 2.0]),
    )


@cache
def take() -> Take:
    return take_of(target(), gesture(), PLAYED, "a-key")


def column(name: str) -> np.ndarray:
    return take().touches[:, TOUCH_FIELDS.index(name)]


def refusal(packed: bytes) -> str:
    """Why bytes are no take; nothing if they are one."""
    try:
        Take.from_bytes(packed)
    except TakeError as error:
        return str(error)
    return ""


def test_a_take_has_the_frames_of_a_voice_from_the_strike_to_the_end_of_its_release() -> None:
    ages_s = take().touches[:, AGE]
    assert np.allclose(np.diff(ages_s[:40]), YOUNG_FRAME_S, atol=1e-6)
    assert np.allclose(np.diff(ages_s[-40:]), FRAME_S, atol=1e-6)
    assert ages_s[-1] == pytest.approx(1.0 + RELEASE_S, abs=FRAME_S)


def test_each_frame_holds_what_was_told_last() -> None:
    before = column("age_s") < 0.5
    assert (column("press")[before] == 0.0).all()
    assert (column("press")[~before] == 0.75).all()


def test_the_lift_counts_from_the_lift_on() -> None:
    lifted = column("since_lift_s") >= 0.0
    assert (column("lift") == np.where(lifted, 0.25, 0.0)).all()
    assert take().held_s == pytest.approx(1.0, abs=FRAME_S)


def test_its_messages_count_from_the_strike() -> None:
    assert [one.time_s for one in take().played] == [0.0, 0.5]


def test_messages_from_before_the_strike_stand_at_its_start() -> None:
    early = (Played(8.0, 0, b"\xb1\x4a\x40"), *PLAYED)
    assert take_of(target(), gesture(), early, "key").played[0] == Played(0.0, 0, b"\xb1\x4a\x40")


def test_a_take_comes_back_from_its_bytes_as_it_was() -> None:
    again = Take.from_bytes(take().to_bytes())
    assert again.to_bytes() == take().to_bytes()
    assert (again.key, again.played, again.weight) == ("a-key", take().played, 1.0)
    assert np.array_equal(again.touches, take().touches)


@pytest.mark.parametrize("held_s", [0.02, 90.0])
def test_a_touch_that_teaches_nothing_is_refused(held_s: float) -> None:
    with pytest.raises(TakeError, match="hold one from"):
        take_of(target(), gesture(held_s), (), "key")


@pytest.mark.parametrize(
    ("touches", "reason"),
    [
        (np.zeros((0, 9), np.float32), "frames; 2 to"),
        (np.zeros((5, 8), np.float32), "must have"),
        (np.full((5, 9), np.nan, np.float32), "no hand can play"),
        (np.zeros((5, 9), np.float32), "out of order"),
    ],
)
def test_touches_that_are_none_are_refused(touches: np.ndarray, reason: str) -> None:
    with pytest.raises(TakeError, match=reason):
        Take(target=target(), touches=touches, key="key")


@pytest.mark.parametrize("change", [{"weight": float("nan")}, {"key": "../../up"}, {"weight": -1}])
def test_a_card_that_is_none_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(TakeError, match="not allowed"):
        replace(take(), **change)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_are_a_take_or_one_sentence(place: int, damage: bytes) -> None:
    packed = bytearray(take().to_bytes())
    at = place % len(packed)
    packed[at : at + len(damage)] = damage
    assert "\n" not in refusal(bytes(packed))


@given(st.integers(0, 10**6))
def test_a_cut_take_is_refused_in_one_sentence(length: int) -> None:
    packed = take().to_bytes()
    said = refusal(packed[: length % len(packed)])
    assert said
    assert "\n" not in said


def test_no_two_keys_are_alike_and_later_ones_sort_later() -> None:
    keys = [new_key() for _ in range(100)]
    assert len(set(keys)) == 100
    assert keys[0] < keys[-1]


def test_a_take_of_which_no_messages_are_known_comes_back_too() -> None:
    silent = replace(take(), played=())
    assert Take.from_bytes(silent.to_bytes()).played == ()
