"""The engine process: MIDI in, sound out, and nothing else that would hold Python's lock.

The service starts it and tells it by lines of JSON on its standard input what to do; it reports by
lines of JSON on its standard output, and ends when its input does.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, TextIO

from embouchure.errors import player_errors
from embouchure.kernel_cache import compile_kernels, is_compiled, use_kernel_cache
from embouchure.parcel import pack
from embouchure.play_settings import PlaySettings
from embouchure.quiet import become_quiet, take_precedence

HOUSEKEEPING_S: Final = 0.05
STATUS_S: Final = 0.2
FADE_S: Final = 0.03
CLOSE_TIMEOUT_S: Final = 0.5


class Reports:
    """Lines of JSON to the service, from any thread."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, report: str, **fields: Any) -> None:  # noqa: ANN401
        """Send one report; when nobody listens any more it is dropped."""
        line = json.dumps({"report": report, **fields}) + "\n"
        with suppress(BrokenPipeError), self._lock:
            self._file.write(line)
            self._file.flush()


class EngineProcess:
    """One session on real ports and a real device, reported to the service.

    Everything slow happens before `obey` or in housekeeping; in between only the MIDI callbacks
    hold Python's lock.
    """

    def __init__(self, settings: PlaySettings, reports: Reports) -> None:
        from embouchure.instrument import silent_engine
        from embouchure.session import open_session
        from embouchure.space_file import load_space
        from synth.devices import playable_rate_hz

        self._settings = settings
        self._reports = reports
        self._ended = threading.Event()
        rate_hz = playable_rate_hz(settings.rate_hz, settings.device, settings.host_api)
        self._engine = silent_engine(load_space(), rate_hz)
        self._session = open_session(settings, self._engine, self._engine.frame_at)

    @contextmanager
    def playable(self) -> Iterator[None]:
        """Open the device and the ports, say so, and silence everything at the end."""
        from synth.devices import sounding

        take_precedence()
        with ExitStack() as stack:
            stack.callback(self._report_end)
            opened = sounding(self._engine, self._settings.device, self._settings.host_api)
            stream = stack.enter_context(opened)
            stack.callback(self._silence)
            ports = self._open_ports(stack)
            become_quiet()
            self._reports.send(
                "playable",
                preset=self._settings.preset,
                device=stream.output.name,
                host_api=stream.output.host_api,
                rate_hz=self._engine.rate_hz,
                ports=ports,
                segment=self._session.describe(),
            )
            yield

    def _open_ports(self, stack: ExitStack) -> list[str]:
        """Open the MIDI inputs and name them; without any MIDI system there are none."""
        from mapper.ports import PortError, close_all, open_inputs

        def tell(error: PortError) -> None:
            self._reports.send("notice", sentence=f"{error}.")

        try:
            ports = open_inputs(self._session.hear, self._settings.midi or None, spare=tell)
        except PortError as error:
            if self._settings.midi:
                raise
            tell(error)
            return []
        stack.callback(close_all, ports)
        return [port.name for port in ports]

    def _silence(self) -> None:
        """Fade everything out before the device closes, so that ending does not click."""
        self._session.panic(time.perf_counter())
        time.sleep(FADE_S)

    def obey(self, commands: TextIO) -> None:
        """Do what each line of JSON says until there are no more."""
        from embouchure.performer import Performer

        performer = Performer(self._session)
        keeper = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)
        keeper.start()
        for line in commands:
            if json.loads(line)["command"] == "perform":
                performer.start()
        performer.stop()
        self._ended.set()
        keeper.join()
        _end_soon()

    def _keep_house(self) -> None:
        """Hand over what was heard, a few times a second and once more at the end."""
        is_last, told_s = False, time.monotonic()
        while not is_last:
            is_last = self._ended.wait(HOUSEKEEPING_S)
            self._session.flush()
            self._report_played()
            if self._settings.status and time.monotonic() - told_s > STATUS_S:
                told_s = time.monotonic()
                self._report_status()

    def _report_played(self) -> None:
        played = self._session.take_played()
        for word, fields in played.told:
            self._reports.send("told", word=word, fields=fields)
        if played.heard:
            self._reports.send("heard", **pack(played.heard))
        if played.events:
            self._reports.send("events", records=played.events.hex())
        for sentence in played.notices:
            self._reports.send("notice", sentence=sentence)
        if played.n_lost:
            self._reports.send("counted", word="lost", number=played.n_lost)

    def _report_end(self) -> None:
        """Hand over what acted while the session was silenced, and where the sound ended."""
        self._report_played()
        self._reports.send("counted", word="end", number=self._engine.frame)

    def _report_status(self) -> None:
        now = self._engine.snapshot()
        self._reports.send("status", figures=[now.n_voices, now.peak, now.load, now.dropouts])


def _end_soon() -> None:
    """See that the process ends even if the sound system hangs in closing, as a dead one may."""
    timer = threading.Timer(CLOSE_TIMEOUT_S, os._exit, args=(0,))
    timer.daemon = True
    timer.start()


def _leave_out_scipy() -> None:
    """Save 16 MB: numba would load SciPy for a linear algebra that no kernel uses."""
    sys.modules["scipy"] = None  # type: ignore[assignment]


def _own_output() -> TextIO:
    """Keep standard output for reports; what libraries print there goes to standard error."""
    own = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return own


def _failure(settings: PlaySettings, error: Exception) -> str:
    """Name the report of a failure; a device that nobody asked for by name may be missing."""
    from synth.devices import DeviceError

    named = settings.device or settings.host_api
    return "no_device" if isinstance(error, DeviceError) and not named else "failed"


def main() -> None:
    """Run the process: one argument, the settings as JSON."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the service ends this process, by its input
    _leave_out_scipy()
    settings = PlaySettings.from_json(sys.argv[1])
    reports = Reports(_own_output())
    use_kernel_cache()
    if not is_compiled():
        reports.send("busy", text="Compiling the instrument for this computer, once")
        compile_kernels()
    reports.send("busy", text="Opening the instrument")
    try:
        process = EngineProcess(settings, reports)
        with process.playable():
            process.obey(sys.stdin)
    except player_errors() as error:
        reports.send(_failure(settings, error), sentence=str(error))


if __name__ == "__main__":
    main()
