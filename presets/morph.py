"""A morph: a preset that lies between two others, by a share of the second."""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from mapper.manner import Manner
from mapper.mapping import TRAJECTORY_SIZE
from presets.card import PresetCard
from presets.names import check_name
from presets.preset import Preset
from presets.provenance import stamped
from presets.refusal import PresetError
from synth.patch import N_MACROS

Settings = TypeVar("Settings", bound=BaseModel)

MAX_TAGS: Final = 12
MAX_LINE: Final = 200
EVEN_IN_RATIOS: Final = frozenset(
    {"release_slow_s", "release_fast_s", "legato_s", "decay_s", "damping_hz"}
)
"""Times and frequencies go from one to the other in equal ratios; all else in equal steps."""
DIGITS: Final = 6
"""A setting says no more."""
SHORTEST_S: Final = 1e-3
"""What a time of nothing counts as when it is mixed in ratios."""


def morph(first: Preset, second: Preset, share: float, name: str) -> Preset:
    """Make the preset that is `share`, 0-1, of the way from the first to the second.

    Both mappings follow each touch and their answers are mixed: codes, decibels and cents. So a
    morph costs twice what one preset does, and at either end it is that preset, exactly.

    Raises
    ------
    PresetError
        When they need different spaces, one is a morph itself, or the share or name is impossible.
    """
    _check(first, second, share)
    macros, names = _macros(first, second, share)
    card = _card(first.card, second.card, share).model_copy(
        update={
            "name": check_name(name),
            "macros": names,
            "morph_share": share,
            "provenance": stamped("morphed", (first, second)),
        }
    )
    return Preset(card=card, mapping=first.mapping, macros=macros, other=second.mapping)


def _check(first: Preset, second: Preset, share: float) -> None:
    if not 0 <= share <= 1:
        raise PresetError(f"a share of {share:g} is not possible; choose from 0 to 1")
    if first.card.space.sha256 != second.card.space.sha256:
        raise PresetError(
            f"{first.card.name} and {second.card.name} need different spaces, whose codes do not mix; "
            "choose two presets of one space"
        )
    for preset in (first, second):
        if preset.other:
            raise PresetError(
                f"{preset.card.name} is a morph already; mix the presets that it was made from"
            )


def _card(first: PresetCard, second: PresetCard, share: float) -> PresetCard:
    licences = dict.fromkeys((first.licence, second.licence))
    said = f"{first.name} with {round(100 * share)} % of {second.name}."
    nearer = first if share < 0.5 else second
    share_of_strike = _between(first.manner.strike_share, second.manner.strike_share, share)
    return first.model_copy(
        update={
            "description": said,
            "tags": tuple(dict.fromkeys((*first.tags, *second.tags)))[:MAX_TAGS],
            "licence": " and ".join(licences)[:MAX_LINE],
            "voice": _mixed(first.voice, second.voice, share),
            "room": _mixed(first.room, second.room, share),
            "manner": Manner(**{**nearer.manner.model_dump(), "strike_share": share_of_strike}),
            "metrics": {},
        }
    )


def _mixed(first: Settings, second: Settings, share: float) -> Settings:
    """Mix settings number by number."""
    values = {}
    for name, value in first:
        mix = _in_ratios if name in EVEN_IN_RATIOS else _between
        values[name] = round(mix(value, getattr(second, name), share), DIGITS)
    return type(first).model_validate(values)


def _between(first: float, second: float, share: float) -> float:
    return (1 - share) * first + share * second


def _in_ratios(first: float, second: float, share: float) -> float:
    if share in (0, 1):
        return second if share else first
    low, high = max(first, SHORTEST_S), max(second, SHORTEST_S)
    return float(low * (high / low) ** share)


def _macros(
    first: Preset, second: Preset, share: float
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Mix macros by name; one that only one preset has fades as the other comes."""
    ours = dict(zip(first.card.macros, (1 - share) * first.macros, strict=True))
    theirs = dict(zip(second.card.macros, share * second.macros, strict=True))
    names = tuple(dict.fromkeys((*ours, *theirs)))[:N_MACROS]
    none = np.zeros(TRAJECTORY_SIZE, np.float32)
    rows = [ours.get(name, none) + theirs.get(name, none) for name in names]
    return np.array(rows, np.float32).reshape(len(names), TRAJECTORY_SIZE), names
