"""A mixture made an instrument, and learned as a preset that answers the hand."""

import numpy as np

from presets.card import Provenance
from presets.factory.instrument import HARD, MIDDLING, SOFT, Instrument, Sounding
from presets.factory.making import preset_of
from presets.preset import Preset
from synth.moving.mixture import Mixer, Mixture
from synth.moving.surface import instrument_of

ORIGIN = "mixed"
LONGEST_DESCRIPTION = 150


def mixed_preset(mixer: Mixer, mixture: Mixture, name: str) -> Preset:
    """Learn a preset of a mixture's instruments over the whole keyboard; it takes half a minute.

    Soft and hard strikes of the instruments are its dull and its bright end, between which slide
    moves.
    """
    described = f"{mixture.text}, mixed"[:LONGEST_DESCRIPTION]
    played = Instrument(mixer.space, sounding(mixer, mixture), name, described)
    return preset_of(played, Provenance(origin=ORIGIN))


def sounding(mixer: Mixer, mixture: Mixture) -> Sounding:
    """Lay a mixture out over the keyboard, soft, middling and hard."""
    soft, middling, hard = (mixer.surface(mixture, strike) for strike in (SOFT, MIDDLING, HARD))
    return Sounding(soft, middling, hard, release_s(mixer, mixture))


def release_s(mixer: Mixer, mixture: Mixture) -> float:
    """Let go as its sounds do, each by its share."""
    present = mixture.plain.parts
    logs = [
        np.log(
            np.median(
                [
                    max(sound.release_s, 1e-3)
                    for sound in mixer.space.card.sounds
                    if instrument_of(sound.name) == part.name.instrument
                ]
            )
        )
        for part in present
    ]
    return float(np.exp(np.average(logs, weights=[part.share for part in present])))
