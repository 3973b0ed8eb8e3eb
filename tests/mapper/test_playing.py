"""A gesture played through the kernel sounds as the mapping says."""

import numpy as np

from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.playing import play
from presets.factory.gestures import DEMONSTRATED, gestures
from presets.store import load

GLIDE = TOUCH_FIELDS.index("glide_semitones")


def test_a_gesture_sounds_as_the_mapping_predicts_of_its_features():
    mapping = load("breath").mapping
    touches = gestures(3, DEMONSTRATED[:1], 1, (60, 60))[0].heard
    played, predicted = play(mapping, touches), mapping.predict(gesture_features(touches))
    np.testing.assert_allclose(played[:, :17], predicted[:, :17], atol=2e-3)


def test_a_still_gesture_is_played_alike_twice():
    mapping = load("bow").mapping
    touches = gestures(4, DEMONSTRATED[1:2], 1, (60, 60))[0].heard
    np.testing.assert_array_equal(play(mapping, touches), play(mapping, touches))
