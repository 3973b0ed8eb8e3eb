"""An instrument made of surfaces: how a sound that nobody recorded answers the hand."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from presets.factory.demonstrations import USUAL_DB, Composer
from presets.factory.recipes import Answer, Recipe
from synth.moving.surface import Surface
from synth.patch import RoomSettings, VoiceSettings
from synth.space import Space

Array = NDArray[np.float64]

SOFT, MIDDLING, HARD = 0.28, 0.7, 0.98
"""Strikes at which a sound is taken."""
STRUCK_DB: Final = 10.0
"""A sound that falls this far from its peak within `STRUCK_S` is a struck one."""
STRUCK_S: Final = 2.0
PLAYED: Final = (40.0, 90.0)
"""Notes that the hands of its demonstrations reach for."""
RELEASE_S: Final = (0.05, 2.0)
SUSTAINED: Final = Answer(
    vibrato=0.15, vibrato_db=1.5, rush=0.02, lift=0.1, accent_db=1.0, haste=(1.5, 6.0)
)
STRUCK: Final = Answer(slide=0.8, effort=0.2, vibrato=0.2, vibrato_db=1.0, lift=0.1)


class Sounding(NamedTuple):
    """A sound over the keyboard, struck soft, middling and hard, and how long it rings."""

    soft: Surface
    middling: Surface
    hard: Surface
    release_s: float

    @property
    def is_struck(self) -> bool:
        """Whether the sound dies away while it is held."""
        level_db = self.middling.loudness_db
        at_end = int(np.flatnonzero(self.middling.ages_s <= STRUCK_S)[-1])
        fallen_db = level_db.max(axis=1) - level_db[:, at_end]
        return bool(np.median(fallen_db) > STRUCK_DB)

    @property
    def voice(self) -> VoiceSettings:
        """Let go as the sound does, in a third of the time when the finger leaves quickly."""
        release_s = float(np.clip(self.release_s, *RELEASE_S))
        return VoiceSettings(
            release_slow_s=round(release_s, 3), release_fast_s=round(max(release_s / 3, 0.03), 3)
        )


class Instrument(Composer):
    """Composes trajectories from a sound, played soft at one end and hard at the other."""

    def __init__(self, space: Space, sounding: Sounding, name: str, description: str) -> None:
        super().__init__(space, recipe_of(sounding, name, description))
        self.surfaces = sorted((sounding.soft, sounding.hard), key=self._brightness)

    def _brightness(self, surface: Surface) -> float:
        """Centroid of a held note in the middle of the keyboard, as a note number."""
        note = np.full(3, surface.notes[len(surface.notes) // 2])
        codes = surface.code(note, np.array([0.1, 0.3, 0.6]))
        return float(self.centroid_note(codes, np.full(3, USUAL_DB), note).mean())


def recipe_of(sounding: Sounding, name: str, description: str) -> Recipe:
    """Say how a sound is to be played, by how it goes on."""
    struck = sounding.is_struck
    return Recipe(
        name=name,
        description=description,
        tags=("struck" if struck else "sustained", "found"),
        sounds=(),
        notes=PLAYED,
        struck=struck,
        floor_db=-39.5 if struck else -49.0,
        answer=STRUCK if struck else SUSTAINED,
        voice=sounding.voice,
        room=RoomSettings(),
    )
