"""A performance read from a Standard MIDI File: timed bytes, port by port, and their touches."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import mido

from mapper.listeners import Listeners
from mapper.midi_file import MidiFileError, decode
from mapper.touch import TouchEvent

MAX_LENGTH_S: Final = 24 * 3600.0
DEFAULT_BEAT_S: Final = 0.5

_SYSEX: Final = 0xF0
_FRAMES_PER_S: Final = {29: 30_000 / 1001}
"""SMPTE's 29 means 30 drop-frame."""


class PerformanceError(ValueError):
    """A performance cannot be read; the message is a sentence for the player."""


class Played(NamedTuple):
    """One MIDI message as it was played; `time_s` counts from the start of the performance."""

    time_s: float
    port: int
    data: bytes


def read(path: Path) -> list[Played]:
    """Read a Standard MIDI File of format 0 or 1: channel messages and SysEx in the order of time.

    A track's messages belong to port 0 unless a MIDI-port meta event says otherwise. Bytes in the
    format's escapes (F7) are read as SysEx, and refused where they are anything else.

    Raises
    ------
    PerformanceError
        When the file is missing, is no MIDI file, is damaged or cannot be played.
    """
    try:
        file = decode(path.read_bytes())
    except FileNotFoundError as error:
        raise PerformanceError(f"there is no file {path}; give a Standard MIDI File") from error
    except OSError as error:
        raise PerformanceError(
            f"{path} cannot be read ({error.strerror}); give a Standard MIDI File"
        ) from error
    except MidiFileError as error:
        raise PerformanceError(f"{path} cannot be played: {error}; export it again") from error
    return _performance(path, file)


def hear(performance: Iterable[Played], listeners: Listeners | None = None) -> Iterator[TouchEvent]:
    """Let listeners hear the performance; at its end every touch is lifted."""
    listeners = listeners or Listeners()
    time_s = 0.0
    for time_s, port, data in performance:
        yield from listeners.hear(data, time_s, port)
    yield from listeners.release_all(time_s)


def _performance(path: Path, file: mido.MidiFile) -> list[Played]:
    if file.type == 2:
        raise PerformanceError(
            f"{path} is of format 2, whose tracks have no common time; export it as format 0 or 1"
        )
    performance = list(_played(file))
    if performance and performance[-1].time_s > MAX_LENGTH_S:
        raise PerformanceError(
            f"{path} lasts longer than {MAX_LENGTH_S / 3600:g} hours, the most that can be "
            "played; it may be damaged, so export it again"
        )
    return performance


def _played(file: mido.MidiFile) -> Iterator[Played]:
    """Walk through all tracks in the order of time, keeping the tempo."""
    tick_s = _tick_s(file.ticks_per_beat, DEFAULT_BEAT_S)
    time_s, last_tick = 0.0, 0
    for tick, port, message in _in_order(file.tracks):
        time_s += (tick - last_tick) * tick_s
        last_tick = tick
        if message.type == "set_tempo":
            tick_s = _tick_s(file.ticks_per_beat, message.tempo * 1e-6)
        elif not message.is_meta and (data := bytes(message.bytes()))[0] <= _SYSEX:
            yield Played(time_s, port, data)


def _in_order(tracks: Iterable[Iterable[mido.Message]]) -> list[tuple[int, int, mido.Message]]:
    """Merge the tracks to (tick, port, message); at the same tick the earlier track comes first."""
    merged = []
    for track in tracks:
        tick = port = 0
        for message in track:
            if message.type == "end_of_track":
                break
            if message.type == "midi_port":
                port = message.port & 0x0F
            tick += message.time
            merged.append((tick, port, message))
    return sorted(merged, key=lambda event: event[0])


def _tick_s(division: int, beat_s: float) -> float:
    if division > 0:
        return beat_s / division
    frames_per_s, ticks_per_frame = -(division >> 8), division & 0xFF
    return 1.0 / (_FRAMES_PER_S.get(frames_per_s, frames_per_s) * ticks_per_frame)
