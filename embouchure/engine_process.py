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
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final, TextIO

from embouchure.errors import player_errors
from embouchure.kernel_cache import compile_kernels, is_compiled, use_kernel_cache
from embouchure.parcel import pack
from embouchure.play_settings import PlaySettings
from embouchure.quiet import become_quiet, take_precedence
from embouchure.reports import Reports, own_output
from embouchure.watchdog import Watchdog
from embouchure.window import open_window

if TYPE_CHECKING:
    from embouchure.choice import Chooser
    from embouchure.handover import Command
    from embouchure.instrument import Sound
    from embouchure.orders import Orders
    from embouchure.own_inputs import OwnInputs
    from embouchure.performer import Performer
    from embouchure.plugging import Plugging
    from embouchure.prompter import Prompter
    from embouchure.session import Session
    from synth.engine.engine import Engine
    from synth.engine.layout import Records
    from synth.outputs import Output

HOUSEKEEPING_S: Final = 0.05
STATUS_S: Final = 0.2
FADE_S: Final = 0.03
CLOSE_TIMEOUT_S: Final = 0.5


class EngineProcess:
    """One session on real ports and a real device, reported to the service.

    Everything slow happens before `obey` or in housekeeping; in between only the MIDI callbacks
    hold Python's lock. The engine publishes its telemetry into `window`, one record that the service
    reads too.
    """

    def __init__(
        self, settings: PlaySettings, reports: Reports, window: "Records | None" = None
    ) -> None:
        self._settings = settings
        self._reports = reports
        self._window = window
        self._ended = threading.Event()
        self._watchdog = Watchdog()
        self._engines: dict[float, Engine] = {}
        self._sessions: dict[float, Session] = {}
        self._engine: Engine
        self._session: Session
        self._own_inputs: OwnInputs
        self._performer: Performer
        self._prompter: Prompter
        self._plugging: Plugging
        self._orders: Orders
        self._macros: list[float] = []
        self._state: list[Command] = []

    @contextmanager
    def playable(self) -> Iterator[None]:
        """Open the device and the ports, say so, and silence everything at the end."""
        from embouchure.orders import Orders
        from embouchure.own_inputs import OwnInputs
        from embouchure.performer import Performer
        from embouchure.prompter import Prompter
        from synth.devices import sounding
        from synth.outputs import STEREO

        take_precedence()
        if not self._settings.predecessor:
            self._engine_at(self._settings.rate_hz)  # a wrong choice is said before anything opens
        with ExitStack() as stack:
            ending = stack.enter_context(ExitStack())
            settings, channels = self._settings, self._settings.channels or STEREO
            opened = sounding(self._outputs(), self._engine_at, settings.rate_hz, channels)
            stream = stack.enter_context(opened)
            self._engine = stream.engine
            self._session = self._sessions[self._engine.rate_hz]
            self._performer = Performer(self._session)
            self._own_inputs = OwnInputs(self._session, self._tell_player)
            self._prompter = Prompter(self._session)
            self._orders = Orders(self._session, self._load, self._chooser)
            ending.callback(self._report_end)
            stack.callback(self._silence)
            self._open_inputs(stack)
            become_quiet()
            self._report_playable(stream.output)
            yield

    def _engine_at(self, rate_hz: float) -> "Engine":
        """Give the engine for a rate; its session has the preset from its first frame on."""
        from embouchure.handover import open_next_session
        from embouchure.instrument import silent_engine
        from embouchure.space_file import space_for

        if rate_hz not in self._engines:
            engine = silent_engine(space_for(self._settings.preset), rate_hz)
            if self._window is not None:
                engine.publish_to(self._window)
            self._sessions[rate_hz] = open_next_session(self._settings, engine, self._tell_player)
            self._engines[rate_hz] = engine
        return self._engines[rate_hz]

    def _outputs(self) -> Iterator["Output"]:
        """Yield the outputs to try, each being named to the service before it is."""
        from synth.outputs import STEREO, Place, fall_backs, find_outputs, with_channels

        name, host_api = self._settings.device, self._settings.host_api
        before = self._settings.predecessor
        if before and before.home:
            avoided = [Place(*place) for place in before.avoided]
            outputs = fall_backs(name, host_api, Place(*before.home), avoided)
        else:
            pair = self._settings.channels or STEREO
            outputs = with_channels(find_outputs(name, host_api), pair)
        for output in outputs:
            self._reports.send("opening", place=output.place)
            yield output

    def _open_inputs(self, stack: ExitStack) -> None:
        from embouchure.handover import Handover
        from embouchure.plugging import Plugging

        known: tuple[str, ...] = ()
        if before := self._settings.predecessor:
            handover = Handover(self._session, self._load, self._chooser, self._tell_player)
            handover.take(before)
            known = before.inputs
        if through := self._settings.through:
            self._play_through(through, stack)
        self._plugging = Plugging(self._session, self._settings.midi, known, self._tell_player)
        stack.callback(self._plugging.close)

    def _play_through(self, name: str, stack: ExitStack) -> None:
        """Hand what is played on to another program too; one that takes over does what it can."""
        from mapper.ports import PortError, midi_system
        from mapper.through import Through

        try:
            through = Through(midi_system(), name, self._tell_player)
        except PortError as error:
            if not self._settings.predecessor:
                raise
            self._tell_player(f"{error}.")
            return
        self._session.tap(through)
        stack.callback(through.close)
        stack.callback(self._session.tap, None)

    def _load(self, preset: str) -> "Sound":
        from embouchure.instrument import load_sound

        return load_sound(preset, self._engine.space, self._settings.wishes)

    def _chooser(self, name: str | None) -> "Chooser":
        from embouchure.orders import make_chooser

        return make_chooser(name, self._engine.space, self._settings.wishes)

    def _tell_player(self, sentence: str) -> None:
        self._reports.send("notice", sentence=sentence)

    def _silence(self) -> None:
        """Fade everything out before the device closes, so that ending does not click."""
        self._session.panic(time.perf_counter())
        time.sleep(FADE_S)

    def obey(self, commands: TextIO) -> None:
        """Do what each line of JSON says until there are no more."""
        from embouchure.desk import Desk

        desk = Desk(self._do, self._tell_player)
        keeper = threading.Thread(target=self._keep_house, name="housekeeping", daemon=True)
        keeper.start()
        for line in commands:
            desk.take(json.loads(line))
        desk.close()
        self._performer.stop()
        self._prompter.stop()
        self._ended.set()
        keeper.join()
        _end_soon()

    def _do(self, command: dict[str, Any]) -> None:
        """Do one command, by its name; the session's own orders are told of their trouble."""
        if act := getattr(self, f"_do_{command['command']}", None):
            act(command)
            return
        with self._told():
            self._orders.obey(command)

    def _do_perform(self, _: dict[str, Any]) -> None:
        self._performer.start()

    def _do_hear(self, command: dict[str, Any]) -> None:
        """Play bytes into an input of our own."""
        data = bytes.fromhex(command["data"])
        self._own_inputs.hear(command["input"], command["time_s"], data)

    def _do_close(self, command: dict[str, Any]) -> None:
        """End what an input of our own holds."""
        self._own_inputs.close(command["input"])

    def _do_prompt(self, command: dict[str, Any]) -> None:
        """Let touches sound by themselves."""
        from embouchure.cues import unpack_events

        with self._told():
            sound = self._sound(command["tone"])
            self._prompter.prompt(unpack_events(command["events"]), sound, command["zone"])

    def _do_silence(self, _: dict[str, Any]) -> None:
        """Silence everything, prompts still to come too."""
        self._prompter.forget()
        self._session.panic(time.perf_counter())

    def _sound(self, tone: dict[str, str]) -> "Sound":
        from embouchure.instrument import sound_of_tone

        return sound_of_tone(self._engine.space, **tone)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the player what cannot be sounded, and go on."""
        try:
            yield
        except player_errors() as error:
            self._tell_player(f"{error}.")
        except RuntimeError as error:
            self._tell_player(f"It cannot be sounded now: {error}.")

    def _do_cached(self, command: dict[str, Any]) -> None:
        """Take controls from caches for what is struck from now on, or from the decoder again."""
        with self._told():
            self._session.set_cached(time.perf_counter(), is_cached=command["on"])

    def _do_hand(self, command: dict[str, Any]) -> None:
        """Even what is struck from now on by another hand, or by none."""
        from mapper.hand import Hand

        fields = command["hand"]
        self._session.set_hand(fields and Hand.model_validate(fields), command["port"])

    def _keep_house(self) -> None:
        """Hand over what was heard and look after everything, a few times a second."""
        is_last, told_s = False, time.monotonic()
        while not is_last:
            is_last = self._ended.wait(HOUSEKEEPING_S)
            self._session.flush()
            self._report_played()
            self._report_macros()
            if not is_last:
                self._watch()
            if time.monotonic() - told_s > STATUS_S:
                told_s = time.monotonic()
                self._report_status()
                self._report_state()

    def _watch(self) -> None:
        """Leave at once when the device is lost: closing it might hang, and the service goes on."""
        if self._watchdog.look(time.monotonic(), self._engine.frame):
            self._report_end()
            self._reports.send("stalled", has_begun=self._watchdog.has_begun)
            os._exit(1)
        self._own_inputs.look()
        if self._watchdog.is_content and self._plugging.look():
            self._reports.send("inputs", inputs=self._plugging.names)

    def _report_playable(self, output: "Output") -> None:
        self._reports.send(
            "playable",
            preset=self._settings.preset,
            device=output.name,
            host_api=output.host_api,
            rate_hz=self._engine.rate_hz,
            ports=self._plugging.open_names,
            inputs=self._plugging.names,
            segment={"time_s": time.perf_counter(), **self._session.describe()},
        )

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
        figures = [now.n_voices, now.peak, now.load, now.dropouts, now.shed]
        self._reports.send("status", figures=figures)

    def _report_macros(self) -> None:
        """Tell where the macros are, whoever turned them."""
        if (macros := self._session.macros()) != self._macros:
            self._macros = macros
            self._reports.send("macros", values=macros)

    def _report_state(self) -> None:
        """Tell what a process that takes over must be told, whenever that has changed."""
        from embouchure.handover import commands_of

        state = commands_of(self._session)
        if state != self._state:
            self._state = state
            self._reports.send("state", state=state)


def _end_soon() -> None:
    """See that the process ends even if the sound system hangs in closing, as a dead one may."""
    timer = threading.Timer(CLOSE_TIMEOUT_S, os._exit, args=(0,))
    timer.daemon = True
    timer.start()


def _leave_out_scipy() -> None:
    """Save 16 MB: numba would load SciPy for a linear algebra that no kernel uses."""
    sys.modules["scipy"] = None  # type: ignore[assignment]


def _failure(settings: PlaySettings, error: Exception) -> str:
    """Name the report of a failure; a device of which nothing was asked may be missing."""
    from synth.outputs import DeviceError

    asked = settings.device or settings.host_api or settings.channels
    named = asked and not settings.predecessor
    return "no_device" if isinstance(error, DeviceError) and not named else "failed"


def _missing_inputs(settings: PlaySettings, error: Exception) -> Iterator[str]:
    """Say beside a missing sound device which MIDI input is missing too."""
    from mapper.ports import PortError, check_inputs
    from synth.outputs import DeviceError

    if isinstance(error, DeviceError) and settings.midi and not settings.predecessor:
        try:
            check_inputs(settings.midi)
        except PortError as missing:
            yield f"also, {missing}"


def main() -> None:
    """Run the process: its argument is the window's handle, its input's first line the settings."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the service ends this process, by its input
    _leave_out_scipy()
    settings = PlaySettings.from_json(sys.stdin.readline())
    reports = Reports(own_output())
    use_kernel_cache()
    if not is_compiled():
        reports.send("busy", text="Compiling the instrument for this computer, once")
        compile_kernels()
    reports.send("busy", text="Opening the instrument")
    try:
        process = EngineProcess(settings, reports, open_window(sys.argv[1]))
        with process.playable():
            process.obey(sys.stdin)
    except player_errors() as error:
        sentence = "; ".join([str(error), *_missing_inputs(settings, error)])
        reports.send(_failure(settings, error), sentence=sentence)


if __name__ == "__main__":
    main()
