import numpy as np
import pytest

from calibration.demonstrations.hearing import heard_rows
from calibration.simulation.intention import intend
from calibration.simulation.player import Player
from mapper.features import TOUCH_FIELDS

CONTINUOUS = [TOUCH_FIELDS.index(name) for name in ("press", "slide", "glide_semitones")]
SINCE_LIFT = TOUCH_FIELDS.index("since_lift_s")


@pytest.mark.parametrize("kind", ["free", "accent", "vibrato"])
def test_what_a_simulated_player_does_arrives_over_midi_as_it_was(kind: str) -> None:
    wished = intend(np.random.default_rng(1), kind, 60.0)
    touches = Player(5, "sigmoid", 1).imitate(wished)
    rows = heard_rows(touches, None)
    held = int((touches[:, SINCE_LIFT] < 0.0).sum()) - 2
    assert np.abs(rows[:held, CONTINUOUS] - touches[:held, CONTINUOUS]).max() < 0.01
