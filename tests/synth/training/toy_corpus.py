"""A toy corpus in NSynth's layout: two instruments of plain arithmetic."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

RATE_HZ = 48_000
INSTRUMENTS = {"hollow": (1, 3, 5), "full": (1, 2, 3, 4)}


def note_audio(orders: Sequence[int], pitch: int, velocity: int, seconds: float = 1.2):
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    f0_hz = 440 * 2 ** ((pitch - 69) / 12)
    tone = sum(np.sin(2 * np.pi * f0_hz * k * time_s) / k for k in orders)
    return velocity / 127 * 0.3 * tone * np.exp(-2 * time_s) * np.minimum(time_s / 0.01, 1)


def write_toy_corpus(folder: Path, seconds: float = 1.2):
    """Three splits; `test` has the hollow instrument alone."""
    plans = {
        "train": [(n, p, v) for n in INSTRUMENTS for p in (48, 52, 56, 60) for v in (50, 100)],
        "valid": [(n, 54, 75) for n in INSTRUMENTS],
        "test": [("hollow", 50, 75)],
    }
    for split, plan in plans.items():
        audio = folder / split / "audio"
        audio.mkdir(parents=True)
        examples = {}
        for name, pitch, velocity in plan:
            key = f"{name}_synthetic_000-{pitch:03d}-{velocity:03d}"
            sound = note_audio(INSTRUMENTS[name], pitch, velocity, seconds)
            soundfile.write(audio / f"{key}.wav", sound, RATE_HZ)
            examples[key] = {
                "instrument_str": f"{name}_synthetic_000", "instrument_family_str": "organ",
                "pitch": pitch, "velocity": velocity,
            }  # fmt: skip
        (folder / split / "examples.json").write_text(json.dumps(examples))
    return folder
