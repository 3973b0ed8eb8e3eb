"""The look-up: controls mixed from a lattice's points, in the place of the decoder's network."""

import numpy as np
from numba import carray, njit
from numpy.typing import NDArray

from synth.controls import CODE_SIZE
from synth.engine.intrinsics import FAST, as_pointer
from synth.engine.layout import N_NEAREST, PADDED_CONTROLS, Record

Array = NDArray[np.float32]

TINY = np.float32(1e-6)
FAINT = np.float32(1e-12)
"""What every anchor that is mixed has of the whole at least, so that there is a whole."""
FAR = np.float32(1e30)


@njit(cache=True, error_model="numpy")
def _place(value: np.float32, low: np.float32, per_step: np.float32, n: int) -> np.float32:
    """Where a value lies on an axis of n points, counted in steps; beyond its ends at its ends."""
    steps = (value - low) * per_step
    return np.float32(min(max(steps, np.float32(0)), np.float32(n - 1)))


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _step_away(code: Array, centre: Array, at: int, n_loudness: int, shares: Array) -> None:
    """Write how far a code is from the centre of what is played at its note and loudness.

    The four `shares` are those of the points around them; the result takes the code's place.
    """
    for j in range(CODE_SIZE):
        code[j] -= shares[0] * centre[at, j] + shares[1] * centre[at + 1, j]
        code[j] -= (
            shares[2] * centre[at + n_loudness, j] + shares[3] * centre[at + n_loudness + 1, j]
        )


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _turn(readers: Array, away: Array, along: Array) -> None:
    """Read how far along each direction a step of the code leads."""
    for i in range(CODE_SIZE):
        total = np.float32(0)
        for j in range(CODE_SIZE):
            total += readers[i, j] * away[j]
        along[i] = total


@njit(cache=True, error_model="numpy")
def _corners(lattice: Record, along: Array, mixed: NDArray[np.int64], share: Array) -> int:
    """Choose the corners of the cell of the grid around a place, and their shares; return how many."""
    mixed[0], share[0], count = 0, np.float32(1), 1
    for axis in range(lattice.n_grid):
        n = lattice.n_points[axis]
        steps = _place(along[axis], lattice.low[axis], lattice.per_step[axis], n)
        index = min(int(steps), n - 2)
        part = steps - np.float32(index)
        for i in range(count):
            below = mixed[i] * n + index
            mixed[i], mixed[count + i] = below, below + 1
            share[count + i] = share[i] * part
            share[i] *= np.float32(1) - part
        count *= 2
    return count


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _measure(anchors: Array, along: Array, distance: Array) -> None:
    """Write the squared distance of every anchor, four directions at a time."""
    for i in range(anchors.shape[1]):
        distance[i] = 0.0
    for j in range(0, CODE_SIZE, 4):
        a, b, c, d = anchors[j], anchors[j + 1], anchors[j + 2], anchors[j + 3]
        of_a, of_b, of_c, of_d = along[j], along[j + 1], along[j + 2], along[j + 3]
        for i in range(anchors.shape[1]):
            w, x, y, z = a[i] - of_a, b[i] - of_b, c[i] - of_c, d[i] - of_d
            distance[i] += w * w + x * x + y * y + z * z


@njit(cache=True, error_model="numpy")
def _nearest(distance: Array, n_anchors: int, mixed: NDArray[np.int64], share: Array) -> int:
    """Choose the nearest anchors and their shares; return how many.

    An anchor's share falls to nothing where the next one beyond the chosen is as near (Franke &
    Nielson 1980), so that nothing jumps when one takes another's place.
    """
    for i in range(N_NEAREST + 1):
        share[i], mixed[i] = FAR, 0
    for anchor in range(n_anchors):
        if distance[anchor] < share[N_NEAREST]:
            i = N_NEAREST
            while i > 0 and share[i - 1] > distance[anchor]:
                share[i], mixed[i] = share[i - 1], mixed[i - 1]
                i -= 1
            share[i], mixed[i] = distance[anchor], anchor
    per_radius = np.float32(1) / max(np.sqrt(share[N_NEAREST]), TINY)
    total = np.float32(0)
    for i in range(N_NEAREST):
        pull = max(np.float32(1) / max(np.sqrt(share[i]), TINY) - per_radius, np.float32(0))
        share[i] = pull + FAINT
        total += share[i]
    for i in range(N_NEAREST):
        share[i] /= total
    return N_NEAREST


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _add(
    table: NDArray[np.int16], at: int, n_loudness: int, around: Array, share: np.float32, out: Array
) -> None:
    """Add the four rows around a note and a loudness."""
    a, b = table[at], table[at + 1]
    c, d = table[at + n_loudness], table[at + n_loudness + 1]
    of_a, of_b = share * around[0], share * around[1]
    of_c, of_d = share * around[2], share * around[3]
    for j in range(PADDED_CONTROLS):
        out[j] += of_a * a[j] + of_b * b[j] + of_c * c[j] + of_d * d[j]


@njit(cache=True, error_model="numpy", fastmath=FAST)
def _scale(lattice: Record, out: Array) -> None:
    for j in range(PADDED_CONTROLS):
        out[j] = lattice.offset[j] + lattice.scale[j] * out[j]


@njit(cache=True, error_model="numpy")
def _surround(lattice: Record, note: np.float32, loudness_db: np.float32, around: Array) -> int:
    """Write the shares of the four points around a note and a loudness; return the first one's row."""
    n_notes, n_loudness = lattice.n_notes, lattice.n_loudness
    pitch = _place(note, lattice.low_note, lattice.per_note_step, n_notes)
    level = _place(loudness_db, lattice.low_db, lattice.per_db_step, n_loudness)
    row, column = min(int(pitch), n_notes - 2), min(int(level), n_loudness - 2)
    higher, louder = pitch - np.float32(row), level - np.float32(column)
    around[0] = (np.float32(1) - higher) * (np.float32(1) - louder)
    around[1] = (np.float32(1) - higher) * louder
    around[2], around[3] = higher * (np.float32(1) - louder), higher * louder
    return row * n_loudness + column


@njit(cache=True, error_model="numpy")
def look_up(
    lattice: Record,
    code: Array,
    note: np.float32,
    loudness_db: np.float32,
    scratch: tuple[NDArray[np.int64], Array, Array, Array, Array],
    out: Array,
) -> None:
    """Write the controls, not yet clamped, of a code at a note and a loudness.

    `code` is overwritten; `scratch` is room for the points that are mixed, their shares, those of
    the notes and loudnesses around, a code as it is heard, and the distances of anchors.
    """
    mixed, share, around, along, distance = scratch
    n_loudness, n_cells = lattice.n_loudness, lattice.n_notes * lattice.n_loudness
    at = _surround(lattice, note, loudness_db, around)
    centre = carray(as_pointer(lattice.centre), (n_cells, CODE_SIZE), np.float32)
    readers = carray(as_pointer(lattice.readers), (CODE_SIZE, CODE_SIZE), np.float32)
    table = carray(as_pointer(lattice.table), (lattice.n_rows, PADDED_CONTROLS), np.int16)
    _step_away(code, centre, at, n_loudness, around)
    _turn(readers, code, along)
    if lattice.n_anchors > 0:
        anchors = carray(as_pointer(lattice.anchors), (CODE_SIZE, lattice.n_anchors), np.float32)
        _measure(anchors, along, distance)
        count = _nearest(distance, lattice.n_anchors, mixed, share)
    else:
        count = _corners(lattice, along, mixed, share)
    out[:] = 0.0
    for i in range(count):
        _add(table, mixed[i] * n_cells + at, n_loudness, around, share[i], out)
    _scale(lattice, out)
