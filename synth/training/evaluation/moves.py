"""Moves: how a space is moved in: evenly, beyond its sounds, by analogy, as one sound, apart from pitch."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import joblib
import numpy as np
from numpy.typing import NDArray

from synth.moving.measures.analogies import analogy_ranks, strike_questions
from synth.moving.measures.evenness import evenness
from synth.moving.measures.extrapolation import ON_PITCH_CENTS, extrapolation
from synth.moving.measures.fusedness import fusedness, performance
from synth.moving.measures.leakage import told_pitch
from synth.moving.measures.pairing import pairs
from synth.moving.mixture import Mixer, mix
from synth.moving.naming import instruments
from synth.space import Space
from synth.training.corpus import Progress
from synth.training.evaluation.intervals import Figure, explained_figure, mean_figure
from synth.training.evaluation.shelf import recalled
from synth.training.evaluation.systems import fingerprint

Array = NDArray[np.float64]
Pair = tuple[str, str]
Item = TypeVar("Item")

VERSION: Final = 1
"""Part of every hash: raise it when a measure or the renderer changes."""
N_PAIRS: Final = 50
QUESTIONS_OF_A_PAIR: Final = 6
PAIRS_OF_A_JOB, QUESTIONS_OF_A_JOB = 2, 50
KEY: Final = 60.0
PLAYED_S: Final = 1.5
VIBRATOS_HZ, LATE_S = (4.5, 6.5), (0.005, 0.09)
"""How two sounds are played whose mixture should move as one: with other vibratos and onsets."""

WALKED: Final = ("step_by_ear", "path_by_ear", "step_in_codes", "path_in_codes")
BEYOND: Final = (
    "beyond_finite",
    "beyond_loudness_db",
    "beyond_level_db",
    "beyond_in_tune",
    "beyond_reached",
)
ANSWERED: Final = ("analogy_rank", "analogy_base_rank", "analogy_nearer")
FUSED: Final = tuple(
    f"{what}_{way}"
    for what in ("swells", "attack")
    for way in ("alone", "mixed", "cross_faded", "blended")
)
LEAKED: Final = "pitch_leaked"


class _Job(NamedTuple):
    """A part of the work.

    Attributes
    ----------
    names
        Of the figures, one for each column of what it measures.
    about
        What that depends on beside the space.
    groups
        What resembles each other, for each row.
    """

    names: tuple[str, ...]
    about: str
    groups: list[str]
    rows: Callable[[], Array]


def measure_moves(
    space: Space,
    store: Path,
    *,
    n_pairs: int = N_PAIRS,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> dict[str, Figure]:
    """Measure how a space is moved in; what the store has is not measured again.

    Parameters
    ----------
    store
        Folder where what was measured is kept.
    n_pairs
        How many pairs of instruments are gone between.

    Returns
    -------
    dict
        Figures by name, but for those that cannot be measured.
    """
    store.mkdir(parents=True, exist_ok=True)
    jobs = [*_ways(space, n_pairs), *_answers(space, n_pairs)]
    content = _content(space)
    calls = (joblib.delayed(_measured)(job, content, store) for job in jobs)
    values: dict[str, list[float]] = {}
    groups: dict[str, list[str]] = {}
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator")
    for done, (job, rows) in enumerate(zip(jobs, parallel(calls), strict=True), start=1):
        for name, column in zip(job.names, rows.T, strict=True):
            values.setdefault(name, []).extend(column)
            groups.setdefault(name, []).extend(job.groups)
        progress(done, len(jobs))
    found = {name: mean_figure(column, groups[name]) for name, column in values.items()}
    if len(instruments(space)) > 1:
        found[LEAKED] = explained_figure(*told_pitch(space))
    return {name: figure for name, figure in found.items() if figure is not None}


def _measured(job: _Job, content: str, store: Path) -> Array:
    about = f"moves {VERSION} {content} {job.names} {job.about}"
    return recalled(store, about, lambda: {"rows": job.rows()})["rows"]


def _content(space: Space) -> str:
    """Hash what a space moves by: its networks, and its codebook too."""
    digest = hashlib.blake2b(fingerprint(space).encode(), digest_size=16)
    for array in (space.codes, space.loudness_db):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(f"{space.card.ages_s} {space.card.sounds}".encode())
    return digest.hexdigest()


def _ways(space: Space, n_pairs: int) -> list[_Job]:
    """Go from sound to sound, as far again beyond, and sound both at once."""
    return [
        _Job(names, f"{some}", [" ".join(pair) for pair in some], partial(measure, space, some))
        for some in _split(pairs(space, n_pairs), PAIRS_OF_A_JOB)
        for names, measure in ((WALKED, _walked), (BEYOND, _gone_beyond), (FUSED, _fused))
    ]


def _walked(space: Space, some: Sequence[Pair]) -> Array:
    ways = [evenness(space, some, by_ear=by_ear) for by_ear in (True, False)]
    return np.stack([column for way in ways for column in (way.largest_step, way.path)], axis=1)


def _gone_beyond(space: Space, some: Sequence[Pair]) -> Array:
    found = extrapolation(space, some)
    in_tune = np.where(
        found.own_cents <= ON_PITCH_CENTS, found.cents <= ON_PITCH_CENTS, float("nan")
    )
    away_db = np.abs(found.loudness_db), np.abs(found.level_db)
    return np.stack([found.finite, *away_db, in_tune, found.share], axis=1).astype(np.float64)


def _fused(space: Space, some: Sequence[Pair]) -> Array:
    mixer, rows = Mixer(space), []
    for pair in some:
        played = [
            performance(
                mixer,
                mixer.course(mix(space, {name: 1.0}), KEY),
                length_s=PLAYED_S,
                vibrato_hz=vibrato_hz,
                late_s=late_s,
            )
            for name, vibrato_hz, late_s in zip(pair, VIBRATOS_HZ, LATE_S, strict=True)
        ]
        found = fusedness(space, *played)
        ways = (np.mean(found.alone, axis=0), found.mixed, found.cross_faded, found.blended)
        rows.append(np.stack(ways, axis=1).ravel())
    return np.array(rows)


def _answers(space: Space, n_pairs: int) -> list[_Job]:
    if len(instruments(space)) < 2:
        return []
    asked = strike_questions(space, QUESTIONS_OF_A_PAIR * n_pairs)
    return [
        _Job(
            ANSWERED,
            f"{some}",
            [q.base.instrument for q in some],
            partial(analogy_ranks, space, some),
        )
        for some in _split(asked, QUESTIONS_OF_A_JOB)
    ]


def _split(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    return [items[at : at + size] for at in range(0, len(items), size)]
