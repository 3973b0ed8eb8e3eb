"""Standard MIDI Files: mido reads and writes them; damage that it would let pass is refused."""

import io
import re
import struct
from collections.abc import Iterable, Iterator
from typing import Final

import mido
from mido.midifiles.meta import MetaSpec_sequencer_specific, add_meta_spec, build_meta_message

MAX_DELTA_TICKS: Final = 0x0FFFFFFF
"""The longest time between two messages that the format can hold."""

_HEADER_BYTES: Final = 14
_ERASED: Final = re.compile(rb"[\x80-\xff]{16384}")
"""No message has so many high bytes in a row, and mido takes minutes to read them as one number."""


class MidiFileError(ValueError):
    """Bytes that are no whole Standard MIDI File; the message says what is wrong with them."""


def decode(data: bytes) -> mido.MidiFile:
    """Read the bytes of a Standard MIDI File of format 0 to 2.

    `ticks_per_beat` of the result is negative where the file counts SMPTE frames: frames per second
    (high byte) and ticks per frame (low byte).

    Raises
    ------
    MidiFileError
        When they are not one, break off, or hold what MIDI does not allow.
    """
    whole = _header_and_tracks(data)
    if _ERASED.search(whole):
        raise MidiFileError("a part of it is overwritten")
    try:
        file = mido.MidiFile(file=io.BytesIO(whole))
    except EOFError as error:
        raise MidiFileError("the last message of a track breaks off") from error
    except (OSError, ValueError, LookupError, mido.KeySignatureError) as error:
        raise MidiFileError("a track holds bytes that are not MIDI") from error
    if any(message.time > MAX_DELTA_TICKS for track in file.tracks for message in track):
        raise MidiFileError("a track holds a time that is not MIDI")
    return file


def encode(ticks_per_beat: int, tracks: Iterable[Iterable[mido.Message]]) -> bytes:
    """Write a Standard MIDI File of format 1; each message's `time` is the ticks before it.

    A track may be a generator, so that a long one is never in memory as messages.
    """
    written = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=ticks_per_beat, tracks=list(tracks)).save(file=written)
    return written.getvalue()


def _header_and_tracks(data: bytes) -> bytes:
    """Return the file without foreign chunks, which mido does not skip."""
    if data[:4] != b"MThd":
        raise MidiFileError("it is not a Standard MIDI File")
    header, *others = list(_chunks(data)) or [b""]
    if len(header) < _HEADER_BYTES:
        raise MidiFileError("its header is too short")
    tracks = [chunk for chunk in others if chunk[:4] == b"MTrk"]
    file_format, n_tracks, division = struct.unpack_from(">HHh", header, 8)
    if file_format > 2 or division == 0 or (division < 0 and not division & 0xFF):
        raise MidiFileError("its header makes no sense")
    if len(tracks) != n_tracks:
        raise MidiFileError(f"it promises {n_tracks} tracks and holds {len(tracks)}")
    return b"".join([header, *tracks])


def _chunks(data: bytes) -> Iterator[bytes]:
    start = 0
    while start + 8 <= len(data):
        end = start + 8 + int.from_bytes(data[start + 4 : start + 8])
        if end > len(data):
            raise MidiFileError(f"it breaks off {end - len(data)} bytes before its end")
        yield data[start:end]
        start = end


def _know_every_meta_event() -> None:
    """Let mido know all kinds of meta event: it loses the time before one that it does not know."""
    for kind in range(256):
        if build_meta_message(kind, bytes(8)).type == "unknown_meta":
            spec = type(f"kind_{kind}", (MetaSpec_sequencer_specific,), {"type_byte": kind})
            add_meta_spec(spec)


_know_every_meta_event()
