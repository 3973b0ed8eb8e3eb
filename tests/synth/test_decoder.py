"""The compiled decoder against plain array operations."""

from itertools import pairwise

import numpy as np
import pytest

from synth.controls import CODE_SIZE, N_CONTROLS, N_DECODER_INPUTS, decoder_inputs
from synth.decoder import MAX_WIDTH, decode, decode_tile, pack
from synth.engine.layout import TILE
from synth.space import Space, SpaceError
from tests.synth.toy import arrays_of, random_space

LOUDNESS_DB, NOTES = np.array([-60.0, -30.0, -10.0, 0.0]), np.array([20.0, 60.0, 69.5, 110.0])


def codes(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(TILE, CODE_SIZE)).astype(np.float32)


def rows(space: Space, codes: np.ndarray) -> np.ndarray:
    scale = (space.card.loudness_mean_db, space.card.loudness_deviation_db)
    x = np.zeros((TILE, MAX_WIDTH), np.float32)
    x[:, :N_DECODER_INPUTS] = decoder_inputs(codes, LOUDNESS_DB, NOTES, scale)
    return x


def compiled(space: Space, x: np.ndarray) -> np.ndarray:
    """Controls of a tile of input rows, not clamped."""
    packed, sizes = pack(space)
    x = x.copy()
    decode_tile(packed, sizes, len(sizes) - 1, x, np.full_like(x, np.nan))
    return x[:, :N_CONTROLS]


@pytest.mark.parametrize("hidden", [(16,), (32, 32), (64, 48, 32), (256, 256, 256), (20, 7, 33, 5)])
def test_any_number_of_layers_gives_what_plain_arrays_give(hidden: tuple[int, ...]):
    space = random_space(3, hidden)
    wanted = decode(space, codes(), LOUDNESS_DB, NOTES)
    found = np.clip(compiled(space, rows(space, codes())), space.low, space.high)
    assert abs(found - wanted).max() < 1e-3


def test_a_rows_result_does_not_depend_on_the_other_rows():
    space = random_space(4)
    x = rows(space, codes())
    among_others, alone = x.copy(), np.zeros_like(x)
    among_others[1:] *= 7.0
    alone[0] = x[0]
    assert np.array_equal(compiled(space, among_others)[0], compiled(space, alone)[0])


def test_a_rows_result_does_not_depend_on_its_place():
    space = random_space(5)
    x = rows(space, codes())
    assert np.array_equal(compiled(space, x)[::-1], compiled(space, x[::-1]))


def test_controls_stay_within_the_spaces_bounds():
    space = random_space(6)
    controls = decode(space, 1e4 * codes(), LOUDNESS_DB, NOTES)
    assert ((controls >= space.low) & (controls <= space.high)).all()


def space_of_sizes(*sizes: int) -> Space:
    weights = [np.zeros((n, m)) for m, n in pairwise(sizes)]
    return Space(random_space().card, arrays_of(weights, [np.zeros(n) for n in sizes[1:]]))


@pytest.mark.parametrize("sizes", [(MAX_WIDTH + 1,), (16,) * 7])
def test_a_decoder_that_the_engine_cannot_hold_is_refused(sizes: tuple[int, ...]):
    with pytest.raises(SpaceError, match="at most 7 of 256 can be played live; build a cache"):
        pack(space_of_sizes(N_DECODER_INPUTS, *sizes, N_CONTROLS))
