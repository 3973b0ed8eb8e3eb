"""What is learned of a wish from A/B answers, by listeners whose wish is known."""

import numpy as np
import pytest

from calibration.refinements.judgement import Answer, Judged
from calibration.refinements.preference import Preference

Array = np.ndarray
LOW, HIGH = np.full(4, -6.0), np.full(4, 6.0)
START = np.zeros(4)
WISHES = [np.random.default_rng(i).uniform(-5, 5, 4) for i in range(3)]


def by_all(places: Array) -> Array:
    """Every gain is heard alike, in one sense."""
    return places[None]


def deaf_to_the_last(places: Array) -> Array:
    return places[None, :, :3]


def answer(wish: Array, first: Array, second: Array) -> Answer:
    ahead = np.linalg.norm(second - wish) - np.linalg.norm(first - wish)
    return Answer.SAME if abs(ahead) < 1.0 else Answer(int(np.sign(ahead)))


def ask(preference: Preference, wish: Array, times: int, lapse: float = 0.0, seed: int = 0):
    rng = np.random.default_rng(seed)
    for _ in range(times):
        first, second = preference.next_pair()
        said = answer(wish, first, second)
        if rng.random() < lapse:
            said = Answer(int(rng.integers(-1, 2)))
        preference.tell(Judged(first, second, said))


def test_noisy_answers_lead_to_the_wish():
    regained = []
    for seed, wish in enumerate(WISHES):
        preference = Preference(by_all, START, LOW, HIGH, seed)
        ask(preference, wish, 15, lapse=0.1, seed=seed)
        regained.append(1 - np.linalg.norm(preference.best() - wish) / np.linalg.norm(wish))
    assert np.mean(regained) > 0.8


def test_more_answers_leave_less_to_gain():
    preference = Preference(by_all, START, LOW, HIGH, 1)
    before = preference.left_to_gain()
    ask(preference, WISHES[1], 12)
    assert preference.left_to_gain() < 0.4 * before


def test_it_settles_once_nothing_audible_is_left():
    preference = Preference(by_all, START, LOW, HIGH, 2)
    assert not preference.is_settled()
    ask(preference, np.array([2.0, -1.0, 0.0, 1.0]), 20)
    assert preference.is_settled()
    assert np.linalg.norm(preference.best() - [2.0, -1.0, 0.0, 1.0]) < 1.5


def test_a_gain_that_nobody_hears_stays_where_it_was():
    preference = Preference(deaf_to_the_last, START, LOW, HIGH, 3)
    ask(preference, np.array([3.0, -3.0, 2.0, 5.0]), 8)
    assert abs(preference.best()[3]) < 1.0


def test_equal_answers_give_equal_questions():
    one, other = (Preference(by_all, START, LOW, HIGH, 4) for _ in range(2))
    for preference in (one, other):
        ask(preference, WISHES[0], 5)
    np.testing.assert_array_equal(one.next_pair(), other.next_pair())
    np.testing.assert_array_equal(one.best(), other.best())


def test_both_of_a_pair_lie_within_the_range_and_differ():
    preference = Preference(by_all, START, LOW, HIGH, 5)
    for _ in range(6):
        first, second = preference.next_pair()
        assert ((first >= LOW) & (first <= HIGH) & (second >= LOW) & (second <= HIGH)).all()
        assert (first != second).any()
        preference.tell(Judged(first, second, Answer.FIRST))


@pytest.mark.parametrize("said", list(Answer))
def test_a_player_who_always_says_the_same_breaks_nothing(said: Answer):
    preference = Preference(by_all, START, LOW, HIGH, 6)
    for _ in range(10):
        preference.tell(Judged(*preference.next_pair(), said))
    assert np.isfinite(preference.best()).all()
    assert np.isfinite(preference.left_to_gain())


def test_earlier_places_are_asked_again():
    preference = Preference(by_all, START, LOW, HIGH, 7)
    heard: set[bytes] = set()
    again = 0
    for _ in range(12):
        pair = preference.next_pair()
        again += sum(place.tobytes() in heard for place in pair)
        heard |= {place.tobytes() for place in pair}
        preference.tell(Judged(*pair, answer(WISHES[2], *pair)))
    assert again > 0
