"""Named axes: found on a space's own sounds, and moved along."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from synth.controls import CODE_SIZE
from synth.moving.axes import Axes, axes_of, moved
from synth.moving.axis_search import find_axes, with_axes
from synth.moving.mixture import Mixer, mix
from synth.moving.qualities import QUALITIES, Sounds, qualities
from synth.moving.refusal import MovingError
from synth.space import AXIS_SIZES, Axis, Space, SpaceError, save_space

CARD = Axis(
    name="brightness", low="darker", high="brighter", unit="semitones", step=1.0,
    just_noticeable=0.1, r2=0.9, readable_r2=0.5, effects={},
)  # fmt: skip
NAMES = [quality.name for quality in QUALITIES]
TIMBRAL = NAMES[:4]


@pytest.fixture(scope="module")
def axes(fluid: Space) -> Axes:
    return axes_of(fluid)


def test_every_quality_has_its_axis(axes: Axes):
    assert list(axes.names) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_step_moves_what_the_axis_is_named_after_by_about_a_step(axes: Axes, name: str):
    card = axes.cards[NAMES.index(name)]
    assert 0.8 <= card.effects[name] <= 1.2
    assert card.r2 >= 0.6


@pytest.mark.parametrize("name", NAMES)
def test_a_step_moves_nothing_else_as_much(axes: Axes, name: str):
    effects = axes.cards[NAMES.index(name)].effects
    assert max(abs(effects[other]) for other in NAMES if other != name) <= 0.6 * effects[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_step_is_well_heard_and_a_just_noticeable_one_is_less(axes: Axes, name: str):
    assert 0.02 <= axes.cards[NAMES.index(name)].just_noticeable <= 0.7


@pytest.mark.parametrize("name", TIMBRAL)
def test_a_sound_that_is_moved_on_and_back_is_where_it_was(fluid: Space, name: str):
    flute = mix(fluid, {"flute": 1.0})
    back = moved(fluid, moved(fluid, flute, {name: 1.0}), {name: -1.0})
    np.testing.assert_allclose(back.bend.shift, 0.0, atol=1e-12)


def test_a_moved_sound_measures_as_it_was_moved(fluid: Space, fluid_mixer: Mixer):
    """On instruments, whole courses, as they would be heard."""
    names = ["flute", "cello", "trumpet", "grand-piano", "choir-aah", "drawbar-organ"]
    courses = [mix(fluid, {name: 1.0}) for name in names]

    def measured(steps: dict[str, float]) -> NDArray[np.float64]:
        heard = [fluid_mixer.course(moved(fluid, one, steps), 60.0) for one in courses]
        sounds = Sounds(
            heard[0].ages_s,
            np.stack([one.codes for one in heard]),
            np.stack([one.loudness_db for one in heard]),
            np.full(len(heard), 60.0),
        )
        return np.median(qualities(fluid, sounds), axis=0)

    for place, name in enumerate(NAMES):
        assert measured({name: 1.0})[place] > measured({})[place] > measured({name: -1.0})[place]


def test_equal_spaces_have_equal_axes(fluid: Space):
    first, second = find_axes(fluid), find_axes(fluid)
    assert first.cards == second.cards
    np.testing.assert_array_equal(first.directions, second.directions)


def test_a_small_space_has_no_axes_and_says_so(tiny: Space):
    assert axes_of(tiny).names == ()
    with pytest.raises(MovingError, match="has 24 sounds, too few for axes, which need 60"):
        moved(tiny, mix(tiny, {"toy-0": 1.0}), {"noise": 1.0})


def test_too_many_steps_are_refused(fluid: Space):
    for steps in (5.0, float("nan")):
        with pytest.raises(MovingError, match="lead out of the space"):
            moved(fluid, mix(fluid, {"flute": 1.0}), {"noise": steps})


def test_axes_travel_in_the_spaces_file(fluid: Space, axes: Axes, tmp_path: Path):
    path = tmp_path / "axed.safetensors"
    card, arrays = with_axes(fluid.card, fluid.arrays)
    save_space(path, card, arrays)
    loaded = axes_of(Space.load(path))
    assert loaded.cards == tuple(card.axes)
    np.testing.assert_allclose(loaded.directions, axes.directions, atol=1e-3)


def test_axes_are_found_anew_where_there_are_some(tiny: Space):
    some = Axes((CARD,), *(np.ones((1, size)) for size in AXIS_SIZES.values()))
    axed = tiny.card.model_copy(update={"axes": some.cards})
    card, arrays = with_axes(axed, tiny.arrays | some.arrays)
    assert card.axes == ()
    assert Space(card, arrays).axes["directions"].shape == (0, CODE_SIZE)


def test_a_space_whose_axes_lack_their_numbers_is_refused(fluid: Space, axes: Axes):
    card = fluid.card.model_copy(update={"axes": axes.cards})
    with pytest.raises(SpaceError, match="do not fit each other"):
        Space(card, {key: one for key, one in fluid.arrays.items() if "axes" not in key})
