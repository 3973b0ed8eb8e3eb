"""How near presets come to a recorded soloist: taught by the recording, untaught, and wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.demonstrations.diploma import MAX_TAGS, TAG, sources_of
from calibration.demonstrations.pupil import ORIGIN
from calibration.demonstrations.soloist import Soloist
from calibration.fitting.examples import Example
from calibration.fitting.learning import learn
from calibration.targets.known_instruments import recipe_named
from mapper.kernel import map_frame_address
from presets.bundle import Bundle
from presets.card import Ancestor, Provenance
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


def diploma(player: Soloist, preset: Preset, name: str) -> Bundle:
    """Teach a preset by the recording, and make its file with all that taught it."""
    composer = Composer(player.space, recipe_named(player.space, preset.card.name))
    learned = taught(preset, examples(player, composer))
    ancestors = (Ancestor(name=preset.card.name, sha256=preset.sha256),)
    card = preset.card.model_copy(
        update={
            "name": name,
            "tags": tuple(dict.fromkeys((*preset.card.tags, TAG)))[-MAX_TAGS:],
            "provenance": Provenance(
                origin=ORIGIN,
                program=f"embouchure {version('embouchure')}",
                made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
                ancestors=ancestors if preset.card.name in factory_names() else (),
            ),
            "metrics": {
                "recording_before_db": player.distance_db(_played(player, [preset])),
                "recording_db": player.distance_db(_played(player, [learned])),
            },
        }
    )
    return Bundle(preset=replace(learned, card=card), sources=sources_of(player.takes(composer)))


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
