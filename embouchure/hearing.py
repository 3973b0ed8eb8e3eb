"""Hearing: sound files played on the first sound device that takes them."""

from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from synth.outputs import (
    DeviceError,
    find_outputs,
    playable_rate_hz,
    reason_of,
    sounddevice_library,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def hear(path: Path, device: str | None = None) -> None:
    """Play a sound file to its end.

    Raises
    ------
    DeviceError
        When there is no device, or none that fits the name or takes the sound.
    """
    library, refusals = sounddevice_library(), []
    sound, rate_hz = soundfile.read(path, dtype="float32")
    for output in find_outputs(device, None):
        played_hz = round(playable_rate_hz(output, rate_hz))
        try:
            library.play(
                _at_rate(sound, rate_hz, played_hz), played_hz, device=output.index, blocking=True
            )
        except library.PortAudioError as error:
            refusals.append(f"{output.name} ({output.host_api}): {reason_of(error)}")
        else:
            return
    raise DeviceError(
        f"no sound output plays it ({'; '.join(refusals)}); close other programs that use it"
    )


def _at_rate(sound: "NDArray[np.float32]", rate_hz: int, wanted_hz: int) -> "NDArray[np.float32]":
    if rate_hz == wanted_hz:
        return sound
    from scipy.signal import resample_poly

    common = gcd(rate_hz, wanted_hz)
    resampled: NDArray[np.float32] = resample_poly(sound, wanted_hz // common, rate_hz // common)
    return resampled
