"""What each articulation asks of a player."""

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration.targets.articulations import ARTICULATIONS, articulate, intend
from calibration.targets.known_instruments import (
    UnknownInstrumentError,
    recipe_named,
)
from calibration.targets.target import TARGET_RATE_HZ, Target
from calibration.targets.vibrato_styles import (
    BOW_VIBRATO,
    FLUTE_VIBRATO,
    TRUMPET_VIBRATO,
    VOICE_VIBRATO,
    VibratoStyle,
)
from presets.factory.demonstrations import Composer
from presets.spaces import factory_space
from synth.moving.naming import instruments
from synth.space import Space

Array = NDArray[np.float64]
STYLES = {
    "vibrato-trumpet": TRUMPET_VIBRATO,
    "vibrato-flute": FLUTE_VIBRATO,
    "vibrato-bow": BOW_VIBRATO,
    "vibrato-voice": VOICE_VIBRATO,
}


@pytest.fixture(scope="module")
def space() -> Space:
    return factory_space()


@pytest.fixture(scope="module")
def breath(space: Space) -> Composer:
    return Composer(space, recipe_named(space, "breath"))


def held(target: Target) -> NDArray[np.float32]:
    return target.descriptors[: round(target.held_s * TARGET_RATE_HZ)]


def settled(target: Target, from_s: float = 0.3) -> NDArray[np.float32]:
    return held(target)[round(from_s * TARGET_RATE_HZ) :]


def wobble(curve: NDArray[np.floating], rate_hz: float) -> float:
    """Amplitude of the component at a rate, of the second half of a curve."""
    late = curve[len(curve) // 2 :]
    t_s = np.arange(len(late)) / TARGET_RATE_HZ
    basis = np.stack(
        [np.cos(2 * np.pi * rate_hz * t_s), np.sin(2 * np.pi * rate_hz * t_s), t_s**0, t_s, t_s**2]
    )
    (cosine, sine, *_), *_ = np.linalg.lstsq(basis.T, late, rcond=None)
    return float(np.hypot(cosine, sine))


@pytest.mark.parametrize("name", ["breath", "mallet", "pluck", "bow", "trumpet", "marimba"])
@pytest.mark.parametrize("kind", ARTICULATIONS)
def test_every_instrument_plays_every_articulation(space: Space, name: str, kind: str):
    composer = Composer(space, recipe_named(space, name))
    target = articulate(composer, kind, note=64.0)
    assert (target.kind, target.note, target.space_sha256) == (kind, 64.0, space.sha256)
    assert target.length_s > target.held_s


def test_equal_seeds_mean_the_same_and_others_something_else(breath: Composer):
    first, again, other = (articulate(breath, "free", note=60.0, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.trajectory, again.trajectory)
    assert np.abs(first.descriptors - other.descriptors).max() > 1.0


def test_a_swell_grows_by_twenty_db_and_fades(breath: Composer):
    loudness_db = settled(articulate(breath, "swell", note=67.0), 0.5)[:, 0]
    peak = int(loudness_db.argmax())
    assert loudness_db[peak] - loudness_db[0] > 15.0
    assert loudness_db[peak] - loudness_db[-1] > 20.0
    assert 0.2 < peak / len(loudness_db) < 0.8


def test_brighten_opens_and_closes_at_one_loudness(breath: Composer):
    described = settled(articulate(breath, "brighten", note=67.0))
    assert described[:, 1].max() - described[0, 1] > 0.6
    assert described[:, 1].max() - described[-1, 1] > 0.4
    assert np.ptp(described[:, 0]) < 4.0


def test_an_accent_starts_louder_and_brighter_than_it_stays(breath: Composer):
    described = held(articulate(breath, "accent", note=67.0))
    assert described[:20, 0].max() - described[-1, 0] > 10.0
    assert described[5:20, 1].mean() - described[-20:, 1].mean() > 0.15


def test_a_scoop_rises_into_the_note(breath: Composer):
    cents = held(articulate(breath, "scoop", note=67.0))[:, 2]
    assert cents[0] < -100.0
    assert (np.diff(cents) >= 0.0).all()
    assert (cents[40:] == 0.0).all()


def test_a_fall_drops_while_it_fades(breath: Composer):
    described = held(articulate(breath, "fall", note=67.0))
    assert described[-1, 2] < -400.0
    assert described[-1, 0] < described[100, 0] - 10.0


@pytest.mark.parametrize(("kind", "style"), STYLES.items())
def test_a_vibrato_moves_pitch_loudness_and_brightness_as_its_style_says(
    breath: Composer, kind: str, style: VibratoStyle
):
    described = held(articulate(breath, kind, note=67.0))
    measured = [wobble(column, style.rate_hz) for column in described.T]
    asked = [style.swing_db, style.swing_brightness, style.extent_cents]
    away = np.abs(np.divide(measured, asked) - 1.0)
    assert (away < [0.01, 0.15, 0.001]).all(), away


@pytest.mark.parametrize(("kind", "style"), STYLES.items())
def test_a_vibrato_begins_late_and_grows(breath: Composer, kind: str, style: VibratoStyle):
    cents = held(articulate(breath, kind, note=67.0))[:, 2]
    still = round(style.onset_s * TARGET_RATE_HZ)
    grown = round((style.onset_s + style.growth_s) * TARGET_RATE_HZ)
    assert (cents[:still] == 0.0).all()
    assert np.ptp(cents[still : (still + grown) // 2]) < np.ptp(cents[grown:])


def test_a_trumpets_vibrato_lies_mostly_below_the_note(breath: Composer):
    cents = held(articulate(breath, "vibrato-trumpet", note=67.0))[:, 2]
    assert -cents.min() > 3.0 * cents.max()


@pytest.mark.parametrize("seed", range(6))
def test_a_free_target_moves_everything_but_nothing_faster_than_one_hertz(
    breath: Composer, seed: int
):
    meant = intend("free", seed)
    for curve, least in ((meant.level, 0.2), (meant.brightness, 0.25), (meant.cents, 60.0)):
        assert np.ptp(curve) > least
        power = np.abs(np.fft.rfft((curve - curve.mean()) * np.hanning(len(curve)))) ** 2
        rate_hz = np.fft.rfftfreq(len(curve), 1 / TARGET_RATE_HZ)
        assert power[rate_hz <= 1.0].sum() > 0.97 * power.sum()


def test_the_dimensions_of_free_targets_move_apart():
    every = [intend("free", seed) for seed in range(40)]
    curves = np.stack(
        [
            np.concatenate([getattr(one, name) for one in every])
            for name in ("level", "brightness", "cents")
        ]
    )
    correlation = np.corrcoef(curves) - np.eye(3)
    assert np.abs(correlation).max() < 0.2
    assert np.ptp([one.strike for one in every]) > 0.6


def test_an_unknown_instrument_is_answered_with_those_there_are(space: Space):
    with pytest.raises(
        UnknownInstrumentError, match=r"no instrument 'kazoo'; choose one of breath"
    ):
        recipe_named(space, "kazoo")


def test_what_decays_while_it_is_held_is_struck(space: Space):
    struck = {name: recipe_named(space, name).struck for name in instruments(space)}
    assert all(struck[name] for name in ("marimba", "nylon-guitar", "grand-piano", "harp"))
    assert not any(struck[name] for name in ("trumpet", "flute", "violin", "choir-aah", "oboe"))
