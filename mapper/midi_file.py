"""Standard MIDI Files as bytes: tracks of timed messages, read strictly and written plainly."""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from mapper.bytestream import MESSAGE_LENGTH_BYTES

TEXT: Final = b"\xff\x01"
TRACK_NAME: Final = b"\xff\x03"
PORT: Final = b"\xff\x21"
END_OF_TRACK: Final = b"\xff\x2f"
TEMPO: Final = b"\xff\x51"

_META: Final = 0xFF
_SYSEX: Final = (0xF0, 0xF7)
_MAX_DELTA_TICKS: Final = 0x0FFFFFFF


class MidiFileError(ValueError):
    """Bytes that are no whole Standard MIDI File; the message says what is wrong with them."""


class FileEvent(NamedTuple):
    """A channel message, or a meta event as FF, its type and its content, `tick` from the start."""

    tick: int
    data: bytes


class MidiFile(NamedTuple):
    """A Standard MIDI File.

    `file_format` is 0, 1 or 2; `division` is ticks per beat, or negative: SMPTE frames per second
    (high byte) and ticks per frame (low byte). SysEx is left out.
    """

    file_format: int
    division: int
    tracks: list[list[FileEvent]]


def decode(data: bytes) -> MidiFile:
    """Read the bytes of a Standard MIDI File; the reverse of `encode`.

    Raises
    ------
    MidiFileError
        When they are not one, break off, or hold what MIDI does not allow.
    """
    if data[:4] != b"MThd":
        raise MidiFileError("it is not a Standard MIDI File")
    chunks = list(_chunks(data))
    if not chunks or len(chunks[0][1]) < 6:
        raise MidiFileError("its header is too short")
    file_format, n_tracks, division = struct.unpack(">HHh", chunks[0][1][:6])
    tracks = [_decode_track(content) for name, content in chunks if name == b"MTrk"]
    if len(tracks) < n_tracks:
        raise MidiFileError(f"it breaks off after {len(tracks)} of {n_tracks} tracks")
    if file_format > 2 or division == 0 or (division < 0 and not division & 0xFF):
        raise MidiFileError("its header makes no sense")
    return MidiFile(file_format, division, tracks)


def encode(file: MidiFile) -> bytes:
    """Write a Standard MIDI File; the reverse of `decode`."""
    header = struct.pack(">HHh", file.file_format, len(file.tracks), file.division)
    tracks = (_chunk(b"MTrk", _encode_track(track)) for track in file.tracks)
    return _chunk(b"MThd", header) + b"".join(tracks)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">I", len(content)) + content


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        name, length = struct.unpack_from(">4sI", data, position)
        position += 8 + length
        if position > len(data):
            raise MidiFileError(f"it breaks off {position - len(data)} bytes before its end")
        yield name, data[position - length : position]


def _decode_track(content: bytes) -> list[FileEvent]:
    reader = _TrackReader(content)
    events = []
    try:
        while event := reader.next_event():
            events.append(event)
    except IndexError as error:
        raise MidiFileError("the last message of a track breaks off") from error
    return events


class _TrackReader:
    """Walks through one track's bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0
        self._tick = 0
        self._status = 0

    def next_event(self) -> FileEvent | None:
        """Return the next event that is not SysEx; None after the last."""
        while self._position < len(self._content):
            self._tick += self._quantity()
            status = self._content[self._position]
            if status == _META:
                return self._meta()
            if status in _SYSEX:
                self._position += 1
                self._block()
            else:
                return FileEvent(self._tick, self._message(status))
        return None

    def _meta(self) -> FileEvent | None:
        kind = self._take(2)
        event = FileEvent(self._tick, kind + self._block())
        if kind != END_OF_TRACK:
            return event
        self._position = len(self._content)
        return None

    def _message(self, status: int) -> bytes:
        if status >= 0x80:
            self._status = status
            self._position += 1
        length = MESSAGE_LENGTH_BYTES[self._status]
        data = self._take(length - 1) if length else b""
        if not data or max(data) >= 0x80:
            raise MidiFileError("a track holds bytes that are not MIDI")
        return bytes((self._status,)) + data

    def _quantity(self) -> int:
        value = 0
        for _ in range(4):
            (byte,) = self._take(1)
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise MidiFileError("a track holds a length that is not MIDI")

    def _block(self) -> bytes:
        return self._take(self._quantity())

    def _take(self, n_bytes: int) -> bytes:
        end = self._position + n_bytes
        if end > len(self._content):
            raise IndexError(end)
        taken = self._content[self._position : end]
        self._position = end
        return taken


def _encode_track(events: list[FileEvent]) -> bytes:
    parts: list[bytes] = []
    last_tick = 0
    for tick, data in events:
        parts += _pause(tick - last_tick)
        parts.append(_encode_meta(data) if data[0] == _META else data)
        last_tick = tick
    return b"".join([*parts, b"\x00", _encode_meta(END_OF_TRACK)])


def _pause(ticks: int) -> list[bytes]:
    """Write a delta time; one too long for the format is divided by empty texts."""
    n_fillers, rest = divmod(ticks, _MAX_DELTA_TICKS)
    filler = [_encode_quantity(_MAX_DELTA_TICKS), _encode_meta(TEXT)]
    return filler * n_fillers + [_encode_quantity(rest)]


def _encode_meta(data: bytes) -> bytes:
    return data[:2] + _encode_quantity(len(data) - 2) + data[2:]


def _encode_quantity(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))
