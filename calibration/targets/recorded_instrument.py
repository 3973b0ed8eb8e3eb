"""A recorded sound as an instrument: a preset that plays it over the keys, from dull to bright."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.targets.known_instruments import HARD, SOFT, codebook_recipe
from calibration.targets.target import Target
from mapper.mapping import CODE_SIZE, LOUDNESS
from presets.factory.design import preset_of
from presets.preset import Preset
from synth.moving.surface import instrument_of
from synth.space import Sound, Space

Array = NDArray[np.float32]

BRIGHTER: Final = 0.6
"""Share of what striking hard adds to other sounds, by which either end lies from the recording."""
SETTLED_S: Final = (0.1, 1.5)
REACH_NOTES: Final = 14.0
"""The instrument is played so far beyond what was recorded."""
LOWEST_NOTE, HIGHEST_NOTE = 24.0, 105.0
MOST_NOTES: Final = 12
RELEASE_S: Final = 0.3
NO_KIND: Final = "recording"


class RecordedNote(NamedTuple):
    """A note of a sound: its key, codes (n_ages, CODE_SIZE) and loudness (n_ages,) as it ages."""

    note: float
    codes: Array
    loudness_db: Array
    release_s: float


def notes_of_sound(space: Space, instrument: str) -> list[RecordedNote]:
    """Take the notes that the codebook has of an instrument, the loudest of each key."""
    found: dict[float, tuple[float, RecordedNote]] = {}
    for index, sound in enumerate(space.card.sounds):
        if instrument_of(sound.name) == instrument:
            codes, loudness_db = space.codes[index], space.loudness_db[index]
            note = RecordedNote(sound.note, codes, loudness_db, sound.release_s)
            loudest = found.get(sound.note)
            if loudest is None or sound.strike > loudest[0]:
                found[sound.note] = (sound.strike, note)
    return [note for _, note in found.values()]


def notes_of_targets(space: Space, targets: Iterable[Target]) -> list[RecordedNote]:
    """Take the longest target of each key, at most `MOST_NOTES`, spread over the keys."""
    longest: dict[float, Target] = {}
    for target in targets:
        kept = longest.get(target.note)
        if kept is None or target.held_s > kept.held_s:
            longest[target.note] = target
    keys = sorted(longest)
    places = np.linspace(0, len(keys) - 1, min(len(keys), MOST_NOTES)).astype(int)
    return [_of_target(space, longest[keys[place]]) for place in places]


def _of_target(space: Space, target: Target) -> RecordedNote:
    """Sample a target at the codebook's ages; past its lift it stays as it was."""
    ages_s = np.minimum(space.card.ages_s, target.held_s)
    rows = np.stack(
        [np.interp(ages_s, target.times_s, column) for column in target.trajectory.T], axis=1
    ).astype(np.float32)
    return RecordedNote(target.note, rows[:, :CODE_SIZE], rows[:, LOUDNESS], RELEASE_S)


def preset_from(space: Space, notes: Sequence[RecordedNote], name: str, description: str) -> Preset:
    """Make a preset of a few notes of one sound; takes some seconds.

    Slide and press go from duller to brighter than it was recorded, as other sounds of the space
    do when they are struck harder.
    """
    wider = _with_dynamics(space, notes, name)
    recipe = codebook_recipe(wider, name)
    low = max(min(note.note for note in notes) - REACH_NOTES, LOWEST_NOTE)
    high = min(max(note.note for note in notes) + REACH_NOTES, HIGHEST_NOTE)
    if high - low < REACH_NOTES:
        low, high = LOWEST_NOTE, HIGHEST_NOTE
    made = replace(recipe, description=description, tags=("own-sound",), notes=(low, high))
    return preset_of(made, wider)


def _with_dynamics(space: Space, notes: Sequence[RecordedNote], name: str) -> Space:
    """Return the space with a duller and a brighter version of each note in its codebook."""
    way = brighter(space)
    kept = [index for index, one in enumerate(space.card.sounds) if instrument_of(one.name) != name]
    sounds = [space.card.sounds[index] for index in kept]
    codes, loudness_db = [space.codes[kept]], [space.loudness_db[kept]]
    for note in notes:
        for strike, towards, mark in ((SOFT, -BRIGHTER, "p"), (HARD, BRIGHTER, "ff")):
            sounds.append(
                Sound(
                    name=f"{name}-{len(sounds)}-{mark}",
                    family=NO_KIND,
                    note=note.note,
                    strike=strike,
                    release_s=note.release_s,
                )
            )
            codes.append((note.codes + towards * way)[None])
            loudness_db.append(note.loudness_db[None])
    arrays = space.arrays | {
        "codebook.codes": np.concatenate(codes),
        "codebook.loudness_db": np.concatenate(loudness_db),
    }
    return Space(space.card.model_copy(update={"sounds": sounds}), arrays, space.sha256)


def brighter(space: Space) -> Array:
    """Find what striking hard adds to the codes of sounds once they have settled, shape (CODE_SIZE,).

    The median over all notes of the codebook that were struck softly and hard.
    """
    ages_s = np.array(space.card.ages_s)
    settled = (ages_s > SETTLED_S[0]) & (ages_s < SETTLED_S[1])
    codes = (space.codes[:, settled] if settled.any() else space.codes).mean(axis=1)
    groups: dict[tuple[str, float], list[tuple[float, int]]] = {}
    for index, sound in enumerate(space.card.sounds):
        groups.setdefault((instrument_of(sound.name), sound.note), []).append((sound.strike, index))
    ways = [
        codes[max(group)[1]] - codes[min(group)[1]] for group in groups.values() if len(group) > 1
    ]
    return np.median(ways, axis=0).astype(np.float32) if ways else np.zeros(CODE_SIZE, np.float32)
