"""How instruments are blended, and where the edge lies."""

import numpy as np
import pytest

from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import MIDDLING, NOTES, Palette
from calibration.exploration.pool import KINDS, Pool
from calibration.exploration.sounding import ROW_RATE_HZ, trajectory
from synth.controls import CODE_SIZE


def one_of(*parts: tuple[str, float, float], **more: float) -> Candidate:
    return Candidate.model_validate({"kind": "mix", "parts": parts, **more})


def test_an_instrument_alone_is_itself(palette: Palette):
    alone = palette.blend(one_of(("flute", 1, 1)))
    place = palette.instruments.index("flute")
    inside = palette.edge.distance(palette.codes[MIDDLING, place]) <= palette.edge.free
    np.testing.assert_allclose(alone.codes[inside], palette.codes[MIDDLING, place][inside])
    np.testing.assert_allclose(alone.level_db, palette.level_db[MIDDLING, place])


def test_a_turn_begins_as_one_and_ends_as_the_other(palette: Palette):
    turned = palette.shares(one_of(("harp", 1, 0), ("choir-aah", 0, 1), turn_s=0.1))
    assert turned[:, 0] == pytest.approx([1.0, 0.0])
    assert turned[:, -1] == pytest.approx([0.0, 1.0], abs=1e-6)


def test_a_faster_pace_shortens_the_ages(palette: Palette):
    quick = palette.blend(one_of(("harp", 1, 1), pace=2.0))
    np.testing.assert_allclose(quick.ages_s, palette.ages_s / 2.0)


def test_what_is_taken_away_says_nothing_of_the_loudness(palette: Palette):
    bare = palette.blend(one_of(("violin", 1, 1)))
    less = palette.blend(one_of(("violin", 2, 2), ("harp", -1, -1)))
    np.testing.assert_allclose(less.level_db, bare.level_db, atol=1e-3)


def test_codes_well_inside_the_edge_are_left_alone(palette: Palette):
    code = palette.edge.centre + 0.1
    np.testing.assert_allclose(palette.edge.within(code[None]), code[None])


def test_no_code_lies_further_out_than_the_codebook_does(palette: Palette):
    far = palette.edge.centre + 30.0 * np.random.default_rng(0).normal(size=(200, CODE_SIZE))
    assert palette.edge.distance(palette.edge.within(far)).max() <= palette.edge.farthest + 1e-6


def test_the_edge_keeps_the_direction(palette: Palette):
    away = 5.0 * np.random.default_rng(1).normal(size=CODE_SIZE)
    held = palette.edge.within((palette.edge.centre + away)[None])[0] - palette.edge.centre
    assert held @ away == pytest.approx(np.linalg.norm(held) * np.linalg.norm(away))


def test_equal_seeds_draw_equal_candidates(palette: Palette):
    assert Pool(palette, 3).draw(20) == Pool(palette, 3).draw(20)
    assert Pool(palette, 3).draw(20) != Pool(palette, 4).draw(20)


def test_every_kind_is_drawn(palette: Palette):
    assert {candidate.kind for candidate in Pool(palette, 0).draw(100)} == set(KINDS)


def test_the_shares_of_a_drawn_candidate_sum_to_one(palette: Palette):
    for candidate in Pool(palette, 1).draw(60):
        assert sum(part.later for part in candidate.parts) == pytest.approx(1.0, abs=0.01)
        assert sum(part.share for part in candidate.parts) == pytest.approx(1.0, abs=0.01)


def test_a_trajectory_is_playable_over_the_whole_palette(palette: Palette):
    for note in (NOTES[0] - 12, 60.0, NOTES[-1] + 12):
        for candidate in Pool(palette, 2).draw(8):
            rows = trajectory(palette, candidate, note, 0.5)
            assert rows.shape == (0.5 * ROW_RATE_HZ, CODE_SIZE + 2)
            assert np.isfinite(rows).all()
            assert rows[:, CODE_SIZE].max() <= -18.0
