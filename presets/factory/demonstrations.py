"""Demonstrations: gestures paired with the trajectories that a recipe asks of them."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mapper.features import FEATURES, TOUCH_FIELDS
from mapper.listening import gesture_features
from presets.factory.gestures import YOUNG_S, Gesture
from presets.factory.recipes import Recipe
from presets.factory.sounds import surface_of
from synth.controls import ORDERS, PARTIALS, hz_to_note, note_to_hz
from synth.decoder import decode
from synth.moving.mixture import Mixer
from synth.moving.surface import Surface
from synth.space import Space

Array = NDArray[np.float64]
Columns = dict[str, Array]

AGE: Final = TOUCH_FIELDS.index("age_s")
LATER_S: Final = 1.0
STRIDES: Final = (1, 4, 12)
"""Of the frames of the attack, of the first second and of later ones, one in so many is kept."""
PLACES: Final = np.linspace(-0.25, 1.25, 11)
"""Places tried on a path from dull to bright; a quarter beyond either end is allowed."""
USUAL_DB: Final = -20.0
EVEN_NOTES: Final = 0.05
"""Brightness added per unit of a path, so that even a flat one has an order."""
VIBRATO_SEMITONES: Final = 0.5
MIDDLE_NOTE: Final = 60.0
SUSTAIN_DB: Final = -45.0
DECAYED_DB: Final = -95.0
"""A decay is followed this far and no further."""


class Demonstrations(NamedTuple):
    """Features as the mapping will hear them, what it should make of them, and the answer.

    Shapes (n_frames, N_FEATURES), (n_frames, N_DESCRIPTORS) and (n_frames, TRAJECTORY_SIZE).
    """

    features: Array
    descriptors: Array
    targets: Array


class Composer:
    """Turns what a hand meant into the trajectory that a recipe asks for."""

    def __init__(self, space: Space, recipe: Recipe) -> None:
        self.space = space
        self.recipe = recipe
        mixer = Mixer(space)
        self.surfaces = [surface_of(mixer, sound) for sound in recipe.sounds]

    def descriptors(self, features: Array) -> Array:
        """Tell how loud, bright and high a hand meant it, shape (n_frames, N_DESCRIPTORS)."""
        move = columns(features)
        brightness = self.brightness(move)
        loudness_db = self.loudness_db(move, brightness)
        scoop = self.recipe.answer.scoop_cents * (1.0 - move["strike"]) * move["age_40ms"]
        return np.column_stack([loudness_db, brightness, scoop])

    def trajectory(self, features: Array) -> Array:
        """Compose a trajectory for what a hand meant, shape (n_frames, TRAJECTORY_SIZE)."""
        return self.sounding(features, self.descriptors(features))

    def sounding(self, features: Array, descriptors: Array) -> Array:
        """Compose a trajectory that is so loud, bright and high, whatever the hand does."""
        loudness_db, brightness, cents = descriptors.T
        codes = self.codes(columns(features), brightness, loudness_db)
        return np.column_stack([codes, loudness_db, cents])

    def brightness(self, move: Columns) -> Array:
        """Where between dull and bright a moment lies, 0-1."""
        answer = self.recipe.answer
        rush = np.clip(move["press_rate"] / 10.0, 0.0, 1.0)
        lift = (2.0 * move["lift"] - 1.0) * move["released_300ms"]
        return np.clip(
            answer.slide * move["slide"]
            + answer.effort * self.dynamic(move)
            + answer.rush * rush
            + answer.vibrato * vibrato(move)
            + answer.lift * lift,
            0.0,
            1.0,
        )

    def dynamic(self, move: Columns) -> Array:
        """How hard the sound is driven, 0-1: a struck one remembers its strike for a while."""
        struck = np.maximum(move["strike"] * (0.5 + 0.5 * move["age_640ms"]), move["press"])
        return struck if self.recipe.struck else move["effort"]

    def pace(self, move: Columns) -> Array:
        """How many times faster than recorded the sound unfolds."""
        soft, hard = self.recipe.answer.haste
        return np.asarray(soft * (hard / soft) ** move["strike"])

    def loudness_db(self, move: Columns, brightness: Array) -> Array:
        """Loudness by the recipe's law, blended over the sounds from dull to bright."""
        recipe = self.recipe
        law = self._struck_db if recipe.struck else self._sustained_db
        shares = _shares(brightness, len(self.surfaces))
        blended = sum(
            share * law(surface, move)
            for share, surface in zip(shares.T, self.surfaces, strict=True)
        )
        return np.asarray(blended + recipe.answer.vibrato_db * vibrato(move))

    def _sustained_db(self, surface: Surface, move: Columns) -> Array:
        recipe = self.recipe
        span_db = recipe.top_db - recipe.floor_db
        rise = surface.rise_db(move["pitch_note"], move["age_s"] * self.pace(move))
        accent = recipe.answer.accent_db * move["burst_160ms"]
        return recipe.floor_db + span_db * move["level"] + np.maximum(rise, SUSTAIN_DB) + accent

    def _struck_db(self, surface: Surface, move: Columns) -> Array:
        recipe = self.recipe
        strike_level = np.log1p(8.0 * move["strike"]) / np.log1p(8.0)
        peak_db = recipe.floor_db + (recipe.top_db - recipe.floor_db) * strike_level
        peak_db += recipe.climb_db * (move["pitch_note"] - MIDDLE_NOTE) / 12.0
        decay = surface.decay_db(move["pitch_note"], move["age_s"])
        low_db, high_db = recipe.swell_db
        swell_db = low_db + (high_db - low_db) * move["press"]
        powers = 10.0 ** (np.maximum(peak_db + decay, DECAYED_DB) / 10.0) + 10.0 ** (
            swell_db / 10.0
        )
        return np.asarray(10.0 * np.log10(powers))

    def codes(self, move: Columns, brightness: Array, loudness_db: Array) -> Array:
        """Codes on the path from dull to bright, placed so that brightness is even to the ear.

        The decoder itself says how bright each point of the path is. What counts as dull and as
        bright is heard at one loudness, so that playing louder never darkens the sound.
        """
        note = move["pitch_note"]
        anchors = self.anchors(move)
        path = np.stack([_along(anchors, np.full(len(note), place)) for place in PLACES])
        climb = np.stack([self.centroid_note(codes, loudness_db, note) for codes in path])
        dull, bright = self.ends_note(anchors, note)
        wanted = dull + np.maximum(bright - dull, 0.0) * brightness
        return _along(anchors, place_of(climb, PLACES, wanted))

    def anchors(self, move: Columns) -> Array:
        """Codes of each anchor at the notes and ages of a move, shape (n_anchors, n, CODE_SIZE)."""
        note, age_s = move["pitch_note"], move["age_s"] * self.pace(move)
        return np.stack(
            [surface.code(note, self._heard_s(surface, note, age_s)) for surface in self.surfaces]
        )

    def _heard_s(self, surface: Surface, note: Array, age_s: Array) -> Array:
        """Tell which age of a sound is heard: a struck one that swells again is not yet noise."""
        return np.minimum(age_s, surface.faded_s(note)) if self.recipe.struck else age_s

    def ends_note(self, anchors: Array, note: Array) -> tuple[Array, Array]:
        """Measure what counts as dull and as bright, each a centroid as a note number."""
        usual_db = np.full(len(note), USUAL_DB)
        dull, bright = (self.centroid_note(anchors[i], usual_db, note) for i in (0, -1))
        return dull, bright

    def centroid_note(self, codes: Array, loudness_db: Array, note: Array) -> Array:
        """Spectral centroid of the decoded partials, as a note number."""
        controls = decode(self.space, codes.astype(np.float32), loudness_db, note)
        amplitude = 10.0 ** (controls[:, PARTIALS] / 20.0)
        harmonic = ORDERS * note_to_hz(note)[:, None]
        amplitude = amplitude * (harmonic < 20_000.0)
        return hz_to_note((amplitude * harmonic).sum(1) / amplitude.sum(1))


def columns(features: Array) -> Columns:
    """Name the columns of rows of features."""
    return dict(zip(FEATURES, features.T.astype(np.float64), strict=True))


def vibrato(move: Columns) -> Array:
    """Return the swing of the pitch in semitones, as far as it is vibrato and no glide."""
    return np.clip(move["vibrato_semitones"], -VIBRATO_SEMITONES, VIBRATO_SEMITONES)


def place_of(climb: Array, places: Array, wanted: Array) -> Array:
    """Find the place on each path where its brightness has climbed to what is wanted.

    Parameters
    ----------
    climb
        Brightness at each place of each path, shape (n_places, n_frames); where it falls back,
        what was reached before counts.
    places
        The places, increasing, shape (n_places,).
    wanted
        Brightness to find, shape (n_frames,); beyond a path's ends the end is taken.
    """
    steady = np.maximum.accumulate(climb, axis=0) + EVEN_NOTES * (places - places[0])[:, None]
    after = np.clip((steady <= wanted).sum(axis=0), 1, len(places) - 1)
    columns = np.arange(len(wanted))
    low, high = steady[after - 1, columns], steady[after, columns]
    part = np.clip((wanted - low) / (high - low), 0.0, 1.0)
    return np.asarray(places[after - 1] + part * (places[after] - places[after - 1]))


def _shares(place: Array, count: int) -> Array:
    """Shares of each anchor at places of a path of straight pieces, shape (n, count).

    Places 0 and 1 are the path's ends; beyond them its first and last pieces go straight on.
    """
    piece = np.clip(np.floor(place * (count - 1)).astype(int), 0, count - 2)
    part = place * (count - 1) - piece
    shares = np.zeros((len(place), count))
    rows = np.arange(len(place))
    shares[rows, piece], shares[rows, piece + 1] = 1.0 - part, part
    return shares


def _along(anchors: Array, place: Array) -> Array:
    return np.asarray(np.einsum("na,anc->nc", _shares(place, len(anchors)), anchors))


def demonstrate(composer: Composer, gestures: list[Gesture]) -> Demonstrations:
    """Play gestures before the composer: features as heard beside targets as meant."""
    heard, meant = [], []
    for gesture in gestures:
        period = np.searchsorted((YOUNG_S, LATER_S), gesture.meant[:, AGE], side="right")
        kept = np.arange(len(period)) % np.take(STRIDES, period) == 0
        heard.append(gesture_features(gesture.heard)[kept])
        meant.append(gesture_features(gesture.meant)[kept])
    as_meant = np.vstack(meant)
    return Demonstrations(
        features=np.vstack(heard).astype(np.float64),
        descriptors=composer.descriptors(as_meant),
        targets=composer.trajectory(as_meant),
    )
