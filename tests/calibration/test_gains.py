"""What each gain does to a mapping, told by what the mapping then says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.refinements.gains import CURVE_SPAN_DB, GAINS, HIGH_PLACES, LOW_PLACES, Gain, Gains
from calibration.refinements.locality import raised, with_bumps
from calibration.refinements.refusal import RefinementError
from mapper.features import AT
from mapper.listening import gesture_features
from mapper.mapping import LOUDNESS, PITCH_OFFSET, Mapping
from mapper.vibrato import Vibrato
from presets.factory.gestures import DEMONSTRATED, gestures
from presets.store import factory_names, load
from tests.calibration.readable import CODE_PER_BRIGHTNESS, readable_mapping
from tests.presets.test_preset import a_mapping

PLACES = st.tuples(*(st.floats(low, high) for low, high in zip(LOW_PLACES, HIGH_PLACES)))
BREATH = load("breath").mapping
PLAIN = readable_mapping()
"""Reads the brightness from the slide."""
DEAF = a_mapping()
"""Reads nothing, so that its slide is moved."""


def played(seed: int = 3) -> np.ndarray:
    made = gestures(seed, DEMONSTRATED, len(DEMONSTRATED), (53, 80))
    return np.vstack([gesture_features(gesture.heard) for gesture in made])


FEATURES = played()


def moved(feature: int, change: np.ndarray) -> np.ndarray:
    features = FEATURES.copy()
    features[:, feature] = change
    return features


def test_neutral_gains_change_no_bit():
    assert Gains().apply(BREATH) is BREATH


@pytest.mark.parametrize("name", factory_names())
@pytest.mark.parametrize("gain", GAINS, ids=lambda gain: gain.name)
def test_every_gain_can_be_turned_all_the_way_on_every_factory_preset(name: str, gain: Gain):
    mapping = load(name).mapping
    for value in (gain.low, gain.high):
        turned = Gains.from_dict({gain.name: value}).apply(mapping)
        assert np.isfinite(turned.predict(FEATURES)).all()


def test_dynamics_scale_the_loudness_below_the_loudest():
    loudest_db = BREATH.high[LOUDNESS]
    before = BREATH.predict(FEATURES)[:, LOUDNESS]
    after = Gains(dynamics=1.5).apply(BREATH).predict(FEATURES)[:, LOUDNESS]
    expected = np.maximum(loudest_db + 1.5 * (before - loudest_db), -120.0)
    np.testing.assert_allclose(after, expected, atol=1e-3)


def test_curve_moves_the_loudness_between_the_ends_of_the_press_and_not_at_them():
    inside = (BREATH.predict(FEATURES)[:, LOUDNESS] > BREATH.low[LOUDNESS] + 20) & (
        BREATH.predict(FEATURES)[:, LOUDNESS] < BREATH.high[LOUDNESS]
    )
    before = BREATH.predict(FEATURES)[inside, LOUDNESS]
    after = Gains(curve=0.3).apply(BREATH).predict(FEATURES)[inside, LOUDNESS]
    level, effort = (
        np.clip(FEATURES, BREATH.feature_low, BREATH.feature_high)[inside, at]
        for at in (AT.level, AT.effort)
    )
    expected = np.minimum(before + 0.3 * CURVE_SPAN_DB * (effort - level), BREATH.high[LOUDNESS])
    np.testing.assert_allclose(after, expected, atol=2e-3)


def test_curve_keeps_a_harder_press_louder():
    effort = np.linspace(0.02, 1.0, 200)
    level = np.log1p(8 * effort) / np.log1p(8)
    for gain in (gain for gain in GAINS if gain.name == "curve"):
        for curve in (gain.low, gain.high):
            loudness_db = CURVE_SPAN_DB * (level + curve * (effort - level))
            assert (np.diff(loudness_db) > 0).all()


def test_brightness_is_added_to_what_is_read():
    before, after = (m.predict(FEATURES)[:, 0] for m in (PLAIN, Gains(brightness=0.2).apply(PLAIN)))
    np.testing.assert_allclose(after - before, 0.2 * CODE_PER_BRIGHTNESS, atol=1e-4)


def test_contrast_turns_what_is_read_about_its_middle():
    before, after = (m.predict(FEATURES)[:, 0] for m in (PLAIN, Gains(contrast=2.0).apply(PLAIN)))
    middle = 0.5 * CODE_PER_BRIGHTNESS
    np.testing.assert_allclose(after - middle, 2.0 * (before - middle), atol=1e-3)


def test_without_a_reading_brightness_and_contrast_move_the_slide():
    after = Gains(brightness=0.2, contrast=1.8).apply(DEAF).predict(FEATURES)
    slide = 0.5 + 1.8 * (FEATURES[:, AT.slide] - 0.5) + 0.2
    np.testing.assert_allclose(after, DEAF.predict(moved(AT.slide, slide)), atol=2e-3)


def test_colour_deepens_what_a_vibrato_does_to_loudness_and_brightness():
    after = Gains(colour=2.0).apply(BREATH).predict(FEATURES)
    expected = BREATH.predict(moved(AT.vibrato_semitones, 2 * FEATURES[:, AT.vibrato_semitones]))
    np.testing.assert_allclose(after, expected, atol=2e-3)


@settings(max_examples=25, deadline=None)
@given(PLACES)
def test_no_gains_leave_what_can_be_played(places: tuple[float, ...]):
    turned = Gains.at(np.array(places)).apply(BREATH)
    said = turned.predict(FEATURES[::50])
    assert np.isfinite(said).all()
    assert (said[:, PITCH_OFFSET] == BREATH.predict(FEATURES[::50])[:, PITCH_OFFSET]).all()


@given(PLACES)
def test_places_and_values_are_each_other_s_reverse(places: tuple[float, ...]):
    np.testing.assert_allclose(Gains.at(np.array(places)).places(), places, atol=1e-6)


@given(PLACES)
def test_gains_survive_being_written_down(places: tuple[float, ...]):
    gains = Gains.at(np.array(places))
    assert Gains.from_dict(gains.to_dict()) == gains


def test_the_same_gains_give_the_same_bits():
    gains = Gains(dynamics=1.3, curve=0.2, brightness=-0.1, contrast=0.7, colour=2.0)
    once, again = gains.apply(BREATH), gains.apply(BREATH)
    assert once.blob().tobytes() == again.blob().tobytes()


def test_a_gain_stops_at_the_end_of_its_range():
    assert Gains().turned("dynamics", 100.0).dynamics == 2.0


def test_a_gain_out_of_range_is_refused_in_a_sentence():
    with pytest.raises(
        RefinementError, match=r"dynamics cannot be 9; choose from 0\.5 to 2, where 1"
    ):
        Gains(dynamics=9.0)


def test_an_unknown_gain_is_answered_with_the_known_ones():
    with pytest.raises(RefinementError, match="no gain 'bass'; choose .*brightness"):
        Gains.from_dict({"bass": 1.0})


def swinging() -> Mapping:
    vibrato = Vibrato(
        rate_hz=5.0, extents=(0.3, 0.0, 0.0), swings=np.full((3, 18), 0.5, np.float32)
    )
    return replace(PLAIN, vibrato=vibrato)


def test_a_learned_vibrato_is_turned_in_pitch_and_in_colour_apart():
    turned = Gains(vibrato=2.0, colour=0.5).apply(swinging()).vibrato
    assert turned
    assert (turned.swings[:, PITCH_OFFSET] == 1.0).all()
    assert (turned.swings[:, :PITCH_OFFSET] == 0.25).all()


def test_no_vibrato_swings_further_than_it_may():
    loud = replace(
        PLAIN, vibrato=replace(swinging().vibrato, swings=np.full((3, 18), 3.9, np.float32))
    )
    turned = Gains(vibrato=4.0, colour=8.0).apply(loud).vibrato
    assert turned
    assert np.abs(turned.swings[:, :LOUDNESS]).max() <= 4.0


def test_what_was_learned_beside_the_instrument_grows_with_the_dynamics():
    features = FEATURES[::20]
    shell, bumps = with_bumps(PLAIN, features)
    heights = np.zeros((len(bumps), 18))
    heights[:, LOUDNESS] = -2.0
    taught = raised(shell, bumps, heights)
    before = taught.predict(features)[:, LOUDNESS]
    after = Gains(dynamics=1.5).apply(taught).predict(features)[:, LOUDNESS]
    np.testing.assert_allclose(after, np.maximum(1.5 * before, -120.0), atol=1e-2)
