"""How presets are learned from demonstrations, and how well."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mapper.features import TOUCH_FIELDS
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, LOUDNESS
from presets import store
from presets.factory import design, fitting
from presets.factory.demonstrations import PLACES, Composer, demonstrate, place_of
from presets.factory.evaluation import code_error, compare, loudness_error_db
from presets.factory.gestures import HELD_OUT, frame_ages_s, gestures
from presets.factory.recipes import RECIPES, Recipe, solo
from presets.spaces import factory_space
from synth.moving.surface import Surface, instrument_of

Array = NDArray[np.float64]

SPACE = factory_space()
BREATH = next(recipe for recipe in RECIPES if recipe.name == "breath")
EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)


def sound_at(instrument: str) -> int:
    names = [instrument_of(sound.name) for sound in SPACE.card.sounds]
    return names.index(instrument)


def test_a_surface_passes_through_the_sounds_recorded():
    index = sound_at("flute")
    sound = SPACE.card.sounds[index]
    surface = Surface(SPACE, solo("flute", sound.strike))
    age_s = np.array(SPACE.card.ages_s)
    codes = surface.code(np.full_like(age_s, sound.note), age_s)
    np.testing.assert_allclose(codes, SPACE.codes[index], atol=1e-4)


def test_an_instrument_that_the_space_lacks_is_named():
    with pytest.raises(KeyError, match="kazoo"):
        Surface(SPACE, solo("kazoo", 0.5))


def test_a_rise_ends_at_the_peak_and_a_decay_starts_there():
    surface, age_s = Surface(SPACE, solo("marimba", 0.5)), np.geomspace(0.004, 8.0, 60)
    note = np.full_like(age_s, 60.0)
    assert surface.rise_db(note, age_s)[-1] == pytest.approx(0.0)
    assert surface.decay_db(note, age_s)[-1] < -60.0


def test_a_struck_sound_that_swells_again_is_not_the_noise_that_it_ended_in():
    surface = Surface(SPACE, solo("marimba", 0.5))
    note = np.array([48.0, 60.0, 72.0])
    faded_s = surface.faded_s(note)
    assert (surface.decay_db(note, faded_s) < -25.0).all()
    assert (surface.decay_db(note, 0.7 * faded_s) > -35.0).all()
    held = Surface(SPACE, solo("flute", 0.5))
    assert (held.faded_s(note) == held.ages_s[-1]).all()


def test_a_path_is_walked_in_even_steps_of_brightness():
    climb = np.sort(np.random.default_rng(0).uniform(40, 90, (len(PLACES), 1)), axis=0)
    wanted = np.linspace(climb[0, 0], climb[-1, 0], 9)
    places = place_of(np.tile(climb, 9), PLACES, wanted)
    np.testing.assert_allclose(np.interp(places, PLACES, climb[:, 0]), wanted, atol=0.1)


def test_louder_playing_does_not_darken_what_is_asked_for():
    composer, age_s = Composer(SPACE, BREATH), frame_ages_s(0.8)
    bright = []
    for press in (0.3, 0.6, 0.9):
        rows = np.zeros((len(age_s), len(TOUCH_FIELDS)))
        rows[:, :8] = np.column_stack(
            [
                np.tile((press, press, 0.5, 0.0, 0.0, 72.0), (len(age_s), 1)),
                age_s,
                -np.ones_like(age_s),
            ]
        )
        rows[:, 8] = np.diff(age_s, prepend=0.0)
        asked = composer.trajectory(gesture_features(rows))[-1:]
        bright += [
            composer.centroid_note(asked[:, :CODE_SIZE], asked[:, LOUDNESS], rows[-1:, 5])[0]
        ]
    assert np.diff(bright).min() > 0.0


def test_the_same_space_gives_the_same_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fitting, "ITERATIONS", 5)
    monkeypatch.setattr(design, "N_DEMONSTRATED", 12)
    monkeypatch.setattr(design, "N_HELD_OUT", 6)
    first, second = (design.design(BREATH, SPACE).preset.to_bytes() for _ in range(2))
    assert first == second


def test_an_offset_nobody_demonstrates_is_zero_for_ever():
    targets = np.random.default_rng(0).normal(0, 1, (50, 18)) - 20.0
    targets[:, 17] = 0.0
    bounds = fitting.output_range(targets)
    assert bounds["low"][17] == bounds["high"][17] == 0.0


@EACH
@pytest.mark.slow
def test_the_shipped_mapping_follows_gestures_it_never_saw(recipe: Recipe):
    made = gestures(design.HELD_OUT_SEED, HELD_OUT, design.N_HELD_OUT, recipe.notes)
    composer = Composer(SPACE, recipe)
    unseen = demonstrate(composer, made)
    mapping = store.load(recipe.name).mapping
    predicted = mapping.predict(unseen.features.astype(np.float32)).astype(np.float64)
    assert code_error(predicted, unseen.targets) < 0.4
    asked = composer.trajectory(unseen.features)
    assert loudness_error_db(predicted, asked) < 1.6


@pytest.mark.slow
def test_a_mapping_beats_the_mean_a_plane_and_its_neighbours():
    composer = Composer(SPACE, replace(BREATH, notes=(60.0, 84.0)))
    unseen = demonstrate(composer, gestures(77, HELD_OUT, 30, composer.recipe.notes))
    errors = compare(store.load("breath").mapping, design.learn(composer), unseen)
    ours = errors.pop("mapping")
    assert all(ours["code_nrmse"] < other["code_nrmse"] for other in errors.values())
    assert all(ours["loudness_db"] < other["loudness_db"] for other in errors.values())


def test_the_error_of_the_mean_is_one():
    targets = np.random.default_rng(1).normal(0, 1, (200, 18))
    mean = np.tile(targets.mean(axis=0), (200, 1))
    assert code_error(mean, targets) == pytest.approx(1.0)
    assert code_error(targets[:, :CODE_SIZE], targets) == 0.0
