"""The plan of a lattice: where its points lie, so that what is played lies among them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.controls import CODE_SIZE, N_CONTROLS
from synth.decoder import decode
from synth.engine.layout import MAX_ANCHORS, N_NEAREST, PADDED_CONTROLS
from synth.lattice import STEPS, Axis, LatticeCard
from synth.lattice_ground import SEED, Ground, Reach, survey
from synth.space import Space, SpaceError

Array = NDArray[np.float64]

VERSION: Final = 1
"""Of this way of building: another one makes other files."""
LIMIT_BYTES: Final = 48 * 2**20
N_GRID: Final = 3
BEYOND_DB: Final = 0.5
"""Where what lies beyond the grid's directions changes the controls by less, a grid is enough."""
FINEST_DB: Final = 0.5
COARSEST_DB: Final = 64.0
COARSER: Final = 1.1
"""Steps of a grid that are tried, as the change of the controls from point to point."""
WIDTH_QUANTILES: Final = (0.002, 0.998)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A card, the arrays beside the table, and the table's part for each code."""

    card: LatticeCard
    arrays: dict[str, NDArray[np.float32]]
    rows: Callable[[int], NDArray[np.int16]]


def plan_lattice(
    space: Space, reach: Reach, subject: str, key: str, limit_bytes: int = LIMIT_BYTES
) -> Plan:
    """Plan a grid where what is played lies along few directions, and else anchors.

    Raises
    ------
    SpaceError
        When even the coarsest is larger than allowed.
    """
    ground = survey(space, reach)
    beyond_db = np.sqrt((ground.seen[:, N_GRID:] ** 2).mean(axis=0).sum())
    plan = plan_grid if beyond_db < BEYOND_DB else plan_anchors
    return plan(space, ground, subject, key, limit_bytes)


def plan_grid(
    space: Space, ground: Ground, subject: str, key: str, limit_bytes: int = LIMIT_BYTES
) -> Plan:
    """Plan the finest grid that fits along the directions in which the controls change most."""
    low, high = np.quantile(ground.seen[:, :N_GRID], WIDTH_QUANTILES, axis=0)
    step = FINEST_DB
    while True:
        grid = tuple(_axis_between(a, b, step) for a, b in zip(low, high, strict=True))
        card = _card(space, ground, subject, key, grid=grid)
        if card.n_bytes <= limit_bytes:
            break
        if step > COARSEST_DB:
            raise SpaceError(_too_small(card.n_bytes, limit_bytes))
        step *= COARSER
    mesh = np.meshgrid(*(axis.points() for axis in grid), indexing="ij")
    places = np.zeros((card.n_codes, CODE_SIZE))
    places[:, :N_GRID] = np.column_stack([axis.ravel() for axis in mesh])
    return _plan(space, ground, card, places)


def plan_anchors(
    space: Space, ground: Ground, subject: str, key: str, limit_bytes: int = LIMIT_BYTES
) -> Plan:
    """Plan as many anchors as fit, close together where much is played."""
    one, two = (_card(space, ground, subject, key, n_anchors=n).n_bytes for n in (5, 6))
    n_fitting = N_NEAREST + 1 + (limit_bytes - one) // (two - one)
    count = min(int(n_fitting), MAX_ANCHORS)
    if count <= N_NEAREST:
        raise SpaceError(_too_small(one, limit_bytes))
    places = _spread(ground.seen, count)
    card = _card(space, ground, subject, key, n_anchors=len(places))
    return _plan(space, ground, card, places)


def key_of(*parts: bytes) -> str:
    """Name what a lattice is made of."""
    digest = hashlib.sha256(f"{VERSION}".encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _plan(space: Space, ground: Ground, card: LatticeCard, places: Array) -> Plan:
    """Plan the table of codes that lie at places about the centre."""
    offset, scale = _quantisation(space)
    divisor = np.where(scale > 0, scale, 1.0)
    note, loudness_db = (
        axis.ravel()
        for axis in np.meshgrid(card.notes.points(), card.loudness_db.points(), indexing="ij")
    )

    def rows(code: int) -> NDArray[np.int16]:
        """Decode one code at every note and loudness, in steps between the controls' bounds."""
        plane = (ground.centre + places[code] @ ground.steps).reshape(-1, CODE_SIZE)
        padded = np.zeros((len(plane), PADDED_CONTROLS))
        padded[:, :N_CONTROLS] = decode(space, plane.astype(np.float32), loudness_db, note)
        steps = np.clip(np.rint((padded - offset) / divisor), -STEPS, STEPS)
        return steps.astype(np.int16).reshape(card.notes.n, card.loudness_db.n, PADDED_CONTROLS)

    arrays = {
        "centre": ground.centre,
        "readers": ground.readers,
        "anchors": places.T if card.n_anchors else np.zeros((CODE_SIZE, 0)),
        "offset": offset,
        "scale": scale,
    }
    floats = {name: np.ascontiguousarray(array, "<f4") for name, array in arrays.items()}
    return Plan(card=card, arrays=floats, rows=rows)


def _card(
    space: Space,
    ground: Ground,
    subject: str,
    key: str,
    *,
    grid: tuple[Axis, ...] = (),
    n_anchors: int = 0,
) -> LatticeCard:
    return LatticeCard(
        subject=subject,
        key=key,
        space=space.sha256,
        licence=space.card.licence,
        provenance=list(space.card.provenance),
        sources=list(space.card.sources),
        notes=ground.notes,
        loudness_db=ground.loudness_db,
        grid=grid,
        n_anchors=n_anchors,
    )


def _axis_between(low: float, high: float, step: float) -> Axis:
    high = max(high, low + 1e-3)
    n = max(int(np.ceil((high - low) / step)) + 1, 2)
    return Axis(low=float(low), step=float((high - low) / (n - 1)), n=n)


def _too_small(needed_bytes: int, limit_bytes: int) -> str:
    return (
        f"the smallest cache of this takes {needed_bytes / 2**20:.0f} MB, and "
        f"{limit_bytes / 2**20:.0f} MB are allowed; allow more with --limit-mb"
    )


def _quantisation(space: Space) -> tuple[Array, Array]:
    """Offset and step of the table's numbers, from the controls' bounds."""
    offset, scale = np.zeros(PADDED_CONTROLS), np.zeros(PADDED_CONTROLS)
    low, high = space.low.astype(np.float64), space.high.astype(np.float64)
    offset[:N_CONTROLS], scale[:N_CONTROLS] = (low + high) / 2, (high - low) / (2 * STEPS)
    return offset.astype(np.float32).astype(np.float64), scale


def _spread(places: Array, count: int) -> Array:
    """Choose so many places that every other is near one of them (k-means); all if there is room."""
    different = np.unique(np.round(places, 3), axis=0)
    if len(different) <= count:
        return different
    from sklearn.cluster import MiniBatchKMeans  # only building needs it

    chosen = np.random.default_rng(SEED).permutation(len(places))[: 20 * count]
    model = MiniBatchKMeans(count, random_state=SEED, n_init=1, batch_size=4096, max_iter=40)
    return np.asarray(model.fit(places[chosen]).cluster_centers_, np.float64)
