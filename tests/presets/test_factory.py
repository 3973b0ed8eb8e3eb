"""What every factory preset promises a player's hand."""

import ctypes

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from mapper.features import MEMORY_SIZE, TOUCH_FIELDS
from mapper.kernel import map_frame_address
from mapper.listening import gesture_features
from mapper.mapping import CODE_SIZE, LOUDNESS, PITCH_OFFSET
from presets import store
from presets.factory.gestures import STEPS, frame_ages_s
from presets.factory.recipes import RECIPES, Recipe
from presets.spaces import factory_space
from synth.controls import ORDERS, PARTIALS, hz_to_note, note_to_hz
from synth.decoder import decode

Array = NDArray[np.float64]

ALL = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
SUSTAINED = pytest.mark.parametrize(
    "recipe", [r for r in RECIPES if not r.struck], ids=lambda recipe: recipe.name
)
STRUCK = pytest.mark.parametrize(
    "recipe", [r for r in RECIPES if r.struck], ids=lambda recipe: recipe.name
)
PLACES = (0.1, 0.4, 0.6, 0.9)


def middle(recipe: Recipe) -> float:
    return round(sum(recipe.notes) / 2)


def notes(recipe: Recipe) -> list[float]:
    low, high = recipe.notes
    return [low + place * (high - low) for place in PLACES]


def played(recipe: Recipe, duration_s: float = 1.0, **moves: ArrayLike) -> NDArray[np.float32]:
    """Trajectory of one touch, frame by frame; moves are constants or curves over its frames."""
    age_s = frame_ages_s(duration_s)
    rest = {"strike": 0.5, "slide": 0.5, "note": middle(recipe), "since_lift_s": -1.0}
    clock = {"age_s": age_s, "dt_s": np.diff(age_s, prepend=0.0)}
    rows = np.zeros((len(age_s), len(TOUCH_FIELDS)))
    for name, curve in (rest | clock | moves).items():
        rows[:, TOUCH_FIELDS.index(name)] = curve
    return store.load(recipe.name).mapping.predict(gesture_features(rows))


def loudness_db(recipe: Recipe, duration_s: float = 1.0, **moves: ArrayLike) -> NDArray[np.float32]:
    return played(recipe, duration_s, **moves)[:, LOUDNESS]


def centroid_note(trajectory: NDArray[np.float32], note: float) -> float:
    """Centroid of the partials that the space decodes for the last frame."""
    last = trajectory[-1:]
    controls = decode(factory_space(), last[:, :CODE_SIZE], last[:, LOUDNESS], np.array([note]))
    amplitude = 10.0 ** (controls[0, PARTIALS] / 20.0)
    harmonic_hz = ORDERS * float(note_to_hz(note))
    heard = harmonic_hz < 20_000.0
    return float(hz_to_note(np.average(harmonic_hz[heard], weights=amplitude[heard])))


def test_every_recipe_is_shipped():
    assert store.factory_names() == sorted(recipe.name for recipe in RECIPES)


@ALL
def test_it_was_made_for_the_space_that_is_shipped(recipe: Recipe):
    assert store.load(recipe.name).card.space.sha256 == factory_space().sha256


@ALL
def test_a_middling_strike_speaks_without_any_pressure(recipe: Recipe):
    for note in notes(recipe):
        assert loudness_db(recipe, 0.1, strike=64 / STEPS, note=note).max() > -30.0


@ALL
def test_a_harder_strike_is_louder(recipe: Recipe):
    soft, hard = (loudness_db(recipe, 0.15, strike=strike).max() for strike in (0.2, 1.0))
    assert hard > soft + 8.0


@ALL
def test_nothing_played_is_louder_than_the_limiter_allows_for(recipe: Recipe):
    for note in notes(recipe):
        assert loudness_db(recipe, strike=1.0, press=1.0, note=note).max() < -8.0


@SUSTAINED
def test_press_spans_thirty_decibels_in_steps_too_small_to_hear(recipe: Recipe):
    presses = np.arange(STEPS + 1) / STEPS
    for note in notes(recipe):
        held = [loudness_db(recipe, 0.8, strike=0.0, press=p, note=note)[-1] for p in presses]
        assert held[-1] - held[0] >= 30.0
        assert np.abs(np.diff(held)).max() <= 1.5


@SUSTAINED
@pytest.mark.parametrize("slide", [0.0, 0.5, 1.0])
def test_more_press_is_never_softer(recipe: Recipe, slide: float):
    presses = np.arange(0, STEPS + 1, 4) / STEPS
    held = [loudness_db(recipe, 0.8, strike=0.0, press=p, slide=slide)[-1] for p in presses]
    assert np.diff(held).min() > 0.0


@SUSTAINED
def test_a_step_of_press_is_half_done_two_frames_later(recipe: Recipe):
    age_s = frame_ages_s(1.0)
    step = np.searchsorted(age_s, 0.5)
    level_db = loudness_db(recipe, press=np.where(np.arange(len(age_s)) >= step, 0.9, 0.2))
    assert level_db[step + 2] > (level_db[step - 1] + level_db[-1]) / 2


@SUSTAINED
def test_it_sounds_for_as_long_as_it_is_held(recipe: Recipe):
    level_db = loudness_db(recipe, 6.0, press=0.5)
    assert level_db[-1] == pytest.approx(level_db[len(level_db) // 2], abs=1.5)


@STRUCK
def test_a_strike_dies_away(recipe: Recipe):
    level_db = loudness_db(recipe, 3.0, strike=0.8)
    assert level_db.max() - level_db[-1] > 20.0


@STRUCK
def test_press_makes_a_dying_sound_swell(recipe: Recipe):
    age_s = frame_ages_s(4.0)
    press = np.clip(age_s - 2.5, 0.0, 1.0)
    swollen, left = loudness_db(recipe, 4.0, press=press), loudness_db(recipe, 4.0)
    assert swollen[-1] > left[-1] + 15.0


@ALL
def test_slide_brightens_all_the_way(recipe: Recipe):
    for note in notes(recipe)[1:3]:
        bright = [
            centroid_note(played(recipe, 0.3, slide=s, press=0.5, note=note), note)
            for s in np.linspace(0, 1, 6)
        ]
        assert min(np.diff(bright)) > 0.0
        assert bright[-1] - bright[0] > 6.0


@ALL
def test_vibrato_colours_the_sound(recipe: Recipe):
    age_s = frame_ages_s(1.0)
    shaken = played(recipe, press=0.5, glide_semitones=0.4 * np.sin(2 * np.pi * 5.5 * age_s))
    still = played(recipe, press=0.5)
    assert np.abs(shaken - still)[100:, : LOUDNESS + 1].max() > 0.25


@ALL
def test_a_quick_lift_ends_unlike_a_slow_one(recipe: Recipe):
    since_s = frame_ages_s(1.0) - 0.5
    released = np.where(since_s >= 0, since_s, -1.0)
    slow, quick = (
        played(recipe, press=0.5, since_lift_s=released, lift=np.where(since_s >= 0, lift, 0.0))
        for lift in (0.0, 1.0)
    )
    assert np.abs(slow - quick)[-1, :CODE_SIZE].max() > 0.1
    voice = store.load(recipe.name).card.voice
    assert voice.release_fast_s < voice.release_slow_s / 3


@ALL
def test_pitch_is_the_players_but_for_a_scoop_of_the_attack(recipe: Recipe):
    offset_cents = played(recipe, strike=0.1, press=0.5)[:, PITCH_OFFSET]
    assert np.abs(offset_cents).max() <= 15.0
    assert np.abs(offset_cents[frame_ages_s(1.0) > 0.4]).max() < 1.0


@ALL
def test_the_kernel_plays_what_the_file_says(recipe: Recipe):
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(map_frame_address())
    preset = store.load(recipe.name)
    patch, memory = preset.patch(map_frame_address()), np.zeros(MEMORY_SIZE, np.float32)
    row, out = np.zeros(len(TOUCH_FIELDS), np.float32), np.zeros(18, np.float32)
    row[:6] = 0.7, 0.4, 0.3, 0.2, 0.0, middle(recipe)
    row[7] = -1.0
    call(row.ctypes.data, memory.ctypes.data, patch.blob.ctypes.data, out.ctypes.data)
    expected = preset.mapping.predict(gesture_features(row[None].astype(np.float64)))[0]
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-4)
