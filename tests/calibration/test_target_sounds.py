"""A target played: from the strike, at the struck key, as loud as it says, and over when it is."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ, Target
from presets.spaces import factory_space
from synth.engine.engine import Engine, Event
from synth.engine.layout import LIFT, MOVE, STRIKE
from synth.offline import render
from synth.patch import RoomSettings, VoiceSettings
from synth.space import Space
from tests.synth.measures import cents_between, loudness_db

RATE_HZ = 48_000
LENGTH_S = 2.0
LEVEL_DB = -22.0
CENTS = 30.0


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


def a_flute(space: Space) -> Target:
    """A steady tone at 30 cents above A4, its code that of a flute."""
    n_rows = round(LENGTH_S * TARGET_RATE_HZ)
    flute = next(i for i, s in enumerate(space.card.sounds) if s.name.startswith("ocarina"))
    code = np.tile(space.codes[flute, len(space.card.ages_s) // 2], (n_rows, 1))
    level_db, cents = np.full(n_rows, LEVEL_DB), np.full(n_rows, CENTS)
    return Target(
        name="flute",
        kind="steady",
        note=69.0,
        strike=0.5,
        held_s=1.8,
        trajectory=np.column_stack([code, level_db, cents]).astype(np.float32),
        descriptors=np.column_stack([level_db, np.full(n_rows, 0.5), cents]).astype(np.float32),
    )


def played(space: Space, *events: Event, tail_s: float = 0.5) -> NDArray[np.float32]:
    engine = Engine(space, rate_hz=RATE_HZ)
    patch = a_flute(space).patch(VoiceSettings(width=0.0), RoomSettings(mix=0.0))
    engine.select(engine.install(patch))
    return render(engine, events, round(tail_s * RATE_HZ))


def strike(at_s: float = 0.0, note: float = 69.0) -> Event:
    return Event(round(at_s * RATE_HZ), 1, STRIKE, note=note, strike=0.9)


def lift(at_s: float) -> Event:
    return Event(round(at_s * RATE_HZ), 1, LIFT, lift=0.5)


def peak(sound: NDArray[np.float32], from_s: float, to_s: float) -> float:
    return float(np.abs(sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]).max())


def test_it_sounds_from_the_strike_on(space: Space):
    sound = played(space, strike(at_s=0.25), lift(1.0))
    assert peak(sound, 0.0, 0.249) == 0.0
    assert peak(sound, 0.25, 0.27) > 0.01
    assert np.isfinite(sound).all()


def test_it_is_as_loud_as_it_says(space: Space):
    sound = played(space, strike(), tail_s=1.5)
    assert loudness_db(sound.astype(np.float64)) == pytest.approx(LEVEL_DB, abs=1.0)


@pytest.mark.parametrize("key", [57.0, 69.0, 76.0])
def test_it_sounds_at_the_struck_key_and_its_own_offset(space: Space, key: float):
    tone = played(space, strike(note=key), tail_s=1.5)[RATE_HZ // 2 : RATE_HZ, 0]
    expected_hz = 440.0 * 2.0 ** ((key - 69.0 + CENTS / 100.0) / 12.0)
    t_s = np.arange(len(tone)) / RATE_HZ
    turned = tone * np.exp(-2j * np.pi * expected_hz * t_s)
    slope = np.polyfit(t_s, np.unwrap(np.angle(smooth(turned))), 1)[0]
    assert abs(cents_between(expected_hz + slope / (2 * np.pi), expected_hz)) < 2.0


def smooth(turned: NDArray[np.complexfloating]) -> NDArray[np.complexfloating]:
    """Leave only what turns slowly: the fundamental, turned by its own frequency."""
    return np.convolve(turned, np.hanning(RATE_HZ // 20), "same")


def test_what_the_hand_does_meanwhile_changes_nothing(space: Space):
    still = played(space, strike(), lift(1.0))
    moved = played(
        space,
        strike(),
        Event(RATE_HZ // 2, 1, MOVE, note=69.0, strike=0.9, press=0.8, slide=0.9),
        lift(1.0),
    )
    np.testing.assert_array_equal(still, moved)


def test_a_lift_releases_it(space: Space):
    sound = played(space, strike(), lift(0.5), tail_s=1.0)
    assert peak(sound, 1.2, 1.5) < 0.001 * peak(sound, 0.2, 0.5)


def test_it_ends_by_itself_though_the_finger_stays(space: Space):
    sound = played(space, strike(), tail_s=LENGTH_S + 0.5)
    assert peak(sound, LENGTH_S - 0.1, LENGTH_S - 0.05) > 0.01
    assert peak(sound, LENGTH_S + 0.15, LENGTH_S + 0.5) < 1e-5
