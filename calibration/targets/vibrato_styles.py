"""Vibrato styles: how the players of an instrument wobble a long note, as numbers."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.targets.target import TARGET_RATE_HZ

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class VibratoStyle:
    """How an instrument's players wobble a long note.

    Pitch swings by `extent_cents` times (sine + asymmetry), so that an asymmetry of -1 stays below
    the note; loudness and brightness follow the same sine. It begins after `onset_s`, grows over
    `growth_s`, and its rate rises by `quickening_hz` meanwhile.
    """

    rate_hz: float
    extent_cents: float
    asymmetry: float = 0.0
    swing_db: float
    swing_brightness: float
    onset_s: float
    growth_s: float
    quickening_hz: float = 0.0

    def swing(self, age_s: Array) -> Array:
        """Swing between -1 and 1 once it has grown, shape (n_rows,)."""
        grown = np.clip((age_s - self.onset_s) / self.growth_s, 0.0, 1.0)
        rate_hz = self.rate_hz - self.quickening_hz * (1.0 - grown)
        turns = np.cumsum(np.where(grown > 0.0, rate_hz, 0.0)) / TARGET_RATE_HZ
        return np.asarray(self.grown(age_s) * np.sin(2.0 * np.pi * turns))

    def grown(self, age_s: Array) -> Array:
        """How far the wobble has grown, 0-1, shape (n_rows,)."""
        ease = np.clip((age_s - self.onset_s) / self.growth_s, 0.0, 1.0)
        return np.asarray(ease * ease * (3.0 - 2.0 * ease))


TRUMPET_VIBRATO: Final = VibratoStyle(
    rate_hz=6.5, extent_cents=22.0, asymmetry=-0.6, swing_db=1.8, swing_brightness=0.10, onset_s=0.35,
    growth_s=0.5,
)  # fmt: skip
FLUTE_VIBRATO: Final = VibratoStyle(
    rate_hz=5.5, extent_cents=10.0, swing_db=2.6, swing_brightness=0.12, onset_s=0.25, growth_s=0.4,
)  # fmt: skip
BOW_VIBRATO: Final = VibratoStyle(
    rate_hz=6.2, extent_cents=27.0, asymmetry=-0.2, swing_db=0.9, swing_brightness=0.06, onset_s=0.2,
    growth_s=0.35,
)  # fmt: skip
VOICE_VIBRATO: Final = VibratoStyle(
    rate_hz=6.0, extent_cents=50.0, swing_db=1.4, swing_brightness=0.05, onset_s=0.5, growth_s=0.9,
    quickening_hz=0.8,
)  # fmt: skip
"""Within what is published: 5.5-8 Hz for voice and strings, 5-7 Hz and hardly any pitch for flutes,
about 7 Hz and mostly below the note for trumpets; sung vibrato starts slow and shallow (Timmers &
Desain 2000; Garrison 2012; Mellody & Wakefield 1997)."""
