"""Features: what a mapping sees of a touch at one control frame."""

from typing import Final

TOUCH_FIELDS: Final = (
    "strike",
    "press",
    "slide",
    "glide_semitones",
    "lift",
    "note",
    "age_s",
    "since_lift_s",
    "dt_s",
)
"""One row of a touch; `since_lift_s` is -1 while held, `dt_s` is 0 in the frame of the strike."""

FEATURES: Final = (
    "strike",
    "press",
    "effort",
    "level",
    "hold",
    "press_rate",
    "slide",
    "glide_semitones",
    "vibrato_semitones",
    "vibrato_depth_semitones",
    "pitch_note",
    "lift",
    "age_10ms",
    "age_40ms",
    "age_160ms",
    "age_640ms",
    "age_s",
    "age_pitched_s",
    "burst_40ms",
    "burst_160ms",
    "burst_640ms",
    "released_30ms",
    "released_300ms",
    "released_lift",
)
"""In order, all read by name through this table:

- strike, press, slide, lift: the dimensions, press and slide rid of their 7-bit stairs
- effort: how hard the touch is played, press and hold together
- level: effort on a scale even in decibels
- hold: the part of the strike that press has not yet taken over
- press_rate: rise of press per second over the last 30 ms
- vibrato: glide apart from its slow part, and its smoothed magnitude
- pitch_note: note and glide together; age_*: exp(-age / time), and the age itself up to a bound,
  plain and stretched by two for each two octaves above middle C
- burst_*: strike times age_*; released_*: 1 - exp(-time since the lift / time), 0 while held;
  released_lift: released_30ms times lift
"""

N_FEATURES: Final = len(FEATURES)
N_STATES: Final = 8
MEMORY_SIZE: Final = N_STATES + N_FEATURES
"""A voice's memory: the states of `mapper.listening`, then the newest features."""
