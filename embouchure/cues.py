"""Cues: what a guide lets the engine process sound, as fields of a command in JSON."""

import base64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from mapper.touch import Kind, TouchEvent, zone_number

if TYPE_CHECKING:
    from calibration.guide import Tone

PROMPT_PORT: Final = 15
"""A port that no controller has, for what sounds by itself."""
PROMPT_ZONE: Final = zone_number(PROMPT_PORT, 0)
CLICK_ZONE: Final = zone_number(PROMPT_PORT, 15)

Fields = dict[str, str]


def pack_tone(tone: "Tone") -> Fields:
    """Write a tone with its whole files, so that it need not be in the store."""
    target = tone.target.to_bytes() if tone.target else b""
    return {"name": tone.name, "file": _text(tone.preset.to_bytes()), "target": _text(target)}


def _text(file: bytes) -> str:
    return base64.b64encode(file).decode()


def pack_events(events: Iterable[TouchEvent]) -> list[list[Any]]:
    """Write touch events as rows of numbers."""
    return [[event.time_s, int(event.kind), *event[2:]] for event in events]


def unpack_events(rows: Sequence[Sequence[Any]]) -> list[TouchEvent]:
    """Read what `pack_events` wrote.

    >>> event = TouchEvent(1.5, Kind.STRIKE, 3, 0, 60.0, 0.7)
    >>> unpack_events(pack_events([event])) == [event]
    True
    """
    return [TouchEvent(row[0], Kind(row[1]), *row[2:]) for row in rows]
