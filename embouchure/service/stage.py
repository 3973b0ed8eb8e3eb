"""The stage: the live session as everything outside it sees and commands it, from any thread."""

import itertools
import threading
from collections.abc import Callable
from typing import Any, Final, Literal, Protocol

from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.service.live_state import Fields, LiveState
from embouchure.view import Status
from mapper.faders import N_MACROS
from mapper.hand import Hand
from mapper.manner import Manner
from mapper.touch import EVERY_ZONE
from mapper.tuning import Tuning
from presets.catalogue import read_card_of
from presets.library import known

KEPT_NOTICES: Final = 30

Tell = Callable[..., None]
Phase = Literal["starting", "playing", "no_device", "ended"]
Kind = Literal["note", "fault"]


class Guest(Protocol):
    """Follows the live session on its own thread, such as a guide that leads the player.

    Nothing a guest does may be slow: the journal waits for it.
    """

    def hear(self, report: Report) -> None:
        """Take a report of the engine process, after the journal has it."""

    def turn(self) -> None:
        """Do what must be done several times a second."""


def status_fields(status: Status) -> Fields:
    """Say how the audio thread fares as clients are told it."""
    voices, *_ = status
    return {"voices": voices, **{name: getattr(status, name) for name in Status._fields[1:]}}


class Stage:
    """One live session's state and commands; every method may be called from any thread."""

    def __init__(self) -> None:
        self._state = LiveState(
            phase={"name": "starting", "text": "Starting"},
            preset=None,
            zones={},
            device=None,
            inputs=[],
            setlist=None,
            macros=[0.0] * N_MACROS,
            cached=False,
            hand=None,
            recording=None,
            status=status_fields(Status(0, 0.0, 0.0, 0)),
            notices=[],
            guide=None,
            clients=0,
        )
        self._tell: Tell | None = None
        self._guests: tuple[Guest, ...] = ()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)

    @property
    def live(self) -> LiveState:
        """What clients follow."""
        return self._state

    def state(self) -> Fields:
        """Return everything that is known now, as JSON has it."""
        return self._state.snapshot()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each change, from whatever thread made it; return what ends that."""
        return self._state.listen(callback)

    def attach(self, guest: Guest) -> Callable[[], None]:
        """Let a guest follow the session, and return what ends that."""
        with self._lock:
            self._guests += (guest,)

        def leave() -> None:
            with self._lock:
                self._guests = tuple(one for one in self._guests if one is not guest)

        return leave

    @property
    def guests(self) -> tuple[Guest, ...]:
        """Who follows the session now."""
        return self._guests

    # What the session tells

    def open(self, tell: Tell) -> None:
        """Let commands reach the engine from now on; `tell` takes its name and fields."""
        self._tell = tell

    def set(self, **fields: Any) -> None:  # noqa: ANN401
        """Replace fields of the state."""
        self._state.set(**fields)

    def enter(self, phase: Phase, text: str) -> None:
        """Say in which phase the session is."""
        self._state.set(phase={"name": phase, "text": text})

    def notice(self, text: str, kind: Kind = "note") -> None:
        """Let whoever looks know something, in one sentence."""
        one = {"id": next(self._numbers), "text": text, "kind": kind}
        self._state.update("notices", lambda before: [*before, one][-KEPT_NOTICES:])

    # Commands

    def command(self, name: str, **fields: Any) -> None:  # noqa: ANN401
        """Give the engine a command.

        Raises
        ------
        ProgramError
            When the instrument cannot be played yet.
        """
        if not self._tell:
            raise ProgramError("the instrument is still starting; try again in a moment")
        self._tell(name, **fields)

    def select(self, preset: str, zone: int | None = None) -> None:
        """Let what is struck from now on sound by a preset of the store, in one zone or in all.

        Raises
        ------
        PresetError
            When there is no such preset, or it cannot be opened.
        """
        read_card_of(known(preset))
        self.command("select", preset=preset, zone=EVERY_ZONE if zone is None else zone)

    def step(self, step: Literal[1, -1]) -> None:
        """Go to the next preset of the setlist, or back."""
        self.command("step", step=step)

    def set_macro(self, number: int, value: float) -> None:
        """Turn a macro, 1 to 4, to a value 0-1 in every zone."""
        self.command("macro", number=number - 1, value=value)

    def set_cached(self, *, on: bool) -> None:
        """Take controls from caches for what is struck from now on, or from the decoder again."""
        self.command("cached", on=on)

    def set_hand(self, hand: Hand | None, port: int | None = None) -> None:
        """Even what is struck from now on by this hand, or by none, on one input or on all."""
        self.command("hand", port=port, hand=hand and hand.model_dump(mode="json"))

    def set_manner(self, manner: Manner, zone: int | None = None) -> None:
        """Let what is struck from now on be played so, in one zone or in all."""
        at = EVERY_ZONE if zone is None else zone
        self.command("manner", manner=manner.model_dump(), zone=at)

    def set_tuning(self, tuning: Tuning) -> None:
        """Let what is struck from now on be tuned so."""
        self.command("tune", notes=list(tuning.notes))

    def panic(self) -> None:
        """Silence everything at once."""
        self.command("silence")
