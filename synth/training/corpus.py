"""A corpus of single notes in NSynth's layout, as it is read from disk.

A corpus is a folder of splits; a split is a folder with `examples.json` and `audio/*.wav`. `train`
is learned from, `valid` holds instruments of `train` at other notes and velocities, and `test`
holds instruments that `train` has not (Engel et al. 2017 split alike). NSynth's own folders
`nsynth-train`, `nsynth-valid` and `nsynth-test` are read too. `sources.json`, if there is one, says
where the notes come from.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from synth.controls import TOP_RATIO
from synth.space import Source

HELD_S: Final = 3.0
"""How long a note of NSynth is held; what follows is its release."""
TAIL_S: Final = 1.0
GRID_SEMITONES: Final = 4
MOST_NOTES: Final = 8000
"""Most notes of a split that are used: their analyses lie in memory, 0.35 MB each."""
HIGHEST: Final = 127
"""Of MIDI's notes and velocities."""
SPLITS: Final = ("train", "valid", "test")
FULL_RATE_HZ: Final = 44_100
"""What is sampled less often lacks treble that others have."""
SOURCES_FILE: Final = "sources.json"
UNKNOWN: Final = Source(name="a corpus of the user's own")
NSYNTH: Final = Source(
    name="the NSynth dataset",
    licence="CC-BY-4.0",
    provenance=[
        "The NSynth dataset, made available by Google Inc. (Engel et al. 2017).",
    ],
)
_SOURCES: Final = TypeAdapter(list[Source])

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


class CorpusError(ValueError):
    """A folder is not a corpus; the message is one sentence for the user."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """One recorded note of a corpus."""

    path: Path
    split: str
    instrument: str
    """NSynth's label: family, source and number."""
    name: str
    """What a musician calls the instrument."""
    family: str
    pitch: int
    velocity: int
    top_hz: float = math.inf
    """Above this the recording holds nothing, whatever the instrument does."""
    track: tuple[float, ...] = ()
    """Where the pitch moves: fractional note numbers spread evenly over the recording."""

    @property
    def heard_pitch(self) -> float | tuple[float, ...]:
        """What the analysis is told of the pitch: the note, or its track where it moves."""
        return self.track or self.pitch

    @property
    def key(self) -> str:
        """The note's own name in its corpus."""
        return self.path.stem


def read_corpus(folder: Path) -> list[Note]:
    """List the notes of a corpus.

    Raises
    ------
    CorpusError
        When the folder holds no split with notes to train on.
    """
    notes = [note for split in SPLITS for note in _read_split(folder, split)]
    if not any(note.split == "train" for note in notes):
        raise CorpusError(
            f"{folder} holds no notes to train on; it needs train/examples.json and "
            "train/audio/*.wav as the NSynth dataset has"
        )
    return notes


def _read_split(folder: Path, split: str) -> Iterator[Note]:
    for root in (folder / split, folder / f"nsynth-{split}"):
        path = root / "examples.json"
        if path.exists():
            for key, fields in sorted(_read_examples(path).items()):
                yield _read_note(path, key, split, fields)


def _read_examples(path: Path) -> dict[str, Any]:
    try:
        examples = json.loads(path.read_text())
    except ValueError:
        raise _misread(path, "it is not written in JSON") from None
    if not isinstance(examples, dict):
        raise _misread(path, "it must be notes by their names")
    return examples


def _read_note(path: Path, key: str, split: str, fields: Mapping[str, Any]) -> Note:
    """Read what `examples.json` says of one note."""
    try:
        note = _note(path.parent / "audio" / f"{key}.wav", split, fields)
    except KeyError as error:
        raise _misread(path, f"{key} lacks its {error.args[0]}") from None
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise _misread(
            path, f"{key} has a number that is none, or a name that is no text"
        ) from None
    if not all(0 <= number <= HIGHEST for number in (note.pitch, note.velocity, *note.track)):
        raise _misread(path, f"{key} has a pitch or velocity that is not within 0 to {HIGHEST}")
    return note


def _note(path: Path, split: str, fields: Mapping[str, Any]) -> Note:
    instrument, family = fields["instrument_str"], fields["instrument_family_str"]
    name = fields.get("instrument_name", instrument.replace("_", "-"))
    if not (isinstance(name, str) and isinstance(family, str)):
        raise TypeError
    return Note(
        path=path,
        split=split,
        instrument=instrument,
        name=name,
        family=family,
        pitch=int(fields["pitch"]),
        velocity=int(fields["velocity"]),
        top_hz=_top_hz(fields),
        track=tuple(float(note) for note in fields.get("pitch_track", ())),
    )


def _misread(path: Path, why: str) -> CorpusError:
    return CorpusError(
        f"{path} does not follow NSynth's layout: {why}; repair it or build the corpus again"
    )


def _top_hz(fields: Mapping[str, Any]) -> float:
    """Tell how high a recording reaches by its sample rate; NSynth's 16 kHz reach 7.2 kHz."""
    rate_hz = float(fields.get("sample_rate", FULL_RATE_HZ))
    return math.inf if rate_hz >= FULL_RATE_HZ else TOP_RATIO * rate_hz


def read_sources(folder: Path) -> list[Source]:
    """Read where a corpus comes from; one without `sources.json` is of the user's own.

    Raises
    ------
    CorpusError
        When the file does not say it as it should.
    """
    path = folder / SOURCES_FILE
    if not path.exists():
        return [
            NSYNTH if any((folder / f"nsynth-{split}").exists() for split in SPLITS) else UNKNOWN
        ]
    try:
        return _SOURCES.validate_json(path.read_bytes())
    except OSError as error:
        why = error.strerror
    except ValidationError as error:
        why = _wrong_source(error)
    raise CorpusError(
        f"{path} does not tell the corpus' sources ({why}); repair it, or delete it and build the "
        "corpus again"
    )


def _wrong_source(error: ValidationError) -> str:
    """Say what a list of sources must be, and where it is not."""
    match error.errors()[0]["loc"]:
        case (int(index), "name" | "licence" as field, *_):
            return f"source {index + 1} must have its {field}, which is text"
        case (int(index), "provenance", *_):
            return f"the provenance of source {index + 1} must be a list of lines"
        case (int(index), *_):
            return f"source {index + 1} must have a name, a licence and a provenance, and no more"
    return "it must be a list of sources in JSON"


def joint_licence(sources: Sequence[Source]) -> str:
    """Name the licences of all sources, each once.

    >>> joint_licence([Source(name="a", licence="MIT"), Source(name="b", licence="CC0-1.0")])
    'CC0-1.0 and MIT'
    """
    return " and ".join(sorted({source.licence for source in sources}))


def thin(notes: Sequence[Note], n_notes: int = MOST_NOTES) -> list[Note]:
    """Keep so many notes of each split at most: every fourth pitch first, then fewer instruments.

    What is kept of an instrument stays dense enough to learn how its sound moves with pitch.
    """
    return [
        note
        for split in SPLITS
        for note in _thinned([n for n in notes if n.split == split], n_notes)
    ]


def _thinned(notes: list[Note], n_notes: int) -> list[Note]:
    if len(notes) <= n_notes:
        return notes
    grid = [note for note in notes if note.pitch % GRID_SEMITONES == 0] or notes
    step = -(-len(grid) // n_notes)
    kept = set(sorted({note.instrument for note in grid})[::step])
    return [note for note in grid if note.instrument in kept][:n_notes]
