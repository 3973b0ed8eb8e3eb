"""The seats of surfaces, and the nets under their touches."""

import pytest

from embouchure.errors import ProgramError
from embouchure.fingers import REST_S, SIGN_OF_LIFE_S
from embouchure.own_inputs import SURFACES
from embouchure.service.surfaces import SILENT_S, Surfaces
from embouchure.service.touch_frames import TouchFrame
from mapper.listener import Listener
from mapper.surface import Finger, Phase

HELD = TouchFrame(0, 0, (Finger(1, Phase.BEGAN, 60.0),))
IDLE = TouchFrame(0, 0, ())


class Hall:
    """Surfaces whose bytes a listener of each input hears."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.closed: list[str] = []
        self.told: list[bytes] = []
        self.listeners = {name: Listener() for name in SURFACES}
        self.surfaces = Surfaces(self._perform, self.closed.append, lambda: self.now_s)

    def _perform(self, name: str, data: bytes) -> None:
        self.told.append(data)
        self.listeners[name].hear(data, self.now_s)

    def n_held(self, name: str = SURFACES[0]) -> int:
        return len(self.listeners[name].touches())


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_frame_sounds(hall: Hall) -> None:
    hall.surfaces.sit().play(HELD)
    assert hall.n_held() == 1


def test_after_a_rest_the_zone_is_announced_again(hall: Hall) -> None:
    seat = hall.surfaces.sit()
    for pause_s in (0.0, REST_S, 0.5 * REST_S):
        hall.now_s += pause_s
        seat.play(HELD)
        seat.play(IDLE)
    struck = [told for told in hall.told if any(byte & 0xF0 == 0x90 for byte in told)]
    assert [b"\xb0\x65\x00" in told for told in struck] == [True, True, False]


def test_two_surfaces_play_beside_each_other(hall: Hall) -> None:
    seats = hall.surfaces.sit(), hall.surfaces.sit()
    for seat in seats:
        seat.play(HELD)
    assert [hall.n_held(name) for name in SURFACES] == [1, 1, 0, 0]


def test_a_surface_that_leaves_holds_nothing_and_frees_its_seat(hall: Hall) -> None:
    seat = hall.surfaces.sit()
    seat.play(HELD)
    hall.surfaces.leave(seat)
    hall.surfaces.leave(seat)
    assert hall.n_held() == 0
    assert hall.closed == [SURFACES[0]]
    assert hall.surfaces.sit().name == SURFACES[0]


def test_a_fifth_surface_is_refused(hall: Hall) -> None:
    for _ in SURFACES:
        hall.surfaces.sit()
    with pytest.raises(ProgramError, match="4 surfaces play already"):
        hall.surfaces.sit()


def test_a_surface_that_falls_silent_holds_nothing(hall: Hall) -> None:
    hall.surfaces.sit().play(HELD)
    hall.now_s += 0.9 * SILENT_S
    hall.surfaces.look()
    assert hall.n_held() == 1
    hall.now_s += 0.2 * SILENT_S
    hall.surfaces.look()
    assert hall.n_held() == 0


def test_a_frame_that_says_nothing_new_is_a_sign_of_life_to_the_engine(hall: Hall) -> None:
    seat = hall.surfaces.sit()
    seat.play(HELD)
    n_told = len(hall.told)
    for _ in range(4):
        hall.now_s += 0.6 * SIGN_OF_LIFE_S
        seat.play(HELD)
        hall.surfaces.look()
    assert hall.told[n_told:] == [b"", b""]
    assert hall.n_held() == 1
