"""An instrument made of a candidate: its path from dull to bright, and how it answers the hand."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from calibration.exploration.palette import HARD, MIDDLING, NOTES, SOFT, Palette
from calibration.exploration.sounding import CandidateSurface
from presets.factory.demonstrations import USUAL_DB, Composer
from presets.factory.recipes import Answer, Recipe
from presets.factory.sounds import Surface, instrument_of
from synth.patch import RoomSettings, VoiceSettings

Array = NDArray[np.float64]

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


class Instrument(Composer):
    """Composes trajectories from a candidate, played soft at one end and hard at the other."""

    def __init__(self, palette: Palette, candidate: Candidate, name: str, description: str) -> None:
        super().__init__(palette.space, recipe_of(palette, candidate, name, description))
        ends = [CandidateSurface(palette, candidate, dynamic) for dynamic in (SOFT, HARD)]
        self.surfaces = sorted(ends, key=self._brightness)

    def _brightness(self, surface: Surface) -> float:
        """Centroid of a held note in the middle of the keyboard, as a note number."""
        note = np.full(3, NOTES[len(NOTES) // 2])
        codes = surface.code(note, np.array([0.1, 0.3, 0.6]))
        return float(self.centroid_note(codes, np.full(3, USUAL_DB), note).mean())


def recipe_of(palette: Palette, candidate: Candidate, name: str, description: str) -> Recipe:
    """Say how a candidate is to be played, by how its sound goes on."""
    struck = is_struck(palette, candidate)
    return Recipe(
        name=name,
        description=description,
        tags=("struck" if struck else "sustained", "found"),
        sounds=(),
        notes=PLAYED,
        struck=struck,
        floor_db=-39.5 if struck else -49.0,
        answer=STRUCK if struck else SUSTAINED,
        voice=voice_of(palette, candidate),
        room=RoomSettings(),
    )


def is_struck(palette: Palette, candidate: Candidate) -> bool:
    """Whether the sound dies away while it is held."""
    blend = palette.blend(candidate, MIDDLING)
    early = blend.ages_s <= STRUCK_S
    fallen_db = blend.level_db.max(axis=1) - blend.level_db[:, early][:, -1]
    return bool(np.median(fallen_db) > STRUCK_DB)


def voice_of(palette: Palette, candidate: Candidate) -> VoiceSettings:
    """Let go as its parts do, each by its share in what lasts."""
    released = {name: [] for name in palette.instruments}  # type: dict[str, list[float]]
    for sound in palette.space.card.sounds:
        released[instrument_of(sound.name)].append(sound.release_s)
    shares = np.array([max(part.later, 1e-3) for part in candidate.parts])
    logs = [np.log(np.median(released[part.instrument])) for part in candidate.parts]
    release_s = float(np.clip(np.exp(np.average(logs, weights=shares)), *RELEASE_S))
    return VoiceSettings(
        release_slow_s=round(release_s, 3), release_fast_s=round(max(release_s / 3, 0.03), 3)
    )
