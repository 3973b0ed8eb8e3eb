"""Each macro changes what its name says and little else, in the sound."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from mapper.kernel import map_frame_address
from mapper.mapping import CODE_SIZE
from mapper.touch import Kind
from presets import store
from presets.factory.demonstrations import Composer, demonstrate
from presets.factory.gestures import DEMONSTRATED, gestures
from presets.factory.loudness import RATE_HZ, loudness_lufs
from presets.factory.macros import UNITS, frames_of
from presets.factory.recipes import RECIPES, Recipe
from presets.spaces import factory_space
from synth.controls import k_weighting_db, noise_edges_hz
from synth.engine.engine import Engine, Event
from synth.moving.attributes import ATTRIBUTES
from synth.moving.edge import Edge
from synth.offline import render

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]

SPACE = factory_space()
EDGE = Edge(SPACE)
KEYS = (48, 60, 72)
N_GESTURES = 40
RISE = {"bright": 5.0, "breath": 6.0, "hollow": 4.0, "body": 2.5}
"""By how much each macro raises its attribute at least, the mean of three keys: semitones, dB."""
EACH = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)


@cache
def sound_of(name: str, key: int, macro: int | None) -> Array:
    """One touch, pressed for a second in no room, with one macro at full or none."""
    patch = store.load(name).patch(map_frame_address())
    engine = Engine(SPACE, rate_hz=RATE_HZ)
    dry = patch.room.model_copy(update={"mix": 0.0})
    engine.select(engine.install(replace(patch, room=dry)))
    if macro is not None:
        engine.push(Event(0, macro, int(Kind.MACRO), 0, press=1.0))
    engine.render(RATE_HZ // 10)
    now = engine.frame
    touch = [
        Event(now, 1, int(Kind.STRIKE), 0, key, 0.6, 0.6),
        Event(now + RATE_HZ, 1, int(Kind.LIFT), 0, key, 0.6, 0.6),
    ]
    return render(engine, touch, 0).mean(axis=1).astype(np.float64)


def measured(sound: Array, key: int) -> dict[str, float]:
    """The attributes of a second of sound, from its spectrum alone."""
    held = sound[RATE_HZ // 10 :]
    spectrum = np.abs(np.fft.rfft(held * np.blackman(len(held)))) ** 2
    frequency_hz = np.fft.rfftfreq(len(held), 1 / RATE_HZ)
    weighted = spectrum * 10.0 ** (k_weighting_db(np.maximum(frequency_hz, 1.0)) / 10.0)
    f0_hz = 440.0 * 2.0 ** ((key - 69) / 12)
    partials = [
        spectrum[abs(frequency_hz - k * f0_hz) < 0.2 * f0_hz].max() for k in range(1, 61)
        if k * f0_hz < 15_000.0
    ]  # fmt: skip
    harmonic = np.arange(1, len(partials) + 1)
    centroid = np.average(harmonic, weights=np.sqrt(partials))
    edges_hz = noise_edges_hz()
    bands = [
        weighted[(frequency_hz >= low) & (frequency_hz < high)]
        for low, high in pairwise(edges_hz[8:])
    ]
    noise = sum(np.median(band) / np.log(2.0) * len(band) for band in bands)
    return {
        "bright": 12.0 * np.log2(centroid),
        "breath": 10.0 * np.log10(noise / weighted.sum()),
        "hollow": 10.0 * np.log10(sum(partials[2:7:2]) / sum(partials[1:6:2])),
        "body": 10.0 * np.log10(sum(partials[:2]) / sum(partials[2:])),
    }


def rises(name: str, macro: int) -> dict[str, float]:
    """What a macro at full adds to each attribute, the mean over the keys."""
    keys = [
        {
            attribute: after - before
            for (attribute, before), after in zip(
                measured(sound_of(name, key, None), key).items(),
                measured(sound_of(name, key, macro), key).values(),
                strict=True,
            )
        }
        for key in KEYS
    ]
    return {each: float(np.mean([key[each] for key in keys])) for each in ATTRIBUTES}


@EACH
def test_every_preset_names_its_macros(recipe: Recipe):
    assert store.load(recipe.name).card.macros == ATTRIBUTES


@EACH
@pytest.mark.parametrize("macro", range(len(ATTRIBUTES)), ids=ATTRIBUTES)
def test_a_macro_raises_what_it_is_named_after_more_than_anything_else(recipe: Recipe, macro: int):
    risen = rises(recipe.name, macro)
    own = ATTRIBUTES[macro]
    assert risen[own] >= RISE[own]
    units = dict(zip(ATTRIBUTES, UNITS, strict=True))
    heard = {name: abs(rise) / units[name] for name, rise in risen.items()}
    assert heard.pop(own) > max(heard.values())


@EACH
def test_no_macro_changes_the_loudness(recipe: Recipe):
    for key in KEYS:
        levels = [
            loudness_lufs(sound_of(recipe.name, key, macro)[:, None])
            for macro in (None, *range(len(ATTRIBUTES)))
        ]
        assert np.ptp(levels) < 2.0


@EACH
def test_no_macro_leads_out_of_the_space(recipe: Recipe):
    """But for one moment in a hundred, no farther from its centre than the farthest recorded."""
    made = gestures(7, DEMONSTRATED, N_GESTURES, recipe.notes)
    played = frames_of(demonstrate(Composer(SPACE, recipe), made), np.random.default_rng(7))
    for step in store.load(recipe.name).macros[:, :CODE_SIZE]:
        distances = EDGE.distance(played.codes + step)
        assert np.quantile(distances, 0.99) <= EDGE.farthest
