"""The proof of axes: what a step along each changes, measured on sounds that did not find it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.moving.axes import Axes
from synth.moving.bend import Bend
from synth.moving.edge import Edge
from synth.moving.fingerprint import AGES_S as MARK_AGES_S
from synth.moving.fingerprint import JUST_NOTICEABLE_DB, distance_db, foreseen
from synth.moving.qualities import QUALITIES, Sounds, qualities
from synth.space import Axis, Space

Array = NDArray[np.float64]

STEPS: Final = (-1.5, -1.0, -0.5, 0.5, 1.0, 1.5)
N_PROVED: Final = 160
"""Held-out sounds that are moved."""
RIDGE: Final = 10.0
NOTE: Final = 60.0


def axis_cards(
    space: Space, sounds: Sounds, held_out: NDArray[np.bool_], axes: Axes, steps: Array
) -> tuple[Axis, ...]:
    """Measure axes on held-out sounds."""
    unseen, edge = thinned(sounds.some(held_out), N_PROVED), Edge(space)
    readable = _readable(space, sounds, held_out)
    cards = []
    for place, quality in enumerate(QUALITIES):
        bend = axes.step(place)
        changes = changed(space, unseen, bend, edge) / steps
        effects = slopes(changes).round(3)
        cards.append(
            Axis(
                name=quality.name,
                low=quality.low,
                high=quality.high,
                unit=quality.unit,
                step=float(steps[place]),
                just_noticeable=_just_noticeable(space, unseen, bend, edge),
                r2=_r2(changes[..., place]),
                readable_r2=readable[place],
                effects={q.name: float(s) for q, s in zip(QUALITIES, effects, strict=True)},
            )
        )
    return tuple(cards)


def bent(sounds: Sounds, bend: Bend, edge: Edge) -> Sounds:
    """Bend many sounds, each within the edge."""
    heard_s, ages_s = bend.ages_s(sounds.ages_s), sounds.ages_s
    codes = [
        np.stack([np.interp(heard_s, ages_s, column) for column in course.T], axis=1)
        for course in sounds.codes
    ]
    peaks = sounds.loudness_db.max(axis=1)
    levels = [
        peak + bend.level_db(ages_s, np.interp(heard_s, ages_s, loudness - peak))
        for peak, loudness in zip(peaks, sounds.loudness_db, strict=True)
    ]
    moved = edge.within(np.stack(codes) + bend.codes(ages_s))
    return sounds._replace(codes=moved, loudness_db=np.stack(levels))


def changed(space: Space, sounds: Sounds, bend: Bend, edge: Edge) -> Array:
    """Measure what moving by each of `STEPS` changes, shape (len(STEPS), n, len(QUALITIES))."""
    before = qualities(space, sounds)
    after = [qualities(space, bent(sounds, bend.times(amount), edge)) for amount in STEPS]
    return np.stack(after) - before


def thinned(sounds: Sounds, count: int) -> Sounds:
    """Keep at most so many sounds, spread over all."""
    kept = np.zeros(len(sounds.note), bool)
    kept[np.linspace(0, len(kept) - 1, min(count, len(kept))).astype(int)] = True
    return sounds.some(kept)


def _r2(changes: Array) -> float:
    """How well a straight line through the origin tells changes, shape (len(STEPS), n), by steps."""
    amounts = np.tile(np.array(STEPS)[:, None], changes.shape[1])
    slope = (changes * amounts).sum() / (amounts**2).sum()
    left = ((changes - slope * amounts) ** 2).sum()
    return float(1.0 - left / max(((changes - changes.mean()) ** 2).sum(), 1e-12))


def slopes(changes: Array) -> Array:
    """Tell every quality's mean change by the steps moved, shape (len(QUALITIES),)."""
    amounts = np.array(STEPS)
    return np.asarray(np.tensordot(amounts, changes.mean(axis=1), 1) / (amounts**2).sum())


def _just_noticeable(space: Space, sounds: Sounds, bend: Bend, edge: Edge) -> float:
    """Tell the share of a step by which fingerprints differ as much as is just heard."""
    before, after = (_marks(space, one) for one in (sounds, bent(sounds, bend, edge)))
    return float(JUST_NOTICEABLE_DB / max(float(distance_db(before, after).mean()), 1e-6))


def _marks(space: Space, sounds: Sounds) -> Array:
    at = np.abs(sounds.ages_s[:, None] - np.array(MARK_AGES_S)).argmin(axis=0)
    level_db = sounds.loudness_db - sounds.loudness_db.max(axis=1, keepdims=True)
    return foreseen(space, sounds.codes[:, at], level_db[:, at], NOTE)


def _readable(space: Space, sounds: Sounds, held_out: NDArray[np.bool_]) -> list[float]:
    """Read each quality off the codes by ridge regression, pitch known; R2 on what was held out."""
    measured = qualities(space, sounds)
    octaves = (sounds.note - NOTE) / 12.0
    early, late = sounds.ages_s < 0.05, (sounds.ages_s > 0.1) & (sounds.ages_s < 1.0)
    told = [sounds.codes[:, part].mean(axis=1) for part in (early, late)]
    inputs = np.column_stack([*told, octaves, octaves**2, np.ones_like(octaves)])
    train, tried = ~held_out, held_out
    gram = inputs[train].T @ inputs[train] + RIDGE * np.eye(inputs.shape[1])
    weights = np.linalg.solve(gram, inputs[train].T @ measured[train])
    left = ((measured[tried] - inputs[tried] @ weights) ** 2).sum(axis=0)
    spread = ((measured[tried] - measured[tried].mean(axis=0)) ** 2).sum(axis=0)
    return [float(r2) for r2 in 1.0 - left / np.maximum(spread, 1e-12)]
