"""Touch frames: the bytes in which a surface tells all its fingers; docs/service.md has the layout."""

import math
import struct
from typing import Final, NamedTuple

from embouchure.errors import ProgramError
from mapper.surface import MAX_FINGERS, Finger, Phase

VERSION: Final = 1
HEADER: Final = struct.Struct("<BBHI")
TOUCH: Final = struct.Struct("<HBBfffff")
ECHO: Final = struct.Struct("<BBH")
MAX_BYTES: Final = HEADER.size + MAX_FINGERS * TOUCH.size


class FrameError(ProgramError):
    """Bytes that are no touch frame."""


class TouchFrame(NamedTuple):
    """All fingers of a surface at one moment, `client_ms` of its own clock."""

    sequence: int
    client_ms: int
    fingers: tuple[Finger, ...]


def parse(data: bytes) -> TouchFrame:
    """Read a frame.

    Raises
    ------
    FrameError
        When it is not one; nothing of it counts then.
    """
    if len(data) < HEADER.size:
        raise FrameError(f"a touch frame has {HEADER.size} bytes at least, not {len(data)}")
    version, n_touches, sequence, client_ms = HEADER.unpack_from(data)
    if version != VERSION:
        raise FrameError(f"touch frames of version {version} are unknown; send version {VERSION}")
    if n_touches > MAX_FINGERS:
        raise FrameError(f"a touch frame has {MAX_FINGERS} touches at most, not {n_touches}")
    size = HEADER.size + n_touches * TOUCH.size
    if len(data) != size:
        raise FrameError(f"a frame of {n_touches} touches has {size} bytes, not {len(data)}")
    fingers = tuple(_finger(*row) for row in TOUCH.iter_unpack(data[HEADER.size :]))
    if len({finger.number for finger in fingers}) < n_touches:
        raise FrameError("each touch of a frame must have an id of its own")
    return TouchFrame(sequence, client_ms, fingers)


def _finger(  # noqa: PLR0913
    number: int,
    phase: int,
    _unused: int,
    note: float,
    glide_semitones: float,
    press: float,
    slide: float,
    strike: float,
) -> Finger:
    if phase > Phase.ENDED:
        raise FrameError(f"the phase of a touch is 0, 1 or 2, not {phase}")
    dimensions = (note, glide_semitones, press, slide, strike)
    if not all(map(math.isfinite, dimensions)):
        raise FrameError("every dimension of a touch must be a finite number")
    return Finger(number, Phase(phase), *dimensions)


def pack(frame: TouchFrame) -> bytes:
    """Write a frame; the reverse of `parse`, as a client would."""
    rows = [TOUCH.pack(one.number, one.phase, 0, *one[2:]) for one in frame.fingers]
    header = HEADER.pack(VERSION, len(rows), frame.sequence, frame.client_ms)
    return header + b"".join(rows)


def echo(frame: TouchFrame) -> bytes:
    """Answer a frame, for its surface to see how long the way there and back takes."""
    return ECHO.pack(VERSION, 0, frame.sequence)
