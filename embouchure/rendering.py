"""Rendering: a recorded performance becomes sound through the same session and kernels as live."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.instrument import open_engine
from embouchure.session import Session
from mapper.performance import read
from mapper.zones import Mode

CHUNK_FRAMES: Final = 4096
N_CHANNELS: Final = 2


def sound_of(
    performance: Path, preset: str, rate_hz: int, tail_s: float, mode: Mode = Mode.MPE
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield the sound of a performance piece by piece.

    Yields
    ------
    tuple
        Share of the whole that is done, and the next frames, shape (n_frames, 2).

    Raises
    ------
    PerformanceError, PresetError, SpaceError
        When a file cannot be read or is damaged.
    """
    messages = read(performance)
    engine = open_engine(preset, rate_hz)
    session = Session(engine, lambda time_s: round(time_s * rate_hz), mode)
    end_s = messages[-1][0] if messages else 0.0
    n_frames = round((end_s + tail_s) * rate_hz)
    for time_s, port, data in messages:
        while (left := round(time_s * rate_hz) - engine.frame) >= CHUNK_FRAMES:
            block = engine.render(min(left, CHUNK_FRAMES))
            yield engine.frame / n_frames, block
        session.perform(time_s, port, data)
    session.release(end_s, 0)
    while (left := n_frames - engine.frame) > 0:
        block = engine.render(min(left, CHUNK_FRAMES))
        yield min(1.0, engine.frame / n_frames), block


@contextmanager
def open_wav(path: Path, rate_hz: int) -> Iterator[soundfile.SoundFile]:
    """Open a WAV of 24 bits for writing; it takes its name only once it is complete.

    Raises
    ------
    ProgramError
        When the place cannot be written.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        with (
            partial.open("wb") as file,
            soundfile.SoundFile(
                file, "w", rate_hz, N_CHANNELS, subtype="PCM_24", format="WAV"
            ) as wav,
        ):
            yield wav
        partial.replace(path)
    except OSError as error:
        raise ProgramError(
            f"{path} cannot be written: {error.strerror}; choose another place"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()
