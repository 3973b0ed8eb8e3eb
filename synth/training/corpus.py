"""A corpus of single notes in NSynth's layout: read from disk, or rendered from a soundfont.

A corpus is a folder of splits; a split is a folder with `examples.json` and `audio/*.wav`. `train`
is learned from, `valid` holds instruments of `train` at other notes and velocities, and `test`
holds instruments that `train` has not (Engel et al. 2017 split alike). NSynth's own folders
`nsynth-train`, `nsynth-valid` and `nsynth-test` are read too.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
import soundfile

from synth.training.instruments import FAMILIES, INSTRUMENTS, SOURCES, UNSEEN_PROGRAMS, Instrument
from synth.training.soundfont import Soundfont

SOUNDFONT: Final = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
RATE_HZ: Final = 48_000
HELD_S: Final = 3.0
TAIL_S: Final = 1.0
GRID_SEMITONES: Final = 4
VELOCITIES: Final = (35, 65, 95, 125)
OTHER_VELOCITIES: Final = (50, 110, 80)
SPLITS: Final = ("train", "valid", "test")
N_CHUNKS: Final = 12
"""Parts in which a soundfont is rendered; each loads it anew."""

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
        if not (root / "examples.json").exists():
            continue
        try:
            examples = json.loads((root / "examples.json").read_text())
            for key, fields in sorted(examples.items()):
                yield Note(
                    path=root / "audio" / f"{key}.wav",
                    split=split,
                    instrument=fields["instrument_str"],
                    name=fields.get("instrument_name", fields["instrument_str"].replace("_", "-")),
                    family=fields["instrument_family_str"],
                    pitch=int(fields["pitch"]),
                    velocity=int(fields["velocity"]),
                )
        except (json.JSONDecodeError, KeyError, AttributeError, TypeError, ValueError) as error:
            raise CorpusError(
                f"{root / 'examples.json'} does not follow NSynth's layout ({error!r}); "
                "repair it or render the corpus again"
            ) from None


def thin(notes: Sequence[Note], n_notes: int) -> list[Note]:
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
    grid = [note for note in notes if note.pitch % GRID_SEMITONES == 0]
    step = -(-len(grid) // n_notes)
    kept = set(sorted({note.instrument for note in grid})[::step])
    return [note for note in grid if note.instrument in kept][:n_notes]


def plan(instrument: Instrument) -> dict[str, list[tuple[int, int]]]:
    """List the sounding notes and velocities of an instrument, per split.

    The notes that measure lie between the grid's notes and velocities, spread over the range.
    """
    grid = [
        (note, velocity)
        for note in range(instrument.low, instrument.high + 1, GRID_SEMITONES)
        for velocity in VELOCITIES
    ]
    steps = (instrument.high - instrument.low) // GRID_SEMITONES
    between = [
        (instrument.low + GRID_SEMITONES * (steps * third // 6) + GRID_SEMITONES // 2, velocity)
        for third, velocity in zip((1, 3, 5), OTHER_VELOCITIES, strict=True)
    ]
    if instrument.program in UNSEEN_PROGRAMS:
        return {"test": grid + between}
    return {"train": grid, "valid": between}


def is_rendered(folder: Path) -> bool:
    """Tell whether a corpus was rendered to its end."""
    return all((folder / split / "examples.json").exists() for split in SPLITS)


def render_corpus(
    folder: Path,
    soundfont: Path = SOUNDFONT,
    *,
    instruments: Sequence[Instrument] = INSTRUMENTS,
    n_jobs: int = -1,
    progress: Progress = lambda done, total: None,
) -> None:
    """Render every instrument of a General MIDI soundfont; notes that are there are kept.

    Raises
    ------
    SoundfontError
        When the soundfont or libfluidsynth is missing.
    """
    chunks = [instruments[i::N_CHUNKS] for i in range(min(N_CHUNKS, len(instruments)))]
    jobs = (joblib.delayed(_render)(folder, soundfont, chunk) for chunk in chunks)
    examples: dict[str, dict[str, Any]] = {split: {} for split in SPLITS}
    rendered = joblib.Parallel(n_jobs=n_jobs, return_as="generator")(jobs)
    for done, chunk in enumerate(rendered, start=1):
        for split, key, fields in chunk:
            examples[split][key] = fields
        progress(done, len(chunks))
    for split, entries in examples.items():
        _write(folder / split / "examples.json", json.dumps(entries, indent=1, sort_keys=True))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    temporary.write_text(text)
    temporary.replace(path)


def _render(
    folder: Path, soundfont: Path, instruments: Iterable[Instrument]
) -> list[tuple[str, str, dict[str, Any]]]:
    rendered = []
    with Soundfont(soundfont, RATE_HZ) as font:
        for instrument in instruments:
            for split, notes in plan(instrument).items():
                for note, velocity in notes:
                    path = _render_note(font, folder / split / "audio", instrument, note, velocity)
                    if path is not None:
                        rendered.append((split, path.stem, _fields(instrument, note, velocity)))
    return rendered


def _render_note(
    font: Soundfont, folder: Path, instrument: Instrument, note: int, velocity: int
) -> Path | None:
    """Write one note unless it is there; a silent note (its key lies outside) gives None."""
    path = folder / f"{instrument.label}-{note:03d}-{velocity:03d}.wav"
    if path.exists():
        return path
    key = note + instrument.transpose_semitones
    audio = font.note(instrument.program, key, velocity, HELD_S, TAIL_S)
    if np.abs(audio).max() < 1e-4:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    soundfile.write(temporary, audio, font.rate_hz, subtype="PCM_16", format="WAV")
    temporary.replace(path)
    return path


def _fields(instrument: Instrument, note: int, velocity: int) -> dict[str, Any]:
    label = f"{instrument.label}-{note:03d}-{velocity:03d}"
    return {
        "note": (instrument.program * 128 + note) * 128 + velocity,
        "note_str": label,
        "instrument": instrument.program,
        "instrument_str": instrument.label,
        "instrument_name": instrument.name,
        "pitch": note,
        "velocity": velocity,
        "sample_rate": RATE_HZ,
        "qualities": [0] * 10,
        "qualities_str": [],
        "instrument_family": FAMILIES.index(instrument.family),
        "instrument_family_str": instrument.family,
        "instrument_source": SOURCES.index(instrument.source),
        "instrument_source_str": instrument.source,
    }
