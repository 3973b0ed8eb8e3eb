"""Design: from recipes to preset files, each with what was measured of it."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from presets.factory.demonstrations import Composer, Demonstrations, demonstrate
from presets.factory.evaluation import compare
from presets.factory.gestures import DEMONSTRATED, HELD_OUT, gestures
from presets.factory.loudness import note_lufs, preset_lufs
from presets.factory.making import SEED, learned
from presets.factory.recipes import RECIPES, Recipe
from presets.preset import Preset
from presets.spaces import factory_space
from presets.store import SUFFIX, save
from synth.space import Space

N_DEMONSTRATED: Final = 240
N_HELD_OUT: Final = 60
HELD_OUT_SEED: Final = 1_000_003
FOLDER: Final = Path(__file__).parent
N_PROCESSES: Final = 2

Errors = dict[str, dict[str, float]]


class Design(NamedTuple):
    """A preset and what was measured of it."""

    preset: Preset
    errors: Errors
    """On gestures it was not fitted on, beside the baselines'."""
    lufs: float
    """Loudness of the reference performance."""
    note_lufs: NDArray[np.float64]
    """Loudness of each of the reference notes."""


def learn(composer: Composer, kinds_seed: int = SEED) -> Demonstrations:
    """Play the demonstrations that a recipe is learned from."""
    made = gestures(kinds_seed, DEMONSTRATED, N_DEMONSTRATED, composer.recipe.notes)
    return demonstrate(composer, made)


def design(recipe: Recipe, space: Space) -> Design:
    """Demonstrate, fit and judge one recipe; the same space gives the same preset."""
    composer = Composer(space, recipe)
    seen = learn(composer)
    held_out = gestures(HELD_OUT_SEED, HELD_OUT, N_HELD_OUT, recipe.notes)
    made = learned(composer, seen)
    errors = compare(made.mapping, seen, demonstrate(composer, held_out))
    return Design(made, errors, preset_lufs(made, space), note_lufs(made, space))


def preset_of(recipe: Recipe, space: Space) -> Preset:
    """Demonstrate and fit one recipe without judging it."""
    composer = Composer(space, recipe)
    return learned(composer, learn(composer))


def _design_alone(recipe: Recipe) -> Design:
    return design(recipe, factory_space())


def designs() -> Iterator[Design]:
    """Design every factory preset, a few at a time."""
    with ProcessPoolExecutor(N_PROCESSES) as pool:
        yield from pool.map(_design_alone, RECIPES)


def build(folder: Path = FOLDER) -> Iterator[Design]:
    """Design every factory preset and keep it in a folder."""
    for made in designs():
        save(made.preset, folder / f"{made.preset.card.name}{SUFFIX}")
        yield made
