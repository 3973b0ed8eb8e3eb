"""Learning: from a few takes to a mapping that reads this hand and says what was demonstrated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.coupling import learn_vibrato
from calibration.fitting.examples import AGE, Example, Rows, align
from calibration.fitting.rereading import best_ridge, reread
from calibration.fitting.stilling import still_sound, still_touches
from calibration.fitting.supplement import Shape, best_shape, supplement
from calibration.fitting.trust import trusted
from mapper.mapping import CODE_SIZE, LOUDNESS, Mapping
from mapper.vibrato import Vibrato

Array = NDArray[np.float64]

FAMILIES: Final = ("as it was", "reading", "residual", "reading and residual")
"""What may be learned, from nothing to everything."""
LOUDNESS_UNIT_DB: Final = 6.0
"""An error of the loudness that weighs like one of the whole code's spread."""
GAIN: Final = 0.98
"""A family of more must leave at most this share of the error of one of less."""
SHORTEST_S: Final = 0.1
MOST_FOLDS: Final = 6
"""Held-out parts; more of them cost time and tell little more."""
FEWEST: Final = 2
"""Takes needed before one can be held out."""


class LearningError(ValueError):
    """Nothing can be learned; the message is one sentence for the player."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A mapping and how it was come by.

    Attributes
    ----------
    mapping
        The base mapping itself where nothing better was found.
    family
        Which of `FAMILIES` it is.
    errors
        Error of each family on takes held out, relative to the spread of the targets.
    lags_s
        How late the hand was in each take.
    vibrato
        What was learned of the player's own, None where no take shows one and asks for one.
    """

    mapping: Mapping
    family: str
    errors: dict[str, float]
    lags_s: tuple[float, ...]
    vibrato: Vibrato | None = None

    @property
    def adopted(self) -> bool:
        """Whether anything was learned that is better on takes held out, or a vibrato."""
        return self.family != FAMILIES[0] or self.vibrato is not None


def learn(base: Mapping, examples: Sequence[Example], strike_share: float = 1.0) -> Learned:
    """Learn from examples; equal examples give equal mappings.

    A vibrato is learned apart, and the rest as if there were none: the reading first, its takes
    aligned by what it makes of them, then the residual. Takes held out in turn decide how much of
    that is kept.

    Raises
    ------
    LearningError
        When the base has no reading, or no example can be learned from.
    """
    if base.reading is None:
        raise LearningError(
            "this preset cannot be taught; choose one that can, such as a factory preset"
        )
    usable = [example for example in examples if example.weight > 0.0]
    for number, example in enumerate(usable, start=1):
        _check(number, example)
    if not usable:
        return Learned(mapping=base, family=FAMILIES[0], errors={}, lags_s=())
    vibrato = learn_vibrato((example.touches, example) for example in usable)
    usable = [stilled(example) for example in usable]
    rows = trusted(base, align(base, usable, strike_share))
    if len(rows) >= FEWEST:
        read = reread(base, rows, best_ridge(base, rows))
        rows = trusted(read, align(read, usable, strike_share))
    settings = _settings(base, rows)
    errors = _held_out(base, rows, settings) if len(rows) >= FEWEST else {}
    family = _choose(errors)
    mapping = _families(base, rows, settings)[family]
    return Learned(
        mapping=replace(mapping, vibrato=vibrato) if vibrato else mapping,
        family=family,
        errors=errors,
        lags_s=tuple(one.lag_s for one in rows),
        vibrato=vibrato,
    )


def _check(number: int, example: Example) -> None:
    """Refuse what cannot be learned from, in a sentence."""
    arrays = (example.touches, example.descriptors, example.trajectory)
    if not all(np.isfinite(array).all() for array in arrays):
        raise LearningError(f"take {number} holds numbers that are not finite; leave it out")
    if len(example.touches) == 0 or min(example.held_s, example.touches[-1, AGE]) < SHORTEST_S:
        raise LearningError(
            f"take {number} is shorter than {SHORTEST_S:g} s, too short to learn from; leave it out"
        )


def stilled(example: Example) -> Example:
    """Take the vibrato out of an example."""
    trajectory, descriptors = still_sound(example)
    touches = still_touches(example.touches)
    return replace(example, touches=touches, trajectory=trajectory, descriptors=descriptors)


class Settings(NamedTuple):
    """How strongly each part is kept small: of the reading, and of the residual with either."""

    ridge: float
    alone: Shape
    after: Shape


def _settings(base: Mapping, rows: Sequence[Rows]) -> Settings:
    ridge = best_ridge(base, rows)
    return Settings(ridge, best_shape(base, rows), best_shape(reread(base, rows, ridge), rows))


def _families(base: Mapping, rows: Sequence[Rows], settings: Settings) -> dict[str, Mapping]:
    """Learn every family from the same rows."""
    read = reread(base, rows, settings.ridge)
    learned = (
        base,
        read,
        supplement(base, rows, settings.alone),
        supplement(read, rows, settings.after),
    )
    return dict(zip(FAMILIES, learned, strict=True))


def _held_out(base: Mapping, rows: Sequence[Rows], settings: Settings) -> dict[str, float]:
    """Error of each family on takes that it was not learned from, a few held out at a time."""
    totals = dict.fromkeys(FAMILIES, 0.0)
    n_folds = min(len(rows), MOST_FOLDS)
    for fold in range(n_folds):
        others = [one for place, one in enumerate(rows) if place % n_folds != fold]
        for name, learned in _families(base, others, settings).items():
            for one in rows[fold::n_folds]:
                totals[name] += one.weight * error(learned, one) ** 2
    weight = sum(one.weight for one in rows)
    scale = _spread(rows)
    return {name: float(np.sqrt(total / weight)) / scale for name, total in totals.items()}


def error(mapping: Mapping, rows: Rows) -> float:
    """RMS distance of what a mapping says from what should sound, in units of the code."""
    said = mapping.predict(rows.features.astype(np.float32)).astype(np.float64)
    wrong = said - rows.trajectory
    code = (wrong[:, :CODE_SIZE] ** 2).sum(axis=1)
    loudness = (wrong[:, LOUDNESS] / LOUDNESS_UNIT_DB) ** 2
    return float(np.sqrt((code + loudness).mean()))


def _spread(rows: Sequence[Rows]) -> float:
    codes = np.vstack([one.trajectory[:, :CODE_SIZE] for one in rows])
    return float(np.sqrt(codes.var(axis=0).sum())) or 1.0


def _choose(errors: dict[str, float]) -> str:
    """Choose the family of least error, more only where it is worth it."""
    best = FAMILIES[0]
    for name in FAMILIES[1:]:
        if errors and errors[name] < GAIN * errors[best]:
            best = name
    return best
