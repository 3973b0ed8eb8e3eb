"""Features: what a mapping sees of a touch at one control frame."""

from typing import Final, NamedTuple

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


class Places(NamedTuple):
    """The place of each feature; all are read by name.

    - strike, press, slide, glide, lift: the dimensions; strike as far as the manner lets it count,
      press, slide and glide made continuous
    - effort: how hard the touch is played, press and hold together
    - level: effort on a scale even in decibels
    - hold: the part of the strike that press has not yet taken over
    - press_rate: rise of press per second over the last 30 ms
    - vibrato: glide apart from its slow part, and its smoothed magnitude
    - pitch_note: note and glide together; age_*: exp(-age / time), and the age itself up to a
      bound, plain and stretched by two for each two octaves above middle C
    - burst_*: strike times age_*; released_*: 1 - exp(-time since the lift / time), 0 while held;
      released_lift: released_30ms times lift
    """

    strike: int
    press: int
    effort: int
    level: int
    hold: int
    press_rate: int
    slide: int
    glide_semitones: int
    vibrato_semitones: int
    vibrato_depth_semitones: int
    pitch_note: int
    lift: int
    age_10ms: int
    age_40ms: int
    age_160ms: int
    age_640ms: int
    age_s: int
    age_pitched_s: int
    burst_40ms: int
    burst_160ms: int
    burst_640ms: int
    released_30ms: int
    released_300ms: int
    released_lift: int


FEATURES: Final = Places._fields
N_FEATURES: Final = len(FEATURES)
AT: Final = Places(*range(N_FEATURES))
N_STATES: Final = 28
INPUTS_AT: Final = N_STATES
"""Where in a voice's memory the newest features are, behind the states of `mapper.listening`;
then what a mapping's reading makes of them."""
LAST_AT: Final = 56
"""Where the last trajectory is."""
VIBRATO_AT: Final = 76
"""Where the states of the vibrato are."""
UNITS_AT: Final = 112
"""Where a network keeps its units while it runs."""
MEMORY_SIZE: Final = 272
MORPH_MEMORY_SIZE: Final = 2 * MEMORY_SIZE + 32
"""A voice's memory in a morph: two mappings', and where an answer waits for the other."""
