"""The instrument: a preset's learned mapping, the space it needs and an engine, wired together."""

import base64
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from calibration.targets.target import Target
from embouchure.play_settings import DEFAULT_PRESET, DEFAULT_RATE_HZ
from embouchure.space_file import space_for
from embouchure.wishes import Wishes
from mapper.kernel import map_frame_address
from presets.caches import find_cache, open_cache
from presets.preset import Preset
from presets.refusal import PresetError
from presets.store import load, unpack
from synth.engine.engine import Engine
from synth.lattice import Lattice
from synth.patch import GAINS_DB, Patch
from synth.space import Space, SpaceError


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A preset ready to be played on one space, and the bytes of its file.

    With a target every strike sounds that, with the preset's voice and room. `is_stored` says that
    the name finds the sound in the store; what it does not find, `tone` tells whole. With a lattice
    its controls come from there.
    """

    name: str
    packed: bytes
    preset: Preset
    target: Target | None = None
    is_stored: bool = True
    lattice: Lattice | None = None

    def played(self, wishes: Wishes) -> "Sound":
        """Return this preset as the player wishes it to be played."""
        card = self.preset.card
        manner = wishes.manner(card.manner)
        if manner == card.manner:
            return self
        preset = replace(self.preset, card=card.model_copy(update={"manner": manner}))
        return replace(self, packed=preset.to_bytes(), preset=preset)

    def louder(self, gain_db: float) -> "Sound":
        """Return this preset with more gain, or less, as far as a voice's gain goes."""
        if not gain_db:
            return self
        card = self.preset.card
        low_db, high_db = GAINS_DB
        total_db = min(high_db, max(low_db, card.voice.gain_db + gain_db))
        voice = card.voice.model_copy(update={"gain_db": total_db})
        preset = replace(self.preset, card=card.model_copy(update={"voice": voice}))
        return Sound(name=self.name, packed=preset.to_bytes(), preset=preset)

    @cached_property
    def patch(self) -> Patch:
        """The patch that the engine plays; always the same one, which keeps its slot there."""
        if self.target:
            return self.target.patch(self.preset.card.voice, self.preset.card.room)
        return replace(self.preset.patch(map_frame_address()), lattice=self.lattice)

    @cached_property
    def from_cache(self) -> "Sound | None":
        """The same with its controls from its cache; None where there is none, as for a target.

        The first time it maps the cache into memory. Raises SpaceError when that is damaged.
        """
        lattice = None if self.target else find_cache(self.preset)
        return replace(self, lattice=lattice) if lattice else None

    @cached_property
    def tone(self) -> dict[str, str]:
        """Its files, as `sound_of_tone` reads them."""
        target = self.target.to_bytes() if self.target else b""
        return {
            "name": self.name,
            "file": base64.b64encode(self.packed).decode(),
            "target": base64.b64encode(target).decode(),
            "cache": self.lattice.card.key if self.lattice else "",
        }

    def warm(self) -> None:
        """Map its cache into memory now and not while the player waits; damage is told later."""
        with suppress(SpaceError):
            _ = self.from_cache


def sound_of_bytes(name: str, packed: bytes, space: Space) -> Sound:
    """Unpack a preset for a space.

    Raises
    ------
    PresetError
        When it is damaged, or its space is another: its codes would mean other sounds here.
    """
    return _sound(name, packed, unpack(name, packed), space)


def _sound(name: str, packed: bytes, preset: Preset, space: Space) -> Sound:
    needed = preset.card.space
    if needed.sha256 != space.sha256:
        raise PresetError(
            f"the preset {name} was made for the space {needed.name} {needed.sha256[:12]}, and "
            f"{space.card.name} {space.sha256[:12]} is played; choose another preset, play this one "
            "by itself, or import it with its space"
        )
    return Sound(name=name, packed=packed, preset=preset)


@lru_cache(maxsize=32)
def sound_of_tone(space: Space, name: str, file: str, target: str = "", cache: str = "") -> Sound:
    """Read what `embouchure.cues.pack_tone` wrote; equal tones give the same sound, and its slot.

    `cache` is the key of the cache from which it takes its controls.

    Raises
    ------
    PresetError, TargetError, SpaceError
        As `sound_of_bytes` does, and when the target or the cache is damaged, or that is gone.
    """
    sound = sound_of_bytes(name, base64.b64decode(file), space)
    chosen = Target.from_bytes(base64.b64decode(target)) if target else None
    lattice = open_cache(cache) if cache else None
    if cache and not lattice:
        raise SpaceError(
            f"the cache that {name} was played from is gone; build it again with "
            "embouchure space cache"
        )
    return replace(sound, target=chosen, is_stored=False, lattice=lattice)


def load_sound(preset: str | Path, space: Space, wishes: Wishes | None = None) -> Sound:
    """Load a preset by name or path for a space, to be played as the player wishes.

    What it came from stays where it is; `packed` is the preset alone.

    Raises
    ------
    PresetError
        When there is no such preset, or as `sound_of_bytes` does.
    """
    loaded = load(preset)
    sound = _sound(str(preset), loaded.to_bytes(), loaded, space)
    played = sound.played(wishes or Wishes())
    if wishes and wishes.cached:
        played.warm()
    return played


def space_and_patch(preset: str) -> tuple[Space, Patch]:
    """Load a preset by name or path, and the space it was made for.

    Raises
    ------
    PresetError
        As `load_sound` does.
    SpaceError
        When the space is missing or damaged.
    """
    space = space_for(preset)
    return space, load_sound(preset, space).patch


def open_engine(preset: str, rate_hz: float) -> Engine:
    """Make an engine that sounds one preset, every kernel that events need being loaded."""
    space, patch = space_and_patch(preset)
    engine = silent_engine(space, rate_hz)
    engine.select(engine.install(patch))
    return engine


def silent_engine(space: Space, rate_hz: float) -> Engine:
    """Make an engine that has no preset yet, every kernel that events need being loaded."""
    engine = Engine(space, rate_hz=rate_hz)
    engine.frame_at(0.0)
    return engine


def compile_all() -> None:
    """Use every kernel once, live or not, so that all are in the cache."""
    from mapper.morph import morph_frame_address  # few presets need it
    from mapper.playback import play_back_address  # nothing that only plays presets needs it

    open_engine(DEFAULT_PRESET, DEFAULT_RATE_HZ).render(1)
    play_back_address()
    morph_frame_address()
