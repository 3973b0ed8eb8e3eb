"""A repertoire: what a mapping is asked and answers, wherever it is played or could be taught."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.crossing.counterparts import counterparts, encoded
from calibration.crossing.likeness import Moments
from mapper.features import AT, N_FEATURES, TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, HIGHEST, LOUDNESS, LOWEST, PITCH_OFFSET, Mapping
from presets.factory.fitting import STRAY
from presets.factory.gestures import DEMONSTRATED, gestures
from synth.space import Space

Array = NDArray[np.float32]

AGE: Final = TOUCH_FIELDS.index("age_s")
N_GESTURES: Final = 120
SEED: Final = 1
YOUNG_S, LATER_S = 0.060, 1.0
STRIDES: Final = (2, 6, 18)
"""Of the frames of the attack, of the first second and of later ones, one in so many is kept."""
STRAYED: Final = 3
"""One in so many is also asked with a loudness and a brightness that no gesture means there."""
PER_BUMP: Final = 6
STRIKE_S: Final = 0.002
HEARD_DB: Final = -75.0
"""What is softer needs no counterpart."""


class Repertoire(NamedTuple):
    """Rows of a mapping's inputs, what its instrument says there, and how that sounds.

    Attributes
    ----------
    inputs
        As the instrument's network reads them, shape (n, n_inputs).
    answers
        Of the instrument alone, within its range, shape (n, TRAJECTORY_SIZE).
    whole
        Of the instrument and the residual, likewise.
    moments
        When they are heard.
    start
        A code of the other space that is near, shape (n, CODE_SIZE).
    """

    inputs: Array
    answers: Array
    whole: Array
    moments: Moments
    start: Array

    def some(self, kept: slice | NDArray[np.intp]) -> "Repertoire":
        """Keep some rows."""
        return Repertoire(
            inputs=self.inputs[kept],
            answers=self.answers[kept],
            whole=self.whole[kept],
            moments=self.moments.some(kept),
            start=self.start[kept],
        )

    def near(self, rows: Array) -> "Repertoire":
        """Start from the codes of rows of answers in the other space."""
        start = np.clip(rows[:, :CODE_SIZE], LOWEST[:CODE_SIZE], HIGHEST[:CODE_SIZE])
        return self._replace(start=start)

    def found(self, old: Space, new: Space, rows: Array) -> Array:
        """Find what rows of answers are in the other space, shape (n, CODE_SIZE)."""
        return counterparts(old, new, rows[:, :CODE_SIZE], self.moments, self.start)


def repertoire(
    mapping: Mapping, old: Space, new: Space, played: Sequence[NDArray[np.floating]]
) -> Repertoire:
    """Play a mapping by gestures of every kind, and as it was played by hand.

    Parameters
    ----------
    played
        Touches of takes, columns `mapper.features.TOUCH_FIELDS`.
    """
    rng = np.random.default_rng(SEED)
    parts = [_of_touch(mapping, old, new, touch) for touch in _touches(mapping, played)]
    plain = _joined(parts)
    more = [plain, *_strayed(mapping, plain, rng), *_around_bumps(mapping, plain, rng)]
    return _joined(more)


def _touches(
    mapping: Mapping, played: Sequence[NDArray[np.floating]]
) -> Iterator[NDArray[np.floating]]:
    low, high = (
        float(bound[AT.pitch_note]) for bound in (mapping.feature_low, mapping.feature_high)
    )
    keys = float(np.clip(low, 0, 120)), float(np.clip(high, low + 1, 127))
    for gesture in gestures(SEED, DEMONSTRATED, N_GESTURES, keys):
        yield gesture.heard
    yield from played


def _of_touch(mapping: Mapping, old: Space, new: Space, touch: NDArray[np.floating]) -> Repertoire:
    features = gesture_features(touch)
    ages_s = np.asarray(touch[:, AGE], np.float64)
    inputs = mapping.inputs(features)
    answers, whole = _answers(mapping, inputs)
    moments = moments_of(features, whole)
    start = encoded(old, new, whole[:, :CODE_SIZE], moments, ages_s)
    stride = np.take(STRIDES, np.searchsorted((YOUNG_S, LATER_S), ages_s, side="right"))
    kept = (np.arange(len(ages_s)) % stride == 0) & (whole[:, LOUDNESS] > HEARD_DB)
    return Repertoire(inputs, answers, whole, moments, start).some(np.flatnonzero(kept))


def _answers(mapping: Mapping, inputs: Array) -> tuple[Array, Array]:
    alone = mapping.instrument.predict(inputs)
    whole = alone + mapping.residual.predict(inputs) if mapping.residual else alone
    low, high = mapping.low, mapping.high
    return np.clip(alone, low, high), np.clip(whole, low, high)


def moments_of(features: Array, answers: Array) -> Moments:
    """Tell when answers to features are heard."""
    note = features[:, AT.pitch_note] + answers[:, PITCH_OFFSET] / np.float32(100.0)
    return Moments(answers[:, LOUDNESS], note, features[:, AT.age_s] < STRIKE_S)


def _strayed(mapping: Mapping, plain: Repertoire, rng: np.random.Generator) -> list[Repertoire]:
    """Ask for loudness and brightness that no gesture means, as another hand's reading may."""
    if mapping.reading is None:
        return []
    rows = plain.inputs[::STRAYED].copy()
    stray = STRAY * rng.uniform(-1.0, 1.0, (len(rows), len(STRAY)))
    rows[:, N_FEATURES:] += (stray / mapping.reading.spread).astype(np.float32)
    return [_asked(mapping, rows, plain.start[::STRAYED])]


def _around_bumps(
    mapping: Mapping, plain: Repertoire, rng: np.random.Generator
) -> list[Repertoire]:
    """Ask where a residual's bumps lie, each a few times."""
    if mapping.residual is None:
        return []
    told = mapping.residual.scale > 0
    centre = np.repeat(mapping.residual.centre, PER_BUMP, axis=0)
    at = rng.choice(len(plain.inputs), len(centre))
    near = centre + rng.normal(0.0, 0.5, centre.shape)
    rows = plain.inputs[at].copy()
    rows[:, told] = (near[:, told] / mapping.residual.scale[told]).astype(np.float32)
    return [_asked(mapping, rows, plain.start[at])]


def _asked(mapping: Mapping, inputs: Array, start: Array) -> Repertoire:
    """Ask a mapping rows of inputs."""
    answers, whole = _answers(mapping, inputs)
    features = inputs[:, :N_FEATURES] * mapping.spread + mapping.centre
    return Repertoire(inputs, answers, whole, moments_of(features, whole), start)


def _joined(parts: Sequence[Repertoire]) -> Repertoire:
    loudness_db, note, is_strike = zip(*(part.moments for part in parts), strict=True)
    return Repertoire(
        inputs=np.concatenate([part.inputs for part in parts]),
        answers=np.concatenate([part.answers for part in parts]),
        whole=np.concatenate([part.whole for part in parts]),
        moments=Moments(*map(np.concatenate, (loudness_db, note, is_strike))),
        start=np.concatenate([part.start for part in parts]),
    )
