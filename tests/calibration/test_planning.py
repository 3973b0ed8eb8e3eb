from functools import cache
from itertools import pairwise

import numpy as np

from calibration.demonstrations.planning import FREE, FREE_FIRST, Planner
from calibration.targets.articulations import articulate
from calibration.targets.target import Target
from presets.factory.demonstrations import Composer
from presets.factory.recipes import RECIPES
from presets.spaces import factory_space

KINDS = ("free", "swell", "brighten", "accent", "scoop")
NOTES = (60.0, 72.0)
N_RANDOM = 30


@cache
def planner() -> Planner:
    composer = Composer(factory_space(), RECIPES[0])
    return Planner(
        [
            articulate(composer, kind, note=note, seed=i)
            for kind in KINDS
            for i, note in enumerate(NOTES)
        ]
    )


def chosen_at_random(rng: np.random.Generator, count: int) -> list[Target]:
    places = rng.permutation(len(planner().candidates))[:count]
    return [planner().candidates[place] for place in places]


def test_the_first_targets_move_freely() -> None:
    assert [one.kind for one in planner().plan(FREE_FIRST)] == [FREE] * FREE_FIRST


def test_every_target_played_leaves_less_unsure() -> None:
    plan = planner().plan(6)
    unsure = [planner().unsureness(plan[:count]) for count in range(7)]
    assert unsure[0] == 1.0
    assert all(after < before for before, after in pairwise(unsure))


def test_a_plan_leaves_less_unsure_than_targets_chosen_at_random() -> None:
    rng = np.random.default_rng(1)
    for count in (2, 4, 6):
        planned = planner().unsureness(planner().plan(count))
        at_random = [planner().unsureness(chosen_at_random(rng, count)) for _ in range(N_RANDOM)]
        assert planned < np.mean(at_random)


def test_what_was_played_often_is_not_asked_for_again() -> None:
    swells = [one for one in planner().candidates if one.kind == "swell"]
    free = [one for one in planner().candidates if one.kind == FREE]
    assert planner().next_target([*free, *4 * swells]).kind != "swell"


def test_without_free_targets_others_begin() -> None:
    others = [one for one in planner().candidates if one.kind != FREE]
    assert Planner(others).next_target([]) in others
