"""Moving: what a mixture of sounds becomes: a sound file, a preset, and a few words about it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from calibration.exploration.rendering import Note, matched, sound_of
from presets.factory.loudness import RATE_HZ
from synth.moving.course import Course
from synth.moving.guards import Held, held
from synth.moving.mixture import Mixer, Mixture
from synth.moving.naming import note_name
from synth.moving.neighbours import Neighbour, nearest
from synth.space import Space

HELD_S: Final = 2.0
TAIL_S: Final = 0.5
ROW_RATE_HZ: Final = 500
N_NEAREST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Made:
    """A mixture as far as it is safe to go, at one note.

    Attributes
    ----------
    held
        How the guards hold it.
    nearest
        The named sounds that it is most like.
    """

    space: Space
    held: Held
    note: float
    nearest: tuple[Neighbour, ...]

    @property
    def mixture(self) -> Mixture:
        """What is played."""
        return self.held.mixture

    @property
    def course(self) -> Course:
        """What one strike of it sets going."""
        return Mixer(self.space).course(self.mixture, self.note)

    @property
    def json(self) -> dict[str, Any]:
        """All of this, for scripts and pages."""
        return {
            "space": self.space.sha256,
            "made_of": [
                {"sound": part.name.text, "share": round(part.share, 4)}
                for part in self.mixture.parts
            ],
            "note": self.note,
            "held_at": round(self.held.share, 4),
            "is_steered": self.held.is_steered,
            "nearest": [
                {"sound": one.name, "distance_db": round(one.distance_db, 2)}
                for one in self.nearest
            ],
        }

    @property
    def words(self) -> str:
        """The same for a player."""
        near = ", ".join(f"{one.name} ({one.distance_db:.1f} dB)" for one in self.nearest)
        told = f"{self.mixture.text} at {note_name(self.note)}; most like {near}."
        if self.held.share < 1.0:
            return (
                f"{told} It was held at {self.held.share:.0%} of the way, where it is still safe."
            )
        return f"{told} It was steered away from booming." if self.held.is_steered else told


def made(space: Space, asked: Mixture, note: float | None = None) -> Made:
    """Go as far towards a mixture as is safe, and tell what it is like."""
    mixer = Mixer(space)
    note = asked.note if note is None else note
    safe = held(mixer, asked, note)
    like = nearest(space, mixer.course(safe.mixture, note), N_NEAREST)
    return Made(space=space, held=safe, note=note, nearest=tuple(like))


def sound(one: Made) -> NDArray[np.float64]:
    """Sound one note of it through the engine, as loud as everything is, shape (n_frames,)."""
    rows = one.course.rows(ROW_RATE_HZ, HELD_S)
    played = sound_of(one.space, rows, (Note(one.note, held_s=HELD_S),), TAIL_S, ROW_RATE_HZ)
    return matched(played)[0]


def write(one: Made, path: Path) -> None:
    """Write one note of it to a WAV.

    Raises
    ------
    ProgramError
        When the place cannot be written.
    """
    from embouchure.rendering import open_wav

    audio = sound(one)
    with open_wav(path, RATE_HZ) as wav:
        wav.write(np.stack([audio, audio], axis=1))


def keep(one: Made, name: str) -> None:
    """Keep a preset of it, which takes about half a minute.

    Raises
    ------
    PresetError
        When the name is taken or cannot be used, or the preset not be kept.
    """
    from presets import library
    from presets.factory.mixed import mixed_preset
    from presets.names import check_name
    from presets.provenance import stamped

    library.refuse_taken(check_name(name))
    preset = mixed_preset(Mixer(one.space), one.mixture, name)
    stamp = stamped(preset.card.provenance.origin)
    library.save(replace(preset, card=preset.card.model_copy(update={"provenance": stamp})))
