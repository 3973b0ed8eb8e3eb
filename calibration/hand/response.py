"""A response: the curve from what a controller says to what its player means, from their own moves.

What a player means is how loud it should be. An even ramp from nothing to all they have is taken to
be even in that, and so becomes an even ramp of press: factory mappings already space their loudness
so that equal steps of press are about equal steps of loudness in sones. Time tells the intention, and
the intention has no noise, so what the controller said is looked for at each intention, never the
other way round; isotonic regression then keeps the order, and `mapper.curve` joins the knots.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from mapper.curve import Curve, look_up
from mapper.listening import LEVEL_CURVE

Array = NDArray[np.float64]

SAMPLE_S: Final = 0.005
LEVELS: Final = np.array([0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
"""Intentions at which the controller's answer is looked up."""
HALF_WIDTH: Final = 0.025
HELD_LEVELS: Final = (0.25, 0.5, 0.8)
"""What soft, medium and strong mean when a player holds them."""
HELD_WEIGHT: Final = 1.0
STRUCK_LEVELS: Final = (0.2, 0.5, 0.9)
"""What soft, medium and hard mean when a player strikes them."""
LIFTED_LEVELS: Final = (0.2, 0.8)
"""What slow and quick mean when a player lifts."""
NEAREST: Final = 0.004
"""Knots nearer than this to each other, in what the controller says, are one."""
PLATEAU: Final = 0.97
FINEST_STEP: Final = 1 / 512
MOST_DB: Final = 0.98
MOST_SLOPE: Final = 1.8
"""A step of the controller may change the loudness by no more than this, nor press by more than so much of
itself: struck presets swell evenly in decibels with press."""
END: Final = 4
"""What is lacking at the end is made up for near it, by this power of the way."""
ROOM: Final = 1.4
"""A player who uses few of the controller's steps needs larger ones: so many times the least."""
SPAN_DB: Final = 37.0
"""From the softest press to full press, on the factory presets."""
KNOTS: Final = np.array(
    [0.0, 0.008, 0.016, 0.024, 0.032, 0.048, 0.064, 0.08, 0.1, 0.1125, 0.125, 0.1375, 0.15, 0.175, 0.2, 0.25, 0.3, 0.35,
     0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0]
)  # fmt: skip
"""Where the final curve has its knots, as shares of its range; close together where it is steep."""


class Ramp(NamedTuple):
    """A dimension that went from one end to the other and back, evenly as the player meant it.

    `times_s` rise from the strike to the lift; both have shape (n_samples,).
    """

    times_s: Array
    values: Array


class Leg(NamedTuple):
    """One way of a ramp: what was meant, 0-1, and what was said; shape (n,)."""

    meant: Array
    said: Array


def legs_of(ramp: Ramp) -> tuple[Leg, Leg]:
    """Part a ramp at its turn: the middle of the time in which it is as far out as it comes."""
    times_s = np.arange(ramp.times_s[0], ramp.times_s[-1], SAMPLE_S)
    said = np.interp(times_s, ramp.times_s, ramp.values)
    turn = turn_of(said)
    out = np.arange(turn + 1) / max(turn, 1)
    back = np.arange(len(said) - turn, 0, -1) / (len(said) - turn)
    return Leg(out, said[: turn + 1]), Leg(back, said[turn:])


def turn_of(said: Array) -> int:
    """Find where a way out turns back, from its start on."""
    start = np.median(said[: max(len(said) // 50, 1)])
    out = np.abs(said - start)
    far = np.flatnonzero(out >= PLATEAU * out.max())
    return int((far[0] + far[-1]) // 2)


def range_of(ramps: Sequence[Ramp]) -> tuple[float, float]:
    """Tell between which values every ramp went."""
    lows = [float(np.quantile(ramp.values, 0.02)) for ramp in ramps]
    highs = [float(np.quantile(legs_of(ramp)[0].said, 0.985)) for ramp in ramps]
    return float(np.median(lows)), float(min(highs))


def press_curve(ramps: Sequence[Ramp], held: Sequence[float] = (), step: float = 1 / 127) -> Curve:
    """Make the curve of press.

    Parameters
    ----------
    ramps
        Swells from nothing to full press and back.
    held
        What was said at `HELD_LEVELS`, or nothing.
    step
        The controller's own step; no step of it may sound like a jump.
    """
    legs = [leg for ramp in ramps for leg in legs_of(ramp)]
    high = range_of(ramps)[1]
    meant, said, weights = _answers(legs, held)
    kept = (said > NEAREST) & (said < high - NEAREST)
    rising = IsotonicRegression().fit_transform(
        meant[kept], said[kept], sample_weight=weights[kept]
    )
    raw, even = _apart(np.array([0.0, *rising, high]), np.array([0.0, *meant[kept], 1.0]))
    return without_jumps(Curve(raw=tuple(raw), even=tuple(even)), step)


def _answers(legs: Sequence[Leg], held: Sequence[float]) -> tuple[Array, Array, Array]:
    """Gather what was said at each intention: intentions in order, answers and their weights."""
    rows = []
    for level in LEVELS:
        for leg in legs:
            near = np.abs(leg.meant - level) <= HALF_WIDTH
            if near.any():
                rows.append((level, float(np.mean(leg.said[near])), 1.0))
    rows += [(level, said, HELD_WEIGHT) for level, said in zip(HELD_LEVELS, held, strict=False)]
    meant, said, weights = np.array(sorted(rows)).T
    return meant, said, weights


def _apart(raw: Array, even: Array) -> tuple[list[float], list[float]]:
    """Join knots that lie too near to each other, but leave the ends where they are."""
    knots = [[float(raw[0])], [float(even[0])]]
    start = 1
    while start < len(raw) - 1:
        end = int(np.searchsorted(raw, raw[start] + NEAREST, side="left"))
        end = min(max(end, start + 1), len(raw) - 1)
        at = float(np.mean(raw[start:end]))
        if at - knots[0][-1] >= NEAREST and raw[-1] - at >= NEAREST:
            knots[0].append(at)
            knots[1].append(float(np.mean(even[start:end])))
        start = end
    return [*knots[0], float(raw[-1])], [*knots[1], float(even[-1])]


def without_jumps(curve: Curve, step: float) -> Curve:
    """Flatten a rising curve where a step of the controller would sound like one.

    What it lacks then it makes up for further on; full press stays full press.
    """
    step, high = max(step, FINEST_STEP), curve.raw[-1]
    said = np.append(np.arange(0.0, high, step), high)
    even = np.array([look_up(curve.table, float(raw)) for raw in said])
    steps = np.diff(said)
    most_level = max(MOST_DB / SPAN_DB, ROOM * step / high) * steps / step
    most_press = max(MOST_SLOPE, ROOM / high) * steps
    for i in range(len(steps)):
        by_level = from_level(to_level(even[i]) + most_level[i])
        even[i + 1] = min(even[i + 1], by_level, even[i] + most_press[i])
    even += (1.0 - even[-1]) * (said / high) ** END
    even = np.interp(KNOTS * high, said, even)
    return Curve(raw=tuple(KNOTS * high), even=tuple(np.clip(even, 0.0, 1.0)))


def to_level(press: Array | float) -> Array:
    """Convert press to a scale even in decibels, as `mapper.listening.describe` does."""
    return np.asarray(np.log1p(LEVEL_CURVE * press) / np.log1p(LEVEL_CURVE))


def from_level(level: Array | float) -> Array:
    """Convert a level to press; the reverse of `to_level`."""
    return np.asarray(np.expm1(level * np.log1p(LEVEL_CURVE)) / LEVEL_CURVE)


def slide_curve(ramps: Sequence[Ramp], *, about_centre: bool = False) -> Curve:
    """Make the curve of slide from sweeps that began at the near end.

    A slide tells a place, and evenly, so only its ends and its direction are the hand's.

    Parameters
    ----------
    about_centre
        Whether every touch begins at the centre wherever it lands; the centre is kept then.
    """
    ends = np.array([_ends(ramp) for ramp in ramps])
    near, far = np.median(ends, axis=0)
    if about_centre:
        reach = float(np.clip(np.abs(ends - 0.5).max(), 0.1, 0.5))
        near, far = (0.5 - reach, 0.5 + reach) if far > near else (0.5 + reach, 0.5 - reach)
    low, high = sorted((float(near), float(far)))
    return Curve(raw=(low, high), even=(0.0, 1.0) if far > near else (1.0, 0.0))


def _ends(ramp: Ramp) -> tuple[float, float]:
    """Tell where a sweep began and ended, and where it turned, without its outermost moments."""
    out, back = legs_of(ramp)
    first = float(np.median(out.said[out.meant < 0.04]))
    ended = back.meant < max(0.04, 2.0 / len(back.meant))
    last = float(np.median(back.said[ended]))
    turn = float(np.median(np.concatenate([leg.said[leg.meant > 0.97] for leg in (out, back)])))
    return (first + last) / 2.0, turn


def levels_curve(said: Sequence[float], levels: Sequence[float]) -> Curve:
    """Make the curve of a dimension that is told once, through the middle of each level.

    Parameters
    ----------
    said
        What was said at each level, rising.
    levels
        What that meant.
    """
    raw, even = list(said), list(levels)
    slope = (even[-1] - even[-2]) / (raw[-1] - raw[-2])
    full = min(1.0, raw[-1] + (1.0 - even[-1]) / slope)
    if full - raw[-1] < NEAREST:
        even[-1] = 1.0
    else:
        raw, even = [*raw, full], [*even, 1.0]
    if raw[0] > NEAREST:
        raw, even = [0.0, *raw], [0.0, *even]
    else:
        raw[0], even[0] = 0.0, 0.0
    return Curve(raw=tuple(raw), even=tuple(even))
