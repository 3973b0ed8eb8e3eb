"""Controls: how a player steps through a guide without hands, by a pedal or one key."""

from typing import Final

from calibration.guide import Heard
from mapper.touch import Kind

NEXT: Final = "next"
REDO: Final = "redo"
UNDO: Final = "undo"
"""No pedal says this."""
HOLD_S: Final = 0.6
"""What is held for longer is no tap."""
SUSTAIN: Final = 64
PEDAL_DOWN: Final = 64
CONTROL_CHANGE: Final = 0xB0


class Controls:
    """Tells taps, which mean next, from what is held, which means redo.

    Attributes
    ----------
    note
        The key that steps besides the pedal, None as long as there is none.
    """

    def __init__(self) -> None:
        self.note: float | None = None
        self._pedal_s: float | None = None
        self._touches: dict[int, float] = {}

    def hear(self, heard: Heard) -> str | None:
        """Take what was heard; return NEXT or REDO when the pedal or the key has come up."""
        return self._hear_pedal(heard) or self._hear_key(heard)

    def owns(self, touch: int) -> bool:
        """Whether a touch that sounds is the key that steps, and no music."""
        return touch in self._touches

    def _hear_pedal(self, heard: Heard) -> str | None:
        data = heard.data
        if len(data) != 3 or data[0] & 0xF0 != CONTROL_CHANGE or data[1] != SUSTAIN:
            return None
        if data[2] >= PEDAL_DOWN:
            self._pedal_s = self._pedal_s or heard.time_s
            return None
        began_s, self._pedal_s = self._pedal_s, None
        return None if began_s is None else _meaning(heard.time_s - began_s)

    def _hear_key(self, heard: Heard) -> str | None:
        meaning = None
        for event in heard.events:
            if event.kind is Kind.STRIKE and self._is_key(event.note):
                self._touches[event.touch] = event.time_s
            elif event.kind in (Kind.LIFT, Kind.STOP) and event.touch in self._touches:
                meaning = _meaning(event.time_s - self._touches.pop(event.touch))
        return meaning

    def _is_key(self, note: float) -> bool:
        return self.note is not None and abs(note - self.note) < 0.5


def _meaning(held_s: float) -> str:
    return NEXT if held_s < HOLD_S else REDO
