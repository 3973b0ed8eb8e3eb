"""A refit: a taught preset moves to another space, by the takes that it was taught by."""

from dataclasses import dataclass, replace
from typing import Final

from calibration.demonstrations.diploma import bundle_of, takes_in
from calibration.demonstrations.pupil import Pupil, Taught
from calibration.targets.known_instruments import recipe_named
from calibration.targets.moving import moved
from presets.bundle import Bundle
from presets.card import Ancestor, SpaceNeeded
from presets.factory.design import preset_of
from presets.preset import Preset
from presets.refusal import PresetError
from synth.space import Space

ORIGIN: Final = "refitted"
MOST_ANCESTORS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Refitted:
    """A preset as it is in the other space, and what was learned there."""

    bundle: Bundle
    taught: Taught


def refit(bundle: Bundle, old: Space, new: Space, name: str) -> Refitted:
    """Make a taught preset anew for another space; this takes about half a minute.

    The factory preset that it comes from is designed for the new space, the targets of its takes
    are moved there, and what the hand did then teaches it again.

    Raises
    ------
    PresetError
        When it holds no takes, comes from no factory preset, or is of the new space already.
    TargetError
        When the new space cannot encode, or a target is of another space than the preset.
    """
    card = bundle.preset.card
    if card.space.sha256 == new.sha256:
        raise PresetError(f"{card.name} is made for the space {new.card.name} already")
    takes = takes_in(bundle)
    if not takes:
        raise PresetError(
            f"{card.name} holds no takes that it could be taught by again; choose one that was taught"
        )
    there = [replace(take, target=moved(take.target, old, new)) for take in takes]
    pupil = _pupil(bundle.preset, old, new)
    taught = pupil.teach(there)
    made = bundle_of(pupil, taught, there, name)
    return Refitted(bundle=_signed(made, bundle.preset), taught=taught)


def _pupil(preset: Preset, old: Space, new: Space) -> Pupil:
    """Make the preset's factory ancestor for the new space, with the preset's own card."""
    before = Pupil(preset, old)
    factory = preset_of(recipe_named(new, before.factory.card.name), new)
    card = preset.card.model_copy(
        update={
            "space": SpaceNeeded(name=new.card.name, sha256=new.sha256),
            "macros": factory.card.macros,
        }
    )
    return Pupil(replace(factory, card=card), new, factory=factory)


def _signed(bundle: Bundle, before: Preset) -> Bundle:
    """Say what it was refitted from."""
    origin = Ancestor(name=before.card.name, sha256=before.sha256)
    provenance = bundle.preset.card.provenance
    others = [one for one in provenance.ancestors if one.name != origin.name]
    provenance = provenance.model_copy(
        update={"origin": ORIGIN, "ancestors": (*others, origin)[-MOST_ANCESTORS:]}
    )
    card = bundle.preset.card.model_copy(update={"provenance": provenance})
    return replace(bundle, preset=replace(bundle.preset, card=card))
