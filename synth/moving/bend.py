"""A bend: what moving along axes adds to a sound: to its codes, its onset and its envelope."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import CODE_SIZE

Array = NDArray[np.float64]

ONSET_S: Final = 0.06
"""What is added at the strike fades as quickly as this."""
WARPED_S: Final = 0.3
"""By this age a sound whose attack was stretched has nearly caught up."""
MAX_ATTACK_OCTAVES: Final = 3.0
FADE_S: Final = 0.01
"""Time constant by which an attack of twice the length fades in, even where nothing rose before."""
LOWEST_FADE_DB: Final = -60.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Bend:
    """How far a sound is bent.

    Attributes
    ----------
    shift
        Added to every code, shape (CODE_SIZE,).
    onset
        Added at the strike and soon gone, shape (CODE_SIZE,).
    attack_octaves
        By how many doublings the attack takes longer.
    decay_db_per_s
        By how much more it falls while it is held; less than 0 makes it last.
    """

    shift: Array
    onset: Array
    attack_octaves: float = 0.0
    decay_db_per_s: float = 0.0

    def plus(self, other: "Bend") -> "Bend":
        """Bend by both."""
        return Bend(
            shift=self.shift + other.shift,
            onset=self.onset + other.onset,
            attack_octaves=self.attack_octaves + other.attack_octaves,
            decay_db_per_s=self.decay_db_per_s + other.decay_db_per_s,
        )

    def times(self, amount: float) -> "Bend":
        """Bend so many times as far."""
        return Bend(
            shift=amount * self.shift,
            onset=amount * self.onset,
            attack_octaves=amount * self.attack_octaves,
            decay_db_per_s=amount * self.decay_db_per_s,
        )

    def codes(self, ages_s: Array) -> Array:
        """Tell what is added to the codes, shape (n_ages, CODE_SIZE)."""
        return np.asarray(self.shift + np.exp(-ages_s / ONSET_S)[:, None] * self.onset)

    def ages_s(self, ages_s: Array) -> Array:
        """Tell which ages of the unbent sound are heard: a long attack is late at first."""
        pace = 2.0**-self._attack_octaves
        return np.asarray(ages_s * (1.0 + (pace - 1.0) * np.exp(-ages_s / WARPED_S)))

    def level_db(self, ages_s: Array, level_db: Array) -> Array:
        """Bend an envelope, shape (n_ages,), that was read at `ages_s`; it never rises past 0."""
        slower = 2.0 ** max(self._attack_octaves, 0.0) - 1.0
        risen = 1.0 - np.exp(-ages_s / max(FADE_S * slower, 1e-6))
        fade_db = np.maximum(20.0 * np.log10(np.maximum(risen, 1e-6)), LOWEST_FADE_DB)
        fade_db = fade_db if slower else np.zeros_like(ages_s)
        lasting = np.minimum(level_db - self.decay_db_per_s * ages_s, np.maximum(level_db, 0.0))
        return np.asarray(lasting + fade_db)

    @property
    def _attack_octaves(self) -> float:
        return float(np.clip(self.attack_octaves, -MAX_ATTACK_OCTAVES, MAX_ATTACK_OCTAVES))


NO_BEND: Final = Bend(shift=np.zeros(CODE_SIZE), onset=np.zeros(CODE_SIZE))
