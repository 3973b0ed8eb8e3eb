from itertools import count

import pytest

from calibration.demonstrations.controls import NEXT, REDO, Controls
from calibration.guide import Heard
from mapper.listeners import Listeners

PEDAL_DOWN, PEDAL_UP = b"\xb0\x40\x7f", b"\xb0\x40\x00"
KEY_DOWN, KEY_UP = b"\x91\x1e\x40", b"\x81\x1e\x40"
OTHER_DOWN, OTHER_UP = b"\x92\x3c\x40", b"\x82\x3c\x40"


class Hearing:
    """Controls that hear messages at times, as a guide does."""

    def __init__(self, note: float | None = None) -> None:
        self.controls = Controls()
        self.controls.note = note
        self._listeners = Listeners()

    def at(self, time_s: float, data: bytes) -> str | None:
        events = self._listeners.hear(data, time_s, 0)
        return self.controls.hear(Heard(time_s, 0, data, tuple(events)))


@pytest.mark.parametrize(("held_s", "meaning"), [(0.2, NEXT), (1.0, REDO)])
@pytest.mark.parametrize(("down", "up"), [(PEDAL_DOWN, PEDAL_UP), (KEY_DOWN, KEY_UP)])
def test_a_tap_means_next_and_what_is_held_redo(
    down: bytes, up: bytes, held_s: float, meaning: str
) -> None:
    hearing = Hearing(note=30.0)
    assert hearing.at(1.0, down) is None
    assert hearing.at(1.0 + held_s, up) == meaning


def test_no_key_steps_before_one_is_chosen() -> None:
    hearing = Hearing()
    hearing.at(1.0, KEY_DOWN)
    assert hearing.at(1.1, KEY_UP) is None


def test_other_keys_do_not_step() -> None:
    hearing = Hearing(note=30.0)
    hearing.at(1.0, OTHER_DOWN)
    assert hearing.at(1.1, OTHER_UP) is None


def test_a_half_pedal_that_wavers_is_one_step() -> None:
    hearing = Hearing()
    steps = [
        hearing.at(1.0 + 0.01 * i, bytes((0xB0, 0x40, v)))
        for i, v in zip(count(), (70, 90, 66, 10, 5), strict=False)
    ]
    assert [step for step in steps if step] == [NEXT]


def test_the_key_that_steps_is_no_music() -> None:
    hearing = Hearing(note=30.0)
    hearing.at(1.0, KEY_DOWN)
    (event,) = [one for one in Listeners().hear(KEY_DOWN, 1.0, 0) if one.note == 30.0]
    assert hearing.controls.owns(event.touch)
    hearing.at(1.1, KEY_UP)
    assert not hearing.controls.owns(event.touch)
