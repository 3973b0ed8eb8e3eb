"""The recorder: everything played, kept exactly, and exported as a Standard MIDI File."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from mapper.bytestream import ByteStream
from mapper.midi_file import PORT, TEMPO, TRACK_NAME, FileEvent, MidiFile, encode
from mapper.performance import Played
from mapper.receiver import Receiver
from mapper.whole_file import write_whole

TICKS_PER_BEAT: Final = 9600
BEAT_S: Final = 0.5
TICK_S: Final = BEAT_S / TICKS_PER_BEAT
"""Resolution of an exported file, 52 microseconds; a time is off by at most half of it."""

_TEMPO_EVENT: Final = FileEvent(0, TEMPO + round(BEAT_S * 1e6).to_bytes(3))


class Recorder:
    """Keeps the bytes, times and ports of a performance.

    Parameters
    ----------
    configuration
        Messages that state the zones and bend ranges in force when recording begins, for the
        start of every track; see `Receiver.configuration`. Without it those that MPE begins with.
    start_s
        The moment that becomes time 0; without it the first message.
    """

    def __init__(
        self, configuration: Sequence[bytes] | None = None, start_s: float | None = None
    ) -> None:
        self.performance: list[Played] = []
        self._configuration = Receiver().configuration() if configuration is None else configuration
        self._start_s = start_s

    def record(self, time_s: float, port: int, data: bytes) -> None:
        """Keep bytes that arrived at a port, cut anywhere; any thread."""
        self.performance.append(Played(time_s, port, data))

    def export(self, path: Path) -> None:
        """Write the performance as a Standard MIDI File of format 1, a track for each port.

        The file is written whole or not at all. Only whole channel messages are in it, each at
        the time of its last byte.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        write_whole(path, self.encode())

    def encode(self) -> bytes:
        """Return the bytes of the exported file."""
        ports = sorted({played.port for played in self.performance})
        tracks = [self._track(port) for port in ports]
        return encode(MidiFile(1, TICKS_PER_BEAT, [[_TEMPO_EVENT], *tracks]))

    def _track(self, port: int) -> list[FileEvent]:
        name = TRACK_NAME + f"Port {port + 1}".encode()
        opening = [name, PORT + bytes((port,)), *self._configuration]
        messages = _messages(played for played in self.performance if played.port == port)
        return [FileEvent(0, data) for data in opening] + self._timed(messages)

    def _timed(self, messages: Iterable[tuple[float, bytes]]) -> list[FileEvent]:
        start_s = self._start_s
        if start_s is None:
            start_s = min(played.time_s for played in self.performance)
        events, tick = [], 0
        for time_s, data in messages:
            tick = max(tick, round((time_s - start_s) / TICK_S))
            events.append(FileEvent(tick, data))
        return events


def _messages(performance: Iterable[Played]) -> Iterable[tuple[float, bytes]]:
    stream = ByteStream()
    for time_s, _, data in performance:
        for message in stream.feed(data):
            yield time_s, message
