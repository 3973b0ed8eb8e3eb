"""A portrait of a controller: what its messages, as it is played, show of how it is set up."""

from dataclasses import dataclass
from typing import Final, Literal

from mapper.bytestream import ByteStream
from mapper.listener import Listener
from mapper.profile import Profile
from mapper.rpn import BEND_RANGE, ZONE_SIZE, Parameter
from mapper.zones import LOWER, MAX_MEMBERS, UPPER, Mode

Press = Literal["channel", "key"]

SLIDE: Final = 74
MODULATION: Final = 1
FULL_BEND: Final = 8192
PLAIN_RELEASES: Final = frozenset({0, 64})
"""Release velocities of controllers that measure none."""


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What was seen so far; channels count from 1, ratios are 0-1."""

    mode: Mode
    """How it is understood now."""
    channels: tuple[int, ...]
    """Where notes came."""
    n_strikes: int
    softest_strike: float
    hardest_strike: float
    press: Press | None
    """The message that tells pressure, None before any came."""
    highest_press: float
    slides: bool
    has_wheel: bool
    """Whether CC 1 came, which some send in place of slide."""
    widest_bend: float
    """Of the whole travel, however many semitones that is."""
    bend_range_semitones: float | None
    """As the controller itself said, None if it did not."""
    lower_members: int | None
    upper_members: int | None
    """Sizes of the zones as it said, None if it did not."""
    has_lift: bool
    """Whether release velocities differ."""


class Portrait:
    """Looks at one port's bytes; the same bytes give the same traits.

    Parameters
    ----------
    profile
        What is known of the controller by its name.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._listener = Listener(profile=profile)
        self._stream = ByteStream()
        self._parameters = [Parameter() for _ in range(16)]
        self._zones: dict[int, int] = {}
        self._bend_range_semitones: float | None = None
        self.forget()

    def forget(self) -> None:
        """Begin to look anew; what the controller said of itself still counts."""
        self._channels: set[int] = set()
        self._strikes: list[float] = []
        self._press: Press | None = None
        self._highest_press = self._widest_bend = 0.0
        self._controls: set[int] = set()
        self._releases: set[int] = set()

    def hear(self, data: bytes, time_s: float) -> None:
        """Take bytes that arrived, cut anywhere."""
        self._listener.hear(data, time_s)
        for message in self._stream.feed(data):
            self._look(message[0] >> 4, message[0] & 0x0F, message[1:])

    def traits(self) -> Traits:
        """Tell what was seen."""
        return Traits(
            mode=self._listener.mode,
            channels=tuple(sorted(channel + 1 for channel in self._channels)),
            n_strikes=len(self._strikes),
            softest_strike=min(self._strikes, default=0.0),
            hardest_strike=max(self._strikes, default=0.0),
            press=self._press,
            highest_press=self._highest_press,
            slides=SLIDE in self._controls,
            has_wheel=MODULATION in self._controls,
            widest_bend=self._widest_bend,
            bend_range_semitones=self._bend_range_semitones,
            lower_members=self._zones.get(LOWER),
            upper_members=self._zones.get(UPPER),
            has_lift=bool(self._releases - PLAIN_RELEASES),
        )

    def _look(self, status: int, channel: int, data: bytes) -> None:
        match status:
            case 0x9 if data[1]:
                self._channels.add(channel)
                self._strikes.append(data[1] / 127)
            case 0x8:
                self._releases.add(data[1])
            case 0xA:
                self._note_press("key", data[1])
            case 0xD:
                self._note_press("channel", data[0])
            case 0xE:
                travel = abs((data[1] << 7 | data[0]) - FULL_BEND) / FULL_BEND
                self._widest_bend = max(self._widest_bend, min(1.0, travel))
            case 0xB:
                self._controls.add(data[0])
                self._look_for_settings(channel, data[0], data[1])

    def _note_press(self, kind: Press, value: int) -> None:
        if value:
            self._press = kind
            self._highest_press = max(self._highest_press, value / 127)

    def _look_for_settings(self, channel: int, control: int, value: int) -> None:
        parameter = self._parameters[channel]
        match control:
            case 101:
                parameter.select_high(value)
            case 100:
                parameter.select_low(value)
            case 98 | 99:
                parameter.close()
            case 6 if parameter.number == BEND_RANGE and channel not in {LOWER, UPPER}:
                self._bend_range_semitones = float(value)
            case 6 if parameter.number == ZONE_SIZE and value <= MAX_MEMBERS:
                if channel in {LOWER, UPPER}:
                    self._zones[channel] = value
