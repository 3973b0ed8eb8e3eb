"""Writing: a corpus' sounds and texts, each file whole or not at all."""

import os
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from synth.training.corpora.material import RawNote
from synth.training.corpus import CorpusError
from synth.training.whole_file import whole

FULL_SCALE: Final = 0.999


def write_sound(path: Path, note: RawNote) -> None:
    """Write a note as NSynth's are, 16 bits, turned down where it would clip.

    Raises
    ------
    CorpusError
        When it cannot be written.
    """
    gain = min(1.0, FULL_SCALE / float(np.abs(note.sound).max()))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".partial")
        soundfile.write(temporary, gain * note.sound, note.rate_hz, subtype="PCM_16", format="WAV")
        temporary.replace(path)
    except (OSError, soundfile.SoundFileError) as error:
        raise _unwritable(path, error) from None


def write_text(path: Path, text: str) -> None:
    """Write a text and make sure that it is on the disk.

    Raises
    ------
    CorpusError
        When it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: Exception) -> CorpusError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return CorpusError(f"{path} cannot be written ({why}); choose a folder with room")
