"""A lattice: the decoder evaluated in advance at points of code, pitch and loudness.

It holds controls and never sound, so what is mixed between its points still transposes, and the
engine sounds it as it sounds the decoder's. Its points lie about a centre that follows pitch and
loudness, where lengths are what they change of the controls: either a grid along the few directions
that matter, or anchors wherever something is played, of which the nearest are mixed.
"""

from functools import cached_property
from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from synth.controls import CODE_SIZE, N_CONTROLS
from synth.engine.layout import LATTICE, MAX_ANCHORS, MAX_GRID, N_NEAREST, PADDED_CONTROLS, Records
from synth.engine.lookup import FAINT, TINY
from synth.space import Source, SpaceError

Array = NDArray[np.float32]

FORMAT: Final = "embouchure-lattice-1"
STEPS: Final = 32_767
"""Controls are kept as so many steps either way of the middle between their bounds."""
AT_ONCE: Final = 256
"""Frames that the plain look-up mixes at once."""


class Axis(BaseModel):
    """Equally spaced points."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    low: float = Field(ge=-1e4, le=1e4)
    step: float = Field(gt=1e-4, le=1e4)
    n: int = Field(ge=2, le=4096)

    def points(self) -> NDArray[np.float64]:
        """Where the points are."""
        return np.asarray(self.low + self.step * np.arange(self.n), np.float64)

    def places(self, values: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Tell for each value the point below it, and its share of the way to the next."""
        steps = np.clip((values - self.low) / self.step, 0.0, self.n - 1.0)
        index = np.minimum(steps.astype(np.intp), self.n - 2)
        return index, steps - index


class LatticeCard(BaseModel):
    """Everything about a lattice that is not an array."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: Literal["embouchure-lattice-1"] = FORMAT
    subject: str
    """What it was made for, in words."""
    key: str = Field(pattern=r"^[0-9a-f]{64}$")
    """By which it is found; another decoder, mapping or way of building gives another."""
    space: str
    licence: str
    provenance: list[str]
    sources: list[Source] = []
    notes: Axis
    loudness_db: Axis
    grid: Annotated[tuple[Axis, ...], Field(max_length=MAX_GRID)] = ()
    """Points along each direction of the code."""
    n_anchors: int = Field(0, ge=0, le=MAX_ANCHORS)
    figures: dict[str, float] = {}
    """How far it is from the decoder, each with its unit at its end."""

    @property
    def n_codes(self) -> int:
        """How many codes it has, each at every note and loudness."""
        return self.n_anchors or int(np.prod([axis.n for axis in self.grid], dtype=np.int64))

    @property
    def n_cells(self) -> int:
        """How many rows each of its codes has."""
        return self.notes.n * self.loudness_db.n

    def shapes(self) -> dict[str, tuple[np.dtype[np.generic], tuple[int, ...]]]:
        """Tell the type and shape of each of its arrays; the table comes last."""
        f4, i2 = np.dtype("<f4"), np.dtype("<i2")
        plane = (self.notes.n, self.loudness_db.n)
        return {
            "centre": (f4, (*plane, CODE_SIZE)),
            "readers": (f4, (CODE_SIZE, CODE_SIZE)),
            "anchors": (f4, (CODE_SIZE, self.n_anchors)),
            "offset": (f4, (PADDED_CONTROLS,)),
            "scale": (f4, (PADDED_CONTROLS,)),
            "table": (i2, (self.n_codes, *plane, PADDED_CONTROLS)),
        }

    @property
    def n_bytes(self) -> int:
        """Room that its arrays take."""
        return sum(int(np.prod(shape)) * kind.itemsize for kind, shape in self.shapes().values())


class Lattice:
    """A card and its arrays, which nobody writes to any more.

    Parameters
    ----------
    card
        What it is.
    arrays
        As the card's `shapes` has them: `centre` is the code about which the points lie, `readers`
        turn the step from there into what is heard of it, where the grid's axes are the first
        directions and the `anchors` are points. A control in the `table` is
        `offset + scale * number`.

    Raises
    ------
    SpaceError
        When they do not fit each other.
    """

    def __init__(self, card: LatticeCard, arrays: dict[str, NDArray[Any]]) -> None:
        shapes = card.shapes()
        found = {name: (array.dtype, array.shape) for name, array in arrays.items()}
        if (
            found != shapes
            or bool(card.grid) == bool(card.n_anchors)
            or (0 < card.n_anchors <= N_NEAREST)
        ):
            raise SpaceError("the cache's arrays do not fit each other; build it again")
        small = (array for name, array in arrays.items() if name != "table")
        if not all(np.isfinite(array).all() for array in small):
            raise SpaceError("the cache holds numbers that are not finite; build it again")
        self.card = card
        self.arrays = arrays

    @cached_property
    def _record(self) -> Records:
        card, record = self.card, np.zeros(1, LATTICE)
        row = record[0]
        row["n_grid"], row["n_anchors"] = len(card.grid), card.n_anchors
        for at, axis in enumerate(card.grid):
            row["n_points"][at], row["low"][at] = axis.n, axis.low
            row["per_step"][at] = 1.0 / axis.step
        row["n_notes"], row["low_note"] = card.notes.n, card.notes.low
        row["per_note_step"] = 1.0 / card.notes.step
        row["n_loudness"], row["low_db"] = card.loudness_db.n, card.loudness_db.low
        row["per_db_step"] = 1.0 / card.loudness_db.step
        for name in ("centre", "readers", "anchors", "table"):
            row[name] = self.arrays[name].ctypes.data
        row["n_rows"] = card.n_codes * card.n_cells
        row["offset"], row["scale"] = self.arrays["offset"], self.arrays["scale"]
        return record

    @property
    def address(self) -> int:
        """Where the engine finds it, for as long as this object lives."""
        return int(self._record.ctypes.data)

    @property
    def record(self) -> Records:
        """What the compiled look-up reads."""
        return self._record[0]

    def controls(
        self, codes: Array, loudness_db: NDArray[np.floating], note: NDArray[np.floating]
    ) -> Array:
        """Mix controls with plain array operations; the oracle of the compiled look-up.

        Parameters
        ----------
        codes
            Shape (n_frames, CODE_SIZE).
        loudness_db, note
            Shape (n_frames,).

        Returns
        -------
        NDArray
            Controls, not clamped, shape (n_frames, N_CONTROLS).
        """
        rows = [
            self._mixed(
                codes[at : at + AT_ONCE], loudness_db[at : at + AT_ONCE], note[at : at + AT_ONCE]
            )
            for at in range(0, len(codes), AT_ONCE)
        ]
        return np.concatenate(rows) if rows else np.zeros((0, N_CONTROLS), np.float32)

    def _mixed(
        self, codes: Array, loudness_db: NDArray[np.floating], note: NDArray[np.floating]
    ) -> Array:
        card, arrays = self.card, self.arrays
        corners = list(_cell(card, loudness_db, note))
        away = codes.astype(np.float64)
        away -= sum(
            share[:, None] * arrays["centre"][row, column] for row, column, share in corners
        )
        along = away @ np.asarray(arrays["readers"], np.float64).T
        points = self._nearest(along) if card.n_anchors else self._grid_corners(along)
        mixed = np.zeros((len(codes), PADDED_CONTROLS))
        for row, column, around in corners:
            for code, share in points:
                mixed += (around * share)[:, None] * arrays["table"][code, row, column]
        mixed = arrays["offset"] + arrays["scale"] * mixed
        return mixed[:, :N_CONTROLS].astype(np.float32)

    def _grid_corners(
        self, along: NDArray[np.float64]
    ) -> list[tuple[NDArray[np.intp], NDArray[np.float64]]]:
        corners = [(np.zeros(len(along), np.intp), np.ones(len(along)))]
        for at, axis in enumerate(self.card.grid):
            index, part = axis.places(along[:, at])
            corners = [
                (code * axis.n + index + step, share * (part if step else 1.0 - part))
                for code, share in corners
                for step in (0, 1)
            ]
        return corners

    def _nearest(
        self, along: NDArray[np.float64]
    ) -> list[tuple[NDArray[np.intp], NDArray[np.float64]]]:
        between = along[:, None, :] - self.arrays["anchors"].T
        distance = np.maximum(np.sqrt((between**2).sum(axis=2)), TINY)
        order = np.argsort(distance, axis=1, kind="stable")[:, : N_NEAREST + 1]
        near = 1.0 / np.take_along_axis(distance, order, axis=1)
        pull = np.maximum(near[:, :N_NEAREST] - near[:, N_NEAREST:], 0.0) + FAINT
        share = pull / pull.sum(axis=1, keepdims=True)
        return [(order[:, i], share[:, i]) for i in range(N_NEAREST)]


def _cell(
    card: LatticeCard, loudness_db: NDArray[np.floating], note: NDArray[np.floating]
) -> list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]]:
    """List the notes and loudnesses around, with their shares."""
    row, higher = card.notes.places(note)
    column, louder = card.loudness_db.places(loudness_db)
    return [
        (row + i, column + j, (higher if i else 1.0 - higher) * (louder if j else 1.0 - louder))
        for i in (0, 1)
        for j in (0, 1)
    ]
