"""Description: what a player would say of a candidate, in numbers and in words."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from calibration.exploration.guards import STEP_S, centroid_hz, levels_db
from synth.moving.attributes import attributes
from synth.space import Space

Array = NDArray[np.float64]

HEARD_DB: Final = -30.0
"""Moments this far below the loudest say nothing of the timbre."""
ATTACK_DB: Final = -3.0
DECAY_S: Final = (0.25, 1.0)
EARLY_S: Final = 0.15
LATE_S: Final = 0.6
N_WORDS: Final = 3
USUAL: Final = 0.25
"""What lies in the middle half of all that was found needs no word."""


class Description(BaseModel):
    """Measured on one loudness-matched note."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bright_semitones: float
    """Centroid of the partials above the note."""
    breath_db: float
    """Share of noise in the power."""
    hollow_db: float
    """Odd partials against even ones."""
    body_db: float
    """The two lowest partials against those above."""
    attack_s: float = Field(ge=0)
    """Time to within 3 dB of the highest level."""
    decay_db_per_s: float
    motion_semitones: float
    """How far the centroid moves from the early part of the note to the late one, either way."""
    centroid_hz: float = Field(gt=0)
    lufs: float
    """Loudness before it was matched."""


WORDS: Final[dict[str, tuple[str, str]]] = {
    "bright_semitones": ("dark", "bright"),
    "breath_db": ("pure", "breathy"),
    "hollow_db": ("nasal", "hollow"),
    "body_db": ("thin", "full"),
    "attack_s": ("quick", "slow"),
    "decay_db_per_s": ("lasting", "dying away"),
    "motion_semitones": ("even", "changing"),
}
"""For each number, what is said when it is lower and when it is higher than usual."""
NUMBERS: Final = tuple(WORDS)


def describe(
    space: Space, rows: NDArray[np.float32], note: float, sound: Array, lufs: float
) -> Description:
    """Describe one note.

    Parameters
    ----------
    rows
        The trajectory that was played, 100 rows a second, shape (n_rows, TRAJECTORY_SIZE).
    sound
        What was heard of it, loudness-matched, shape (n_frames,).
    """
    loudness_db = rows[:, -2].astype(np.float64)
    heard = rows[loudness_db > loudness_db.max() + HEARD_DB][::4]
    notes = np.full(len(heard), note)
    frames = attributes(space, heard[:, :-2].astype(np.float64), heard[:, -2], notes)
    bright, breath, hollow, body = frames.mean(axis=0)
    level = levels_db(sound)
    return Description(
        bright_semitones=_tidy(bright),
        breath_db=_tidy(breath),
        hollow_db=_tidy(hollow),
        body_db=_tidy(body),
        attack_s=_tidy(STEP_S * int((level >= level.max() + ATTACK_DB).argmax())),
        decay_db_per_s=_tidy(_decay_db_per_s(level)),
        motion_semitones=_tidy(_motion(frames[:, 0], len(rows))),
        centroid_hz=_tidy(centroid_hz(sound)),
        lufs=_tidy(lufs),
    )


def _tidy(value: float) -> float:
    return round(float(value), 3)


def _decay_db_per_s(level: Array) -> float:
    first, last = (round(s / STEP_S) for s in DECAY_S)
    time_s = np.arange(first, last) * STEP_S
    return -float(np.polyfit(time_s, level[first:last], 1)[0])


def _motion(bright: Array, n_rows: int) -> float:
    """Compare the brightness of the early and the late frames, of a note of so many rows."""
    early, late = (max(1, round(s * 100 / 4)) for s in (EARLY_S, LATE_S))
    if len(bright) <= late or n_rows <= late:
        return float(np.abs(bright[-1] - bright[:early].mean()))
    return float(np.abs(bright[late:].mean() - bright[:early].mean()))


def table(descriptions: Sequence[Description]) -> Array:
    """Gather the numbers that have words, shape (n, len(NUMBERS))."""
    return np.array([[getattr(d, name) for name in NUMBERS] for d in descriptions])


class Vocabulary:
    """Words for what sets a sound apart from the others of an exploration."""

    def __init__(self, descriptions: Sequence[Description]) -> None:
        self._sorted = np.sort(table(descriptions), axis=0)

    def places(self, description: Description) -> Array:
        """Where each number lies among all, -0.5 for the lowest to 0.5 for the highest."""
        numbers = table([description])[0]
        ranks = [np.searchsorted(c, n) for c, n in zip(self._sorted.T, numbers, strict=True)]
        return np.array(ranks) / max(len(self._sorted) - 1, 1) - 0.5

    def words(self, description: Description) -> str:
        """Say in at most three words what is unusual, the most unusual first."""
        places = self.places(description)
        order = [i for i in np.argsort(-np.abs(places)) if abs(places[i]) > USUAL]
        chosen = [WORDS[NUMBERS[i]][int(places[i] > 0)] for i in order[:N_WORDS]]
        return ", ".join(chosen) or "in between"
