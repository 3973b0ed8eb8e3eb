"""Small lattices for the tests."""

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from synth.controls import CODE_SIZE
from synth.lattice import Lattice
from synth.lattice_file import write_lattice
from synth.lattice_ground import Reach, survey
from synth.lattice_plan import Plan, key_of, plan_anchors, plan_grid
from synth.space import Space

KEY = key_of(b"toy")
LIMIT_BYTES = 12 * 2**20


def toy_reach(n_frames: int = 1200, n_directions: int = 3, seed: int = 2) -> Reach:
    """Codes along a few directions at keys 48 to 72, as a plain preset's would be."""
    rng = np.random.default_rng(seed)
    square = np.random.default_rng(1).normal(size=(CODE_SIZE, CODE_SIZE))
    directions = np.linalg.qr(square)[0][:n_directions]
    spread = rng.uniform(-1.0, 1.0, (n_frames, n_directions)) * 0.7 ** np.arange(n_directions)
    note = rng.uniform(48.0, 72.0, n_frames)
    bend = (note[:, None] - 60.0) / 24.0 * np.eye(CODE_SIZE)[5]
    return Reach(spread @ directions + bend, rng.uniform(-50.0, -15.0, n_frames), note)


def written(plan: Plan, path: Path) -> Lattice:
    """Write a plan and open what was written."""
    return write_lattice(path, plan.card, plan.arrays, plan.rows, lambda lattice: {})


def grid_plan(space: Space, reach: Reach | None = None) -> Plan:
    """A small grid."""
    ground = survey(space, reach or toy_reach())
    return plan_grid(space, ground, "a toy", KEY, LIMIT_BYTES)


def anchors_plan(space: Space, reach: Reach | None = None) -> Plan:
    """A few anchors."""
    ground = survey(space, reach or toy_reach(40))
    return plan_anchors(space, ground, "toys", KEY, LIMIT_BYTES)


_FOLDER = TemporaryDirectory()


@lru_cache(maxsize=8)
def toy_lattice(space: Space, *, is_grid: bool = True) -> Lattice:
    """A lattice of a space."""
    plan = grid_plan(space) if is_grid else anchors_plan(space)
    return written(plan, Path(_FOLDER.name, f"{id(space)}-{is_grid}"))
