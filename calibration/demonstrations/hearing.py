"""Hearing: touch rows sent over MIDI, and heard again as a hand has them."""

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.capture import Capture
from calibration.demonstrations.imitator import N_MEMBERS, messages
from calibration.demonstrations.take import touch_rows
from calibration.guide import Heard
from mapper.hand import Hand
from mapper.listeners import Listeners
from mapper.rpn import zone_messages


def listeners_of(hand: Hand | None) -> Listeners:
    """Make listeners that even out what this hand does."""
    listeners = Listeners()
    listeners.set_hand(hand)
    return listeners


def heard_rows(touches: NDArray[np.floating], hand: Hand | None) -> NDArray[np.float32]:
    """Send touch rows over MIDI, and return them as they are heard."""
    listeners, capture = listeners_of(hand), Capture()
    for data in zone_messages(0, N_MEMBERS):
        listeners.hear(data, 0.0, 0)
    capture.begin()
    for time_s, port, data in messages(touches, 1.0):
        events = listeners.hear(data, time_s, port)
        capture.hear(Heard(time_s, port, data, tuple(events)))
    return touch_rows(capture.gesture())
