"""The table of feel: every preset on every controller, two at a time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Final

from embouchure.errors import ProgramError
from embouchure.feel.bounds import BOUNDS, Figures
from embouchure.feel.following import following
from embouchure.feel.gliding import gliding
from embouchure.feel.rig import Rig
from embouchure.feel.speaking import speaking, tail_db, unpressed_db
from embouchure.instrument import load_sound
from embouchure.space_file import space_for
from mapper.hand import Hand
from mapper.profile import PROFILES, Profile
from mapper.traffic.habits import PRESS, habits_of
from presets.store import load

N_PROCESSES: Final = 2
SUSTAINED: Final = "sustained"
"""Tag of the presets that are bowed or blown."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One preset on one controller."""

    preset: str
    controller: str
    figures: Figures

    def failures(self) -> list[str]:
        """Names of the figures beyond their bounds."""
        return [name for name, figure in self.figures.items() if not BOUNDS[name].holds(figure)]

    def described(self) -> dict[str, object]:
        """Say it all to a script."""
        return {
            "preset": self.preset,
            "controller": self.controller,
            "figures": self.figures,
            "failures": self.failures(),
        }


def controllers(wanted: Sequence[str]) -> list[str]:
    """Check words for controllers; none means all but ports that repeat another.

    Raises
    ------
    ProgramError
        When a word is none of them.
    """
    words = [word.lower() for word in wanted]
    for word in words:
        if word not in PROFILES:
            raise ProgramError(f"{word} is no controller; choose one of {', '.join(PROFILES)}")
    return words or [w for w, profile in PROFILES.items() if not profile.is_spoken_for]


def row(preset: str, controller: str, hand: Hand | None = None) -> Row:
    """Play one preset on one controller, by a hand or without.

    Raises
    ------
    PresetError, SpaceError
        When there is no such preset, or it or its space cannot be played.
    """
    space, profile = space_for(preset), PROFILES[controller]
    sound = load_sound(preset, space)
    card = sound.preset.card
    rig = Rig(space, sound.patch, profile, card.manner, hand)
    is_struck = SUSTAINED not in card.tags
    return Row(
        preset=preset, controller=controller, figures=feel(rig, profile, is_struck=is_struck)
    )


def feel(rig: Rig, profile: Profile, *, is_struck: bool) -> Figures:
    """Measure everything that the controller can ask of the preset; None where it cannot."""
    order = habits_of(profile).order
    presses, glides = PRESS in order, bool(order)
    figures: Figures = dict.fromkeys(BOUNDS)
    figures |= speaking(rig, is_struck=is_struck)
    if not profile.strikes_with_press:
        figures["unpressed_db"] = unpressed_db(rig)
    if presses:
        figures["tail_db"] = tail_db(rig)
        figures |= following(rig)
    if glides:
        reach = min(12.0, profile.bend_range_semitones or 12.0)
        figures |= gliding(rig, reach)
    return figures


def rows(presets: Sequence[str], words: Sequence[str]) -> Iterator[Row]:
    """Play every preset on every controller, in order.

    Raises
    ------
    PresetError, SpaceError
        As `row` does, before anything is played where a preset cannot be read.
    """
    for preset in presets:
        load(preset)
    played = list(product(presets, words))
    with ProcessPoolExecutor(N_PROCESSES) as pool:
        yield from pool.map(row, *zip(*played, strict=True))
