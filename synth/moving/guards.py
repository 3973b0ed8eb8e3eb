"""Guards: a mixture that goes beyond its sounds is held back where it would boom or lose its loudness."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import CODE_SIZE, noise_centres_hz, note_to_hz
from synth.decoder import decode
from synth.loudness import CORRECTION_DB, frequencies_hz, own_loudness_db, powers
from synth.moving.bend import Bend
from synth.moving.course import Course
from synth.moving.mixture import Mixer, Mixture

Array = NDArray[np.float64]

BOOM_RATIO: Final = 0.7
"""What lies below this ratio of the note's frequency is no part of its tone."""
BOOM_DB: Final = -12.0
LEEWAY_DB: Final = 3.0
"""A mixture may boom by so much more than the sounds that it is made of."""
ASTRAY_DB: Final = 1.0
LENGTH_S: Final = 2.0
STEP_S: Final = 0.02
STEPS: Final = 6
"""Halvings by which the place where a mixture is held is found."""
ROUNDS: Final = 8
"""Times that a mixture is bent away from booming."""
NUDGE: Final = 0.1
MARGIN_DB: Final = 0.5
MAX_STEP: Final = 2.0
"""How far it is bent at once, deviations of the codebook's codes."""
AROUND_SEMITONES: Final = (-12.0, 0.0, 12.0)
"""A mixture must be safe an octave below and above its note, too."""


class Held(NamedTuple):
    """A mixture that is safe to play.

    Attributes
    ----------
    mixture
        It, perhaps bent away from danger.
    share
        Of the way to what was asked that it goes.
    is_steered
        Whether it was bent.
    """

    mixture: Mixture
    share: float
    is_steered: bool = False


class Danger(NamedTuple):
    """What a course would do, over its first seconds as they are heard."""

    boom_db: float
    """Power below the tone relative to all power."""
    astray_db: float
    """How far it would be off the loudness that was asked, since the engine rescales only so far."""


def danger(mixer: Mixer, course: Course) -> Danger:
    """Measure a course on its decoded controls."""
    age_s = np.arange(0.0, LENGTH_S, STEP_S)
    codes, loudness_db = course.at(age_s)
    note = np.full(len(codes), course.note)
    rows = decode(mixer.space, codes.astype(np.float32), loudness_db, note)
    own_db = own_loudness_db(rows, note)
    sounding = 10.0 ** ((loudness_db + own_db + np.clip(-own_db, *CORRECTION_DB)) / 10.0)
    asked = 10.0 ** (loudness_db / 10.0)
    low, total = _powers(rows, note, loudness_db + np.clip(-own_db, *CORRECTION_DB))
    return Danger(
        float(10.0 * np.log10(low.sum() / total.sum() + 1e-12)),
        float(abs(10.0 * np.log10(sounding.sum() / asked.sum()))),
    )


def _powers(rows: NDArray[np.float32], note: Array, gain_db: Array) -> tuple[Array, Array]:
    """Powers below the tone and in all, shape (n_frames,) each."""
    partials, noise = powers(rows)
    limit_hz = BOOM_RATIO * note_to_hz(note)[:, None]
    low = (partials * (frequencies_hz(rows, note) < limit_hz)).sum(axis=1)
    low += (noise * (noise_centres_hz() < limit_hz)).sum(axis=1)
    gain = 10.0 ** (gain_db / 10.0)
    return gain * low, gain * (partials.sum(axis=1) + noise.sum(axis=1))


def held(mixer: Mixer, mixture: Mixture, note: float | None = None) -> Held:
    """Go as far towards a mixture as is safe.

    What would boom is bent just as far as it must be; what stays unsafe even so goes only a part of
    the way from what it is made of. A mixture that takes nothing away and is not bent is safe as it
    is.
    """
    if mixture.is_plain:
        return Held(mixture, 1.0)
    note = mixture.note if note is None else note
    guard = _Guard(mixer, mixture.plain, note)
    if guard.allows(mixture):
        return Held(mixture, 1.0)
    steered = guard.steer(mixture)
    if guard.allows(steered):
        return Held(steered, 1.0, is_steered=True)
    share, width = 0.0, 1.0
    for _ in range(STEPS):
        width /= 2
        share += width if guard.allows(steered.reached(share + width)) else 0.0
    return Held(steered.reached(share), share, is_steered=True)


class _Guard:
    """What a mixture may do at a note and around it, given the sounds that it is made of."""

    def __init__(self, mixer: Mixer, plain: Mixture, note: float) -> None:
        self._mixer = mixer
        alone = [Mixture(parts=(part._replace(share=1.0),)) for part in plain.parts]
        self._limits_db = {
            around: max(
                BOOM_DB, LEEWAY_DB + max(self._danger(one, around).boom_db for one in alone)
            )
            for around in (note + step for step in AROUND_SEMITONES)
        }

    def _danger(self, mixture: Mixture, note: float) -> Danger:
        return danger(self._mixer, self._mixer.course(mixture, note))

    def allows(self, mixture: Mixture) -> bool:
        """Whether a mixture is safe."""
        found = ((self._danger(mixture, note), limit) for note, limit in self._limits_db.items())
        return all(one.boom_db <= limit and one.astray_db <= ASTRAY_DB for one, limit in found)

    def steer(self, mixture: Mixture) -> Mixture:
        """Bend a mixture away from booming, the shortest way by the codebook's own spread."""
        for _ in range(ROUNDS):
            excess_db = {
                note: self._danger(mixture, note).boom_db - limit + MARGIN_DB
                for note, limit in self._limits_db.items()
            }
            note = max(excess_db, key=lambda note: excess_db[note])
            if excess_db[note] <= 0.0:
                break
            mixture = mixture.bent(self._away(mixture, note, excess_db[note]))
        return mixture

    def _away(self, mixture: Mixture, note: float, excess_db: float) -> Bend:
        nudges = NUDGE * np.eye(CODE_SIZE)
        here = self._danger(mixture, note).boom_db
        slope = np.array(
            [self._danger(mixture.bent(_shift(nudge)), note).boom_db - here for nudge in nudges]
        )
        way = self._mixer.edge.covariance @ slope / NUDGE
        steepness = max(float(way @ slope) / NUDGE, 1e-9)
        return _shift(-way * min(excess_db / steepness, MAX_STEP / steepness**0.5))


def _shift(shift: Array) -> Bend:
    return Bend(shift=shift, onset=np.zeros(CODE_SIZE))
