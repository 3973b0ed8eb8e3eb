"""A crossing: a whole preset in another space, and how near it comes to what it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.crossing.refitting import directions, refitted
from calibration.demonstrations.diploma import takes_in
from calibration.demonstrations.take import Take
from calibration.targets.moving import moved
from calibration.targets.target import TargetError
from presets.bundle import Bundle
from presets.card import SpaceNeeded
from presets.factory.loudness import phrases, sound_of
from presets.matching import matched
from presets.preset import MACRO_BOUNDS, Preset
from presets.provenance import stamped
from presets.refusal import PresetError
from synth.analysis.distance import mel_distance_db
from synth.space import Space

ORIGIN: Final = "moved"
MOST_ANCESTORS: Final = 16


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """A preset as it is in the other space.

    Attributes
    ----------
    apart_db
        How far its mel bands are from what they were, over phrases of every kind.
    unmoved_db
        How far they would be with the codes as they were.
    """

    bundle: Bundle
    apart_db: float
    unmoved_db: float


def cross(bundle: Bundle, old: Space, new: Space) -> Crossing:
    """Let a preset sound in the new space as it did in the old; this takes about a minute.

    Takes stay as they were played, and what they were to imitate moves too.

    Raises
    ------
    PresetError
        When it is made for the new space already, or one of its takes is damaged.
    TargetError
        When the new space has no encoder.
    """
    before = bundle.preset
    if before.card.space.sha256 == new.sha256:
        raise PresetError(f"{before.card.name} is made for the space {new.card.name} already")
    takes = takes_in(bundle)
    after = matched(_crossed(before, old, new, takes), new)
    sources = dict(bundle.sources) | _moved(takes, old, new)
    return Crossing(
        bundle=Bundle(preset=after, sources=sources),
        apart_db=apart_db((before, old), (after, new)),
        unmoved_db=apart_db((before, old), (_labelled(before, new), new)),
    )


def apart_db(one: tuple[Preset, Space], other: tuple[Preset, Space]) -> float:
    """Tell how far two presets are apart in what they make of the same phrases."""
    first, second = (sound_of(*each, phrases()).mean(axis=1) for each in (one, other))
    return mel_distance_db(first, second)[0]


def _crossed(before: Preset, old: Space, new: Space, takes: Sequence[Take]) -> Preset:
    if "encoder.out.weight" not in new.encoder:
        raise TargetError(
            f"the space {new.card.name} cannot encode; give one that was trained with its encoder"
        )
    played = [take.touches for take in takes]
    mapping, asked = refitted(before.mapping, old, new, played)
    other = refitted(before.other, old, new, played)[0] if before.other else None
    macros = _within(directions(before.macros, old, new, asked))
    return replace(_labelled(before, new), mapping=mapping, other=other, macros=macros)


def _within(macros: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.clip(macros, -MACRO_BOUNDS, MACRO_BOUNDS)


def _labelled(before: Preset, new: Space) -> Preset:
    """Say what space a preset needs and what it was moved from."""
    own = stamped(ORIGIN, [before])
    earlier = [one for one in before.card.provenance.ancestors if one != own.ancestors[0]]
    provenance = own.model_copy(
        update={
            "hand": before.card.provenance.hand,
            "ancestors": (*earlier, *own.ancestors)[-MOST_ANCESTORS:],
        }
    )
    needed = SpaceNeeded(name=new.card.name, sha256=new.sha256)
    card = before.card.model_copy(update={"space": needed, "provenance": provenance})
    return replace(before, card=card)


def _moved(takes: Sequence[Take], old: Space, new: Space) -> dict[str, bytes]:
    """Pack takes with their targets said in the new space."""
    members = {}
    for take in takes:
        if take.target.space_sha256 == old.sha256:
            there = replace(take, target=moved(take.target, old, new))
            members[f"takes/{take.key}.safetensors"] = there.to_bytes()
    return members
