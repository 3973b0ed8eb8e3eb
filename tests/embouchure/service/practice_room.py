"""A practice room: the service's application on a clock of its own, with a simulated player.

Nothing sounds and nothing waits: commands to the engine are written down, and what the player does
is reported as the engine process reports it.
"""

import base64
import time
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from calibration.guide import Action, Click, Show, Sound, Tone
from calibration.rehearsal import RehearsingPlayer
from calibration.targets.target import Target
from embouchure.cues import CLICK_ZONE, unpack_events
from embouchure.parcel import pack
from embouchure.relay import Relay
from embouchure.service.app import make_app
from embouchure.service.stage import Stage
from mapper.touch import Kind
from presets.preset import Preset

TICK_S = 0.05
WORK_S = 0.01
"""Of real time, for what is worked out beside the session."""
PORT_NAME = "Toy"


class Clock:
    """Time that passes when it is told to; stands in for the module `time`."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def perf_counter(self) -> float:
        return self.now_s

    monotonic = perf_counter


class Engine:
    """Writes down what an engine process is told."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []

    def change(self, **settings: Any) -> None:  # noqa: ANN401
        self.changes.append(settings)

    def tell(self, command: str, **fields: Any) -> None:  # noqa: ANN401
        self.commands.append({"command": command, **fields})

    def last(self, command: str) -> dict[str, Any]:
        return next(one for one in reversed(self.commands) if one["command"] == command)


class PracticeRoom:
    """One live session without sound, and its HTTP interface."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        for module in ("leader", "service.guidance", "service.guide_page", "service.setup"):
            monkeypatch.setattr(f"embouchure.{module}.time", self.clock)
        self.engine = Engine()
        self.stage = Stage()
        self.http = TestClient(make_app(self.stage), base_url="http://127.0.0.1:4880")
        self._seen = 0
        self._title = ""

    def open(self, *state: dict[str, Any], space_sha256: str = "") -> None:
        """Let the instrument be playable; `state` is what was set in it."""
        self.stage.open(cast("Relay", self.engine), space_sha256)
        self.stage.enter("playing", "Playing")
        self.report("playable", inputs=[PORT_NAME])
        self.report("state", state=list(state))

    def report(self, kind: str, **fields: Any) -> None:  # noqa: ANN401
        for guest in self.stage.guests:
            guest.hear({"report": kind, **fields})

    @property
    def guide(self) -> dict[str, Any]:
        return self.stage.state()["guide"]

    def turn(self) -> None:
        self.clock.now_s += TICK_S
        for guest in self.stage.guests:
            guest.turn()

    def play(self, player: RehearsingPlayer, *, seconds: float = 300.0) -> None:
        """Let a player play until the guide has led to an end."""
        until_s = self.clock.now_s + seconds
        while self.guide["phase"] != "over" and self.clock.now_s < until_s:
            self.show_to(player)
            if self.guide["is_working"]:
                time.sleep(WORK_S)
            heard = list(player.play(self.clock.now_s))
            if heard:
                self.report("heard", **pack(heard))
            self.turn()

    def show_to(self, player: RehearsingPlayer) -> None:
        """Let a player hear what is commanded, and see the page."""
        for command in self.engine.commands[self._seen :]:
            if action := heard_of(command):
                player.see(self.clock.now_s, action)
        self._seen = len(self.engine.commands)
        player.see(self.clock.now_s, Show(self.guide["title"]))


def heard_of(command: dict[str, Any]) -> Action | None:
    """Say what a player hears of a command to the engine."""
    if command["command"] == "sound":
        tone = command["tone"]
        target = base64.b64decode(tone["target"])
        preset = Preset.from_bytes(base64.b64decode(tone["file"]))
        wanted = Target.from_bytes(target) if target else None
        return Sound(Tone(name=tone["name"], preset=preset, target=wanted))
    if command["command"] == "prompt" and command["zone"] == CLICK_ZONE:
        events = unpack_events(command["events"])
        return Click(tuple(one.time_s for one in events if one.kind is Kind.STRIKE))
    return None
