"""Settled codes: nearer to what was measured than those that were heard, and never far from them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from synth.decoder import decode
from synth.settling import LEVELS, PIECE_ROWS, Measured, settle
from synth.space import Space

Array = NDArray[np.float32]

SPACE = Path(__file__).parents[2] / "synth/spaces/fluid.safetensors"
N_CODES = 40
SUSTAINED = 10
"""Age of a codebook's sound at which its attack is over."""


def plain(moves: Array) -> Array:
    return moves


@pytest.fixture(scope="module")
def space() -> Space:
    return Space.load(SPACE)


def measured(space: Space, codes: Array) -> Measured:
    """What would be measured of a sound that these codes say."""
    loudness_db = np.linspace(-30, -12, len(codes), dtype=np.float32)
    note = np.full(len(codes), 60, np.float32)
    return Measured(loudness_db, note, decode(space, codes, loudness_db, note))


def path(space: Space, n_codes: int = N_CODES) -> Array:
    """Codes of some of its sounds."""
    chosen = np.random.default_rng(1).integers(0, len(space.codes), n_codes)
    return space.codes[chosen, SUSTAINED].astype(np.float32)


def misheard(codes: Array) -> Array:
    aside = np.random.default_rng(2).standard_normal(codes.shape)
    return codes + (0.3 * aside).astype(np.float32)


def off_db(space: Space, codes: Array, true: Measured) -> float:
    said = decode(space, codes, true.loudness_db, true.note)
    return float(np.abs(said - true.controls)[:, LEVELS].mean())


def test_a_sound_that_the_space_can_say_is_said_nearer(space: Space):
    true, heard = measured(space, path(space)), misheard(path(space))
    assert off_db(space, settle(space, heard, true, plain), true) < 0.5 * off_db(space, heard, true)


def test_what_was_heard_truly_stays(space: Space):
    codes = path(space)
    settled = settle(space, codes, measured(space, codes), plain)
    assert settled == pytest.approx(codes, abs=1e-3)


def test_a_level_that_no_code_gives_drags_none_away(space: Space):
    codes = path(space)
    true = measured(space, codes)
    true.controls[:, LEVELS.start] += 60.0
    settled = settle(space, codes, true, plain)
    assert np.abs(settled - codes).mean() < 0.3
    assert np.isfinite(settled).all()


def test_moves_are_as_calm_as_asked(space: Space):
    true, heard = measured(space, path(space)), misheard(path(space))

    def one_for_all(moves: Array) -> Array:
        return np.broadcast_to(moves.mean(axis=0), moves.shape)

    moves = settle(space, heard, true, one_for_all) - heard
    assert np.ptp(moves, axis=0).max() < 1e-5
    assert np.abs(moves).max() > 0.01


def test_silence_settles_nothing(space: Space):
    codes = path(space)
    true = measured(space, codes)
    true.controls[:] = -100.0
    assert np.isfinite(settle(space, codes, true, plain)).all()


def test_a_long_path_is_settled_piece_by_piece_as_a_short_one(space: Space):
    codes = path(space, PIECE_ROWS + 3)
    true, heard = measured(space, codes), misheard(codes)
    last = slice(PIECE_ROWS - 2, None)
    short = settle(space, heard[last], Measured(*(rows[last] for rows in true)), plain)
    assert settle(space, heard, true, plain)[last] == pytest.approx(short, abs=1e-3)
