"""Pairing: instruments drawn two by two, so that a measure hears many kinds of ways."""

import numpy as np

from synth.moving.naming import instruments
from synth.space import Space


def pairs(space: Space, count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Draw pairs of instruments; no pair twice, equal seeds, equal pairs."""
    known = instruments(space)
    possible = [(a, b) for place, a in enumerate(known) for b in known[place + 1 :]]
    drawn = np.random.default_rng(seed).permutation(len(possible))[:count]
    return [possible[int(place)] for place in drawn]
