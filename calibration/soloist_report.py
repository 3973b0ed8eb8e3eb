"""How near presets come to a recorded soloist: taught by the recording, untaught, and wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.examples import Example
from calibration.known_instruments import recipe_named
from calibration.learning import learn
from calibration.soloist import Soloist
from mapper.kernel import map_frame_address
from presets.factory.demonstrations import Composer
from presets.preset import Preset
from presets.store import factory_names, load

Array = NDArray[np.float64]


WRONG: Final = ("french-horn", "clarinet", "flute", "violin", "choir-aah", "marimba")
"""Tones that are not the soloist's, with the soloist's own loudness and pitch."""


class Row(NamedTuple):
    """What was played, and its distance from the recording and from it as the space says it."""

    what: str
    recording_db: float
    target_db: float


def examples(player: Soloist, composer: Composer) -> list[Example]:
    """Pair the playing with the recording, note by note, to learn from."""
    return [
        Example(
            touches=take.touches,
            descriptors=take.target.descriptors,
            trajectory=take.target.trajectory,
            held_s=min(take.target.held_s, take.held_s),
            in_time=True,
        )
        for take in player.takes(composer)
    ]


def taught(preset: Preset, notes: Sequence[Example]) -> Preset:
    """Teach a preset."""
    learned = learn(preset.mapping, notes, preset.card.manner.strike_share)
    return replace(preset, mapping=learned.mapping)


def rows(player: Soloist, preset: Preset) -> Iterator[Row]:
    """Measure a preset before and after it is taught, between the best and the wrong."""
    composer = Composer(player.space, recipe_named(player.space, preset.card.name))
    yield _row(player, "the target, as the space says it", player.target_sound())
    voice, room = preset.card.voice, preset.card.room
    takes = [take.target.patch(voice, room) for take in player.takes(composer)]
    yield _row(player, "the target, note by note from the touches", player.play(takes))
    notes = examples(player, composer)
    yield _row(player, f"{preset.card.name}, taught", _played(player, [taught(preset, notes)]))
    others = [taught(preset, notes[:i] + notes[i + 1 :]) for i in range(len(notes))]
    yield _row(player, "each note taught by the other notes", _played(player, others))
    yield _row(player, f"{preset.card.name}, untaught", _played(player, [preset]))
    for name in factory_names():
        if name != preset.card.name:
            yield _row(player, f"factory: {name}", _played(player, [load(name)]))
    for name in WRONG:
        yield _row(player, f"wrong target: {name}", player.wrong_sound(name))


def _played(player: Soloist, presets: Sequence[Preset]) -> Array:
    """Play with one preset, or with one for each touch."""
    patches = [preset.patch(map_frame_address()) for preset in presets]
    return player.play(patches if len(patches) > 1 else patches * len(player.gestures))


def _row(player: Soloist, name: str, sound: Array) -> Row:
    return Row(name, player.distance_db(sound), player.distance_db(sound, player.target_sound()))
