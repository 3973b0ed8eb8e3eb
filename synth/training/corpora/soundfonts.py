"""Soundfonts as material: any preset of any bank, rendered by FluidSynth."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from synth.space import Source
from synth.training.corpora.held_out import plan, unseen
from synth.training.corpora.material import InstrumentName, RawNote
from synth.training.corpora.note_names import instrument_name
from synth.training.corpora.soundfont_file import Preset, SoundfontCard, read_card
from synth.training.corpus import HELD_S, TAIL_S, CorpusError
from synth.training.instruments import (
    INSTRUMENTS,
    UNSEEN_PROGRAMS,
    Instrument,
    family_of_name,
)
from synth.training.soundfont import Soundfont, require_soundfont

FLUID: Final = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
RATE_HZ: Final = 48_000
RANGE: Final = (36, 84)
"""Where an instrument is played of which nothing is known; keys that are silent drop out."""
SUFFIXES: Final = frozenset({".sf2", ".sf3"})
_PLACE: Final = re.compile(r"(?:(\d+):)?(\d+)")


@dataclass(frozen=True, kw_only=True)
class SoundfontPart:
    """One preset of a soundfont."""

    path: Path
    preset: Preset
    instrument: InstrumentName
    low: int
    high: int
    transpose_semitones: int = 0
    is_unseen: bool = False

    @property
    def identity(self) -> str:
        """Its file and what is played of it."""
        size = self.path.stat().st_size
        notes = plan(self.low, self.high, unseen=self.is_unseen)
        return f"{self.path.name} {size} {self.preset} {self.transpose_semitones} {notes}"

    def notes(self) -> Iterator[RawNote]:
        """Render every planned note."""
        font = _opened(self.path)
        for split, planned in plan(self.low, self.high, unseen=self.is_unseen).items():
            for pitch, velocity in planned:
                key = pitch + self.transpose_semitones
                sound = font.note(
                    self.preset.program, key, velocity, HELD_S, TAIL_S, bank=self.preset.bank
                )
                yield RawNote(
                    split=split,
                    pitch=pitch,
                    velocity=velocity,
                    sound=sound.astype(np.float64),
                    rate_hz=RATE_HZ,
                    named_pitch=pitch,
                )


@lru_cache(maxsize=1)
def _opened(path: Path) -> Soundfont:
    """Keep a font open for the next instrument; it ends with its process."""
    return Soundfont(path, RATE_HZ)


@dataclass(frozen=True, kw_only=True)
class SoundfontMaterial:
    """The presets of a soundfont, or those that are asked for.

    Attributes
    ----------
    wanted
        Programs, `bank:program`, or parts of presets' names; nothing is all that have a pitch.
    """

    path: Path
    licence: str | None = None
    name: str | None = None
    wanted: tuple[str, ...] = ()
    card: SoundfontCard = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "card", read_card(self.path))

    @property
    def source(self) -> Source:
        """What the font says of itself, unless told otherwise."""
        return Source(
            name=self.name or self.card.name,
            licence=self.licence or self.card.licence,
            provenance=[
                f"Notes of the soundfont {self.path.name}, rendered with FluidSynth.",
                *self.card.provenance,
            ],
        )

    def parts(self) -> Sequence[SoundfontPart]:
        """List its instruments, some of each family held out."""
        chosen = [one for one in self.card.presets if self._is_wanted(one)]
        if not chosen:
            raise CorpusError(
                f"{self.path} has no sound {' or '.join(self.wanted)}; name a program such as 40, "
                "a bank and a program such as 8:4, or a part of a sound's name"
            )
        parts = [self._part(preset) for preset in chosen]
        families = [part.instrument.family for part in parts]
        never = unseen(families, [part.instrument.name for part in parts])
        return [
            SoundfontPart(**vars(part) | {"is_unseen": index in never})
            for index, part in enumerate(parts)
        ]

    def _is_wanted(self, preset: Preset) -> bool:
        if not self.wanted:
            return not self.card.is_general_midi or preset.program in _MELODIC
        return any(_names(text, preset) for text in self.wanted)

    def _part(self, preset: Preset) -> SoundfontPart:
        known = _MELODIC.get(preset.program) if self.card.is_general_midi else None
        name = instrument_name(preset.name) or f"program-{preset.bank}-{preset.program}"
        family, kind = (known.family, known.source) if known else family_of_name(name)
        low, high = (known.low, known.high) if known else RANGE
        number = preset.bank * 128 + preset.program
        return SoundfontPart(
            path=self.path,
            preset=preset,
            instrument=InstrumentName(name=name, family=family, kind=kind, number=number),
            low=low,
            high=high,
        )


_MELODIC: Final = {one.program: one for one in INSTRUMENTS}


def _names(text: str, preset: Preset) -> bool:
    """Whether a text names a preset: its program, its bank and program, or a part of its name."""
    if place := _PLACE.fullmatch(text):
        return (int(place[1] or 0), int(place[2])) == (preset.bank, preset.program)
    return instrument_name(text) in instrument_name(preset.name)


@dataclass(frozen=True, kw_only=True)
class FluidMaterial:
    """The Fluid soundfont, whose instruments, ranges and layers are known one by one."""

    path: Path = FLUID
    instruments: tuple[Instrument, ...] = INSTRUMENTS

    @property
    def source(self) -> Source:
        """Say who made it."""
        return Source(
            name="the Fluid soundfont",
            licence="MIT",
            provenance=[
                f"Notes of {self.path.name}, the Fluid soundfont, rendered with FluidSynth.",
                "Copyright (c) 2000-2002, 2008 Frank Wen; copyright (c) 2008 Toby Smithe.",
            ],
        )

    def parts(self) -> Sequence[SoundfontPart]:
        """List its instruments."""
        require_soundfont(self.path)
        return [self._part(one) for one in self.instruments]

    def _part(self, one: Instrument) -> SoundfontPart:
        return SoundfontPart(
            path=self.path,
            preset=Preset(0, one.program, one.name),
            instrument=InstrumentName(
                name=one.name, family=one.family, kind=one.source, number=one.program
            ),
            low=one.low,
            high=one.high,
            transpose_semitones=one.transpose_semitones,
            is_unseen=one.program in UNSEEN_PROGRAMS,
        )
