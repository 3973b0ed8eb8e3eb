"""The player's session as the service runs it: engine process, view and journal, from start to end."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from embouchure.engine_link import Report
from embouchure.errors import ProgramError
from embouchure.folders import takes_folder
from embouchure.keys import Keys
from embouchure.parcel import unpack
from embouchure.play_settings import PlaySettings
from embouchure.relay import Relay
from embouchure.tape import Tape
from embouchure.view import Status, View, playable_lines
from mapper.performance import Played
from mapper.ports import OWN_NAME

if TYPE_CHECKING:
    from calibration.hand.drift import Drift

KEPT_REPORTS: Final = frozenset({"told", "heard", "events", "counted"})
"""What goes to the tape, up to the very end."""
CACHE_KEY: Final = "c"


class NoDeviceError(ProgramError):
    """There is no sound device to play through."""


class Player:
    """One live session.

    Parameters
    ----------
    settings
        What the player chose.
    view
        Where it is shown.
    demo
        Whether the bundled performance is played once when no controller is connected.
    """

    def __init__(self, settings: PlaySettings, view: View, *, demo: bool) -> None:
        self._settings = settings
        self._view = view
        self._demo = demo
        self._stopped = False
        self._has_played = False
        self._keys = Keys()
        self._is_cached = settings.wishes.cached
        self._relay = Relay(settings, view.say)
        self._tape = Tape(takes_folder(), view.say)
        self._drifts: dict[int, Drift] = {}

    def play(self) -> None:
        """Run until interrupted; whatever was played is kept.

        Raises
        ------
        NoDeviceError
            When there is no sound device.
        ProgramError
            When the engine process could not do what was asked.
        """
        with ExitStack() as stack:
            stack.enter_context(closing(self._view))
            self._tape.recover()
            stack.enter_context(self._signals())
            stack.enter_context(self._keys)
            self._run()

    def _run(self) -> None:
        self._view.busy("Starting")
        try:
            self._follow()
        finally:
            self._finish()

    def _follow(self) -> None:
        for report in self._relay.reports():
            if report:
                self._obey(report)
            self._turn()
            if self._stopped:
                return

    def _turn(self) -> None:
        """Do what must be done several times a second."""
        if CACHE_KEY in self._keys.pressed() and self._has_played:
            self._is_cached = not self._is_cached
            self._relay.tell("cached", on=self._is_cached)

    def _hear(self, heard: list[Played]) -> None:
        """Take what was played, after the tape has it."""

    def _obey(self, report: Report) -> None:
        """Act on one report, by its name; some are for the relay alone."""
        act = getattr(self, f"_on_{report['report']}", None)
        if act:
            act(report)

    def _on_busy(self, report: Report) -> None:
        self._view.busy(report["text"])

    def _on_failed(self, report: Report) -> None:
        raise ProgramError(report["sentence"])

    def _on_no_device(self, report: Report) -> None:
        raise NoDeviceError(report["sentence"])

    def _on_playable(self, report: Report) -> None:
        kept = ("preset", "device", "host_api", "rate_hz", "ports")
        wishes = self._settings.wishes
        described = {
            "embouchure": version("embouchure"),
            "mode": wishes.mode,
            "controller": wishes.controller,
            "setlist": wishes.setlist,
        }
        shown = {key: report[key] for key in kept}
        self._tape.start({**described, **shown}, {**shown, **report["segment"]})
        if not self._has_played:
            self._has_played = True
            self._introduce(report)

    def _introduce(self, report: Report) -> None:
        """Say what can be played; with no controller, let the bundled performance play."""
        for line in playable_lines(report, self._settings.rate_hz):
            self._view.say(line)
        if self._keys.is_open:
            self._view.say(f"Press {CACHE_KEY} to change between the decoder and its cache.")
        if self._demo and set(report["ports"]) <= {OWN_NAME}:
            self._view.say("No controller is connected, so a short performance plays by itself.")
            self._relay.tell("perform")

    def _on_status(self, report: Report) -> None:
        self._view.show(Status(*report["figures"]))

    def _on_state(self, report: Report) -> None:
        """Know what was asked for, by whomever."""
        for one in report["state"]:
            if one["command"] == "cached":
                self._is_cached = one["on"]

    def _on_heard(self, report: Report) -> None:
        heard = list(unpack(report))
        self._tape.keep(heard)
        self._notice_drift(heard)
        self._hear(heard)

    def _notice_drift(self, heard: list[Played]) -> None:
        """Say when a controller no longer answers as when its player's hand was measured."""
        if self._drifts:
            for time_s, port, data in heard:
                drift = self._drifts.get(port)
                if drift and (sentence := drift.hear(data, time_s)):
                    self._view.say(sentence)

    def _on_told(self, report: Report) -> None:
        self._tape.tell(report["word"], report["fields"])
        if report["word"] == "hand":
            self._watch_hand(**report["fields"])

    def _watch_hand(self, port: int | None, hand: dict[str, Any] | None) -> None:
        """Watch a port for as long as it is played by this hand."""
        from calibration.hand.drift import Drift
        from mapper.hand import Hand

        if port is None:
            self._drifts.clear()
        elif hand is None:
            self._drifts.pop(port, None)
        else:
            self._drifts[port] = Drift(Hand.model_validate(hand))

    def _on_events(self, report: Report) -> None:
        self._tape.keep_events(bytes.fromhex(report["records"]))

    def _on_counted(self, report: Report) -> None:
        self._tape.count(report["word"], report["number"])

    def _finish(self) -> None:
        """End the engine process, and turn the journal into a take."""
        self._view.close()
        for report in self._relay.end():
            if report["report"] in KEPT_REPORTS:
                self._obey(report)
        self._tape.finish()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """End the session on SIGINT and SIGTERM."""

        def stop(*_: object) -> None:
            self._stopped = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
