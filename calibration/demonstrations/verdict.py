"""Verdicts: what a teacher would say of a take, in words."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from calibration.demonstrations.take import AGE, Take
from calibration.targets.target import TARGET_RATE_HZ
from calibration.targets.vibrato import Oscillation, find_vibrato
from mapper.features import TOUCH_FIELDS

Array = NDArray[np.float64]

GOOD: Final = "good"
LATE: Final = "late"
TOO_LITTLE: Final = "too little movement"
AGAIN: Final = "again"
WEIGHTS: Final = {GOOD: 1.0, LATE: 0.6, TOO_LITTLE: 0.3, AGAIN: 0.0}
"""How much a take of each verdict counts in learning."""

MOVES: Final = [TOUCH_FIELDS.index(name) for name in ("press", "slide", "glide_semitones")]
SLOW_S: Final = 0.08
"""What is faster than some 3 Hz is a vibrato, which nobody can imitate wave by wave."""
LONGEST_LAG_S: Final = 0.6
LATE_S: Final = 0.35
"""Everybody follows a sound by up to this much."""
FOLLOWED: Final = 0.25
"""Share of the target's movement that must be found in the hand's."""
SHORT_SHARE: Final = 0.6
RIDGE: Final = 1e-2
STILL: Final = np.array([4.0, 0.15, 40.0])
"""A target whose loudness, brightness and pitch span less stays still, in dB, ratio and cents."""
LEAST_MOVE: Final = np.array([0.08, 0.08, 0.15])
"""A hand that spans less on press, slide and glide (semitones) stays still."""
LEAST_WANTED: Final = np.array([0.4, 0.03, 6.0])
LEAST_WOBBLE: Final = np.array([0.015, 0.015, 0.05])
"""Extents below which a swing of the target, or of the hand, is no vibrato."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is to be said of a take.

    `lag_s` is how late the hand was, `followed` the share of the target's movement found in it;
    both None where the target stays still.
    """

    word: str
    sentence: str
    lag_s: float | None = None
    followed: float | None = None

    @property
    def weight(self) -> float:
        """How much the take counts in learning."""
        return WEIGHTS[self.word]


def judge(take: Take) -> Verdict:
    """Judge a take by how long, how far and how late the hand moved."""
    if take.held_s < SHORT_SHARE * take.target.held_s:
        return Verdict(
            word=AGAIN,
            sentence=f"You let go after {take.held_s:.1f} s; hold it for {take.target.held_s:.1f} s, "
            "as long as you hear it.",
        )
    moved, wanted = _sampled(take)
    wobble = _wobble(wanted, LEAST_WANTED)
    own = _wobble(moved, LEAST_WOBBLE)
    if wobble and not own:
        return Verdict(
            word=TOO_LITTLE,
            sentence="No vibrato was found in your finger; rock it wider, as fast as you like.",
        )
    moves, wished = _slow(moved), _slow(wanted)
    if not (_span(wished) > STILL).any():
        return Verdict(word=GOOD, sentence=_of_still(own))
    if not (_span(moves) > LEAST_MOVE).any():
        return Verdict(
            word=TOO_LITTLE,
            sentence="Your finger hardly moved; press, slide or bend with what you hear.",
        )
    return _judge_following(*_following(moves, wished))


def _of_still(own: Oscillation | None) -> str:
    if own is None:
        return "A still sound, held long enough."
    return f"Your vibrato swings {own.rate_hz:.1f} times a second; it stays yours."


def _judge_following(lag_s: float, followed: float) -> Verdict:
    if followed < FOLLOWED:
        word, sentence = AGAIN, "What you did does not move as the sound does; listen once more."
    elif lag_s > LATE_S:
        word = LATE
        sentence = f"You were {1000 * lag_s:.0f} ms behind; it counts, but try to go along sooner."
    else:
        word = GOOD
        sentence = f"You followed {followed:.0%} of it, {1000 * lag_s:.0f} ms behind."
    return Verdict(word=word, sentence=sentence, lag_s=lag_s, followed=followed)


def _sampled(take: Take) -> tuple[Array, Array]:
    """Give what the hand and the target do while both last, at `TARGET_RATE_HZ`, (n, 3) each."""
    held_s = min(take.held_s, take.target.held_s)
    times_s = np.arange(max(round(held_s * TARGET_RATE_HZ), 2)) / TARGET_RATE_HZ
    at = np.searchsorted(take.touches[:, AGE], times_s + 1e-6, side="right") - 1
    moved, wanted = take.touches[at][:, MOVES], take.target.descriptors[: len(times_s)]
    return moved.astype(np.float64), wanted.astype(np.float64)


def _wobble(curves: Array, least: Array) -> Oscillation | None:
    """Find a vibrato on any of three curves."""
    found = (find_vibrato(c, TARGET_RATE_HZ, x) for c, x in zip(curves.T, least, strict=True))
    return next(filter(None, found), None)


def _slow(curves: Array) -> Array:
    width = SLOW_S * TARGET_RATE_HZ
    return np.asarray(gaussian_filter1d(curves, width, axis=0, mode="nearest"))


def _span(curves: Array) -> Array:
    low, high = np.quantile(curves, (0.05, 0.95), axis=0)
    return np.asarray(high - low)


def _following(moves: Array, wished: Array) -> tuple[float, float]:
    """Find at which lag the hand's moves explain the target's best, and how much of it."""
    lags = range(min(round(LONGEST_LAG_S * TARGET_RATE_HZ), len(moves) // 2))
    shares = [_explained(moves[lag:], wished[: len(wished) - lag]) for lag in lags]
    best = int(np.argmax(shares))
    return best / TARGET_RATE_HZ, shares[best]


def _explained(moves: Array, wished: Array) -> float:
    """Share of the movement of what moves in `wished` that is linear in `moves`."""
    x = (moves - moves.mean(axis=0)) / LEAST_MOVE
    y = (wished - wished.mean(axis=0)) / STILL
    gram = x.T @ x + RIDGE * len(x) * np.eye(x.shape[1])
    left = y - x @ np.linalg.solve(gram, x.T @ y)
    return float(1.0 - (left**2).sum() / max((y**2).sum(), 1e-12))
