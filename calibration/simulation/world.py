"""Worlds: the instrument a player has in mind, which turns what they mean into what should sound."""

import inspect
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from calibration.simulation.intention import KINDS, RATE_HZ, Intention, intend
from calibration.simulation.ranges import Ranges, draw
from calibration.simulation.shelf import kept, name_of
from presets.factory import demonstrations
from presets.factory.demonstrations import Composer
from presets.factory.recipes import RECIPES, Recipe, solo
from synth.controls import CODE_SIZE
from synth.moving import surface
from synth.patch import RoomSettings, VoiceSettings
from synth.space import Space

Array = NDArray[np.float64]

RANGES: Final[Ranges] = {
    "extent_cents": (20.0, 80.0),
    "bright_per_semitone": (0.0, 0.4),
    "db_per_semitone": (0.0, 4.0),
}
"""The vibrato wished for: its depth, and how brightness and loudness move with the pitch."""
LEVEL_CURVE: Final = 8.0
N_PLACES: Final = 5
BUMPS: Final = 64
BUMP_WIDTH: Final = 0.6
"""Length of the special part's variation, where the whole of each dimension is 1 long."""
REFERENCE_KINDS: Final = 4
"""Intentions of each kind over which shares of variance are measured."""
REFERENCE_STRIDE: Final = 20
SLUGGISH_S: Final = 0.15
CODE_LIMIT: Final = 8.0


def _codebook(instrument: str, low_note: float, high_note: float) -> Recipe:
    """Play one sound of the codebook from its softest to its hardest."""
    return Recipe(
        name=instrument,
        description=f"{instrument} of the codebook, from soft to hard.",
        tags=("codebook",),
        sounds=(solo(instrument, 0.28), solo(instrument, 0.98)),
        notes=(low_note, high_note),
        voice=VoiceSettings(),
        room=RoomSettings(),
    )


FACTORY: Final = ("breath", "bow", "mallet", "pluck", "morph", "voice")
"""The presets that simulated players play; later ones are left out, so that each hand keeps its own."""
INSTRUMENTS: Final[tuple[tuple[Recipe, float], ...]] = (
    *((recipe, 0.0) for recipe in RECIPES if recipe.name in FACTORY),
    (_codebook("clarinet", 54, 86), 0.0),
    (_codebook("english-horn", 55, 75), SLUGGISH_S),
)
"""Recipes of recorded sounds, and the time with which an instrument follows: one that has any remembers what was
played before, which no mapping from features alone can know."""


def places(intention: Intention) -> Array:
    """Lay out an intention where a special part can be drawn over it, shape (n, N_PLACES)."""
    return np.column_stack(
        [
            intention.loudness,
            intention.brightness,
            np.full_like(intention.loudness, intention.strike),
            intention.pitch_cents / 200.0,
            np.exp(-intention.times_s / 0.64),
        ]
    )


@dataclass(frozen=True, kw_only=True)
class Special:
    """A smooth random function from places to what is added to the code.

    Shapes (N_PLACES, BUMPS), (BUMPS,), (BUMPS, CODE_SIZE) and (CODE_SIZE,).
    """

    slopes: Array
    phases: Array
    weights: Array
    mean: Array

    @classmethod
    def draw(
        cls, rng: np.random.Generator, share: float, plain: Array, where: list[Array]
    ) -> "Special":
        """Draw one with its share of the variance, in the directions the plain code uses.

        Parameters
        ----------
        plain
            The code without it in many moments, shape (n, CODE_SIZE).
        where
            The places of the same moments.
        """
        slopes = rng.normal(0.0, 1.0 / BUMP_WIDTH, (N_PLACES, BUMPS))
        phases = rng.uniform(0.0, 2.0 * np.pi, BUMPS)
        weights = rng.normal(0.0, 1.0, (BUMPS, CODE_SIZE))
        drawn = np.cos(np.vstack(where) @ slopes + phases) @ weights
        spread = plain.std(axis=0)
        sizes = (spread + spread.mean()) / drawn.std(axis=0)
        total = (drawn * sizes).var(axis=0).sum()
        sizes = sizes * np.sqrt(share / (1.0 - share) * plain.var(axis=0).sum() / total)
        mean = drawn.mean(axis=0) * sizes
        return cls(slopes=slopes, phases=phases, weights=weights * sizes, mean=mean)

    def of(self, where: Array) -> Array:
        """Tell what is added to the code at places, shape (n, CODE_SIZE)."""
        return np.asarray(np.cos(where @ self.slopes + self.phases) @ self.weights - self.mean)


def _sources() -> str:
    """Text of what decides how a world sounds, so that a change of it is no longer the same."""
    modules = (inspect.getmodule(_codebook), demonstrations, surface)
    return "".join(inspect.getsource(module) for module in modules if module)


SOURCES: Final = name_of([_sources()])


class World:
    """One instrument with a part of its own that its recipe does not tell.

    Parameters
    ----------
    special_share
        Share of the code's variance that is a smooth random function of the intention, 0-0.9.
    memory_s
        Time constant with which the timbre follows loudness and brightness.
    """

    def __init__(
        self, space: Space, recipe: Recipe, special_share: float, seed: int, memory_s: float = 0.0
    ) -> None:
        rng = np.random.default_rng(seed)
        self.recipe = recipe
        self._identity = (space.sha256, repr((recipe, special_share, seed, memory_s)), SOURCES)
        self.wish = draw(rng, RANGES)
        self._composer = Composer(space, recipe)
        self._memory = float(np.exp(-1.0 / (RATE_HZ * memory_s))) if memory_s else 0.0
        self._share = special_share
        self._seed = seed

    @cached_property
    def _special_part(self) -> Special:
        """Draw the part of its own, with its share of the variance."""
        rng = np.random.default_rng([self._seed, 1])
        note = float(np.mean(self.recipe.notes))
        meanings = [intend(rng, kind, note) for kind in KINDS for _ in range(REFERENCE_KINDS)]
        every = slice(None, None, REFERENCE_STRIDE)
        plain = np.vstack([self._plain(intention, every)[0] for intention in meanings])
        return Special.draw(rng, self._share, plain, [places(meant)[every] for meant in meanings])

    def trajectory(self, intention: Intention) -> Array:
        """Say what should sound, shape (n, TRAJECTORY_SIZE); pitch in cents from the note struck."""
        codes, loudness_db = self._plain(intention, slice(None))
        if self._memory:
            intention = self._remembered(intention)
            codes, _ = self._plain(intention, slice(None))
        codes = codes + self._special_part.of(places(intention))
        codes = np.clip(codes, -CODE_LIMIT, CODE_LIMIT)
        return np.column_stack([codes, loudness_db, self.pitch_cents(intention)])

    def trajectories(self, intentions: list[Intention], shelf: Path | None = None) -> list[Array]:
        """Say what should sound in each of several intentions, kept on a shelf."""
        parts = [np.asarray(part).tobytes() for meant in intentions for part in astuple(meant)]
        name = name_of([*self._identity, *parts])
        whole = kept(shelf, name, lambda: np.vstack([self.trajectory(one) for one in intentions]))
        ends = np.cumsum([len(one.loudness) for one in intentions])[:-1]
        return np.split(whole, ends)

    def _remembered(self, intention: Intention) -> Intention:
        """Follow loudness and brightness only in time, as a sluggish instrument's timbre does."""

        def follow(curve: Array) -> Array:
            rest = curve[:1] * self._memory
            return lfilter([1.0 - self._memory], [1.0, -self._memory], curve, zi=rest)[0]

        return replace(
            intention,
            loudness=follow(intention.loudness),
            brightness=follow(intention.brightness),
        )

    def pitch_cents(self, intention: Intention) -> Array:
        """Pitch with its vibrato, in cents from the note struck."""
        return intention.pitch_cents + self.wish["extent_cents"] * intention.swing

    def _plain(self, intention: Intention, every: slice) -> tuple[Array, Array]:
        """Codes and loudness as the recipe alone has them."""
        swing = self.wish["extent_cents"] / 100.0 * intention.swing[every]
        age_s, loudness = intention.times_s[every], intention.loudness[every]
        brightness = intention.brightness[every] + self.wish["bright_per_semitone"] * swing
        brightness = np.clip(brightness, 0.0, 1.0)
        strike = np.full_like(age_s, intention.strike)
        move = {
            "strike": strike,
            "press": loudness,
            "level": np.log1p(LEVEL_CURVE * loudness) / np.log1p(LEVEL_CURVE),
            "pitch_note": intention.note + self.pitch_cents(intention)[every] / 100.0,
            "age_s": age_s,
            "burst_160ms": strike * np.exp(-age_s / 0.16),
            "vibrato_semitones": np.zeros_like(age_s),
        }
        loudness_db = self._composer.loudness_db(move, brightness)
        loudness_db = loudness_db + self.wish["db_per_semitone"] * swing
        return self._composer.codes(move, brightness, loudness_db), loudness_db
