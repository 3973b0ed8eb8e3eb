"""OSC frames: every voice of one moment as one bundle, with a time tag and a counter, as t3d does."""

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing.ntp import system_time_to_ntp

from synth.controls import CODE_SIZE
from synth.engine.layout import HELD, TAIL, Records
from synth.engine.telemetry import Snapshot

ROOT: Final = "/embouchure"
_BUNDLE: Final = b"#bundle\0"


class Template:
    """A message whose address and kinds of argument never change, so that only numbers are packed."""

    def __init__(self, address: str, kinds: str) -> None:
        builder = OscMessageBuilder(f"{ROOT}/{address}")
        for kind in kinds:
            builder.add_arg(0 if kind == "i" else 0.0, kind)
        empty: bytes = builder.build().dgram
        self._size = struct.pack(">i", len(empty))
        self._head = empty[: len(empty) - 4 * len(kinds)]
        self._numbers = struct.Struct(f">{kinds}")

    def fill(self, *numbers: float) -> bytes:
        """Give the message as an element of a bundle, its size before it."""
        return self._size + self._head + self._numbers.pack(*numbers)


FRAME: Final = Template("frm", "i")
TOUCH: Final = Template("touch", "iiifffff")
TRAJECTORY: Final = Template("trajectory", "i" + "f" * (CODE_SIZE + 2))
METER: Final = Template("meter", "iffii")
_MAX_INT: Final = 2**31 - 1


class Frames:
    """Turns snapshots into bundles; a touch that is over is told once more, with status 0."""

    def __init__(self) -> None:
        self._counter = 0
        self._known: set[int] = set()

    def bundle(self, now: Snapshot | None, time_s: float) -> bytes:
        """Write one frame of the moment `time_s` (seconds since 1970); without an engine an empty one."""
        self._counter = self._counter % _MAX_INT + 1
        messages = [FRAME.fill(self._counter), *self._voices(now)]
        if now:
            counts = min(now.dropouts, _MAX_INT), min(now.shed, _MAX_INT)
            messages.append(METER.fill(now.n_voices, now.peak, now.load, *counts))
        return _BUNDLE + system_time_to_ntp(time_s) + b"".join(messages)

    def _voices(self, now: Snapshot | None) -> Iterable[bytes]:
        sounding = [voice for voice in now.voices if voice["status"] in (HELD, TAIL)] if now else []
        touches = {int(voice["touch"]) for voice in sounding}
        for touch in sorted(self._known - touches):
            yield TOUCH.fill(touch, 0, 0, *[0.0] * 5)
        self._known = touches
        for voice in sounding:
            yield TOUCH.fill(*_gesture(voice))
            yield TRAJECTORY.fill(*_trajectory(voice))


def _gesture(voice: Records) -> Sequence[float]:
    held, tail = 1, 2
    status = held if voice["status"] == HELD else tail
    dimensions = ("note", "strike", "press", "slide", "glide_semitones")
    return int(voice["touch"]), status, int(voice["zone"]), *(float(voice[d]) for d in dimensions)


def _trajectory(voice: Records) -> Sequence[float]:
    code = voice["code"].tolist()
    return int(voice["touch"]), *code, float(voice["loudness_db"]), float(voice["f0_hz"])
