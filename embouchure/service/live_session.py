"""The live session of the service: a player's session that the stage shows and commands."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final

from embouchure.engine_link import Report
from embouchure.own_inputs import PORTS
from embouchure.play_settings import PlaySettings
from embouchure.player import Player
from embouchure.relay import LACKING
from embouchure.service.bindings import Bindings, bindings_of
from embouchure.service.boards import status_fields
from embouchure.service.stage import Stage
from embouchure.view import Status, View
from embouchure.wishes import Wishes
from mapper.faders import MACRO_CONTROLS
from mapper.profile import recognise
from mapper.stepping import StepControls
from mapper.touch import EVERY_ZONE
from presets.making_way import make_way
from presets.refusal import PresetError
from presets.setlists import load_setlist

BETWEEN: Final = "between"
"""What a morph of two presets is called while it is only played."""
ASKED_FOR: Final = ("preset", "device", "host_api", "midi", "wishes", "channels")
"""What may have been asked for and not be there."""


class StageView:
    """Shows on the stage what another view shows its own way."""

    def __init__(self, view: View, stage: Stage) -> None:
        self._view = view
        self._stage = stage

    def busy(self, text: str) -> None:
        """Say what is being done before anything can be played."""
        self._view.busy(text)
        self._stage.enter("starting", text)

    def say(self, text: str) -> None:
        """Say one sentence that stays."""
        self._view.say(text)
        self._stage.notice(text)

    def show(self, status: Status) -> None:
        """Show how the audio thread fares now."""
        self._view.show(status)
        self._stage.set(status=status_fields(status))

    def close(self) -> None:
        """Take down whatever moves."""
        self._view.close()


class LiveSession(Player):
    """A session on a stage; without a sound device it waits for one.

    Parameters
    ----------
    settings
        What the player chose.
    view
        Where it is shown beside the stage.
    stage
        Where it is seen and commanded.
    demo
        Whether the bundled performance is played once when no controller is connected.
    leaves
        Whether it ends where there is no sound device at all.
    begin
        Called once, as soon as it can be played or it is known that it cannot.
    """

    def __init__(
        self,
        settings: PlaySettings,
        view: View,
        stage: Stage,
        *,
        demo: bool = False,
        leaves: bool = False,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(settings, StageView(view, stage), demo=demo)
        self._stage = stage
        self._leaves = leaves
        self._begin = begin
        self._has_begun = self._is_plain = False
        stage.set(
            preset=settings.preset,
            cached=settings.wishes.cached,
            hand=settings.wishes.hand,
            bindings=_bindings(settings.wishes),
        )
        stage.setup.wishes = settings.wishes

    def _run(self) -> None:
        for sentence in make_way():
            self._view.say(sentence)
        super()._run()

    def _obey(self, report: Report) -> None:
        super()._obey(report)
        for guest in self._stage.guests:
            with self._stage.bearing(guest):
                guest.hear(report)

    def _turn(self) -> None:
        super()._turn()
        if self._relay.lacks_device and self._stage.live["phase"]["name"] != "no_device":
            self._stage.set(device=None)
            self._stage.enter("no_device", LACKING)
        for guest in self._stage.guests:
            with self._stage.bearing(guest):
                guest.turn()

    def _finish(self) -> None:
        self._stage.enter("ended", "The session has ended")
        super()._finish()

    def _on_no_device(self, report: Report) -> None:
        if self._leaves:
            super()._on_no_device(report)
        self._is_plain = False  # once there is a device, what was asked for may not be there still
        self._wait_for_device(report)

    def _on_failed(self, report: Report) -> None:
        """Try without what was asked for, and then wait for what there is."""
        if self._leaves:
            super()._on_failed(report)
        if not self._is_plain:
            self._is_plain = True
            usual = PlaySettings()
            plain = {name: getattr(usual, name) for name in ASKED_FOR}
            self._relay.change(**plain)
        self._wait_for_device(report)

    def _wait_for_device(self, report: Report) -> None:
        text = f"{report['sentence'][:1].upper()}{report['sentence'][1:]}."
        if text != self._stage.live["phase"]["text"]:
            self._view.say(text)
        self._stage.enter("no_device", text)
        self._stage.open(self._relay, "")
        self._open_house()

    def _open_house(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._begin()

    def _on_playable(self, report: Report) -> None:
        super()._on_playable(report)
        device = {name: report[name] for name in ("device", "host_api", "rate_hz")}
        self._stage.set(device=device)
        self._show_inputs(report["inputs"])
        self._stage.open(self._relay, report["segment"]["space_sha256"])
        self._stage.keep_in(lambda: self._tape.path)
        self._stage.enter("playing", "Playing")
        self._open_house()

    def _on_inputs(self, report: Report) -> None:
        self._show_inputs(report["inputs"])

    def _show_inputs(self, names: list[str]) -> None:
        own = [one for one in self._stage.live["inputs"] if one["port"] in PORTS.values()]
        self._stage.set(inputs=[*_inputs(enumerate(names)), *own])

    def _show_own(self, port: int, name: str) -> None:
        """Show an input of the program's own from when it is heard first."""
        others = [one for one in self._stage.live["inputs"] if one["port"] != port]
        shown = [*others, *_inputs([(port, name)])]
        self._stage.set(inputs=sorted(shown, key=lambda one: int(one["port"])))

    def _on_macros(self, report: Report) -> None:
        self._stage.set(macros=report["values"])

    def _follow_pair(self, name: str) -> None:
        """Say which side of an A/B or which morph is played now, and forget what is no longer."""
        if name == BETWEEN:
            self._stage.show_mixture()
        else:
            self._stage.set(morph=None)
        pair = self._stage.live["ab"]
        if pair and name != pair[pair["on"]]:
            self._stage.live.update("ab", lambda now: turned_to(now, name))

    def _on_state(self, report: Report) -> None:
        super()._on_state(report)
        self._stage.set(setlist=self._setlist(report["state"]))

    def _setlist(self, state: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Describe the setlist that is gone through, if one is."""
        told = {one["command"]: one for one in state}
        name = told.get("setlist", {"name": self._settings.wishes.setlist})["name"]
        if not name or "go" not in told:
            return None
        before = self._stage.live["setlist"]
        songs = before["songs"] if before and before["name"] == name else _songs(name)
        return {"name": name, "place": told["go"]["place"] + 1, "songs": songs}

    def _on_told(self, report: Report) -> None:
        super()._on_told(report)
        fields = report["fields"]
        if report["word"] == "port" and fields["number"] in PORTS.values():
            self._show_own(fields["number"], fields["name"])
        if report["word"] == "call" and fields["call"] == "select":
            self._show_preset(fields)

    def _show_preset(self, fields: dict[str, Any]) -> None:
        name, zone = fields["preset"], fields["zone"]
        if zone == EVERY_ZONE:
            self._stage.set(preset=name, zones={}, cached=bool(fields.get("cached")))
            self._follow_pair(name)
        else:
            zones = {**self._stage.live["zones"], str(zone): name}
            self._stage.set(zones=zones)


def turned_to(pair: dict[str, str] | None, name: str) -> dict[str, str] | None:
    """Turn an A/B to the side that is a preset; None where neither is.

    >>> turned_to({"a": "bow", "b": "voice", "on": "a"}, "voice")
    {'a': 'bow', 'b': 'voice', 'on': 'b'}
    """
    if pair is None or pair[pair["on"]] == name:
        return pair
    side = next((side for side in "ab" if pair[side] == name), None)
    return {**pair, "on": side} if side else None


def _bindings(wishes: Wishes) -> Bindings:
    steps = StepControls(next_control=wishes.next_control, previous_control=wishes.previous_control)
    return bindings_of(wishes.macro_controls or MACRO_CONTROLS, steps)


def _songs(name: str) -> list[dict[str, Any]]:
    """List what a setlist's places are called and which presets they play."""
    with suppress(PresetError):
        entries = load_setlist(name).entries
        return [{"title": one.called, "preset": one.preset} for one in entries]
    return []


def _inputs(named: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """Describe inputs by number."""
    return [
        {"port": port, "name": name, "controller": recognise(name).name, "mode": None}
        for port, name in named
    ]
