"""Drawings: targets as a few points in time, which a player can write and edit."""

from itertools import pairwise
from typing import Annotated, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from calibration.targets.description import describe
from calibration.targets.target import LONGEST_S, TARGET_RATE_HZ, Target
from mapper.mapping import HIGHEST, LOWEST
from presets.factory.demonstrations import Composer

Array = NDArray[np.float64]

KIND: Final = "drawn"
TOLERANCES: Final = np.array([0.5, 0.02, 2.0])
"""How far an exported drawing may lie from its target: dB, brightness, cents."""
MAX_POINTS: Final = 6000


class Point(NamedTuple):
    """What is wished at one moment; lines run straight between points."""

    time_s: Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)]
    loudness_db: Annotated[float, Field(ge=-120, le=0, allow_inf_nan=False)]
    brightness: Annotated[float, Field(ge=-0.25, le=1.25, allow_inf_nan=False)] = 0.5
    pitch_cents: Annotated[float, Field(ge=-1200, le=1200, allow_inf_nan=False)] = 0.0


class Drawing(BaseModel):
    """A target as points, the first at the strike."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: float = Field(60.0, ge=0, le=127)
    strike: float = Field(0.5, ge=0, le=1)
    held_s: float | None = Field(None, gt=0, le=LONGEST_S)
    """When the finger lifts; without it at the last point."""
    points: tuple[Point, ...] = Field(min_length=2, max_length=MAX_POINTS)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times_s = [point.time_s for point in self.points]
        if times_s[0] != 0.0 or any(b <= a for a, b in pairwise(times_s)):
            raise ValueError("time_s must begin at 0 and increase from point to point")
        if times_s[-1] < 2.0 / TARGET_RATE_HZ:
            raise ValueError(f"the last point must be at {2.0 / TARGET_RATE_HZ:g} s or later")
        return self

    @classmethod
    def of(cls, target: Target) -> Self:
        """Draw a target's descriptors with as few points as keep to `TOLERANCES`."""
        rows = target.descriptors.astype(np.float64)
        columns = np.column_stack([target.times_s, rows])[_corners(rows / TOLERANCES)]
        return cls(
            note=target.note,
            strike=target.strike,
            held_s=target.held_s,
            points=tuple(Point(*np.round(row, 4).tolist()) for row in columns),
        )

    def descriptors(self) -> Array:
        """Read the drawing at `TARGET_RATE_HZ`, shape (n_rows, N_DESCRIPTORS)."""
        points = np.array(self.points, np.float64)
        at_s = np.arange(0.0, points[-1, 0] + 0.5 / TARGET_RATE_HZ, 1.0 / TARGET_RATE_HZ)
        return np.stack([np.interp(at_s, points[:, 0], row) for row in points.T[1:]], axis=1)

    def target(self, composer: Composer, name: str) -> Target:
        """Find the codes on an instrument's path that are as bright as drawn."""
        loudness_db, brightness, cents = self.descriptors().T
        move = {
            "pitch_note": self.note + cents / 100.0,
            "age_s": np.arange(len(cents)) / TARGET_RATE_HZ,
            "strike": np.full(len(cents), self.strike),
        }
        codes = composer.codes(move, brightness, loudness_db)
        rows = np.clip(np.column_stack([codes, loudness_db, cents]), LOWEST, HIGHEST)
        trajectory = rows.astype(np.float32)
        length_s = len(trajectory) / TARGET_RATE_HZ
        return Target(
            name=name,
            kind=KIND,
            note=self.note,
            strike=self.strike,
            held_s=min(self.held_s or length_s, length_s),
            trajectory=trajectory,
            descriptors=describe(composer, trajectory, self.note, self.strike),
            space_sha256=composer.space.sha256,
        )


def _corners(rows: Array) -> NDArray[np.int64]:
    """Choose rows between which straight lines stay within one of all others.

    Ramer, Douglas and Peucker's way: the row that is furthest from the line is a corner, as long as
    it is too far away.
    """
    corners, open_spans = {0, len(rows) - 1}, [(0, len(rows) - 1)]
    while open_spans:
        start, end = open_spans.pop()
        share = np.linspace(0.0, 1.0, end - start + 1)[:, None]
        line = rows[start] + (rows[end] - rows[start]) * share
        away = np.abs(rows[start : end + 1] - line).max(axis=1)
        furthest = start + int(away.argmax())
        if away.max() > 1.0:
            corners.add(furthest)
            open_spans += [(start, furthest), (furthest, end)]
    return np.array(sorted(corners))
