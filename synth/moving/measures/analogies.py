"""Analogies: whether what tells two sounds apart does the same to a third, ranked among all sounds."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.moving.fingerprint import distance_db, fingerprint
from synth.moving.mixture import Mixer, Mixture, Part, analogous
from synth.moving.naming import Name, instruments
from synth.moving.neighbours import marks
from synth.moving.surface import instrument_of
from synth.space import Space

Array = NDArray[np.float64]

SOFT, HARD = 35 / 127, 125 / 127
NOTE: Final = 60.0


class Question(NamedTuple):
    """`like` is to `unlike` as the answer is to `base`."""

    like: Name
    unlike: Name
    base: Name
    answer: Name


def strike_questions(space: Space, count: int, seed: int = 0) -> list[Question]:
    """Ask of an instrument played hard, from another played soft and hard."""
    known = instruments(space)
    rng = np.random.default_rng(seed)
    drawn = (rng.choice(len(known), 2, replace=False) for _ in range(count))
    return [
        Question(
            like=Name(known[one], NOTE, HARD),
            unlike=Name(known[one], NOTE, SOFT),
            base=Name(known[other], NOTE, SOFT),
            answer=Name(known[other], NOTE, HARD),
        )
        for one, other in drawn
    ]


def analogy_ranks(space: Space, questions: Sequence[Question]) -> Array:
    """Answer questions one by one, shape (n_questions, 3).

    Returns
    -------
    NDArray
        The rank of the true answer by the result, which is the share of the sounds of other
        instruments that are farther from the result than the answer is: 0.5 by chance, 1 where the
        answer is the nearest. The same by the base as it is, which knows its instrument and nothing
        of the change. 1 where the result is nearer to the answer than the base is, else 0.
    """
    mixer = Mixer(space)
    return np.array([_answered(mixer, question) for question in questions]).reshape(-1, 3)


def _answered(mixer: Mixer, question: Question) -> tuple[float, float, float]:
    """Rank of the answer by the result and by the base, and whether the result is nearer."""
    asked = analogous(question.like, question.unlike, question.base)
    result, base, answer = (
        fingerprint(mixer.space, mixer.course(mixture, NOTE))
        for mixture in (asked, _alone(question.base), _alone(question.answer))
    )
    others = _others(mixer.space, question)
    ranks = [
        float((distance_db(others, mark) > distance_db(answer, mark)).mean())
        for mark in (result, base)
    ]
    return ranks[0], ranks[1], float(distance_db(result, answer) < distance_db(base, answer))


def _alone(name: Name) -> Mixture:
    return Mixture(parts=(Part(name, 1.0),))


def _others(space: Space, question: Question) -> Array:
    """Fingerprints of all sounds but those of the answer's instrument."""
    is_other = [instrument_of(s.name) != question.answer.instrument for s in space.card.sounds]
    return marks(space, NOTE)[np.array(is_other)]
