"""Stepping: the pedals and keys that go to the next preset of a setlist, or back."""

from dataclasses import dataclass
from typing import Final

TAKEN_CONTROLS: Final = frozenset({6, 7, 11, 38, 64, 66, 70, 74, 87, 98, 99, 100, 101, 102, 106})
"""Controllers that mean something already."""
DOWN: Final = 64
"""A pedal at or above this is down."""
_NOTE_OFF, _NOTE_ON, _KEY_PRESS, _CONTROL = 0x80, 0x90, 0xA0, 0xB0


@dataclass(frozen=True, kw_only=True)
class StepControls:
    """Controllers and keys by their MIDI numbers, 60 being middle C; None where there is none."""

    next_control: int | None = None
    previous_control: int | None = None
    next_key: int | None = None
    previous_key: int | None = None

    def controls(self) -> dict[int, int]:
        """Give the step of each controller."""
        return _steps(self.next_control, self.previous_control)

    def keys(self) -> dict[int, int]:
        """Give the step of each key."""
        return _steps(self.next_key, self.previous_key)


class Stepper:
    """Hears one port's messages for those that step; these play nothing."""

    def __init__(self, controls: StepControls) -> None:
        self._controls = controls.controls()
        self._keys = controls.keys()
        self._down: set[tuple[int, int]] = set()

    def hear(self, message: bytes) -> int | None:
        """Tell the step of a message: 1, -1, or 0 as when a pedal is raised; None when it has none.

        A pedal steps once while it is down, a key each time it is struck.
        """
        if len(message) != 3:
            return None
        status, number, value = message
        kind = status & 0xF0
        if kind == _CONTROL and number in self._controls:
            return self._push((status, number), value) * self._controls[number]
        if kind in (_NOTE_OFF, _NOTE_ON, _KEY_PRESS) and number in self._keys:
            return self._keys[number] if kind == _NOTE_ON and value else 0
        return None

    def _push(self, pedal: tuple[int, int], value: int) -> int:
        was_down = pedal in self._down
        if value < DOWN:
            self._down.discard(pedal)
            return 0
        self._down.add(pedal)
        return 0 if was_down else 1


def _steps(after: int | None, before: int | None) -> dict[int, int]:
    steps = {before: -1, after: 1}
    return {number: step for number, step in steps.items() if number is not None}
