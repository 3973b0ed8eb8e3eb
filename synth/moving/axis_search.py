"""The search for axes: regressions on a space's own decoded sounds, made independent of each other."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.controls import CODE_SIZE
from synth.moving.axes import FEWEST_SOUNDS, Axes
from synth.moving.axis_proof import axis_cards, changed, slopes, thinned
from synth.moving.edge import Edge
from synth.moving.qualities import N_TIMBRAL, QUALITIES, Sounds, qualities, timbre
from synth.moving.surface import instrument_of
from synth.space import Space, SpaceCard

Array = NDArray[np.float64]

HELD_OUT_ONE_IN: Final = 4
"""Of the instruments, one in so many is kept for the proof."""
STEP: Final = 0.5
"""Deviations of a quality over the codebook that make a step of its axis."""
NUDGE: Final = 0.35
"""Nudges by which the decoder is asked what it does, deviations of the codes."""
ALIKE: Final = 1e-3
N_NUDGES: Final = 8
N_ASKED: Final = 240
"""Sounds whose decoding is asked."""
ROUNDS: Final = 3
"""Times that the directions are corrected by what whole steps along them do."""
ONSET_AGES_S: Final = (0.0, 0.03)
LATER_AGES_S: Final = (0.1, 0.4)
SEED: Final = 0
LEAST_DONE: Final = 0.3
"""An envelope that does less than this share of what it should is not stretched further."""
ATTACK, DECAY = N_TIMBRAL, N_TIMBRAL + 1


def with_axes(
    card: SpaceCard, arrays: dict[str, NDArray[np.float32]]
) -> tuple[SpaceCard, dict[str, NDArray[np.float32]]]:
    """Find the axes of a space that is being made, and add them to its card and arrays."""
    others = {name: array for name, array in arrays.items() if not name.startswith("axes.")}
    axes = find_axes(Space(card.model_copy(update={"axes": ()}), others))
    return card.model_copy(update={"axes": axes.cards}), others | axes.arrays


def find_axes(space: Space) -> Axes:
    """Find an axis for each of `QUALITIES`; none in a space whose sounds are few or all alike.

    Timbral directions are those in which the decoder's answer to small nudges, at equal pitch and
    loudness, changes one quality and none of the others, the shortest such by the codebook's own
    spread. Attack and decay are envelopes, with the codes that go with them where other qualities
    are equal. One step is half a standard deviation over the codebook, pitch left out.
    """
    none = Axes((), np.zeros((0, CODE_SIZE)), np.zeros((0, CODE_SIZE)), np.zeros((0, 2)))
    try:
        return _found(space) if len(space.card.sounds) >= FEWEST_SOUNDS else none
    except np.linalg.LinAlgError:
        return none


def _found(space: Space) -> Axes:
    sounds, held_out = Sounds.of(space), _held_out(space)
    seen = sounds.some(~held_out)
    measured, asked = qualities(space, seen), thinned(seen, N_ASKED)
    steps = STEP * _spread(measured, seen.note)
    if not (steps > ALIKE).all():
        raise np.linalg.LinAlgError("a quality is the same of all sounds")
    directions = _timbral(space, asked, steps)
    found = _with_envelopes(seen, measured, steps, directions)
    answers = _answers(space, asked, found.directions[ATTACK:])
    found.directions[ATTACK:] -= (answers / steps[:N_TIMBRAL]) @ directions
    for place in (ATTACK, DECAY):
        found.envelopes[place] /= _share_done(space, asked, found, place, steps)
    return found._replace(cards=axis_cards(space, sounds, held_out, found, steps))


def _held_out(space: Space) -> NDArray[np.bool_]:
    names = [instrument_of(sound.name) for sound in space.card.sounds]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([places[name] % HELD_OUT_ONE_IN == 1 for name in names])


def _pitch(note: Array) -> Array:
    """Covariates that stand for pitch, shape (n, 3)."""
    octaves = (note - 60.0) / 12.0
    return np.stack([np.ones_like(octaves), octaves, octaves**2], axis=1)


def _spread(measured: Array, note: Array) -> Array:
    """Measure the deviation of each quality, pitch left out, shape (len(QUALITIES),)."""
    pitch = _pitch(note)
    left = measured - pitch @ np.linalg.lstsq(pitch, measured, rcond=None)[0]
    return np.asarray(left.std(axis=0))


def _timbral(space: Space, sounds: Sounds, steps: Array) -> Array:
    """Find directions of which each changes one timbral quality by a step, shape (4, CODE_SIZE)."""
    covariance = Edge(space).covariance
    gradient = _slopes(space, sounds, covariance) / steps[:N_TIMBRAL, None]
    spread = gradient @ covariance
    directions: Array = np.asarray(np.linalg.solve(spread @ gradient.T, spread), np.float64)
    for _ in range(ROUNDS):
        done = _answers(space, sounds, directions) / steps[:N_TIMBRAL]
        directions = np.asarray(np.linalg.solve(done, directions), np.float64)
    return directions


def _slopes(space: Space, sounds: Sounds, covariance: Array) -> Array:
    """Regress what nudges of the codes change on the nudges, shape (4, CODE_SIZE)."""
    rng = np.random.default_rng(SEED)
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(CODE_SIZE))
    nudges, changes = [], []
    for _ in range(N_NUDGES):
        nudge = NUDGE * rng.normal(size=(len(sounds.note), CODE_SIZE)) @ root.T
        nudges.append(nudge)
        changes.append(_change(space, sounds, nudge))
    bounded = np.concatenate(changes)
    bounded = np.clip(bounded, *np.quantile(bounded, (0.01, 0.99), axis=0))
    return np.asarray(np.linalg.lstsq(np.concatenate(nudges), bounded, rcond=None)[0].T)


def _change(space: Space, sounds: Sounds, step: Array) -> Array:
    """Half of what lies between a step on and a step back, shape (n, 4)."""
    on, back = (
        timbre(space, sounds._replace(codes=sounds.codes + sign * step[:, None]))
        for sign in (1.0, -1.0)
    )
    return np.asarray((on - back) / 2.0)


def _answers(space: Space, sounds: Sounds, directions: Array) -> Array:
    """Measure the median change that a step along each direction makes, shape (n_directions, 4)."""
    n_sounds = len(sounds.note)
    return np.stack(
        [
            np.median(_change(space, sounds, np.tile(step, (n_sounds, 1))), axis=0)
            for step in directions
        ]
    )


def _share_done(space: Space, sounds: Sounds, axes: Axes, place: int, steps: Array) -> float:
    """Measure how much of what it should do an envelope does."""
    changes = changed(space, sounds, axes.step(place), Edge(space))
    return max(float(slopes(changes)[place] / steps[place]), LEAST_DONE)


class _Parts(NamedTuple):
    """Mean codes of the sounds' onsets and of what follows, shape (n, CODE_SIZE)."""

    onset: Array
    later: Array


def _parts(sounds: Sounds) -> _Parts:
    means = []
    for first_s, last_s in (ONSET_AGES_S, LATER_AGES_S):
        within = (sounds.ages_s >= first_s) & (sounds.ages_s <= last_s)
        means.append(sounds.codes[:, within].mean(axis=1))
    return _Parts(*means)


def _with_envelopes(sounds: Sounds, measured: Array, steps: Array, timbral: Array) -> Axes:
    """Add the codes and envelopes of attack and decay, other qualities and pitch being equal."""
    parts = _parts(sounds)
    equal = np.hstack([measured / steps, _pitch(sounds.note)])
    onset = np.linalg.lstsq(equal, parts.onset - parts.later, rcond=None)[0]
    later = np.linalg.lstsq(equal, parts.later, rcond=None)[0]
    n_axes = len(QUALITIES)
    directions, onsets = np.zeros((n_axes, CODE_SIZE)), np.zeros((n_axes, CODE_SIZE))
    directions[:N_TIMBRAL], directions[DECAY] = timbral, later[DECAY]
    onsets[ATTACK] = onset[ATTACK]
    envelopes = np.zeros((n_axes, 2))
    envelopes[ATTACK, 0], envelopes[DECAY, 1] = steps[ATTACK], steps[DECAY]
    return Axes((), directions, onsets, envelopes)
