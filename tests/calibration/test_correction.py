"""More and less of something, there and not elsewhere."""

import numpy as np
import pytest

from calibration.demonstrations.take import touch_rows
from calibration.refinements.correction import MORE, Correction
from calibration.refinements.locality import with_bumps
from calibration.refinements.refusal import RefinementError
from mapper.listening import gesture_features
from mapper.mapping import LOUDNESS, PITCH_OFFSET, Mapping
from mapper.residual import MAX_BUMPS
from tests.calibration.readable import CODE_PER_BRIGHTNESS, a_phrase, readable_mapping
from tests.presets.test_preset import a_mapping

GESTURES = a_phrase().gestures
ROWS = tuple(touch_rows(gesture) for gesture in GESTURES)
STARTS_S = tuple(gesture.start_s for gesture in GESTURES)
MIDDLE = (1.2, 2.3)
"""The stretch of the middle touch."""


def correction(
    word: str, steps: float = 1.0, stretch_s: tuple[float, float] = MIDDLE
) -> Correction:
    from_s, to_s = stretch_s
    return Correction(
        word=word, steps=steps, touches=ROWS, starts_s=STARTS_S, from_s=from_s, to_s=to_s
    )


def held(number: int) -> np.ndarray:
    """Features of one touch from its first to its last quarter."""
    features = gesture_features(ROWS[number])
    return features[len(features) // 4 : len(features) // 2]


def change(mapping: Mapping, corrected: Mapping, number: int) -> np.ndarray:
    return (corrected.predict(held(number)) - mapping.predict(held(number))).mean(axis=0)


@pytest.mark.parametrize("steps", [1.0, -1.0, 2.0])
def test_more_loud_is_louder_there_by_so_many_steps(steps: float):
    mapping = readable_mapping()
    moved = change(mapping, correction("loud", steps).apply(mapping), 1)
    assert moved[LOUDNESS] == pytest.approx(steps * MORE["loud"][1], rel=0.2)
    assert abs(moved[0]) < 0.05


def test_more_bright_goes_where_the_instrument_is_brighter():
    mapping = readable_mapping()
    moved = change(mapping, correction("bright").apply(mapping), 1)
    assert moved[0] == pytest.approx(CODE_PER_BRIGHTNESS * MORE["bright"][1], rel=0.2)
    assert abs(moved[LOUDNESS]) < 0.3


@pytest.mark.parametrize("word", MORE)
@pytest.mark.parametrize("number", [0, 2])
def test_the_rest_of_what_was_played_stays(word: str, number: int):
    mapping = readable_mapping()
    there, elsewhere = (change(mapping, correction(word).apply(mapping), n) for n in (1, number))
    assert np.abs(elsewhere).max() < 0.1 * np.abs(there).max()


def test_far_from_what_was_played_nothing_changes_at_all():
    mapping = readable_mapping()
    far = held(1).copy()
    far[:, :] = 100.0
    corrected = correction("loud", 3.0).apply(mapping)
    np.testing.assert_array_equal(corrected.predict(far), mapping.predict(far))


def test_the_pitch_stays():
    mapping = readable_mapping()
    assert change(mapping, correction("bright").apply(mapping), 1)[PITCH_OFFSET] == 0.0


def test_less_takes_more_back():
    mapping = readable_mapping()
    back = correction("loud", -1.0).apply(correction("loud", 1.0).apply(mapping))
    assert np.abs(change(mapping, back, 1)).max() < 0.3


def test_corrections_without_end_stay_within_what_a_mapping_holds():
    mapping = readable_mapping()
    for _ in range(8):
        mapping = correction("bright", 0.2).apply(mapping)
    assert mapping.residual
    assert len(mapping.residual.centre) <= MAX_BUMPS
    assert change(readable_mapping(), mapping, 1)[0] == pytest.approx(8 * 0.2 * 0.3, rel=0.25)


def test_equal_corrections_give_equal_bits():
    one, other = (correction("bright").apply(readable_mapping()).blob() for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_a_stretch_in_which_nothing_was_played_is_refused():
    with pytest.raises(RefinementError, match=r"nothing was played from 50 s to 60 s"):
        correction("loud", stretch_s=(50.0, 60.0))


def test_an_empty_stretch_is_refused():
    with pytest.raises(RefinementError, match="from 2 s to 1 s is empty"):
        correction("loud", stretch_s=(2.0, 1.0))


def test_a_word_that_means_nothing_is_refused():
    with pytest.raises(RefinementError, match="'funky' means nothing here; say loud or bright"):
        correction("funky")


def test_a_mapping_that_reads_no_hand_is_refused_in_a_sentence():
    with pytest.raises(RefinementError, match="cannot be changed in places; turn its gains"):
        with_bumps(a_mapping(), held(1))
