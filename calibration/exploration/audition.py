"""An audition: a found sound as a tone that the live instrument plays, as loud as the others."""

from dataclasses import replace
from typing import Final

import numpy as np

from calibration.exploration.adoption import as_target
from calibration.exploration.exploration import Exploration
from calibration.exploration.rendering import MATCHED_LUFS, RELEASE_S
from calibration.guide import Tone
from presets.store import load
from synth.patch import GAINS_DB, VoiceSettings

ROOM_OF: Final = "breath"
"""The factory preset in whose room found sounds are heard."""


def audition(exploration: Exploration, number: int) -> Tone:
    """Make a sound a tone whose every strike sounds as its preview does.

    Raises
    ------
    ExplorationError
        When there is no such sound, or its space is not installed.
    """
    found = exploration.sound(number)
    name, note = f"{exploration.settings.name}-{number}", exploration.settings.note
    gain_db = float(np.clip(MATCHED_LUFS - found.description.lufs, *GAINS_DB))
    voice = VoiceSettings(gain_db=gain_db, release_slow_s=RELEASE_S, release_fast_s=RELEASE_S)
    preset = load(ROOM_OF)
    return Tone(
        name=name,
        preset=replace(preset, card=preset.card.model_copy(update={"voice": voice})),
        target=as_target(exploration.palette, found, name, note),
    )
