"""The listeners of every port that is played on, made as the player wishes."""

import re
from collections.abc import Sequence
from typing import Final

from mapper.faders import MACRO_CONTROLS
from mapper.hand import Hand
from mapper.listener import Listener
from mapper.manner import Manner
from mapper.profile import GENERIC, Profile, recognise
from mapper.sounding import SoundingTouch
from mapper.stepping import StepControls
from mapper.touch import CHANNELS_PER_PORT, EVERY_ZONE, Kind, TouchEvent
from mapper.tuning import EQUAL_TUNING, Tuning
from mapper.zones import Mode

_PLACE: Final = re.compile(r"\s*\d+:\d+$")
"""What ALSA adds to a port's name, which is another number tomorrow."""


class Listeners:
    """A listener for each port by its number, made when the port is first heard.

    The same bytes, times and calls always give the same events.

    Parameters
    ----------
    profile
        The controller on every port; without it each port's name tells.
    mode
        How every controller spreads its notes over channels; without it that is found out.
    macro_controls
        The numbers of the four controllers that turn the macros.
    tuning
        What every key is tuned to; without it to twelve equal semitones.
    """

    def __init__(
        self,
        *,
        profile: Profile | None = None,
        mode: Mode | None = None,
        macro_controls: Sequence[int] = MACRO_CONTROLS,
        tuning: Tuning | None = None,
    ) -> None:
        self._profile = profile
        self._mode = mode
        self._macro_controls = macro_controls
        self._tuning = tuning
        self._transposition_semitones: int | None = None
        self._step_controls: StepControls | None = None
        self._names: dict[int, str] = {}
        self._manners: dict[int | None, Manner] = {}
        self._hands: dict[int | None, Hand | None] = {}
        self._listeners: dict[int, Listener] = {}

    @property
    def tuning(self) -> Tuning | None:
        """What every key is tuned to, if anything was chosen."""
        return self._tuning

    def name(self, port: int, name: str) -> None:
        """Say what a port is called before it is heard; its controller may be known by that."""
        self._names[port] = name

    def hear(self, data: bytes, time_s: float, port: int) -> list[TouchEvent]:
        """Take bytes that arrived at a port, cut anywhere; return what they made happen."""
        listener = self._listeners.get(port)
        if listener is None:
            listener = self._listeners[port] = self._make(port)
        return listener.hear(data, time_s)

    def release(self, time_s: float, port: int) -> list[TouchEvent]:
        """Raise a port's pedals and lift its touches, as when it is unplugged."""
        listener = self._listeners.get(port)
        return listener.release_all(time_s) if listener else []

    def release_all(self, time_s: float) -> list[TouchEvent]:
        """Raise every pedal and lift every touch."""
        return [event for port in self._listeners for event in self.release(time_s, port)]

    def panic(self, time_s: float) -> list[TouchEvent]:
        """Silence everything at once, though nobody was heard yet, and reset all controllers."""
        panics = [listener.panic(time_s) for listener in self._listeners.values()]
        events = [event for panic in panics for event in panic]
        return events or [TouchEvent(time_s, Kind.PANIC, 0, EVERY_ZONE)]

    def set_manner(self, manner: Manner, zone: int | None = None) -> None:
        """Let the strikes to come be played in this manner, in one zone or in all."""
        if zone is None:
            self._manners.clear()
        self._manners[zone] = manner
        for port, listener in self._listeners.items():
            if zone is None:
                listener.set_manner(manner)
            elif zone // CHANNELS_PER_PORT == port:
                listener.set_manner(manner, zone)

    def set_tuning(self, tuning: Tuning) -> None:
        """Let the strikes to come be tuned so."""
        self._tuning = tuning
        self._tune()

    def transpose(self, semitones: int) -> None:
        """Let the strikes to come sound so much higher than they are tuned."""
        if semitones != (self._transposition_semitones or 0):
            self._transposition_semitones = semitones
            self._tune()

    def step_by(self, controls: StepControls) -> None:
        """Let these controllers and keys, on any port, step through a setlist."""
        self._step_controls = controls
        for listener in self._listeners.values():
            listener.step_by(controls)

    def bind_macros(self, macro_controls: Sequence[int]) -> None:
        """Let these four controllers turn the macros from now on, on every port."""
        self._macro_controls = tuple(macro_controls)
        for listener in self._listeners.values():
            listener.bind_macros(macro_controls)

    def let_macro_go(self, number: int) -> None:
        """Let whatever a controller says of a macro next count, as somebody else has turned it."""
        for listener in self._listeners.values():
            listener.let_macro_go(number)

    def bindings(self) -> tuple[tuple[int, ...], StepControls]:
        """Tell which controllers turn the macros, and what steps."""
        return tuple(self._macro_controls), self._step_controls or StepControls()

    def set_hand(self, hand: Hand | None, port: int | None = None) -> None:
        """Even the strikes to come by this hand or by none, on one port or on all."""
        if port is None:
            self._hands.clear()
        self._hands[port] = hand
        for number, listener in self._listeners.items():
            if port in (None, number):
                listener.set_hand(hand)

    def profile(self, port: int) -> Profile:
        """Tell what is known of a port's controller."""
        return self._profile or recognise(self._names.get(port, ""))

    def controller(self, port: int) -> str:
        """Tell what a port's controller is called: as it is known, or else as the port is."""
        profile, name = self.profile(port), _PLACE.sub("", self._names.get(port, ""))
        return name if profile is GENERIC and name else profile.name

    def touches(self) -> list[SoundingTouch]:
        """Every touch that sounds now, on any port."""
        return [touch for listener in self._listeners.values() for touch in listener.touches()]

    def configurations(self) -> dict[int, list[bytes]]:
        """Tell for each port what brings another listener to the zones and ranges in force."""
        return {port: listener.configuration() for port, listener in self._listeners.items()}

    def mode(self, port: int) -> Mode | None:
        """Tell how a port is understood now; None when it was never heard."""
        listener = self._listeners.get(port)
        return listener.mode if listener else None

    def _tune(self) -> None:
        if tuning := self._sounding_tuning():
            for listener in self._listeners.values():
                listener.set_tuning(tuning)

    def _sounding_tuning(self) -> Tuning | None:
        """Give what the keys sound; None when nobody ever said anything of it."""
        if self._transposition_semitones is None:
            return self._tuning
        return (self._tuning or EQUAL_TUNING).transposed(self._transposition_semitones)

    def _make(self, port: int) -> Listener:
        listener = Listener(
            port,
            self.profile(port),
            mode=self._mode,
            tuning=self._sounding_tuning(),
            macro_controls=self._macro_controls,
            hand=self._hands.get(port, self._hands.get(None)),
        )
        if self._step_controls:
            listener.step_by(self._step_controls)
        for zone, manner in self._manners.items():
            if zone is None or zone // CHANNELS_PER_PORT == port:
                listener.set_manner(manner, zone)
        return listener
