"""Known instruments: what a target can be played on, by the name that a player knows it by."""

from typing import Final

import numpy as np

from presets.factory.recipes import RECIPES, Answer, Recipe, solo
from synth.moving.naming import instruments
from synth.moving.surface import instrument_of
from synth.patch import RoomSettings, VoiceSettings
from synth.space import Sound, Space

SOFT, HARD = 0.28, 0.98
"""Dynamics of the codebook that make an instrument's dull and its bright end."""
STRUCK_DB: Final = 10.0
"""A sound that falls this far from its peak while it is held is a struck one."""
REACH_NOTES: Final = 6.0
"""An instrument plays so far beyond the notes it was recorded at."""
SHORTEST_RELEASE_S, LONGEST_RELEASE_S = 0.05, 2.0
SUSTAINED: Final = Answer(haste=(1.5, 6.0))


class UnknownInstrumentError(ValueError):
    """No preset or sound has this name; one sentence for the player."""


def recipe_named(space: Space, name: str) -> Recipe:
    """Find a factory preset's recipe, or make one of an instrument of the codebook.

    Raises
    ------
    UnknownInstrumentError
        When there is neither.
    """
    factory = {recipe.name: recipe for recipe in RECIPES}
    if name in factory:
        return factory[name]
    known = instruments(space)
    if name not in known:
        raise UnknownInstrumentError(
            f"there is no instrument {name!r}; choose one of {', '.join([*factory, *known])}"
        )
    return codebook_recipe(space, name)


def codebook_recipe(space: Space, instrument: str) -> Recipe:
    """Make a recipe of one instrument alone, soft to hard."""
    sounds = [sound for sound in space.card.sounds if instrument_of(sound.name) == instrument]
    struck = _is_struck(space, instrument)
    notes = [sound.note for sound in sounds]
    return Recipe(
        name=instrument,
        description=f"The {instrument} of the space, soft to hard.",
        tags=(sounds[0].family.replace("_", "-"),),
        sounds=(solo(instrument, SOFT), solo(instrument, HARD)),
        notes=(min(notes) - REACH_NOTES, max(notes) + REACH_NOTES),
        struck=struck,
        answer=Answer() if struck else SUSTAINED,
        voice=_voice(sounds),
        room=RoomSettings(),
    )


def _is_struck(space: Space, instrument: str) -> bool:
    ours = [instrument_of(sound.name) == instrument for sound in space.card.sounds]
    loudness_db = space.loudness_db[np.array(ours)]
    return bool(np.median(loudness_db.max(axis=1) - loudness_db[:, -1]) > STRUCK_DB)


def _voice(sounds: list[Sound]) -> VoiceSettings:
    """Let go as the instrument does: in half the time when the finger leaves quickly."""
    release_s = float(np.median([sound.release_s for sound in sounds]))
    release_s = min(max(release_s, SHORTEST_RELEASE_S), LONGEST_RELEASE_S)
    return VoiceSettings(release_slow_s=round(release_s, 3), release_fast_s=round(release_s / 2, 3))
