"""How sounds that differ are put first, and how far apart they are."""

import numpy as np
import pytest

from calibration.exploration.candidate import Candidate, Part
from calibration.exploration.palette import Palette
from calibration.exploration.pool import Pool
from calibration.exploration.preview import preview_on
from calibration.exploration.sounding import foreseen
from calibration.exploration.spread import nearest_db, spread_order
from presets.factory.loudness import RATE_HZ
from synth.moving.fingerprint import JUST_NOTICEABLE_DB, RANGE_DB, SIZE, distance_db, heard

POINTS = np.random.default_rng(0).normal(size=(300, 12))


def test_an_order_takes_each_point_once():
    assert sorted(spread_order(POINTS, 300)) == list(range(300))


def test_the_first_of_an_order_lie_further_apart_than_chance():
    first = POINTS[spread_order(POINTS, 60)]
    assert nearest_db(first).min() > 1.5 * nearest_db(POINTS[:60]).min()


def test_a_longer_order_begins_as_a_shorter_one():
    np.testing.assert_array_equal(spread_order(POINTS, 90)[:30], spread_order(POINTS, 30))


def test_groups_take_turns():
    groups = np.repeat([0, 1, 2], 100)
    taken = groups[spread_order(POINTS, 60, groups)]
    assert np.bincount(taken).tolist() == [20, 20, 20]


def test_a_group_that_is_used_up_leaves_its_turns_to_the_others():
    groups = np.array([0] * 5 + [1] * 295)
    assert np.bincount(groups[spread_order(POINTS, 50, groups)]).tolist() == [5, 45]


def test_the_nearest_is_found_at_its_distance():
    points = np.array([[0.0, 0.0], [3.0, 4.0], [30.0, 40.0]])
    np.testing.assert_allclose(nearest_db(points) ** 2 * 2, [25.0, 25.0, 45.0**2])


def test_nothing_is_near_where_there_is_nothing_else():
    assert nearest_db(POINTS[:2], POINTS[:0]).tolist() == [np.inf, np.inf]


def test_loudness_is_no_part_of_a_fingerprint():
    sound = np.random.default_rng(0).normal(size=RATE_HZ)
    assert distance_db(heard(sound, RATE_HZ), heard(0.1 * sound, RATE_HZ)) < 1e-6


def test_a_fingerprint_has_a_bounded_range():
    mark = heard(np.sin(np.arange(RATE_HZ) * 0.05), RATE_HZ)
    assert mark.shape == (SIZE,)
    assert (mark.min(), mark.max()) == (-RANGE_DB, 0.0)


def test_raising_everything_by_a_just_noticeable_step_is_just_that_far():
    mark = np.linspace(-40.0, -5.0, SIZE)
    assert distance_db(mark, mark + JUST_NOTICEABLE_DB) == pytest.approx(JUST_NOTICEABLE_DB)


def test_what_is_foreseen_is_what_is_heard(palette: Palette):
    """Distances foreseen from controls go with those measured on sound."""
    drawn = Pool(palette, 5).draw(16)
    kept = [(c, made) for c in drawn if (made := preview_on(palette, c, 60.0)).refused is None]
    seen = np.stack([foreseen(palette, candidate, 60.0) for candidate, _ in kept])
    got = np.stack([made.fingerprint for _, made in kept])
    pairs = np.triu_indices(len(kept), 1)
    between = [distance_db(marks[pairs[0]], marks[pairs[1]]) for marks in (seen, got)]
    assert np.corrcoef(*between)[0, 1] > 0.9


def test_a_trace_of_another_instrument_is_nearer_than_the_other_itself(palette: Palette):
    flute, trumpet, mostly_flute = (
        foreseen(palette, Candidate(kind="mix", parts=parts), 60.0)
        for parts in (
            (Part("flute", 1, 1),),
            (Part("trumpet", 1, 1),),
            (Part("flute", 0.97, 0.97), Part("trumpet", 0.03, 0.03)),
        )
    )
    assert distance_db(flute, mostly_flute) < 0.3 * distance_db(flute, trumpet)
