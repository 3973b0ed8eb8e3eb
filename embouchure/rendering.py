"""Rendering: a recorded performance becomes sound through the same session and kernels as live."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.instrument import open_engine
from embouchure.play_settings import PlaySettings
from embouchure.replay import Segment, sound_of_segment
from embouchure.session import event_at
from mapper.performance import hear, read
from mapper.zones import Mode
from synth.engine.engine import N_CHANNELS
from synth.offline import render_chunks


def sound_of(
    performance: Path, settings: PlaySettings, tail_s: float
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
    rate_hz = settings.rate_hz
    played = read(performance)
    engine = open_engine(settings.preset, rate_hz)
    events = (
        event_at(round(event.time_s * rate_hz), event)
        for event in hear(played, Mode(settings.mode))
    )
    length_s = (played[-1].time_s if played else 0.0) + tail_s
    for block in render_chunks(engine, events, round(tail_s * rate_hz)):
        yield min(1.0, engine.frame / (length_s * rate_hz)), block


def sound_of_segments(
    segments: Sequence[Segment], tail_s: float
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield the sound of a journal's segments, one after another, as `sound_of` does.

    Raises
    ------
    PresetError, SpaceError, ProgramError
        When the space is not the one installed, or a preset is damaged.
    """
    length, done = sum(segment.n_frames(tail_s) for segment in segments), 0
    for segment in segments:
        for block in sound_of_segment(segment, tail_s):
            done += len(block)
            yield min(1.0, done / length), block


@contextmanager
def open_wav(path: Path, rate_hz: int, subtype: str = "PCM_24") -> Iterator[soundfile.SoundFile]:
    """Open a WAV for writing, of 24 bits unless told; it takes its name once it is complete.

    Raises
    ------
    ProgramError
        When the name is not a WAV's, the place cannot be written, or its disk fills up.
    """
    if path.suffix.lower() != ".wav":  # it might name a performance, which would be lost
        raise ProgramError(f"{path} is no name for a WAV; choose one that ends in .wav")
    partial = path.with_name(path.name + ".partial")
    try:
        partial.touch()
        with soundfile.SoundFile(
            partial, "w", rate_hz, N_CHANNELS, subtype=subtype, format="WAV"
        ) as wav:
            yield wav
        partial.replace(path)
    except OSError as error:
        raise ProgramError(
            f"{path} cannot be written: {error.strerror}; choose another place"
        ) from None
    except soundfile.LibsndfileError:
        raise ProgramError(
            f"{path} cannot be written to its end; make room on its disk or choose another place"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()
