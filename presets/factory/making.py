"""Making: an instrument learned as a preset, as the factory presets are, and as loud as they."""

from typing import Final

from presets.card import PresetCard, Provenance, SpaceNeeded
from presets.factory.demonstrations import Composer, Demonstrations, demonstrate
from presets.factory.fitting import fit_parts
from presets.factory.gestures import DEMONSTRATED, gestures
from presets.factory.loudness import balanced
from presets.factory.macros import macros
from presets.preset import Preset
from synth.moving.attributes import ATTRIBUTES

N_DEMONSTRATED: Final = 120
"""Gestures that a preset is learned from: half as many as a factory preset's, in half the time."""
SEED: Final = 1


def preset_of(played: Composer, provenance: Provenance) -> Preset:
    """Learn an instrument as a preset: slide goes from its dull to its bright end.

    It takes about half a minute.
    """
    return learned(played, demonstrated(played), provenance)


def learned(played: Composer, seen: Demonstrations, provenance: Provenance | None = None) -> Preset:
    """Learn an instrument from demonstrations as a preset, as loud as every other."""
    space, recipe = played.space, played.recipe
    card = PresetCard(
        name=recipe.name,
        description=recipe.description,
        tags=recipe.tags,
        space=SpaceNeeded(name=space.card.name, sha256=space.sha256),
        voice=recipe.voice,
        room=recipe.room,
        macros=ATTRIBUTES,
        provenance=provenance or Provenance(),
    )
    mapping = fit_parts(played, seen, SEED)
    made = Preset(card=card, mapping=mapping, macros=macros(space, seen, SEED))
    return balanced(made, space)


def demonstrated(played: Composer) -> Demonstrations:
    """Play the demonstrations that an instrument is learned from."""
    made = gestures(SEED, DEMONSTRATED, N_DEMONSTRATED, played.recipe.notes)
    return demonstrate(played, made)
