"""A guide: leads a player through steps, as a state machine that neither plays, draws nor waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from calibration.targets.target import Target
from mapper.touch import TouchEvent
from presets.preset import Preset


@dataclass(frozen=True, kw_only=True)
class Tone:
    """What a touch sounds by: a preset, or a target with that preset's voice and room.

    A target sounds from the strike on, whatever the hand does then.
    """

    name: str
    preset: Preset
    target: Target | None = None


class Heard(NamedTuple):
    """What arrived at a port at once: its bytes, and what they made happen as the player's hand has it.

    `data` is empty where touches ended without a message, as when a controller is unplugged.
    """

    time_s: float
    port: int
    data: bytes
    events: tuple[TouchEvent, ...]


@dataclass(frozen=True)
class Say:
    """Tell the player a sentence that stays."""

    text: str


@dataclass(frozen=True)
class Lane:
    """Curves of one thing over the time since a strike, to be drawn over each other.

    `lines` are points of seconds and a value 0-1, by whose they are: `target` what is asked for,
    `hand` what the hand does, `before` and `after` how the preset sounds by that.
    """

    name: str
    length_s: float
    lines: Mapping[str, Sequence[tuple[float, float]]]


class Drawing(Protocol):
    """Curves that grow while a page is shown; drawn when somebody looks."""

    def lanes(self) -> Sequence[Lane]:
        """Draw everything there is by now."""


@dataclass(frozen=True)
class Show:
    """Show this and nothing else, to be read from two metres.

    `title` is a word or two, `progress` how much of the step is done, and `meters` are values 0-1.
    `offers` are what the player may choose besides playing on: a word for `Guide.choose`, and what
    it means.
    """

    title: str
    text: str = ""
    progress: float | None = None
    meters: Mapping[str, float] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    drawing: Drawing | None = None


@dataclass(frozen=True)
class Sound:
    """Let whatever the player strikes from now on sound so."""

    tone: Tone


@dataclass(frozen=True)
class Prompt:
    """Let touches sound by themselves, each event at its time, beside whatever the player does.

    Only STRIKE, MOVE, LIFT and STOP are played. They get touch numbers and a zone of their own.
    """

    events: tuple[TouchEvent, ...]
    tone: Tone


@dataclass(frozen=True)
class Click:
    """Let a click be heard at each of these times."""

    times_s: tuple[float, ...]


@dataclass(frozen=True)
class Silence:
    """Silence everything at once, and forget prompts and clicks still to come."""


@dataclass(frozen=True)
class Work:
    """Do something slow beside the session, one after another; `then` is told of its result."""

    run: Callable[[], Any]
    then: Callable[[float, Any], "Sequence[Action]"]


@dataclass(frozen=True)
class Done:
    """The guide has come to its end."""

    result: Any


Action = Say | Show | Sound | Prompt | Click | Silence | Work | Done


class Guide(Protocol):
    """Whoever runs a guide tells it what happens, and does what it answers, in order.

    Times are those of one clock in seconds. What is heard is told a moment later, so `hear` may tell
    of a time before that of the last `tick`.
    """

    def start(self, time_s: float) -> Sequence[Action]:
        """Begin, as soon as the instrument can be played."""

    def hear(self, heard: Heard) -> Sequence[Action]:
        """Take what the player did."""

    def choose(self, time_s: float, word: str) -> Sequence[Action]:
        """Take what the player chose among a page's offers; a word that is none changes nothing."""

    def tick(self, time_s: float) -> Sequence[Action]:
        """See what time it is, ten times a second or more often."""

    def leave(self) -> Sequence[Action]:
        """End early because the player does; of the answer only Say, Work and Done count."""
