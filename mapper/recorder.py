"""The recorder: everything played, kept exactly, and exported as a Standard MIDI File."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import mido

from mapper.bytestream import ByteStream
from mapper.midi_file import MAX_DELTA_TICKS, encode
from mapper.performance import Played
from mapper.receiver import Receiver
from mapper.whole_file import write_whole

TICKS_PER_BEAT: Final = 9600
BEAT_S: Final = 0.5
TICK_S: Final = BEAT_S / TICKS_PER_BEAT
"""Resolution of an exported file, 52 microseconds; a time is off by at most half of it."""


class Recorder:
    """Keeps the bytes, times and ports of a performance.

    Parameters
    ----------
    configuration
        Messages that state the zones and bend ranges in force when recording begins, for the
        start of every track; see `Receiver.configuration`. Without it those that MPE begins with.
        A mapping gives each port its own, and none to a port that it lacks.
    start_s
        The moment that becomes time 0; without it the first message.
    """

    def __init__(
        self,
        configuration: Sequence[bytes] | Mapping[int, Sequence[bytes]] | None = None,
        start_s: float | None = None,
    ) -> None:
        self.performance: list[Played] = []
        self._configuration = Receiver().configuration() if configuration is None else configuration
        self._start_s = start_s

    def record(self, time_s: float, port: int, data: bytes) -> None:
        """Keep bytes that arrived at a port, cut anywhere; any thread."""
        self.performance.append(Played(time_s, port, data))

    def export(self, path: Path) -> None:
        """Write the performance as a Standard MIDI File of format 1, a track for each port.

        The file is written whole or not at all. Whole channel messages and SysEx are in it, each at
        the time of its last byte. The format has no place for clock and other system messages,
        for stray and unfinished bytes, nor for how the bytes were divided over reads.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        write_whole(path, self.encode())

    def encode(self) -> bytes:
        """Return the bytes of the exported file."""
        ports = sorted({played.port for played in self.performance})
        tempo = mido.MetaMessage("set_tempo", tempo=round(BEAT_S * 1e6))
        return encode(TICKS_PER_BEAT, [[tempo], *(self._track(port) for port in ports)])

    def _track(self, port: int) -> Iterator[mido.Message]:
        yield mido.MetaMessage("track_name", name=f"Port {port + 1}")
        yield mido.MetaMessage("midi_port", port=port)
        yield from map(mido.Message.from_bytes, self._opening(port))
        last_tick = 0
        for tick, data in self._timed(port):
            n_fillers, pause = divmod(tick - last_tick, MAX_DELTA_TICKS)
            yield from n_fillers * [mido.MetaMessage("text", time=MAX_DELTA_TICKS)]
            yield mido.Message.from_bytes(data, time=pause)
            last_tick = tick

    def _opening(self, port: int) -> Sequence[bytes]:
        if isinstance(self._configuration, Mapping):
            return self._configuration.get(port, ())
        return self._configuration

    def _timed(self, port: int) -> Iterator[tuple[int, bytes]]:
        """Yield the whole messages of a port with their ticks, which never fall."""
        start_s = self._start_s
        if start_s is None:
            start_s = min(played.time_s for played in self.performance)
        stream, tick = ByteStream(keep_sysex=True), 0
        for played in self.performance:
            if played.port == port:
                tick = max(tick, round((played.time_s - start_s) / TICK_S))
                yield from ((tick, message) for message in stream.feed(played.data))
