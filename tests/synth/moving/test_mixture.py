"""What a mixture sounds as."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.moving.mixture import Mixer, analogy, between, mix
from synth.moving.refusal import MovingError
from synth.space import Space
from tests.synth.moving.tiny import tiny_space

TINY = tiny_space()
MIXER = Mixer(TINY)
NAMES = [f"toy-{place}" for place in range(6)]


def code_of(name: str, note: float = 60.0):
    return MIXER.course(mix(TINY, {name: 1.0}), note).codes


@pytest.mark.parametrize("place", [0, 7, 18])
def test_a_recorded_sound_alone_is_as_it_was_recorded(place: int):
    course = MIXER.course(mix(TINY, {TINY.card.sounds[place].name: 1.0}))
    np.testing.assert_allclose(course.codes, TINY.codes[place], atol=1e-5)
    np.testing.assert_allclose(course.loudness_db, TINY.loudness_db[place], atol=1e-4)
    assert course.note == TINY.card.sounds[place].note


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.05, 1.0), min_size=2, max_size=6))
def test_a_mixture_of_any_number_lies_between_its_sounds(shares: list[float]):
    named = dict(zip(NAMES, shares, strict=False))
    course = MIXER.course(mix(TINY, named), 60.0)
    parts = np.stack([code_of(name) for name in named])
    weights = np.array(shares) / sum(shares)
    np.testing.assert_allclose(course.codes, np.tensordot(weights, parts, 1), atol=1e-6)


def test_equal_shares_may_be_said_in_any_number():
    assert mix(TINY, {"toy-0": 3.0, "toy-1": 3.0}) == mix(TINY, {"toy-0": 0.5, "toy-1": 0.5})


@pytest.mark.parametrize("place", [0.0, 0.3, 1.0, 2.0])
def test_between_a_sound_and_itself_there_is_only_that_sound(place: float):
    assert between(TINY, "toy-0", "toy-0", place) == mix(TINY, {"toy-0": 1.0})


def test_the_lowest_note_is_no_less_a_note():
    low = mix(TINY, {"toy-0-c-1": 1.0})
    assert MIXER.course(low, 60.0).codes[0] == pytest.approx(MIXER.course(low, 0.0).codes[0])


def test_half_way_back_to_a_sound_is_where_the_other_was_left():
    first = MIXER.course(between(TINY, "toy-0", "toy-1", 0.25), 60.0)
    last = MIXER.course(between(TINY, "toy-1", "toy-0", 0.75), 60.0)
    np.testing.assert_allclose(first.codes, last.codes)
    np.testing.assert_allclose(first.level_db, last.level_db)


def test_an_analogy_of_a_sound_to_itself_changes_nothing():
    course = MIXER.course(analogy(TINY, "toy-2", "toy-2", "toy-4"), 60.0)
    np.testing.assert_allclose(course.codes, code_of("toy-4"), atol=1e-9)


def test_no_mixture_leaves_the_edge():
    far = MIXER.course(mix(TINY, {"toy-0": 4.0, "toy-1": -3.0}), 60.0)
    assert MIXER.edge.distance(far.codes).max() <= MIXER.edge.farthest + 1e-9


def test_the_loudest_moment_is_the_peak_whatever_is_mixed():
    for asked in (
        mix(TINY, {"toy-0": 2.0, "toy-1": -1.0}),
        mix(TINY, {"toy-1": 1.0, "toy-3": 1.0}),
    ):
        course = MIXER.course(asked, 60.0)
        assert course.level_db.max() == 0.0
        assert -30.0 < course.peak_db < -15.0


@pytest.mark.parametrize("shares", [{"toy-0": 1.0, "toy-1": -1.0}, {"toy-0": np.nan}, {}])
def test_shares_that_sum_to_nothing_are_refused(shares: dict[str, float]):
    with pytest.raises(MovingError, match="must sum to more than 0"):
        mix(TINY, shares)


def test_a_share_that_leads_too_far_is_refused():
    with pytest.raises(MovingError, match="heard 4 times over"):
        mix(TINY, {"toy-0": 1.1, "toy-1": -1.0})


def test_a_mixture_is_laid_out_over_the_keyboard_with_its_instruments_dynamics(fluid: Space):
    mixer = Mixer(fluid)
    asked = mix(fluid, {"flute-ds4-mp": 1.0, "violin": 1.0})
    soft, hard = (mixer.surface(asked, strike) for strike in (0.28, 0.98))
    assert soft.codes.shape == (6, len(fluid.card.ages_s), 16)
    assert hard.loudness_db.max() > soft.loudness_db.max()


def test_what_it_is_made_of_is_said_in_words():
    assert mix(TINY, {"toy-0": 1.5, "toy-1-c5": -0.5}).text == "150% toy-0 - 50% toy-1-c5"
