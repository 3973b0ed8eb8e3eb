"""A folder of single notes as material: one file a note, told by its name or by its sound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from synth.analysis.note import find_onset
from synth.space import Source
from synth.training.corpora.audio_file import is_audio, read_audio
from synth.training.corpora.held_out import split_of, unseen
from synth.training.corpora.levels import gain, level_db, velocity
from synth.training.corpora.licences import NOT_STATED
from synth.training.corpora.material import Dropped, InstrumentName, RawNote
from synth.training.corpora.note_check import fault, steady_pitch
from synth.training.corpora.note_names import NamedNote, instrument_name, read_name
from synth.training.corpus import HELD_S, TAIL_S, CorpusError
from synth.training.instruments import family_of_name

Array = NDArray[np.float64]

LEAD_S: Final = 0.01
"""Kept before the onset."""
FADE_S: Final = 0.02
SURE_NOTES: Final = 3
"""So many notes at least must agree that a folder counts octaves otherwise."""
OCTAVE: Final = 12


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """A file's note as it was read: what its name tells and what is heard."""

    path: Path
    told: NamedNote
    sound: Array
    rate_hz: int
    heard: float | None


@dataclass(frozen=True, kw_only=True)
class NoteFilesPart:
    """The files of one instrument."""

    root: Path
    paths: tuple[Path, ...]
    instrument: InstrumentName
    is_unseen: bool = False

    @property
    def identity(self) -> str:
        """Its files, as big and as old as they are."""
        stats = [(path, path.stat()) for path in self.paths]
        files = [(str(p.relative_to(self.root)), s.st_size, s.st_mtime_ns) for p, s in stats]
        return f"{files} {self.is_unseen}"

    def notes(self) -> Iterator[RawNote | Dropped]:
        """Read every file, tell its pitch and strength, and bring all to one level."""
        read = list(self._read())
        yield from (one for one in read if isinstance(one, Dropped))
        heard = [one for one in read if isinstance(one, _Heard)]
        octaves = _octaves_off(heard)
        pitched = list(self._pitched(heard, octaves))
        yield from (one for one in pitched if isinstance(one, Dropped))
        known = [one for one in pitched if not isinstance(one, Dropped)]
        if known:
            yield from self._levelled(known)

    def _read(self) -> Iterator[_Heard | Dropped]:
        for path in self.paths:
            try:
                sound, rate_hz = read_audio(path)
            except CorpusError as error:
                yield Dropped(path.name, str(error))
                continue
            if wrong := fault(sound, rate_hz, None):
                yield Dropped(path.name, wrong)
                continue
            told = read_name(path.stem)
            yield _Heard(
                path=path,
                told=told,
                sound=_trimmed(sound, rate_hz),
                rate_hz=rate_hz,
                heard=steady_pitch(sound, rate_hz),
            )

    def _pitched(
        self, heard: list[_Heard], octaves: int
    ) -> Iterator[tuple[_Heard, int, float | None] | Dropped]:
        """Tell the pitch of each: by its name where that can be, else by its sound."""
        for one in heard:
            named = one.told.pitch
            if named is not None and one.told.by_letter:
                named += OCTAVE * octaves
                yield one, named, named
            elif named is not None and (one.heard is None or abs(one.heard - named) < 1.0):
                yield one, named, None
            elif one.heard is not None:
                yield one, round(one.heard), None
            else:
                yield Dropped(one.path.name, "its name tells no pitch and none is heard in it")

    def _levelled(self, known: list[tuple[_Heard, int, float | None]]) -> Iterator[RawNote]:
        levels_db = [level_db(one.sound, one.rate_hz) for one, *_ in known]
        loudest_db = max(levels_db)
        up = gain(loudest_db, max(float(np.abs(one.sound).max()) for one, *_ in known))
        pitches = [pitch for _, pitch, _ in known]
        for (one, pitch, named), own_db in zip(known, levels_db, strict=True):
            yield RawNote(
                split="test" if self.is_unseen else split_of(pitch, pitches),
                pitch=pitch,
                velocity=one.told.velocity or velocity(loudest_db - own_db),
                sound=up * one.sound,
                rate_hz=one.rate_hz,
                named_pitch=named,
            )


def _octaves_off(heard: list[_Heard]) -> int:
    """Find by how many octaves the names count otherwise than from C4 as middle C."""
    off = [
        one.heard - one.told.pitch
        for one in heard
        if one.told.by_letter and one.told.pitch is not None and one.heard is not None
    ]
    if len(off) < SURE_NOTES:
        return 0
    octaves = round(float(np.median(off)) / OCTAVE)
    agree = np.abs(np.array(off) - OCTAVE * octaves) < 1.0
    return octaves if abs(octaves) <= 2 and agree.mean() > 0.5 else 0


def _trimmed(sound: Array, rate_hz: int) -> Array:
    """Keep as much of a note as NSynth does, from just before its onset on."""
    start = max(0, find_onset(sound) - round(LEAD_S * rate_hz))
    kept = sound[start : start + round((HELD_S + TAIL_S) * rate_hz)].copy()
    if start + len(kept) < len(sound):
        n_faded = round(FADE_S * rate_hz)
        kept[-n_faded:] *= np.linspace(1.0, 0.0, n_faded)
    return kept


@dataclass(frozen=True, kw_only=True)
class NoteFilesMaterial:
    """A folder of single notes, with folders in it or instruments' names in the files' names."""

    path: Path
    licence: str | None = None
    name: str | None = None

    @property
    def source(self) -> Source:
        """Say what it is, by what the user says of it."""
        return Source(
            name=self.name or self.path.name,
            licence=self.licence or NOT_STATED,
            provenance=[f"Single notes of the folder {self.path.name}."],
        )

    @cached_property
    def _files(self) -> list[Path]:
        return sorted(path for path in self.path.rglob("*") if path.is_file() and is_audio(path))

    def parts(self) -> Sequence[NoteFilesPart]:
        """Group its files by instrument."""
        groups: dict[str, list[Path]] = {}
        for path in self._files:
            groups.setdefault(self._instrument(path), []).append(path)
        if not groups:
            raise CorpusError(
                f"{self.path} holds no sound files; give a folder of WAV, FLAC or OGG files, one a "
                "note"
            )
        names = [family_of_name(name) for name in groups]
        never = unseen([family for family, _ in names], list(groups))
        return [
            NoteFilesPart(
                root=self.path,
                paths=tuple(paths),
                instrument=InstrumentName(name=name, family=family, kind=kind, number=number),
                is_unseen=number in never,
            )
            for number, ((name, paths), (family, kind)) in enumerate(
                zip(groups.items(), names, strict=True)
            )
        ]

    def _instrument(self, path: Path) -> str:
        """Name a file's instrument: by its name, or else by its folder's."""
        folder = "" if path.parent == self.path else instrument_name(path.parent.name)
        own = read_name(path.stem).instrument
        both = own if own.startswith(folder) else f"{folder}-{own}".strip("-")
        return both or instrument_name(self.name or self.path.name) or "sound"
