"""Sound devices: an engine on one of PortAudio's outputs, through the compiled callback.

This is the only file that uses sounddevice's library-author interface (`_StreamBase`, `_ffi`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from synth.engine.layout import BLOCK_FRAMES
from synth.outputs import (
    STEREO,
    DeviceError,
    Output,
    playable_rate_hz,
    reason_of,
    sounddevice_library,
)

if TYPE_CHECKING:
    from synth.engine.engine import Engine


class OutputStream:
    """An engine sounding on a pair of a device's channels, all others below them being silent.

    `start`, `stop` and `close` are for the main thread.
    """

    def __init__(
        self, engine: "Engine", output: Output, channels: tuple[int, int] = STEREO
    ) -> None:
        sounddevice = sounddevice_library()
        ffi = sounddevice._ffi
        self.output = output
        self.engine = engine
        left, right = channels
        engine.send_to(max(channels), left - 1, right - 1)
        self._stream = sounddevice._StreamBase(
            "output",
            samplerate=engine.rate_hz,
            blocksize=BLOCK_FRAMES,
            device=output.index,
            channels=max(channels),
            dtype="float32",
            latency="low",
            callback=ffi.cast("void *", engine.callback_address),
            userdata=ffi.cast("void *", engine.state_address),
            clip_off=True,
            dither_off=True,
        )

    def start(self) -> None:
        """Let the device begin to ask for sound.

        Raises
        ------
        DeviceError
            When it refuses, as one may that another program took meanwhile.
        """
        try:
            self._stream.start()
        except sounddevice_library().PortAudioError as error:
            raise DeviceError(
                f"{self.output.name} does not start ({reason_of(error)}); "
                "close other programs that use it or choose another"
            ) from None

    def stop(self) -> None:
        """Stop after what was asked for has sounded."""
        self._stream.stop()

    def close(self) -> None:
        """Let go of the device."""
        self._stream.close()


def open_output(
    outputs: Iterable[Output],
    engine_at: Callable[[float], "Engine"],
    wanted_hz: float,
    channels: tuple[int, int] = STEREO,
) -> OutputStream:
    """Open and start the first of the outputs that works, each at its best rate.

    Parameters
    ----------
    engine_at
        Gives the engine that plays at a rate in Hz.
    channels
        The two channels to sound on, counted from 1; an output that lacks them sounds on its first.

    Raises
    ------
    DeviceError
        When none works; the message says what each refused.
    """
    refusals = []
    for output in outputs:
        try:
            return _started(output, engine_at(playable_rate_hz(output, wanted_hz)), channels)
        except (DeviceError, sounddevice_library().PortAudioError) as error:
            refusals.append(f"{output.name} ({output.host_api}): {reason_of(error)}")
    raise DeviceError(
        f"no sound output opens ({'; '.join(refusals)}); "
        "close other programs that use it or choose another"
    )


def _started(output: Output, engine: "Engine", channels: tuple[int, int]) -> OutputStream:
    has_them = output.n_channels >= max(channels)
    stream = OutputStream(engine, output, channels if has_them else STEREO)
    try:
        stream.start()
    except DeviceError:
        stream.close()
        raise
    return stream


@contextmanager
def sounding(
    outputs: Iterable[Output],
    engine_at: Callable[[float], "Engine"],
    wanted_hz: float,
    channels: tuple[int, int] = STEREO,
) -> Iterator[OutputStream]:
    """Open an output and start it; at the end let what was asked for sound, and close it."""
    stream = open_output(outputs, engine_at, wanted_hz, channels)
    try:
        yield stream
        stream.stop()
    finally:
        stream.close()
