"""Touch events of simulated touches, for whatever listens to a controller."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mapper.features import TOUCH_FIELDS
from mapper.touch import Kind, TouchEvent

Array = NDArray[np.float64]

MOVING = slice(TOUCH_FIELDS.index("press"), TOUCH_FIELDS.index("glide_semitones") + 1)


def touch_events(
    touches: Array, touch: int, start_s: float = 0.0, zone: int = 0
) -> Iterator[TouchEvent]:
    """Tell touch rows as events: the strike, each change, and the lift.

    Parameters
    ----------
    touches
        Touch rows at successive control frames, shape (n_frames, len(TOUCH_FIELDS)).
    """
    changed = np.any(np.diff(touches[:, MOVING], axis=0, prepend=np.nan), axis=1)
    for row, is_new in zip(touches.tolist(), changed.tolist(), strict=True):
        strike, press, slide, glide_semitones, lift, note, age_s, since_lift_s, dt_s = row
        kind = Kind.STRIKE if dt_s <= 0.0 else Kind.LIFT if since_lift_s >= 0.0 else Kind.MOVE
        if kind is not Kind.MOVE or is_new:
            yield TouchEvent(
                start_s + age_s,
                kind,
                touch,
                zone,
                note,
                strike,
                press,
                slide,
                glide_semitones,
                lift,
            )
        if kind is Kind.LIFT:
            return
