"""A small corpus exactly as NSynth is published: folders, names, JSON, 16 kHz, 16 bits."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from tests.synth.training.corpora.sounds import tone

RATE_HZ = 16_000
FAMILIES = (
    "bass", "brass", "flute", "guitar", "keyboard", "mallet",
    "organ", "reed", "string", "synth_lead", "vocal",
)  # fmt: skip
SOURCES = ("acoustic", "electronic", "synthetic")
Labels = Sequence[tuple[str, str, int]]
"""Family, source and number of instruments."""


def write_nsynth(
    folder: Path,
    pitches: Sequence[int] = (48, 52, 56, 60),
    velocities: Sequence[int] = (50, 100),
    seconds: float = 1.0,
) -> Path:
    """Its three splits run along instruments, as the published ones do."""
    splits: dict[str, Labels] = {
        "train": [("bass", "synthetic", 33), ("flute", "acoustic", 2)],
        "valid": [("reed", "acoustic", 18)],
        "test": [("synth_lead", "synthetic", 5)],
    }
    for split, labels in splits.items():
        _write_split(folder / f"nsynth-{split}", labels, pitches, velocities, seconds)
    return folder


def _write_split(
    root: Path, labels: Labels, pitches: Sequence[int], velocities: Sequence[int], seconds: float
) -> None:
    (root / "audio").mkdir(parents=True)
    examples = {}
    for number, (family, source, index) in enumerate(labels):
        label = f"{family}_{source}_{index:03d}"
        for pitch in pitches:
            for velocity in velocities:
                key = f"{label}-{pitch:03d}-{velocity:03d}"
                sound = velocity / 127 * tone(pitch, RATE_HZ, seconds)
                sound *= np.exp(-np.arange(len(sound)) / RATE_HZ * (1 + number))
                soundfile.write(root / "audio" / f"{key}.wav", sound, RATE_HZ, subtype="PCM_16")
                examples[key] = {
                    "note": len(examples), "note_str": key, "instrument": number,
                    "instrument_str": label, "pitch": pitch, "velocity": velocity,
                    "sample_rate": RATE_HZ, "qualities": [0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
                    "qualities_str": ["dark"], "instrument_family": FAMILIES.index(family),
                    "instrument_family_str": family,
                    "instrument_source": SOURCES.index(source), "instrument_source_str": source,
                }  # fmt: skip
    (root / "examples.json").write_text(json.dumps(examples))
