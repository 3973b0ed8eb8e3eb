"""The stage: the live session as everything outside it sees and commands it, from any thread."""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeVar

from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.relay import Relay
from embouchure.service.bindings import Bindings, bindings_of, command_fields
from embouchure.service.errand import run_errand
from embouchure.service.live_state import Fields, LiveState
from embouchure.service.setup import Setup
from embouchure.service.sharing import Sharing
from embouchure.view import Status
from mapper.faders import MACRO_CONTROLS, N_MACROS
from mapper.hand import Hand
from mapper.manner import Manner
from mapper.stepping import StepControls
from mapper.touch import EVERY_ZONE
from mapper.tuning import Tuning
from presets.catalogue import read_card_of
from presets.library import known
from presets.setlists import load_setlist
from presets.spaces import is_installed
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
            ab=None,
            morph=None,
            learn=None,
            bindings=bindings_of(MACRO_CONTROLS, StepControls()),
            clients=0,
        )
        self._relay: Relay | None = None
        self._space_sha256 = ""
        self._journal: Path | None = None
        self.sharing: Sharing | None = None
        self.setup = Setup()
        self._guests: tuple[Guest, ...] = (self.setup,)
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._shared: dict[Callable[[Stage], Any], Any] = {}
        self._numbers = itertools.count(1)

    def shared(self, make: Callable[["Stage"], T]) -> T:
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

    def set(self, **fields: Any) -> None:  # noqa: ANN401
        """Replace fields of the state."""
        self._state.set(**fields)

    def keep_in(self, journal: Path | None) -> None:
        """Say where what is played is kept."""
        self._journal = journal

    def enter(self, phase: Phase, text: str) -> None:
        """Say in which phase the session is."""
        self._state.set(phase={"name": phase, "text": text})

    def notice(self, text: str, kind: Kind = "note") -> None:
        """Let whoever looks know something, in one sentence."""
        one = {"id": next(self._numbers), "text": text, "kind": kind}
        self._state.update("notices", lambda before: [*before, one][-KEPT_NOTICES:])

    # Commands

    def command(self, word: str, /, **fields: Any) -> None:  # noqa: ANN401
        """Give the engine a command.

        Raises
        ------
        ProgramError
            When the instrument cannot be played yet.
        """
        self._playing().tell(word, **fields)

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

    def select(self, preset: str, zone: int | None = None) -> None:
        """Let what is struck from now on sound by a preset of the store, in one zone or in all.

        Raises
        ------
        PresetError
            When there is no such preset, or it cannot be opened.
        """
        needed = read_card_of(known(preset)).space
        if needed.sha256 == self._space_sha256 or not self._space_sha256:
            self.command("select", preset=preset, zone=EVERY_ZONE if zone is None else zone)
        elif zone is None and is_installed(needed):
            self.change(preset=preset)
        else:
            raise ProgramError(
                f"{preset} was made for the space {needed.name}, which is not the one that is played "
                "now; play it in every zone, or import it with its space"
            )

    def step(self, step: Literal[1, -1]) -> None:
        """Go to the next preset of the setlist, or without one of the library, or back."""
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

    def choose_hand(self, name: str | None, port: int | None = None) -> None:
        """Even what is struck from now on by a measured hand of this name, or by none.

        Raises
        ------
        HandError
            When there is no such hand.
        """
        from calibration.hand.hands import load_all

        found = load_all().hands
        if name is not None and name not in found:
            known_hands = ", ".join(found) or "none; measure one first"
            raise ProgramError(f"there is no hand {name[:60]!r}; there is {known_hands}")
        self.set_hand(found[name] if name is not None else None, port)
        self._state.set(hand=name)

    def play_setlist(self, name: str | None) -> None:
        """Play through a setlist from its first place on, or without a name through all presets.

        Raises
        ------
        PresetError, ProgramError
            When there is no such setlist, or it is empty.
        """
        songs = load_setlist(name).entries if name else ()
        if name and not songs:
            raise ProgramError(f"the setlist {name} is empty; add presets to it first")
        self.command("setlist", name=name)

    def choose_device(
        self, device: str | None, host_api: str | None, channels: tuple[int, int] | None
    ) -> None:
        """Sound through another device from now on; that before returns where it does not open."""
        self.change(device=device, host_api=host_api, channels=channels)

    def choose_inputs(self, names: tuple[str, ...]) -> None:
        """Hear the MIDI inputs with these parts of names from now on, or with none every controller."""
        self.change(midi=names)

    def capture(self, since_s: float | None = None) -> Fields:
        """Keep what was just played as a take of its own, and return its name.

        Raises
        ------
        ProgramError
            When nothing was played.
        """
        journal = self._journal
        if journal is None:
            raise ProgramError("nothing was played yet that could be kept; play something first")
        since = [] if since_s is None else ["--since-s", repr(since_s)]
        return dict(run_errand("takes", "capture", "--journal", str(journal), *since))

    def record(self, *, on: bool) -> Fields | None:
        """Begin to record, or end it and keep what was played since as a take, whose name it returns.

        Raises
        ------
        ProgramError
            When nothing was played since, or nothing is recorded.
        """
        begun = self._state["recording"]
        if on:
            now = {"since": time.time(), "since_s": time.perf_counter()}
            self._state.set(recording=begun or now)
            return None
        if not begun:
            raise ProgramError("nothing is being recorded; begin to record first")
        self._state.set(recording=None)
        return self.capture(begun["since_s"])

    def bind(self, bindings: Bindings) -> None:
        """Let these controllers turn the macros and step from now on."""
        self.command("bind", **command_fields(bindings))
        self._state.set(bindings=bindings)

    def set_manner(self, manner: Manner, zone: int | None = None) -> None:
        """Let what is struck from now on be played so, in one zone or in all."""
        at = EVERY_ZONE if zone is None else zone
        self.command("manner", manner=manner.model_dump(), zone=at)

    def set_tuning(self, tuning: Tuning) -> None:
        """Let what is struck from now on be tuned so."""
        self.command("tune", notes=list(tuning.notes))

    def perform_bytes(self, name: str, data: bytes) -> None:
        """Play MIDI on an input of the program's own; no bytes at all are a sign of life."""
        self.command("hear", input=name, time_s=time.perf_counter(), data=data.hex())

    def close_input(self, name: str) -> None:
        """End what an input of the program's own holds."""
        self.command("close", input=name)

    def panic(self) -> None:
        """Silence everything at once."""
        self.command("silence")
