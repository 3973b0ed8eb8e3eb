import pytest

from embouchure.errors import ProgramError
from embouchure.fingers import Fingers
from mapper.surface import Finger, Phase, Surface

FINGER = Finger(1, Phase.BEGAN, 60.0, strike=0.5)


def test_a_zone_that_could_not_be_announced_is_announced_with_what_is_played_next():
    heard: list[bytes] = []
    is_refused = True

    def perform(_: str, data: bytes) -> None:
        if is_refused:
            raise ProgramError("the instrument is still starting")
        heard.append(data)

    fingers = Fingers("OSC", perform, lambda: 0.0)
    with pytest.raises(ProgramError):
        fingers.play([FINGER])
    assert not fingers.has_played
    is_refused = False
    fingers.play([])
    assert heard[0].startswith(Surface().configuration())
