"""Rendering: a recorded performance becomes sound through the same session and kernels as live."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import soundfile
from numpy.typing import NDArray

from embouchure.errors import ProgramError
from embouchure.instrument import silent_engine
from embouchure.play_settings import PlaySettings
from embouchure.replay import sound_of_segment
from embouchure.segments import Segment
from embouchure.session import open_session
from embouchure.space_file import space_for
from mapper.performance import read
from synth.engine.engine import BLOCK_FRAMES, N_CHANNELS, Engine
from synth.offline import CHUNK_FRAMES


def _say_nothing(_: str) -> None:
    pass


def sound_of(
    performance: Path,
    settings: PlaySettings,
    tail_s: float,
    say: Callable[[str], None] = _say_nothing,
) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield the sound of a performance piece by piece; `say` is told what the player must know.

    Yields
    ------
    tuple
        Share of the whole that is done, and the next frames, shape (n_frames, 2).

    Raises
    ------
    PerformanceError, PresetError, SpaceError, TuningError
        When a file cannot be read or is damaged.
    """
    played = read(performance)
    engine = silent_engine(space_for(settings.preset), settings.rate_hz)
    session = open_session(settings, engine, lambda time_s: round(time_s * settings.rate_hz))
    for port in {one.port for one in played}:
        session.name(port, "")
    for sentence in session.take_played().notices:
        say(sentence)
    last_s = played[-1].time_s if played else 0.0
    n_frames = max(round((last_s + tail_s) * settings.rate_hz), 1)
    for time_s, port, data in played:
        for block in _advance(engine, int(time_s * settings.rate_hz)):
            yield engine.frame / n_frames, block
        session.perform(time_s, port, data)
    session.release_all(last_s)
    for block in _advance(engine, n_frames + BLOCK_FRAMES - 1):
        yield min(1.0, engine.frame / n_frames), block


def _advance(engine: Engine, frame: int) -> Iterator[NDArray[np.float32]]:
    """Yield the sound of the whole blocks before a frame."""
    while (n_left := frame - engine.frame) >= BLOCK_FRAMES:
        yield engine.render(min(CHUNK_FRAMES, n_left // BLOCK_FRAMES * BLOCK_FRAMES))


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
    _refuse_name(path)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.touch()
        with soundfile.SoundFile(
            partial, "w", rate_hz, N_CHANNELS, subtype=subtype, format="WAV"
        ) as wav:
            yield wav
        partial.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    except soundfile.LibsndfileError:
        raise ProgramError(
            f"{path} cannot be written to its end; make room on its disk or choose another place"
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def check_wav(path: Path) -> None:
    """Refuse a place where no WAV can be written, before much work is done for it.

    Raises
    ------
    ProgramError
        When the name is not a WAV's, or nothing can be written beside it.
    """
    _refuse_name(path)
    try:
        with TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from None


def _refuse_name(path: Path) -> None:
    if path.suffix.lower() != ".wav":  # it might name a performance, which would be lost
        raise ProgramError(f"{path} is no name for a WAV; choose one that ends in .wav")


def _unwritable(path: Path, error: OSError) -> ProgramError:
    return ProgramError(f"{path} cannot be written: {error.strerror}; choose another place")
