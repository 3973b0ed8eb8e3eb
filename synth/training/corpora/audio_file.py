"""Audio files of any kind that libsndfile knows, read as one channel."""

from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from synth.training.corpus import CorpusError

Array = NDArray[np.float64]

SUFFIXES: Final = frozenset({".wav", ".flac", ".ogg", ".aif", ".aiff", ".mp3", ".opus", ".w64"})
LONGEST_S: Final = 3600.0


def is_audio(path: Path) -> bool:
    """Tell by its suffix whether a file is audio, hidden ones aside."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def read_audio(path: Path) -> tuple[Array, int]:
    """Read one channel of a file and its rate.

    Raises
    ------
    CorpusError
        When it cannot be read as audio, or is longer than an hour.
    """
    try:
        with soundfile.SoundFile(path) as file:
            if file.frames > LONGEST_S * file.samplerate:
                raise CorpusError(
                    f"{path} lasts {file.frames / file.samplerate / 60:.0f} minutes, and at most "
                    f"{LONGEST_S / 60:g} are read; cut it into parts"
                )
            return one_channel(file.read(always_2d=True)), int(file.samplerate)
    except (OSError, soundfile.SoundFileError):
        raise CorpusError(f"{path} cannot be read as audio; give WAV, FLAC or OGG files") from None


def one_channel(stereo: Array) -> Array:
    """Take the left channel, or the right where the left is nearly silent.

    Adding the two would comb samples that were recorded in stereo.
    """
    levels = np.sqrt((stereo**2).mean(axis=0)) if len(stereo) else np.zeros(stereo.shape[1])
    louder = int(levels.argmax())
    return np.asarray(stereo[:, louder if levels[0] < levels[louder] / 10 else 0], np.float64)
