"""What the player chose for a live session, as the service tells it to the engine process."""

import json
from collections.abc import Container
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from embouchure.wishes import Wishes

DEFAULT_PRESET = "breath"
DEFAULT_RATE_HZ = 48_000
DEFAULT_NEXT_CONTROL = 67
"""What steps through a setlist: the soft pedal, which does nothing else here."""


def usual_next_control(taken: Container[object]) -> int | None:
    """Tell what steps through a setlist unless it is chosen; nothing where that does something else.

    >>> usual_next_control((1, 17, 18, 19)), usual_next_control((67, 17, 18, 19))
    (67, None)
    """
    return None if DEFAULT_NEXT_CONTROL in taken else DEFAULT_NEXT_CONTROL


@dataclass(frozen=True, kw_only=True)
class Predecessor:
    """What an engine process must know of the one from which it takes over."""

    home: tuple[str, str] | None
    """Name and host API of the sound device that the player chose; None where it is still to open."""
    avoided: tuple[tuple[str, str], ...] = ()
    """Devices that lately never asked for sound."""
    inputs: tuple[str, ...] = ()
    """Names of the MIDI inputs by number."""
    state: tuple[dict[str, Any], ...] = ()
    """Commands that bring about what was set while playing."""

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """Make one of what JSON left of another."""
        return cls(
            home=fields["home"] and tuple(fields["home"]),
            avoided=tuple(map(tuple, fields["avoided"])),
            inputs=tuple(fields["inputs"]),
            state=tuple(fields["state"]),
        )


@dataclass(frozen=True, kw_only=True)
class PlaySettings:
    """One live session; `None` means the program chooses.

    `midi` names the MIDI inputs to open; empty means every controller that is plugged in.
    `channels` are the device's outputs for left and right, counted from 1.
    """

    preset: str = DEFAULT_PRESET
    device: str | None = None
    host_api: str | None = None
    midi: tuple[str, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    channels: tuple[int, int] | None = None
    through: str | None = None
    """What is played goes on to this MIDI output too; see `mapper.through`."""
    rate_hz: int = DEFAULT_RATE_HZ
    predecessor: Predecessor | None = None

    def to_json(self) -> str:
        """Write as one line; the reverse of `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read what `to_json` wrote.

        >>> PlaySettings.from_json(PlaySettings(midi=("LinnStrument",)).to_json()).midi
        ('LinnStrument',)
        """
        fields = json.loads(line)
        channels, before = fields["channels"], fields["predecessor"]
        fields |= {
            "midi": tuple(fields["midi"]),
            "wishes": Wishes.from_fields(fields["wishes"]),
            "channels": channels and tuple(channels),
            "predecessor": before and Predecessor.from_fields(before),
        }
        return cls(**fields)
