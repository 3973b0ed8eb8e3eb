"""Long recordings as material: the fundamental is tracked, and each note cut out and learned."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from synth.analysis.frames import RATE_HZ
from synth.analysis.fundamental import MELODY_RATE_HZ, Melody, find_melody
from synth.analysis.note import resample
from synth.space import Source
from synth.training.corpora.audio_file import read_audio
from synth.training.corpora.held_out import split_of
from synth.training.corpora.levels import gain, level_db, velocity
from synth.training.corpora.licences import NOT_STATED
from synth.training.corpora.material import Dropped, InstrumentName, RawNote
from synth.training.corpora.note_check import is_silent
from synth.training.corpora.note_names import instrument_name
from synth.training.corpus import HELD_S, TAIL_S
from synth.training.instruments import family_of_name

Array = NDArray[np.float64]

LEAD_S: Final = 0.03
"""Kept before a note, where nothing else sounds."""
RELEASE_S: Final = 0.15
"""Kept after it."""
FADE_S: Final = 0.01
MOVES_SEMITONES: Final = 0.4
"""A note that goes further from its key is learned with the track of its pitch."""
LOWEST, HIGHEST = 12, 119
"""Keys that a note may have."""
ONE_NOTE_IN: Final = 7
"""Where pitches are too few to hold one out, one note in so many is."""


class Stretch(Protocol):
    """A stretch of a melody's frames, the last not included."""

    @property
    def start(self) -> int:
        """Its first frame."""
        ...

    @property
    def end(self) -> int:
        """The frame after its last."""
        ...


Cut = Callable[[Melody], Sequence[Stretch]]
"""Finds the notes of a melody, in order."""


class CutNote(NamedTuple):
    """A note cut out of a recording: sound at `RATE_HZ`, its track, and its pitch in the middle."""

    sound: Array
    track: Array
    pitch: float


def cut_notes(sound: Array, melody: Melody, found: Sequence[Stretch]) -> Iterator[CutNote]:
    """Cut notes out of a recording, with a little of what is around them.

    Parameters
    ----------
    sound
        One channel at `RATE_HZ`, shape (n_samples,).
    found
        Where the notes of its melody lie.
    """
    hop = RATE_HZ // MELODY_RATE_HZ
    edges = [0, *(span.start for span in found[1:]), len(melody.note)]
    for index, span in enumerate(found):
        before = found[index - 1].end if index else 0
        start = max(before, span.start - round(LEAD_S * MELODY_RATE_HZ))
        longest = span.start + round((HELD_S + TAIL_S) * MELODY_RATE_HZ)
        end = min(edges[index + 1], span.end + round(RELEASE_S * MELODY_RATE_HZ), longest)
        track = melody.note[start:end]
        known = np.isfinite(track)
        if known.sum() < 2:
            continue
        places = np.arange(len(track))
        whole = np.interp(places, places[known], track[known])
        yield CutNote(_faded(sound[start * hop : end * hop]), whole, float(np.median(track[known])))


def _faded(sound: Array) -> Array:
    """Begin and end a cut without a click."""
    n = min(round(FADE_S * RATE_HZ), len(sound) // 4)
    faded, ramp = sound.copy(), np.linspace(0.0, 1.0, n)
    faded[:n] *= ramp
    faded[len(faded) - n :] *= ramp[::-1]
    return faded


@dataclass(frozen=True, kw_only=True)
class RecordingPart:
    """One recording of one voice or instrument alone."""

    path: Path
    instrument: InstrumentName
    cut: Cut

    @property
    def identity(self) -> str:
        """Its file, as big and as old as it is."""
        stat = self.path.stat()
        return f"{self.path.name} {stat.st_size} {stat.st_mtime_ns}"

    def notes(self) -> Iterator[RawNote | Dropped]:
        """Track the pitch, cut the notes out, and bring the recording to one level."""
        audio, rate_hz = read_audio(self.path)
        if is_silent(audio):
            yield Dropped(self.path.name, "it is silent")
            return
        sound = resample(audio, rate_hz)
        melody = find_melody(sound)
        cut = list(cut_notes(sound, melody, self.cut(melody)))
        if not cut:
            yield Dropped(self.path.name, "no note is heard in it")
            return
        levels_db = [level_db(one.sound, RATE_HZ) for one in cut]
        up = gain(max(levels_db), max(float(np.abs(one.sound).max()) for one in cut))
        pitches = [round(one.pitch) for one in cut]
        for index, (one, own_db) in enumerate(zip(cut, levels_db, strict=True)):
            if not LOWEST <= pitches[index] <= HIGHEST:
                yield Dropped(f"{self.path.name} note {index + 1}", "no instrument sounds so")
                continue
            moves = np.abs(one.track - pitches[index]).max() > MOVES_SEMITONES
            yield RawNote(
                split=_split(index, pitches),
                pitch=pitches[index],
                velocity=velocity(max(levels_db) - own_db),
                sound=up * one.sound,
                rate_hz=RATE_HZ,
                track=tuple(one.track.tolist()) if moves else (),
            )


def _split(index: int, pitches: list[int]) -> str:
    """Hold out whole pitches, or single notes of a recording that has few pitches."""
    if any(split_of(pitch, pitches) == "valid" for pitch in pitches):
        return split_of(pitches[index], pitches)
    return "valid" if index % ONE_NOTE_IN == ONE_NOTE_IN // 2 else "train"


@dataclass(frozen=True, kw_only=True)
class RecordingMaterial:
    """A recording of one's own."""

    path: Path
    cut: Cut
    licence: str | None = None
    name: str | None = None

    @property
    def source(self) -> Source:
        """Say what it is, by what the user says of it."""
        return Source(
            name=self.name or self.path.stem,
            licence=self.licence or NOT_STATED,
            provenance=[f"Notes cut from the recording {self.path.name}."],
        )

    def parts(self) -> Sequence[RecordingPart]:
        """Take it as one instrument."""
        name = instrument_name(self.name or self.path.stem) or "recording"
        family, kind = family_of_name(name)
        named = InstrumentName(name=name, family=family, kind=kind)
        return [RecordingPart(path=self.path, instrument=named, cut=self.cut)]
