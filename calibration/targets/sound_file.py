"""Sound files: what a player recorded elsewhere, as one channel."""

from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from synth.analysis.note import resample

Array = NDArray[np.float64]

LONGEST_S: Final = 600.0
SILENT: Final = 1e-4


class RecordingError(ValueError):
    """A recording that no target can be made of; one sentence for the player."""


def read_recording(path: Path) -> Array:
    """Read a sound file of any kind that libsndfile knows as one channel at `RATE_HZ`.

    Raises
    ------
    RecordingError
        When it cannot be read, is silent or too long.
    """
    try:
        with path.open("rb") as opened, soundfile.SoundFile(opened) as file:
            if file.frames > LONGEST_S * file.samplerate:
                raise RecordingError(
                    f"{path} lasts {file.frames / file.samplerate / 60:.1f} minutes, and at most "
                    f"{LONGEST_S / 60:g} are read; cut out the part you want"
                )
            audio, rate_hz = file.read(always_2d=True).mean(axis=1), file.samplerate
    except FileNotFoundError:
        raise RecordingError(f"there is no file {path}; give a WAV, FLAC or OGG file") from None
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror}); give a WAV, FLAC or OGG file"
        ) from None
    except soundfile.LibsndfileError:
        raise RecordingError(f"{path} is no sound; give a WAV, FLAC or OGG file") from None
    if not (len(audio) and np.isfinite(audio).all() and np.abs(audio).max() > SILENT):
        raise RecordingError(f"{path} is silent; record it again, louder")
    return resample(audio, rate_hz)
