"""Matching: presets are saved as loud as every other for the same playing."""

from dataclasses import replace

from presets.bundle import Bundle
from presets.library import open_bundle, save
from presets.preset import Preset
from presets.spaces import find_space
from synth.space import Space


def matched(preset: Preset, space: Space | None = None) -> Preset:
    """Return a preset with the gain that makes it as loud as the factory's, by their measure.

    Parameters
    ----------
    space
        The one that it needs; without it that is looked for.

    Raises
    ------
    SpaceError
        When its space is not installed.
    """
    from presets.factory.loudness import balanced  # plays, which loads the engine

    return balanced(preset, space or find_space(preset.card.space))


def save_matched(bundle: Bundle | Preset, space: Space | None = None) -> int:
    """Keep a preset under its name, as loud as the others, and return the version's number.

    Raises
    ------
    PresetError, SpaceError
        When it cannot be kept, or its space is not installed.
    """
    bundle = Bundle(preset=bundle) if isinstance(bundle, Preset) else bundle
    return save(replace(bundle, preset=matched(bundle.preset, space)))


def match(name: str) -> float:
    """Save one of the player's own presets as loud as the others, and return its gain in dB.

    Raises
    ------
    PresetError, SpaceError
        When it is the factory's, there is none, or its space is not installed.
    """
    bundle = open_bundle(name).named(name)
    preset = matched(bundle.preset)
    save(replace(bundle, preset=preset))
    return preset.card.voice.gain_db
