"""What is held out of a corpus to measure by: whole instruments, and notes off the grid."""

import zlib
from collections.abc import Sequence
from typing import Final

from synth.training.corpus import GRID_SEMITONES

VELOCITIES: Final = (35, 65, 95, 125)
OTHER_VELOCITIES: Final = (50, 110, 80)
N_BETWEEN: Final = 9
"""Notes off the grid for each instrument, by which it is measured."""
ONE_IN: Final = 9
"""Of a family's instruments, one in so many is never learned."""
FEWEST_IN_FAMILY: Final = 4
"""A family of fewer is learned whole."""
LEAST_UNSEEN: Final = 12
FEWEST_FOR_LEAST: Final = 36
"""From so many instruments on, at least `LEAST_UNSEEN` of them are held out."""
ONE_PITCH_IN: Final = 6
"""Of the pitches that somebody recorded, one in so many is held out."""
FEWEST_PITCHES: Final = 8

Plan = dict[str, list[tuple[int, int]]]
"""Sounding notes and velocities, per split."""


def plan(low: int, high: int, *, unseen: bool = False) -> Plan:
    """List the notes of an instrument that can be asked for any.

    Those that measure lie between the grid's pitches and velocities, spread over the range; the
    notes of an unseen instrument all measure.
    """
    grid = [
        (note, velocity) for note in range(low, high + 1, GRID_SEMITONES) for velocity in VELOCITIES
    ]
    steps = (high - low) // GRID_SEMITONES
    between = [
        (
            low
            + GRID_SEMITONES * (steps * (2 * place + 1) // (2 * N_BETWEEN))
            + GRID_SEMITONES // 2,
            OTHER_VELOCITIES[place % len(OTHER_VELOCITIES)],
        )
        for place in range(N_BETWEEN if steps else 0)
    ]
    between = list(dict.fromkeys(between))
    return {"test": grid + between} if unseen else {"train": grid, "valid": between}


def unseen(families: Sequence[str], names: Sequence[str]) -> frozenset[int]:
    """Choose the instruments that are never learned, some of each family that can spare them.

    Parameters
    ----------
    families, names
        Of every instrument; equal ones give equal choices.

    Returns
    -------
    frozenset
        Their indices.
    """
    members: dict[str, list[int]] = {}
    for index in sorted(range(len(names)), key=lambda i: zlib.crc32(names[i].encode())):
        members.setdefault(families[index], []).append(index)
    spare = {
        family: all_of_it
        for family, all_of_it in members.items()
        if len(all_of_it) >= FEWEST_IN_FAMILY
    }
    chosen = {i for group in spare.values() for i in group[: max(1, round(len(group) / ONE_IN))]}
    wanted = LEAST_UNSEEN if len(names) >= FEWEST_FOR_LEAST else 0
    while spare and len(chosen) < min(wanted, len(names) // 2):
        left = {family: [i for i in group if i not in chosen] for family, group in spare.items()}
        chosen.add(max(left.values(), key=len)[0])
    return frozenset(chosen)


def split_of(pitch: int, pitches: Sequence[int]) -> str:
    """Tell whether a recorded note is learned or measures: some pitches inside the range do.

    >>> [pitch for pitch in range(60, 72) if split_of(pitch, range(60, 72)) == "valid"]
    [63, 69]
    """
    every = sorted(set(pitches))
    inside = every[1:-1]
    if len(every) < FEWEST_PITCHES or pitch not in inside:
        return "train"
    place = inside.index(pitch)
    return "valid" if place % ONE_PITCH_IN == ONE_PITCH_IN // 2 - 1 else "train"
