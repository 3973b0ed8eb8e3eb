"""The MIDI byte stream: raw bytes in, whole channel messages out."""

from typing import Final

MESSAGE_LENGTH_BYTES: Final = bytes(
    {0x8: 3, 0x9: 3, 0xA: 3, 0xB: 3, 0xC: 2, 0xD: 2, 0xE: 3}.get(byte >> 4, 0)
    for byte in range(256)
)
"""Length of the channel message that each byte begins; 0 where it begins none."""

_REAL_TIME: Final = 0xF8
_SYSEX: Final = 0xF0
_END_OF_SYSEX: Final = 0xF7
_NONE: Final = -1


class ByteStream:
    """One cable's bytes, cut into channel messages of two or three bytes, status always first.

    Running status is filled in. Real-time bytes are dropped without ending the message around
    them. SysEx and the other system messages are skipped and end running status, so data bytes
    without a status of their own are dropped too. How the bytes are divided over calls never
    changes the messages.

    Parameters
    ----------
    keep_sysex
        Give SysEx too, once its F7 has come.
    """

    __slots__ = ("_first", "_keep_sysex", "_status", "_sysex")

    def __init__(self, *, keep_sysex: bool = False) -> None:
        self._keep_sysex = keep_sysex
        self._sysex = bytearray()
        self._status = 0
        self._first = _NONE

    def feed(self, data: bytes) -> list[bytes]:
        """Take bytes as they were read; return the messages they complete, in order."""
        if (
            1 < len(data) == MESSAGE_LENGTH_BYTES[data[0]]
            and data[1] < 0x80
            and data[-1] < 0x80  # one whole message, as drivers deliver it
        ):
            self._begin(data[0])
            return [data]
        return [message for byte in data if (message := self._push(byte))]

    def _push(self, byte: int) -> bytes | None:
        if byte >= _REAL_TIME:
            return None
        if byte == _END_OF_SYSEX and self._sysex:
            return self._end_sysex()
        if byte >= 0x80:
            self._begin(byte)
            return None
        if self._sysex:
            self._sysex.append(byte)
            return None
        return self._push_data(byte) if self._status else None

    def _begin(self, status: int) -> None:
        self._status = status if MESSAGE_LENGTH_BYTES[status] else 0
        self._first = _NONE
        self._sysex.clear()
        if status == _SYSEX and self._keep_sysex:
            self._sysex.append(status)

    def _end_sysex(self) -> bytes:
        message = bytes((*self._sysex, _END_OF_SYSEX))
        self._sysex.clear()
        return message

    def _push_data(self, byte: int) -> bytes | None:
        if MESSAGE_LENGTH_BYTES[self._status] == 2:
            return bytes((self._status, byte))
        if self._first == _NONE:
            self._first = byte
            return None
        message = bytes((self._status, self._first, byte))
        self._first = _NONE
        return message
