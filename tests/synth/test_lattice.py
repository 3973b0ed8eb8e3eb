"""Lattices: the decoder evaluated in advance says what the decoder says."""

from itertools import pairwise

import numpy as np
import pytest

from synth.controls import CODE_SIZE, N_CONTROLS, PARTIALS
from synth.decoder import decode
from synth.engine.layout import MAX_ANCHORS, MAX_MIXED, PADDED_CONTROLS
from synth.engine.lookup import look_up
from synth.lattice import Axis, Lattice
from synth.lattice_ground import Reach, survey
from synth.lattice_plan import Plan, plan_anchors, plan_grid, plan_lattice
from synth.space import Space, SpaceError
from tests.synth.toy import flat_space, random_space
from tests.synth.toy_lattice import KEY, anchors_plan, grid_plan, toy_lattice, toy_reach

SPACE = random_space(3)
PLAYED = toy_reach(300, seed=9)
KINDS = pytest.mark.parametrize("is_grid", [True, False], ids=["grid", "anchors"])


def compiled(lattice: Lattice, played: Reach) -> np.ndarray:
    rows = np.full((len(played.note), PADDED_CONTROLS), np.nan, np.float32)
    scratch = (
        np.zeros(MAX_MIXED, np.int64), np.zeros(MAX_MIXED, np.float32),
        np.zeros(4, np.float32), np.zeros(CODE_SIZE, np.float32), np.zeros(MAX_ANCHORS, np.float32),
    )  # fmt: skip
    for row, code, loudness_db, note in zip(rows, *played, strict=True):
        given = code.astype(np.float32)
        look_up(lattice.record, given, np.float32(note), np.float32(loudness_db), scratch, row)
    return rows[:, :N_CONTROLS]


def plain(lattice: Lattice, played: Reach) -> np.ndarray:
    return lattice.controls(played.codes.astype(np.float32), played.loudness_db, played.note)


def decoded(space: Space, played: Reach) -> np.ndarray:
    return decode(space, played.codes.astype(np.float32), played.loudness_db, played.note)


def along(codes: np.ndarray, note: float = 60.0, loudness_db: float = -30.0) -> Reach:
    return Reach(codes, np.full(len(codes), loudness_db), np.full(len(codes), note))


@KINDS
def test_the_compiled_look_up_gives_what_plain_arrays_give(is_grid: bool):  # noqa: FBT001
    lattice = toy_lattice(SPACE, is_grid=is_grid)
    assert abs(compiled(lattice, PLAYED) - plain(lattice, PLAYED)).max() < 2e-3


@KINDS
def test_far_from_everything_that_was_seen_it_says_something_finite(is_grid: bool):  # noqa: FBT001
    lattice = toy_lattice(SPACE, is_grid=is_grid)
    far = Reach(*(1e3 * column for column in PLAYED))
    assert np.isfinite(compiled(lattice, far)).all()
    assert abs(compiled(lattice, far) - plain(lattice, far)).max() < 0.05


def loud_space() -> Space:
    """A random decoder whose controls differ by several dB."""
    space = random_space(3)
    space.weights[-1] = 100.0 * space.weights[-1]
    return space


def error_and_spread(plan: Plan, space: Space) -> tuple[float, float]:
    lattice = Lattice(*_in_memory(plan))
    wanted = decoded(space, PLAYED)[:, PARTIALS]
    at_home = decoded(space, Reach(0 * PLAYED.codes, PLAYED.loudness_db, PLAYED.note))[:, PARTIALS]
    found = plain(lattice, PLAYED)[:, PARTIALS]
    return abs(found - wanted).mean(), abs(at_home - wanted).mean()


@pytest.mark.parametrize("plan", [grid_plan, anchors_plan])
def test_it_says_nearly_what_the_decoder_says_of_codes_it_was_not_built_from(plan):  # noqa: ANN001
    space = loud_space()
    error, spread = error_and_spread(plan(space, toy_reach()), space)
    assert error < 0.25 * spread


def test_where_few_directions_matter_a_grid_is_planned_and_else_anchors():
    kinds = [
        bool(plan_lattice(loud_space(), toy_reach(900, n), "a toy", KEY, 2**22).card.grid)
        for n in (2, 10)
    ]
    assert kinds == [True, False]


def test_where_the_controls_are_straight_in_the_code_a_grid_is_exact():
    space = flat_space((0.0, -20.0, -30.0), slide_db=6.0)
    reach = toy_reach()
    reach.codes[:, 0] = abs(reach.codes[:, 0]) + 1.0  # on one side of the rectifier's corner
    lattice = Lattice(*_in_memory(plan_grid(space, survey(space, reach), "a line", KEY, 2**23)))
    assert abs(plain(lattice, reach) - decoded(space, reach)).mean() < 0.01


def _in_memory(plan: Plan) -> tuple:
    table = np.stack([plan.rows(code) for code in range(plan.card.n_codes)])
    return plan.card, plan.arrays | {"table": table}


def codes_of_anchors(lattice: Lattice, row: int, column: int) -> np.ndarray:
    steps = np.linalg.inv(lattice.arrays["readers"].astype(np.float64)).T
    return lattice.arrays["centre"][row, column] + lattice.arrays["anchors"].T @ steps


def test_an_anchor_says_what_the_decoder_says_of_it():
    lattice = toy_lattice(SPACE, is_grid=False)
    row, column = 5, 2
    note, loudness_db = lattice.card.notes.points()[row], lattice.card.loudness_db.points()[column]
    at = along(codes_of_anchors(lattice, row, column), note, loudness_db)
    assert abs(plain(lattice, at) - decoded(SPACE, at)).max() < 0.02


def largest_step(lattice: Lattice, n_steps: int) -> float:
    """Move straight through the anchors, and measure the largest change of a control at once."""
    anchors = codes_of_anchors(lattice, 5, 2)
    way = np.concatenate(
        [np.linspace(a, b, n_steps, endpoint=False) for a, b in pairwise(anchors[[0, 9, 4, 17]])]
    )
    return float(abs(np.diff(compiled(lattice, along(way)), axis=0)).max())


def test_nothing_jumps_where_one_anchor_takes_anothers_place():
    lattice = toy_lattice(SPACE, is_grid=False)
    coarse, fine = (largest_step(lattice, n_steps) for n_steps in (400, 3200))
    assert fine < 0.25 * coarse


def test_nothing_jumps_from_cell_to_cell_of_a_grid():
    ramp = np.linspace(-1.0, 1.0, 4000)[:, None] * PLAYED.codes[:1] * 2.0
    lattice = toy_lattice(SPACE)
    steps = abs(np.diff(compiled(lattice, along(ramp)), axis=0)).max(axis=0)
    travelled = abs(np.diff(decoded(SPACE, along(ramp)), axis=0)).max(axis=0)
    assert steps.max() < 10.0 * travelled.max()


def test_the_finest_grid_that_fits_is_taken():
    space = loud_space()
    ground = survey(space, toy_reach())
    small, large = (plan_grid(space, ground, "a toy", KEY, n).card for n in (2**21, 2**22))
    assert small.n_bytes <= 2**21 < large.n_bytes <= 2**22


@pytest.mark.parametrize("plan", [plan_grid, plan_anchors])
def test_too_little_room_is_told_in_one_sentence(plan):  # noqa: ANN001
    with pytest.raises(SpaceError, match=r"takes \d+ MB, and 0 MB are allowed; allow more"):
        plan(SPACE, survey(SPACE, toy_reach(40)), "a toy", KEY, 2**16)


def test_equal_codes_give_equal_plans():
    first, second = (grid_plan(SPACE) for _ in range(2))
    assert first.card == second.card
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)


def test_anchors_lie_where_something_is_played():
    ground = survey(SPACE, toy_reach(40))
    anchors = anchors_plan(SPACE).arrays["anchors"].T
    distances = np.linalg.norm(anchors[:, None] - ground.seen, axis=2).min(axis=1)
    assert distances.max() < 0.01


def test_arrays_that_do_not_fit_are_refused():
    lattice = toy_lattice(SPACE)
    with pytest.raises(SpaceError, match="do not fit each other; build it again"):
        Lattice(lattice.card, dict(lattice.arrays) | {"centre": np.zeros(3, np.float32)})


def test_an_axis_places_values_between_its_points_and_beyond_its_ends_at_them():
    index, part = Axis(low=10.0, step=2.0, n=3).places(np.array([9.0, 11.0, 12.5, 99.0]))
    assert (index + part).tolist() == [0.0, 0.5, 1.25, 2.0]
