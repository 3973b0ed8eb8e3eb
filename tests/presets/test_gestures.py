"""Gestures of the designer's hand."""

import numpy as np
import pytest

from mapper.features import TOUCH_FIELDS
from presets.factory.gestures import (
    DEMONSTRATED,
    HELD_OUT,
    MESSAGE_S,
    STEPS,
    Shape,
    frame_ages_s,
    gestures,
)

KINDS = (*DEMONSTRATED, *HELD_OUT)
NOTES = (40.0, 90.0)


def column(rows: np.ndarray, name: str) -> np.ndarray:
    return rows[:, TOUCH_FIELDS.index(name)]


def test_equal_seeds_make_equal_hands():
    first, second = gestures(5, KINDS, 18, NOTES), gestures(5, KINDS, 18, NOTES)
    assert all(np.array_equal(a.heard, b.heard) for a, b in zip(first, second, strict=True))


def test_no_kind_is_both_demonstrated_and_held_out():
    assert not set(DEMONSTRATED) & set(HELD_OUT)


@pytest.mark.parametrize("kind", KINDS)
def test_dimensions_stay_between_nothing_and_all(kind: Shape):
    for made in gestures(7, (kind,), 20, NOTES):
        for name in ("strike", "press", "slide", "lift"):
            values = column(made.meant, name)
            assert 0.0 <= values.min() <= values.max() <= 1.0


def test_press_is_heard_in_seven_bits():
    press = column(gestures(3, KINDS, 1, NOTES)[0].heard, "press") * STEPS
    np.testing.assert_allclose(press, np.round(press), atol=1e-9)


def test_press_is_heard_no_more_often_than_a_controller_sends_it():
    heard = gestures(3, (DEMONSTRATED[1],), 1, NOTES)[0].heard
    changes = column(heard, "age_s")[1:][np.diff(column(heard, "press")) != 0]
    assert np.diff(changes).min() >= MESSAGE_S / 2


def test_control_frames_are_short_while_young():
    steps = np.diff(frame_ages_s(0.2))
    assert steps[0] == pytest.approx(64 / 48_000)
    assert steps[-1] == pytest.approx(192 / 48_000)


def test_a_lift_follows_every_strike():
    for made in gestures(9, KINDS, 18, NOTES):
        since = column(made.heard, "since_lift_s")
        assert since[0] == -1.0
        assert since[-1] > 0.0
