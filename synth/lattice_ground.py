"""The ground of a lattice: where what is played lies, and in which directions it is heard to differ."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import CODE_SIZE, NOISE, PARTIALS
from synth.decoder import decode
from synth.lattice import Axis
from synth.space import Space

Array = NDArray[np.float64]

NOTE_STEP: Final = 3.0
MARGIN_NOTES: Final = 12.0
"""The lattice goes on so far beyond the keys that a preset was made for."""
DB_STEP: Final = 8.0
QUIETEST_DB: Final = -72.0
"""Below this the controls of this loudness go on."""
LEAST_HEARD: Final = 1e-4
"""No step of the code counts by less than this share of the strongest one's power."""
N_PROBED: Final = 400
NUDGE: Final = 0.1
AUDIBLE_DB: Final = -60.0
SMOOTHNESS: Final = 3.0
"""How strongly the centre's neighbours are drawn to each other where little was seen."""
SEED: Final = 1


class Reach(NamedTuple):
    """Codes as they are played, each with its loudness in dB and its sounding pitch as a note."""

    codes: Array
    loudness_db: Array
    note: Array


class Ground(NamedTuple):
    """What is played, about its centre and measured by what is heard of it.

    A unit along one of the directions that `readers` read is a change of the audible controls of
    1 dB on average; `steps` are such units of the code, the strongest first.
    """

    notes: Axis
    loudness_db: Axis
    centre: Array
    readers: Array
    steps: Array
    seen: Array


def survey(space: Space, reach: Reach) -> Ground:
    """Find the centre of what is played, and the directions in which it is heard to differ."""
    notes, loudness = _axis_of_notes(reach.note), _axis_of_loudness(reach.loudness_db)
    tents = _tents(reach, notes, loudness)
    centre = _centre(reach.codes, tents, (notes.n, loudness.n))
    away = reach.codes - tents @ centre.reshape(-1, CODE_SIZE)
    return Ground(notes, loudness, centre, *_directions(space, reach, away))


def _axis_of_notes(note: Array) -> Axis:
    low, high = np.quantile(note, (0.01, 0.99))
    low = float(np.clip(np.floor(low - MARGIN_NOTES), 0.0, 120.0))
    high = float(np.clip(high + MARGIN_NOTES, low + NOTE_STEP, 135.0))
    return Axis(low=low, step=NOTE_STEP, n=int(np.ceil((high - low) / NOTE_STEP)) + 1)


def _axis_of_loudness(loudness_db: Array) -> Axis:
    low = max(QUIETEST_DB, float(np.floor(np.quantile(loudness_db, 0.01))))
    high = max(float(np.ceil(loudness_db.max())), low + DB_STEP)
    n = int(np.ceil((high - low) / DB_STEP)) + 1
    return Axis(low=low, step=(high - low) / (n - 1), n=n)


def _tents(reach: Reach, notes: Axis, loudness: Axis) -> Array:
    """Shares of each point of the plane of notes and loudnesses in each row, shape (n, n_points)."""
    p, higher = notes.places(reach.note)
    q, louder = loudness.places(reach.loudness_db)
    rows = np.arange(len(reach.note))
    tents = np.zeros((len(rows), notes.n, loudness.n))
    for i, of_note in enumerate((1.0 - higher, higher)):
        for j, of_loudness in enumerate((1.0 - louder, louder)):
            tents[rows, p + i, q + j] = of_note * of_loudness
    return tents.reshape(len(rows), -1)


def _centre(codes: Array, tents: Array, shape: tuple[int, int]) -> Array:
    """Find the code about which what is played lies, at each note and loudness."""
    at = np.arange(tents.shape[1]).reshape(shape)
    pairs = [*zip(at[1:].ravel(), at[:-1].ravel(), strict=True)]
    pairs += [*zip(at[:, 1:].ravel(), at[:, :-1].ravel(), strict=True)]
    smooth = np.zeros((len(pairs), at.size))
    for row, (one, other) in enumerate(pairs):
        smooth[row, one], smooth[row, other] = SMOOTHNESS, -SMOOTHNESS
    known = tents.T @ tents + smooth.T @ smooth + 1e-6 * np.eye(at.size)
    mean = codes.mean(axis=0)
    found = np.linalg.solve(known, tents.T @ (codes - mean)) + mean
    return np.asarray(found.reshape(*shape, CODE_SIZE))


def _directions(space: Space, reach: Reach, away: Array) -> tuple[Array, Array, Array]:
    """Find the directions in which what is played changes the controls most, the strongest first.

    A step of the code counts by what it does to the audible controls: lengths are measured by the
    mean product of two steps' changes instead of by the code itself. Returns readers, steps and
    where what is played lies, as `Ground` has them.
    """
    values, vectors = np.linalg.eigh(_metric(space, reach))
    root = np.sqrt(np.maximum(values, max(LEAST_HEARD * values.max(), 1e-12)))
    to_heard, from_heard = (vectors * root) @ vectors.T, (vectors / root) @ vectors.T
    heard = away @ to_heard
    _, directions = np.linalg.eigh(heard.T @ heard)
    directions = directions[:, ::-1].T
    return directions @ to_heard, directions @ from_heard, heard @ directions.T


def _probed(reach: Reach, count: int) -> Reach:
    chosen = np.random.default_rng(SEED).choice(
        len(reach.note), min(count, len(reach.note)), replace=False
    )
    return Reach(*(column[chosen] for column in reach))


def _metric(space: Space, reach: Reach) -> Array:
    """Mean product of the changes of audible levels, for two steps of the code, in dB squared."""
    probed = _probed(reach, N_PROBED)
    here = _decoded(space, probed.codes, probed)
    levels = np.r_[PARTIALS, NOISE]
    heard = (here[:, levels] > AUDIBLE_DB).astype(np.float64)
    heard /= np.maximum(heard.sum(axis=1, keepdims=True), 1.0)
    changes = np.stack(
        [
            (_decoded(space, probed.codes + NUDGE * step, probed) - here)[:, levels] / NUDGE
            for step in np.eye(CODE_SIZE)
        ]
    )
    return np.asarray(np.einsum("inc,jnc,nc->ij", changes, changes, heard) / len(probed.note))


def _decoded(space: Space, codes: Array, reach: Reach) -> Array:
    return decode(space, codes.astype(np.float32), reach.loudness_db, reach.note).astype(np.float64)
