"""Adoption: what becomes of a found sound: a target to imitate, a preset, or the end of a slide."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.archive import Found
from calibration.exploration.instrument import instrument, sounding
from calibration.exploration.palette import Palette
from calibration.exploration.shelf import ExplorationError
from calibration.exploration.sounding import trajectory
from calibration.targets.description import describe
from calibration.targets.target import Target
from mapper.features import AT
from mapper.mapping import LOUDNESS
from presets.card import Ancestor, Provenance
from presets.factory.fitting import fit
from presets.factory.instrument import Instrument
from presets.factory.loudness import balanced, preset_lufs
from presets.factory.making import SEED, demonstrated, preset_of
from presets.preset import Preset
from synth.space import Space

Array = NDArray[np.float64]

STRIKE: Final = 0.7
TARGET_HELD_S: Final = 2.0
TARGET_LENGTH_S: Final = 2.6
MIDDLE: Final = 0.5
MOST_TILT_DB: Final = 12.0
ORIGIN: Final = "explored"


class Slide(Instrument):
    """Composes a slide from a preset's sound, its own slide in the middle, to a found one."""

    def __init__(self, palette: Palette, found: Found, origin: Preset) -> None:
        made_of = sounding(palette, found.candidate)
        super().__init__(palette.space, made_of, "axis", "a slide")
        self._origin = origin

    def trajectory(self, features: Array) -> Array:
        """Compose for what a hand meant, shape (n_frames, TRAJECTORY_SIZE)."""
        toward = features[:, AT.slide : AT.slide + 1].astype(np.float64)
        resting = features.astype(np.float64)
        resting[:, AT.slide] = MIDDLE
        end = super().trajectory(resting)
        return np.asarray((1.0 - toward) * self._start(resting) + toward * end)

    def _start(self, features: Array) -> Array:
        """Ask the preset itself; a morph answers with its share of both."""
        given = features.astype(np.float32)
        answer = self._origin.mapping.predict(given).astype(np.float64)
        if self._origin.other is None:
            return answer
        share = self._origin.card.morph_share or 0.0
        return np.asarray((1.0 - share) * answer + share * self._origin.other.predict(given))


class Between(Instrument):
    """Composes a slide from one found sound, each at the middle of its own slide, to another."""

    def __init__(self, palette: Palette, start: Found, end: Found, name: str) -> None:
        about = f"Slides from {start.candidate.recipe} to {end.candidate.recipe}"
        super().__init__(palette.space, sounding(palette, start.candidate), name, about[:150])
        self._end = Instrument(palette.space, sounding(palette, end.candidate), name, "its end")

    def trajectory(self, features: Array) -> Array:
        """Compose for what a hand meant, shape (n_frames, TRAJECTORY_SIZE)."""
        toward = features[:, AT.slide : AT.slide + 1].astype(np.float64)
        resting = features.astype(np.float64)
        resting[:, AT.slide] = MIDDLE
        start, end = super().trajectory(resting), self._end.trajectory(resting)
        return np.asarray((1.0 - toward) * start + toward * end)


def as_target(palette: Palette, found: Found, name: str, note: float) -> Target:
    """Make a found sound a target, to be heard and imitated."""
    rows = trajectory(palette, found.candidate, note, TARGET_LENGTH_S)
    played = instrument(palette, found.candidate, name, found.candidate.recipe)
    return Target(
        name=name,
        kind="found",
        note=note,
        strike=STRIKE,
        held_s=TARGET_HELD_S,
        trajectory=rows,
        descriptors=describe(played, rows, note, STRIKE),
        space_sha256=palette.space.sha256,
    )


def as_preset(palette: Palette, found: Found, name: str) -> Preset:
    """Make a found sound a preset: slide goes from its dull to its bright end.

    It is learned as the factory presets are, as loud as they, and takes about half a minute.
    """
    played = instrument(palette, found.candidate, name, _description(found))
    return preset_of(played, Provenance(origin=ORIGIN))


def as_axis_end(palette: Palette, found: Found, name: str, origin: Preset) -> Preset:
    """Make a preset whose slide goes from another preset's sound to a found one.

    Voice, room, manner and macros stay those of the other.

    Raises
    ------
    ExplorationError
        When the other was made for another space.
    """
    if origin.card.space.sha256 != palette.space.sha256:
        raise ExplorationError(
            f"the preset {origin.card.name} was made for another space than this exploration; "
            "choose another preset"
        )
    changes = {
        "name": name,
        "description": f"Slides from {origin.card.name} to {_description(found)}"[:200],
        "tags": ("axis", "found"),
        "morph_share": None,
        "provenance": Provenance(
            origin=ORIGIN,
            ancestors=(Ancestor(name=origin.card.name, sha256=origin.sha256),),
        ),
    }
    made = replace(
        origin,
        card=origin.card.model_copy(update=changes),
        mapping=fit(demonstrated(Slide(palette, found, origin)), SEED),
        other=None,
    )
    return balanced(evened(made, palette.space), palette.space)


def as_axis(palette: Palette, start: Found, end: Found, name: str) -> Preset:
    """Make a preset whose slide goes from one found sound to another, both ends equally loud."""
    made = preset_of(Between(palette, start, end, name), Provenance(origin=ORIGIN))
    tagged = made.card.model_copy(update={"tags": ("axis", "found")})
    return balanced(evened(replace(made, card=tagged), palette.space), palette.space)


def evened(preset: Preset, space: Space) -> Preset:
    """Tilt a preset's loudness along the slide, so that both ends are equally loud."""
    dull, bright = (preset_lufs(_held_at(preset, slide), space) for slide in (0.0, 1.0))
    tilt_db = np.clip(dull - bright, -MOST_TILT_DB, MOST_TILT_DB)
    if not np.isfinite(tilt_db):
        return preset
    mapping, network = preset.mapping, preset.mapping.instrument
    linear, offset = network.linear.copy(), network.offset.copy()
    linear[AT.slide, LOUDNESS] += tilt_db * mapping.spread[AT.slide]
    offset[LOUDNESS] += tilt_db * (mapping.centre[AT.slide] - MIDDLE)
    tilted = replace(network, linear=linear, offset=offset)
    return replace(preset, mapping=replace(mapping, instrument=tilted))


def _held_at(preset: Preset, slide: float) -> Preset:
    """Hold a preset's slide at one place, whatever the hand does."""
    mapping = preset.mapping
    low, high = mapping.feature_low.copy(), mapping.feature_high.copy()
    low[AT.slide] = high[AT.slide] = slide
    return replace(preset, mapping=replace(mapping, feature_low=low, feature_high=high))


def _description(found: Found) -> str:
    return f"{found.candidate.recipe}, found among many"[:150]
