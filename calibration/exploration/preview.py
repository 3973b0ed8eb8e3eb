"""Previews: a candidate rendered, judged and described in one go, in whatever process."""

from functools import lru_cache
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from calibration.exploration.candidate import Candidate
from calibration.exploration.description import Description, describe
from calibration.exploration.guards import refusal
from calibration.exploration.palette import Palette
from calibration.exploration.rendering import (
    PREVIEW_RATE_HZ,
    Note,
    at_rate,
    matched,
    note_of,
    sound_of,
)
from calibration.exploration.shelf import ExplorationError
from calibration.exploration.sounding import trajectory
from presets.factory.loudness import RATE_HZ
from presets.spaces import find_by_hash
from synth.moving.fingerprint import heard

Array = NDArray[np.float64]

FORMAT: Final = "FLAC"
PHRASE_KEYS: Final = (48.0, 60.0, 67.0, 72.0)
PHRASE_TAIL_S: Final = 0.4


class Preview(NamedTuple):
    """What is kept of a rendered candidate, or why it is not."""

    refused: str | None
    flac: bytes = b""
    """One channel at `PREVIEW_RATE_HZ`, 16 bits."""
    description: Description | None = None
    fingerprint: NDArray[np.float32] | None = None


@lru_cache(maxsize=2)
def palette_of(space_sha256: str) -> Palette:
    """Make the palette of an installed space, once in each process.

    Raises
    ------
    ExplorationError
        When no such space is installed.
    """
    space = find_by_hash(space_sha256)
    if space is None:
        raise ExplorationError(
            f"the space {space_sha256[:12]} that this exploration needs is not installed; add its "
            "file with `embouchure space add`, or begin another exploration"
        )
    return Palette(space)


def preview(candidate: Candidate, note: float, space_sha256: str) -> Preview:
    """Render one candidate at a note; the same arguments give the same bytes."""
    return preview_on(palette_of(space_sha256), candidate, note)


def preview_on(palette: Palette, candidate: Candidate, note: float) -> Preview:
    """Render one candidate of a palette at a note."""
    rows = trajectory(palette, candidate, note)
    sound, lufs = matched(note_of(palette.space, rows, note))
    if why := refusal(sound, lufs, note):
        return Preview(why)
    return Preview(
        None,
        packed(at_rate(sound, PREVIEW_RATE_HZ), PREVIEW_RATE_HZ),
        describe(palette.space, rows, note, sound, lufs),
        heard(sound, RATE_HZ).astype(np.float32),
    )


def phrase_on(palette: Palette, candidate: Candidate) -> bytes:
    """Render a candidate low, in the middle and high, loudness-matched, packed as FLAC."""
    notes = tuple(Note(key, start_s, 0.9) for start_s, key in enumerate(PHRASE_KEYS))
    rows = trajectory(palette, candidate, PHRASE_KEYS[1])
    sound, _ = matched(sound_of(palette.space, rows, notes, PHRASE_TAIL_S))
    return packed(at_rate(sound, PREVIEW_RATE_HZ), PREVIEW_RATE_HZ)


def packed(sound: Array, rate_hz: int) -> bytes:
    """Pack a sound of one channel as FLAC."""
    file = BytesIO()
    soundfile.write(file, sound, rate_hz, format=FORMAT, subtype="PCM_16")
    return file.getvalue()
