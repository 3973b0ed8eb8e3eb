"""Building: notes of all materials become one folder in NSynth's layout, part by part."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import joblib

from synth.space import Source
from synth.training.corpora.material import Dropped, InstrumentName, Material, Part, RawNote
from synth.training.corpora.note_check import fault
from synth.training.corpora.writing import write_sound, write_text
from synth.training.corpus import SOURCES_FILE, SPLITS, CorpusError, Progress
from synth.training.instruments import FAMILIES, SOURCES

DONE: Final = ".parts"
"""Folder of what is finished, one file for each instrument, by which a build goes on."""
NUDGE: Final = 24
"""Another note of the same pitch and velocity is kept as one so little stronger or softer."""

Entry = dict[str, Any]


class Built(NamedTuple):
    """What a corpus holds, and what was left out of it."""

    n_notes: dict[str, int]
    """By split."""
    n_instruments: int
    dropped: list[Dropped]
    sources: list[Source]


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One part and where its notes go."""

    folder: Path
    part: Part
    instrument: InstrumentName
    source: int

    @property
    def label(self) -> str:
        """NSynth's name of the instrument."""
        return f"{self.instrument.family}_{self.instrument.kind}_{self.instrument.number:03d}"

    @property
    def identity(self) -> str:
        return f"{self.source} {self.label} {self.instrument.name} {self.part.identity}"

    @property
    def record(self) -> Path:
        name = hashlib.sha256(self.identity.encode()).hexdigest()[:24]
        return self.folder / DONE / f"{name}.json"


def is_built(folder: Path, materials: Sequence[Material]) -> bool:
    """Tell whether a folder holds just these materials, built to the end."""
    whole = all((folder / name).exists() for name in (SOURCES_FILE, *map(_examples, SPLITS)))
    return whole and all(job.record.exists() for job in _jobs(folder, materials))


def build(
    folder: Path,
    materials: Sequence[Material],
    *,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> Built:
    """Write the notes of all materials into one corpus; instruments that are done are kept.

    Notes that are silent, clipped or sound at another pitch than they should are left out.

    Raises
    ------
    CorpusError
        When the folder cannot be written, or nothing is left to learn from.
    """
    jobs = _jobs(folder, materials)
    done = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(map(joblib.delayed(_run), jobs))
    examples: dict[str, dict[str, Entry]] = {split: {} for split in SPLITS}
    dropped: list[Dropped] = []
    for count, result in enumerate(done, start=1):
        for split, entries in result["entries"].items():
            examples[split] |= entries
        dropped += [Dropped(*one) for one in result["dropped"]]
        progress(count, len(jobs))
    if not examples["train"]:
        why = f"; {dropped[0].what}: {dropped[0].why}" if dropped else ""
        raise CorpusError(
            f"there is no note to learn from in {_in_words(materials)}{why}; give sounds of single "
            "notes, a soundfont or a recording of one voice or instrument"
        )
    sources = [material.source for material in materials]
    for split, found in examples.items():
        write_text(folder / _examples(split), json.dumps(found, indent=1, sort_keys=True))
    write_text(folder / SOURCES_FILE, json.dumps([one.model_dump() for one in sources], indent=1))
    counts = {split: len(found) for split, found in examples.items()}
    labels = {entry["instrument_str"] for found in examples.values() for entry in found.values()}
    return Built(counts, len(labels), dropped, sources)


def _examples(split: str) -> str:
    return f"{split}/examples.json"


def _in_words(materials: Sequence[Material]) -> str:
    return ", ".join(material.source.name for material in materials)


def _jobs(folder: Path, materials: Sequence[Material]) -> list[_Job]:
    """Give every instrument a number and a name, so that no two are called the same."""
    jobs, first = list[_Job](), 0
    names: dict[str, dict[int, int]] = {}
    for source, material in enumerate(materials):
        parts = list(material.parts())
        for part in parts:
            number = first + part.instrument.number
            called = names.setdefault(part.instrument.name, {})
            which = called.setdefault(number, len(called) + 1)
            again = f"-{which}" if which > 1 else ""
            named = replace(part.instrument, name=part.instrument.name + again, number=number)
            jobs.append(_Job(folder=folder, part=part, instrument=named, source=source))
        first += max((part.instrument.number for part in parts), default=-1) + 1
    return jobs


def _run(job: _Job) -> Entry:
    """Make an instrument's notes, unless they are there."""
    if job.record.exists():
        return json.loads(job.record.read_text())
    entries: dict[str, dict[str, Entry]] = {}
    dropped, taken = list[Dropped](), set[tuple[int, int]]()
    for made in job.part.notes():
        kept = _accepted(job, made, taken)
        if isinstance(kept, Dropped):
            dropped.append(kept)
            continue
        key = f"{job.label}-{kept.pitch:03d}-{kept.velocity:03d}"
        write_sound(job.folder / kept.split / "audio" / f"{key}.wav", kept)
        entries.setdefault(kept.split, {})[key] = _entry(job, key, kept)
    result = {"entries": entries, "dropped": dropped}
    write_text(job.record, json.dumps(result))
    return result


def _accepted(job: _Job, made: RawNote | Dropped, taken: set[tuple[int, int]]) -> RawNote | Dropped:
    """Refuse a bad note, and tell two of the same pitch and strength apart."""
    if isinstance(made, Dropped):
        return made
    what = f"{job.instrument.name} at {made.pitch}, velocity {made.velocity}"
    if wrong := fault(made.sound, made.rate_hz, made.named_pitch):
        return Dropped(what, wrong)
    for velocity in _near(made.velocity):
        if (made.pitch, velocity) not in taken:
            taken.add((made.pitch, velocity))
            return replace(made, velocity=velocity)
    return Dropped(what, "there are enough notes like it")


def _near(velocity: int) -> Iterator[int]:
    nearest = sorted(range(velocity - NUDGE, velocity + NUDGE + 1), key=lambda v: abs(v - velocity))
    return (v for v in nearest if 1 <= v <= 127)


def _entry(job: _Job, key: str, note: RawNote) -> Entry:
    """Describe a note as NSynth does, and by what NSynth has no words for."""
    instrument = job.instrument
    entry: Entry = {
        "note": (instrument.number * 128 + note.pitch) * 128 + note.velocity,
        "note_str": key,
        "instrument": instrument.number,
        "instrument_str": job.label,
        "instrument_name": instrument.name,
        "pitch": note.pitch,
        "velocity": note.velocity,
        "sample_rate": note.rate_hz,
        "qualities": [0] * 10,
        "qualities_str": [],
        "instrument_family": FAMILIES.index(instrument.family),
        "instrument_family_str": instrument.family,
        "instrument_source": SOURCES.index(instrument.kind),
        "instrument_source_str": instrument.kind,
        "corpus_source": job.source,
    }
    track = {"pitch_track": [round(at, 2) for at in note.track]} if note.track else {}
    return entry | track
