"""What the player chose for a live session, as the service tells it to the engine process."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from embouchure.wishes import Wishes

DEFAULT_PRESET = "breath"
DEFAULT_RATE_HZ = 48_000


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
    rate_hz: int = DEFAULT_RATE_HZ
    status: bool = False
    """Whether the engine process is to report how it fares, a few times a second."""

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
        channels = fields["channels"]
        fields |= {
            "midi": tuple(fields["midi"]),
            "wishes": Wishes.from_fields(fields["wishes"]),
            "channels": channels and tuple(channels),
        }
        return cls(**fields)
