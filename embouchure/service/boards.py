"""The boards that the stage stands on: the live session's state, its guests and the way to the engine."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self, TypeVar

from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.relay import Relay
from embouchure.service.bindings import bindings_of
from embouchure.service.live_state import Fields, LiveState
from embouchure.service.setup import Command, Setup
from embouchure.service.sharing import Sharing
from embouchure.view import Status
from mapper.faders import MACRO_CONTROLS, N_MACROS
from mapper.stepping import StepControls
from synth.engine.telemetry import Snapshot

KEPT_NOTICES: Final = 30

T = TypeVar("T")
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


class Boards:
    """One live session's state and guests; every method may be called from any thread."""

    def __init__(self) -> None:
        self._state = LiveState(
            phase={"name": "starting", "text": "Starting"},
            preset=None,
            zones={},
            space=None,
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
            ab=None,
            morph=None,
            learn=None,
            bindings=bindings_of(MACRO_CONTROLS, StepControls()),
            clients=0,
        )
        self._relay: Relay | None = None
        self._space_sha256 = ""
        self._journal: Callable[[], Path | None] = lambda: None
        self.sharing: Sharing | None = None
        self.setup = Setup()
        self._guests: tuple[Guest, ...] = (self.setup,)
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._shared: dict[Any, Any] = {}
        self._numbers = itertools.count(1)

    def shared(self, make: Callable[[Self], T]) -> T:
        """Give what `make` makes of this stage, always the same."""
        with self._making:
            if make not in self._shared:
                self._shared[make] = make(self)
            made: T = self._shared[make]
            return made

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

    @contextmanager
    def bearing(self, guest: Guest) -> Iterator[None]:
        """Part with a guest that fails, for nothing may end the sound, and say so."""
        try:
            yield
        except Exception:
            logging.getLogger(__name__).exception("a guest failed")
            with self._lock:
                self._guests = tuple(one for one in self._guests if one is not guest)
            what = type(guest).__name__
            self.notice(f"{what} failed and is left out; the service's log says why.", "fault")

    @property
    def space_sha256(self) -> str:
        """The space that the engine plays, by its file's hash; empty while none does."""
        return self._space_sha256

    @property
    def guests(self) -> tuple[Guest, ...]:
        """Who follows the session now."""
        return self._guests

    def look(self) -> Snapshot | None:
        """Read the engine's telemetry; None while no engine sounds."""
        return self._relay.look() if self._relay else None

    # What the session tells

    def open(self, relay: Relay, space_sha256: str) -> None:
        """Let commands reach the engine, which plays this space, from now on."""
        self._relay, self._space_sha256 = relay, space_sha256
        self._state.set(space=space_sha256 or None)

    def set(self, **fields: Any) -> None:  # noqa: ANN401
        """Replace fields of the state."""
        self._state.set(**fields)

    def keep_in(self, journal: Callable[[], Path | None]) -> None:
        """Say who knows where what is played is kept."""
        self._journal = journal

    def enter(self, phase: Phase, text: str) -> None:
        """Say in which phase the session is."""
        self._state.set(phase={"name": phase, "text": text})

    def notice(self, text: str, kind: Kind = "note") -> None:
        """Let whoever looks know something, in one sentence."""
        one = {"id": next(self._numbers), "text": text, "kind": kind}
        self._state.update("notices", lambda before: [*before, one][-KEPT_NOTICES:])

    # The way to the engine

    def command(self, word: str, /, **fields: Any) -> None:  # noqa: ANN401
        """Give the engine a command.

        Raises
        ------
        ProgramError
            When the instrument cannot be played yet.
        """
        self._playing().tell(word, **fields)

    def obey(self, order: Command) -> None:
        """Give the engine a command that is written down whole; raises as `command` does."""
        self.command(order["command"], **{key: order[key] for key in order if key != "command"})

    def change(self, **settings: Any) -> None:  # noqa: ANN401
        """Go on with other `PlaySettings`; the sound is gone for about a second.

        Raises
        ------
        ProgramError
            When the instrument is still starting.
        """
        self._playing().change(**settings)

    def _playing(self) -> Relay:
        if not self._relay:
            raise ProgramError("the instrument is still starting; try again in a moment")
        return self._relay

    def _expect_sound(self) -> None:
        """Refuse what would be lost, as nothing sounds."""
        if self._state["phase"]["name"] == "no_device":
            raise ProgramError(
                "there is no sound device, so nothing can be played; connect one or choose another, and "
                "try again"
            )
