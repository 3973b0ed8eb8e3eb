from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calibration.demonstrations.pupil import ORIGIN, WISHED, Pupil, Taught, factory_ancestor
from calibration.demonstrations.take import Take, new_key
from calibration.simulation.player import Player
from calibration.targets.target import TargetError
from mapper.features import TOUCH_FIELDS
from mapper.mapping import N_INPUTS, TRAJECTORY_SIZE
from mapper.residual import Residual
from presets.card import Ancestor
from presets.library import with_fields
from presets.preset import PresetError
from presets.spaces import factory_space
from presets.store import factory_names, load

N_TAKES = 4


@cache
def pupil() -> Pupil:
    return Pupil(load("breath"), factory_space())


@cache
def takes() -> tuple[Take, ...]:
    player = Player(5, "sigmoid", 1)
    return tuple(
        Take(target=target, touches=player.imitate(target).astype(np.float32), key=new_key())
        for target in (pupil().target("free", seed=seed) for seed in range(N_TAKES))
    )


@cache
def taught() -> Taught:
    return pupil().teach(takes())


def test_what_was_taught_is_better_on_takes_held_out() -> None:
    assert taught().adopted
    assert taught().error is not None
    assert taught().error_before is not None
    assert taught().error < 0.98 * taught().error_before
    assert taught().preset.mapping is not pupil().preset.mapping


def test_nothing_but_the_mapping_changes() -> None:
    assert taught().preset.card == pupil().preset.card
    assert np.array_equal(taught().preset.macros, pupil().preset.macros)


def test_equal_takes_teach_the_same() -> None:
    again = pupil().teach(takes())
    assert np.array_equal(again.preset.mapping.blob(), taught().preset.mapping.blob())


def test_how_late_the_player_is_is_found() -> None:
    own_s = Player(5, "sigmoid", 1).body.numbers["lag_s"]
    assert taught().lag_s == pytest.approx(own_s, abs=0.08)


def test_one_take_is_too_few_to_change_anything() -> None:
    one = pupil().teach(takes()[:1])
    assert not one.adopted
    assert one.preset.mapping is pupil().preset.mapping
    assert "too few" in one.in_words()


def test_takes_that_weigh_nothing_teach_nothing() -> None:
    assert pupil().teach([replace(take, weight=0.0) for take in takes()]).n_takes == 0


def test_a_hand_that_does_not_follow_is_not_learned_from() -> None:
    """Touches that have nothing to do with their targets: nothing better can come of them."""
    rng = np.random.default_rng(2)
    strangers = [
        Take(target=take.target, touches=stranger(take.touches, rng), key=new_key())
        for take in takes()
    ]
    learned = pupil().teach(strangers)
    assert "so nothing changes" in learned.in_words() or learned.error < learned.error_before


def stranger(touches: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    moved = touches.copy()
    for name in ("press", "slide"):
        moved[:, TOUCH_FIELDS.index(name)] = rng.uniform(0.0, 1.0)
    return moved


def test_every_factory_preset_can_be_taught() -> None:
    for name in factory_names():
        assert Pupil(load(name), factory_space()).factory.card.name == name


def test_a_preset_that_was_taught_remembers_what_it_was_made_of() -> None:
    ancestor = Ancestor(name="breath", sha256="0" * 64)
    own = with_fields(load("breath"), name="mine", provenance={"ancestors": [ancestor]})
    assert factory_ancestor(own) == "breath"


def test_teaching_begins_with_what_a_preset_is_of_its_own() -> None:
    breath = load("breath")
    other = replace(breath, mapping=load("bow").mapping)
    assert Pupil(other, factory_space()).teach(takes()[:1]).preset.mapping is other.mapping


def test_a_taught_preset_is_taught_anew_by_all_its_takes() -> None:
    card = taught().preset.card
    provenance = card.provenance.model_copy(update={"origin": ORIGIN})
    again = replace(taught().preset, card=card.model_copy(update={"provenance": provenance}))
    learned = Pupil(again, factory_space()).teach(takes())
    assert np.array_equal(learned.preset.mapping.blob(), taught().preset.mapping.blob())


def test_what_teaching_would_undo_is_refused() -> None:
    bumps = Residual(
        scale=np.ones(N_INPUTS, np.float32),
        centre=np.zeros((1, N_INPUTS), np.float32),
        out=np.zeros((1, TRAJECTORY_SIZE), np.float32),
    )
    preset = load("breath")
    refined = replace(preset, mapping=replace(preset.mapping, residual=bumps))
    with pytest.raises(PresetError, match="refined in places"):
        Pupil(refined, factory_space())


def test_a_preset_of_unknown_origin_cannot_be_taught() -> None:
    with pytest.raises(PresetError, match="comes from no factory preset"):
        Pupil(with_fields(load("breath"), name="stranger"), factory_space())


def test_a_target_that_there_is_not_is_said_at_once() -> None:
    with pytest.raises(TargetError, match="there is no target 'yodel'; choose one of free, swell"):
        Pupil(load("breath"), factory_space(), ["yodel"])


def test_there_are_several_targets_of_each_kind() -> None:
    made = pupil().targets()
    assert {one.kind for one in made} == set(WISHED)
    assert len({(one.kind, one.note, one.strike) for one in made}) == len(made)
