"""The NSynth dataset, or any corpus in its layout, as material."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from synth.space import Source
from synth.training.corpora.audio_file import read_audio
from synth.training.corpora.held_out import split_of
from synth.training.corpora.material import Dropped, InstrumentName, RawNote
from synth.training.corpus import CorpusError, Note, read_corpus, read_sources
from synth.training.instruments import FAMILIES, OTHER_FAMILY, SOURCES


@dataclass(frozen=True, kw_only=True)
class NSynthPart:
    """The notes of one instrument."""

    split: str
    recorded: tuple[Note, ...]
    instrument: InstrumentName
    divides: bool = False
    """Whether some of its pitches are held out here."""

    @property
    def identity(self) -> str:
        """Its files, as big and as old as they are, and what is said of their notes."""
        stats = [(note, note.path.stat()) for note in self.recorded if note.path.exists()]
        files = [(n.key, s.st_size, s.st_mtime_ns) for n, s in stats]
        told = [(n.pitch, n.velocity, n.track) for n, _ in stats]
        return f"{self.split} {self.divides} {files} {told}"

    def notes(self) -> Iterator[RawNote | Dropped]:
        """Read every note as it is."""
        pitches = [note.pitch for note in self.recorded]
        for note in self.recorded:
            try:
                sound, rate_hz = read_audio(note.path)
            except CorpusError as error:
                yield Dropped(note.key, str(error))
                continue
            yield RawNote(
                split=split_of(note.pitch, pitches) if self.divides else self.split,
                pitch=note.pitch,
                velocity=note.velocity,
                sound=sound,
                rate_hz=rate_hz,
                named_pitch=None if note.track else note.pitch,
                track=note.track,
            )


@dataclass(frozen=True, kw_only=True)
class NSynthMaterial:
    """A folder in NSynth's layout.

    NSynth's own splits run along instruments: its validation and test instruments are both never
    learned here, and notes of the training instruments are held out to measure new pitches by. A
    corpus that was built before keeps its splits.
    """

    path: Path
    licence: str | None = None
    name: str | None = None

    @property
    def source(self) -> Source:
        """Take what the corpus says of itself; several sources become one of many lines."""
        told = read_sources(self.path)
        first = told[0]
        lines = [line for one in told for line in (one.name, *one.provenance)]
        return Source(
            name=self.name or (first.name if len(told) == 1 else self.path.name),
            licence=self.licence or " and ".join(sorted({one.licence for one in told})),
            provenance=list(first.provenance) if len(told) == 1 else lines,
        )

    def parts(self) -> Sequence[NSynthPart]:
        """List the instruments of every split."""
        groups: dict[tuple[str, str], list[Note]] = {}
        for note in read_corpus(self.path):
            groups.setdefault((note.split, note.instrument), []).append(note)
        learned = {instrument for split, instrument in groups if split == "train"}
        has_valid = any(split == "valid" and instrument in learned for split, instrument in groups)
        numbers = {one: number for number, one in enumerate(sorted({i for _, i in groups}))}
        return [
            NSynthPart(
                split=split if split == "train" or instrument in learned else "test",
                recorded=tuple(notes),
                divides=split == "train" and not has_valid,
                instrument=_named(notes[0], numbers[instrument]),
            )
            for (split, instrument), notes in groups.items()
        ]


_PARTS: Final = 3
"""A label's: family, source and number."""


def _named(note: Note, number: int) -> InstrumentName:
    """Read an instrument's label; whatever follows no rule is of no known family."""
    words = note.instrument.rsplit("_", _PARTS - 1)
    kind = words[1] if len(words) == _PARTS and words[1] in SOURCES else OTHER_FAMILY[1]
    family = note.family if note.family in FAMILIES else OTHER_FAMILY[0]
    return InstrumentName(name=note.name, family=family, kind=kind, number=number)
