"""Rereading: correcting what a mapping reads in a hand, from aligned takes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.fitting.examples import MEANT, Rows
from mapper.features import AT, N_FEATURES
from mapper.mapping import Mapping
from mapper.network import Network
from mapper.reading import N_DESCRIPTORS
from presets.factory.fitting import DESCRIPTOR_UNITS

Array = NDArray[np.float64]

SEEN: Final = [AT.level, AT.effort, AT.press, AT.slide, AT.glide_semitones, AT.strike, AT.hold]
"""Features that a hand shapes."""
CURVED: Final = [AT.level, AT.effort, AT.slide]
N_UNITS: Final = 24
SEED: Final = 3
RIDGES: Final = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Strengths with which a correction is kept small, chosen on takes held out."""
EVERY: Final = 4
"""One row in so many is used: neighbours tell the same."""


class Corrections(NamedTuple):
    """What each take has to correct: terms of the hand, and what the reading gets wrong."""

    terms: list[Array]
    wrong: list[Array]
    weights: Array


def corrections(mapping: Mapping, rows: Sequence[Rows]) -> Corrections:
    """Collect what a mapping reads wrongly."""
    assert mapping.reading
    hidden, bias = _units(mapping)
    terms, wrong = [], []
    for one in rows:
        x = mapping.standardise(one.features[::EVERY].astype(np.float32))
        said = mapping.reading.predict(x).astype(np.float64)
        wrong.append(((one.descriptors[::EVERY] - said) / DESCRIPTOR_UNITS)[:, MEANT])
        terms.append(_terms(x.astype(np.float64), hidden, bias))
    return Corrections(terms, wrong, np.array([one.weight for one in rows]))


def best_ridge(mapping: Mapping, rows: Sequence[Rows]) -> float:
    """Choose how small corrections are kept, by the error on takes held out in turn."""
    if len(rows) == 1:
        return RIDGES[-1]
    needed = corrections(mapping, rows)
    return min(RIDGES, key=lambda ridge: _held_out(needed, ridge))


def reread(mapping: Mapping, rows: Sequence[Rows], ridge: float) -> Mapping:
    """Correct a mapping's reading by a smooth function of what the hand did.

    Ridge regression on linear terms and fixed random tanh units; zero takes give zero correction.
    """
    assert mapping.reading
    network = mapping.reading.network
    hidden, bias = _units(mapping)
    linear, out, offset = _as_network(_solve(corrections(mapping, rows), ridge))
    corrected = Network(
        linear=network.linear + linear,
        offset=network.offset + offset,
        hidden=np.vstack([network.hidden, hidden.astype(np.float32)]),
        bias=np.concatenate([network.bias, bias.astype(np.float32)]),
        out=np.vstack([network.out, out]),
    )
    low, high = _reach(mapping, rows)
    return replace(mapping, reading=replace(mapping.reading, network=corrected, low=low, high=high))


def _units(mapping: Mapping) -> tuple[Array, Array]:
    """Draw the fixed units, each a step across what the hand shapes."""
    rng = np.random.default_rng(SEED)
    low = (mapping.feature_low - mapping.centre) / mapping.spread
    high = (mapping.feature_high - mapping.centre) / mapping.spread
    span = (high - low)[CURVED]
    hidden = np.zeros((N_UNITS, N_FEATURES))
    hidden[:, CURVED] = rng.normal(0.0, 1.5, (N_UNITS, len(CURVED))) / span * 2.0
    places = low[CURVED] + span * rng.uniform(0.0, 1.0, (N_UNITS, len(CURVED)))
    return hidden, -(hidden[:, CURVED] * places).sum(axis=1)


def _terms(x: Array, hidden: Array, bias: Array) -> Array:
    return np.hstack([np.ones((len(x), 1)), x[:, SEEN], np.tanh(x @ hidden.T + bias)])


def _sums(needed: Corrections) -> tuple[list[Array], list[Array]]:
    """Gram matrix and moment of each take, weighted."""
    parts = list(zip(needed.weights, needed.terms, needed.wrong, strict=True))
    return [w * x.T @ x for w, x, _ in parts], [w * x.T @ y for w, x, y in parts]


def _solve(needed: Corrections, ridge: float) -> Array:
    grams, moments = _sums(needed)
    return np.asarray(np.linalg.solve(sum(grams) + ridge * np.eye(len(grams[0])), sum(moments)))


def _held_out(needed: Corrections, ridge: float) -> float:
    """Error over all takes, each left out in turn."""
    grams, moments = _sums(needed)
    gram, moment = sum(grams) + ridge * np.eye(len(grams[0])), sum(moments)
    total = 0.0
    for place, (x, y) in enumerate(zip(needed.terms, needed.wrong, strict=True)):
        found = np.linalg.solve(gram - grams[place], moment - moments[place])
        total += needed.weights[place] * float(((y - x @ found) ** 2).mean())
    return total


def _as_network(
    found: Array,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Spread a solution over the arrays of a network: linear, out and offset."""
    scaled = np.zeros((len(found), N_DESCRIPTORS))
    scaled[:, MEANT] = found * DESCRIPTOR_UNITS[MEANT]
    linear = np.zeros((N_FEATURES, N_DESCRIPTORS), np.float32)
    linear[SEEN] = scaled[1 : 1 + len(SEEN)]
    out = scaled[1 + len(SEEN) :].astype(np.float32)
    return linear, out, scaled[0].astype(np.float32)


def _reach(
    mapping: Mapping, rows: Sequence[Rows]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Bounds of the descriptors: the base's, and what was demonstrated."""
    assert mapping.reading
    wished = np.vstack([one.descriptors for one in rows])
    low = np.minimum(mapping.reading.low, wished.min(axis=0))
    high = np.maximum(mapping.reading.high, wished.max(axis=0))
    low[MEANT.stop :], high[MEANT.stop :] = mapping.reading.low[2:], mapping.reading.high[2:]
    return low.astype(np.float32), high.astype(np.float32)
