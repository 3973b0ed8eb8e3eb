"""What the page costs the player: from touch to voice, and how often a page is drawn, under load."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from embouchure.errors import ProgramError
from embouchure.kernel_cache import own_environment
from embouchure.osc.address import Address, OscSettings
from embouchure.osc.link import OscLink
from embouchure.page_load import PROBE_NOTE, sink
from embouchure.play_settings import PlaySettings
from embouchure.service.live_session import LiveSession
from embouchure.service.port import HOST, bind
from embouchure.service.server import Server
from embouchure.service.stage import Stage
from embouchure.tape import Tape
from embouchure.view import Status
from synth.engine.layout import HELD
from synth.engine.telemetry import Snapshot

OSC_HZ: Final = 200.0
LOOK_EVERY_S: Final = 0.001
SETTLE_S: Final = 1.0
CLOSE_S: Final = 0.2
"""A voice belongs to the strike before it if it came as soon as this."""


@dataclass(frozen=True, kw_only=True)
class PageCost:
    """What was measured; latencies from a frame's sending to its voice's first samples."""

    n_strikes: int
    n_missed: int
    voice_p50_ms: float
    voice_p99_ms: float
    echo_p50_ms: float
    echo_p99_ms: float
    view_hz: float
    view_gap_p99_ms: float
    most_voices: int
    load: float
    dropouts: int
    shed: int
    device: str


class SilentView:
    """Shows nothing; what goes wrong is said by who measures."""

    def busy(self, text: str) -> None:
        """Keep it."""

    def say(self, text: str) -> None:
        """Keep it."""

    def show(self, status: Status) -> None:
        """Keep it."""

    def close(self) -> None:
        """Do nothing."""


class Lookout:
    """Notes when each voice of the timed finger began, by the clock of the audio thread."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.voices: dict[int, tuple[float, float]] = {}
        self.most_voices = 0
        self.most_load = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if now := self._stage.look():
                self.most_voices = max(self.most_voices, now.n_voices)
                self.most_load = max(self.most_load, now.load)
                for voice in now.voices[now.voices["status"] == HELD]:
                    note = float(voice["note"] + voice["glide_semitones"])
                    if note > PROBE_NOTE - 1.0:
                        self.voices.setdefault(int(voice["touch"]), (note, now.time_ns / 1e9))


class Trial:
    """One session under load.

    Raises
    ------
    ProgramError, NoDeviceError
        When it cannot be played here.
    """

    def __init__(self, settings: PlaySettings, seconds: float) -> None:
        self._settings = settings
        self._seconds = seconds
        self._stage = Stage()
        self._failure: Exception | None = None
        self._cost: PageCost | None = None

    def run(self) -> PageCost:
        """Play, bear on it, and end; nothing of it is kept."""
        self._server = Server(self._stage, bind(HOST, 0))
        bearing = threading.Thread(target=self._bear, daemon=True)
        session = LiveSession(
            self._settings, SilentView(), self._stage, leaves=True, begin=bearing.start
        )
        with tempfile.TemporaryDirectory() as folder:
            session._tape = Tape(Path(folder), lambda _: None)
            try:
                session.play()
            finally:
                self._server.end()
        if self._failure:
            raise self._failure
        if not self._cost:
            raise ProgramError("the measurement was interrupted; nothing was measured")
        return self._cost

    def _bear(self) -> None:
        try:
            self._measure()
        except Exception as error:  # noqa: BLE001  # it is raised again where somebody listens
            self._failure = error
        os.kill(os.getpid(), signal.SIGINT)

    def _measure(self) -> None:
        self._server.start()
        time.sleep(SETTLE_S)
        with closing(sink()) as port:
            to = Address(port=port.getsockname()[1])
            osc = OscLink(OscSettings(sends_to=to, rate_hz=OSC_HZ), self._stage)
            before = self._stage.look()
            with closing(osc), closing(Lookout(self._stage)) as lookout:
                told = _load(self._server.address, self._seconds)
            after = self._stage.look()
        device = str((self._stage.live["device"] or {}).get("device", ""))
        if not before or not after:
            raise ProgramError("the sound was lost while it was measured; try again")
        self._cost = _judge(told, lookout, device, before, after)


def _load(address: str, seconds: float) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "embouchure.page_load", address, str(seconds)],
            env=own_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=seconds + 30,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise ProgramError(
            "the service did not answer in time while it was measured; try again when the computer "
            "has less to do"
        ) from None
    return dict(json.loads(done.stdout))


def _judge(
    told: dict[str, Any], lookout: Lookout, device: str, before: Snapshot, after: Snapshot
) -> PageCost:
    late_ms = _latencies_ms(told["strikes"], list(lookout.voices.values()))
    gaps_ms = 1000 * np.diff(told["frames_s"])
    echo_ms = 1000 * np.array(told["echoes_s"])
    return PageCost(
        n_strikes=len(told["strikes"]),
        n_missed=len(told["strikes"]) - len(late_ms),
        voice_p50_ms=_percentile(late_ms, 50),
        voice_p99_ms=_percentile(late_ms, 99),
        echo_p50_ms=_percentile(echo_ms, 50),
        echo_p99_ms=_percentile(echo_ms, 99),
        view_hz=1000.0 / float(np.mean(gaps_ms)),
        view_gap_p99_ms=_percentile(gaps_ms, 99),
        most_voices=lookout.most_voices,
        load=lookout.most_load,
        dropouts=after.dropouts - before.dropouts,
        shed=after.shed - before.shed,
        device=device,
    )


def _latencies_ms(
    strikes: list[tuple[float, float]], voices: list[tuple[float, float]]
) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Find for each strike the voice of its note that came next."""
    late = []
    for note, struck_s in strikes:
        after = [
            at - struck_s for heard, at in voices if abs(heard - note) < 0.05 and at > struck_s
        ]
        if after and min(after) < CLOSE_S:
            late.append(1000 * min(after))
    return np.array(late)


def _percentile(values: Any, share: float) -> float:  # noqa: ANN401
    return round(float(np.percentile(values, share)), 2) if len(values) else float("nan")
