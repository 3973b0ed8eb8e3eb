"""Sound outputs: what PortAudio lists, by name and host API, and which of them is meant."""

from collections.abc import Collection
from dataclasses import dataclass
from types import ModuleType
from typing import Final, NamedTuple

from synth.engine.layout import N_CHANNELS

JACK: Final = "JACK Audio Connection Kit"
HOST_API_ORDER: Final = (
    JACK,
    "Core Audio",
    "ASIO",
    "Windows WASAPI",
    "ALSA",
    "Windows WDM-KS",
    "Windows DirectSound",
    "MME",
    "OSS",
)
"""Host APIs by how soon they sound; the first that has an output is tried first."""

STEREO: Final = (1, 2)
"""The output channels played on unless others are asked for, left and right, counted from 1."""


class DeviceError(RuntimeError):
    """No output can be opened; the message is one sentence for the player."""


class Place(NamedTuple):
    """Where sound comes out, by names that last while devices come and go."""

    name: str
    host_api: str


@dataclass(frozen=True, kw_only=True)
class Output:
    """One sound output as PortAudio lists it."""

    index: int
    name: str
    host_api: str
    n_channels: int
    rate_hz: float
    is_default: bool

    @property
    def place(self) -> Place:
        """Its lasting names."""
        return Place(self.name, self.host_api)


def sounddevice_library() -> ModuleType:
    """Import sounddevice, which loads the PortAudio library and starts it."""
    try:
        import sounddevice
    except OSError:
        raise DeviceError(
            "the PortAudio library is missing; install it (Debian: apt-get install libportaudio2)"
        ) from None
    except Exception as error:  # sounddevice's own, whose class is lost with a failed import
        if type(error).__name__ != "PortAudioError":
            raise
        raise DeviceError(
            f"PortAudio does not start ({reason_of(error)}); start this computer's sound system"
        ) from None
    return sounddevice


def reason_of(error: Exception) -> str:
    """Say what PortAudio said, without its number."""
    return str(error.args[0]).rpartition(": ")[2]


def _rank(output: Output) -> tuple[int, bool, int]:
    order = {name: place for place, name in enumerate(HOST_API_ORDER)}
    return order.get(output.host_api, len(order)), not output.is_default, output.index


def list_outputs() -> list[Output]:
    """List stereo outputs in the order in which they would be tried.

    Raises
    ------
    DeviceError
        When the PortAudio library is missing or does not start.
    """
    sounddevice = sounddevice_library()
    apis = sounddevice.query_hostapis()
    outputs = [
        Output(
            index=device["index"],
            name=device["name"],
            host_api=apis[device["hostapi"]]["name"],
            n_channels=device["max_output_channels"],
            rate_hz=device["default_samplerate"],
            is_default=device["index"] == apis[device["hostapi"]]["default_output_device"],
        )
        for device in sounddevice.query_devices()
        if device["max_output_channels"] >= N_CHANNELS
    ]
    return sorted(outputs, key=_rank)


def _is_meant(output: Output, name: str | None) -> bool:
    if name is None:
        return output.is_default or output.host_api != JACK
    return name.lower() in output.name.lower()


def _fits(output: Output, name: str | None, host_api: str | None) -> bool:
    return _is_meant(output, name) and (host_api or "").lower() in output.host_api.lower()


def find_outputs(name: str | None, host_api: str | None) -> list[Output]:
    """Find the outputs whose name and host API contain the given words, best first.

    Without a name, JACK offers its default only: to it every program that listens is an output.

    Raises
    ------
    DeviceError
        When there is no output at all or none fits; the message names those there are.
    """
    outputs = list_outputs()
    if not outputs:
        raise DeviceError(
            "this machine has no sound output that PortAudio can see; connect one or start a JACK server"
        )
    chosen = [output for output in outputs if _fits(output, name, host_api)]
    if not chosen:
        wanted = " on ".join(repr(word) for word in (name, host_api) if word)
        known = ", ".join(f"{output.name} ({output.host_api})" for output in outputs)
        raise DeviceError(f"there is no sound output {wanted}; choose one of: {known}")
    return chosen


def with_channels(outputs: list[Output], channels: tuple[int, int]) -> list[Output]:
    """Keep the outputs that have both of these channels, counted from 1.

    Raises
    ------
    DeviceError
        When none has, or they are no pair.
    """
    left, right = channels
    if min(channels) < 1 or left == right:
        raise DeviceError(
            f"output channels {left} and {right} are no pair; choose two, counted from 1, such as 3 and 4"
        )
    able = [output for output in outputs if output.n_channels >= max(channels)]
    if not able:
        most = max(outputs, key=lambda output: output.n_channels)
        raise DeviceError(
            f"no sound output that fits has channels {left} and {right}; "
            f"choose two of the {most.n_channels} of {most.name}, or another output"
        )
    return able


def fall_backs(
    name: str | None, host_api: str | None, home: Place, avoided: Collection[Place] = ()
) -> list[Output]:
    """Order every output for a program that lost its own: `home`, those that fit, the others.

    Those in `avoided`, which lately never asked for sound, come last.

    Raises
    ------
    DeviceError
        When there is no output at all.
    """
    outputs = [
        output for output in list_outputs() if _is_meant(output, None) or output.place == home
    ]
    if not outputs:
        raise DeviceError("there is no sound output now; connect one or start a JACK server")
    return sorted(
        outputs,
        key=lambda output: (
            output.place in avoided,
            output.place != home,
            not _fits(output, name, host_api),
        ),
    )


def playable_rate_hz(output: Output, wanted_hz: float) -> float:
    """Choose the rate to play an output at: the one wanted, or its own if it refuses that."""
    sounddevice = sounddevice_library()
    try:
        sounddevice.check_output_settings(
            device=output.index, channels=N_CHANNELS, dtype="float32", samplerate=wanted_hz
        )
    except sounddevice.PortAudioError:
        return output.rate_hz
    return wanted_hz
