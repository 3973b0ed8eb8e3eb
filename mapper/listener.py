"""A listener: everything between one port's bytes and the touches that are played on it."""

from collections.abc import Sequence
from typing import Final

from mapper.bytestream import ByteStream
from mapper.detection import Detection
from mapper.evener import Evener, EvenTouch
from mapper.faders import MACRO_CONTROLS
from mapper.hand import Hand
from mapper.legato import Legato
from mapper.manner import Manner
from mapper.profile import GENERIC, Profile
from mapper.receiver import Receiver
from mapper.sounding import SoundingTouch
from mapper.stepping import StepControls, Stepper
from mapper.touch import CHANNELS_PER_PORT, Kind, TouchEvent, zone_number
from mapper.tuning import Tuning
from mapper.zones import Mode

_PROGRAM: Final = 0xC0
_LAST_OF_A_TOUCH: Final = Kind.STOP
"""Kinds up to this one are about one touch."""


class Listener:
    """Listens to one port; the same bytes, times and calls always give the same events.

    Parameters
    ----------
    port
        Number of the port, from 0; it keeps zones and touch numbers of several ports apart.
    profile
        What is known of the controller; without it nothing.
    mode
        How the controller spreads its notes over channels; without it that is found out from what
        it sends, beginning with what the profile expects. A verdict counts once nothing sounds.
    tuning
        What the keys sound; without it twelve equal semitones, A at 440 Hz.
    macro_controls
        The numbers of the four controllers that turn the macros.
    hand
        Whose playing it is on this controller; without it touches are as the controller says.
    """

    def __init__(
        self,
        port: int = 0,
        profile: Profile | None = None,
        *,
        mode: Mode | None = None,
        tuning: Tuning | None = None,
        macro_controls: Sequence[int] = MACRO_CONTROLS,
        hand: Hand | None = None,
    ) -> None:
        self.profile = profile or GENERIC
        first_mode = mode or self.profile.mode
        is_expected = first_mode is self.profile.mode
        self._port = port
        self._relative_zones: set[int] = set()
        self._legatos: dict[int, Legato] = {}
        self._stream = ByteStream()
        self._stepper: Stepper | None = None
        self._returns = False
        self._deaf = self.profile.deaf
        self._detection = None if mode else Detection(first_mode)
        self._receiver = Receiver(
            port,
            first_mode,
            self.profile.bend_range_semitones if is_expected else None,
            profile=self.profile,
            macro_controls=macro_controls,
        )
        self._eveners: tuple[Evener, Evener] | None = None
        self._evened: dict[int, EvenTouch] = {}
        self.set_hand(hand)
        if tuning:
            self.set_tuning(tuning)

    @property
    def mode(self) -> Mode:
        """How the controller is understood now."""
        return self._receiver.mode

    def hear(self, data: bytes, time_s: float) -> list[TouchEvent]:
        """Take bytes that arrived at `time_s`, cut anywhere; return what they made happen."""
        receiver = self._receiver
        events = receiver.open(time_s)
        if self._returns:
            self._returns = False
            receiver.reset()
        for message in self._stream.feed(data):
            if self._stepper and (step := self._stepper.hear(message)) is not None:
                if step:
                    zone = zone_number(self._port, 0)
                    events.append(TouchEvent(time_s, Kind.STEP, step, zone))
            elif (message[0] << 7 | message[1]) not in self._deaf:
                if message[0] < _PROGRAM and self._detection:
                    self._detect(self._detection, message)
                receiver.take(message)
        return self._voiced(events)

    def release_all(self, time_s: float) -> list[TouchEvent]:
        """Raise the pedals and lift every touch, as when the controller is unplugged.

        If it returns, its wheels and sliders begin at rest; only then, so that tails ring on as
        they were.
        """
        self._stream = ByteStream()
        self._returns = True
        if self._detection:
            self._detection.forget_notes()
        return self._voiced(self._receiver.release_all(time_s))

    def panic(self, time_s: float) -> list[TouchEvent]:
        """Silence everything at once and reset all controllers; zones and ranges stay."""
        if self._detection:
            self._detection.forget_notes()
        return self._voiced(self._receiver.panic(time_s))

    def set_manner(self, manner: Manner, zone: int | None = None) -> None:
        """Let the strikes to come be played in this manner.

        Parameters
        ----------
        manner
            What the zone's preset, or the player, wishes.
        zone
            Its `zone_number`; without it every zone.
        """
        first = zone_number(self._port, 0)
        for number in range(first, first + CHANNELS_PER_PORT) if zone is None else [zone]:
            self._set_mono(number, mono=manner.mono)
            self._relative_zones.discard(number - first)
            if manner.relative_slide:
                self._relative_zones.add(number - first)
        self._receiver.slide_from_landing(frozenset(self._relative_zones))

    def set_tuning(self, tuning: Tuning) -> None:
        """Tune the strikes to come."""
        self._receiver.tune(tuning.notes)

    def set_hand(self, hand: Hand | None) -> None:
        """Even the strikes to come by this hand, or by none; a touch keeps what it was struck with."""
        self._eveners = (Evener(hand), Evener(hand, relative_slide=True)) if hand else None

    def bind_macros(self, macro_controls: Sequence[int]) -> None:
        """Let these four controllers turn the macros from now on."""
        self._receiver.bind_macros(macro_controls)

    def let_macro_go(self, number: int) -> None:
        """Let whatever a controller says of a macro next count, as somebody else has turned it."""
        self._receiver.let_macro_go(number)

    def step_by(self, controls: StepControls) -> None:
        """Let these controllers and keys step through a setlist, and play nothing."""
        self._stepper = Stepper(controls)

    def touches(self) -> list[SoundingTouch]:
        """Every finger that sounds now, or that a pedal holds, as the controller says."""
        return self._receiver.touches()

    def configuration(self) -> list[bytes]:
        """Messages that bring another listener, of the same profile and mode, to what is in force.

        What nobody announced is left out: the other listener must find it out by itself too.
        """
        receiver = self._receiver
        is_certain = self._detection is None or self._detection.is_announced
        zones = receiver.configuration() if is_certain else receiver.changed_bend_ranges()
        return zones + receiver.fader_configuration()

    def _set_mono(self, zone: int, *, mono: bool) -> None:
        if legato := self._legatos.get(zone):
            legato.mono = mono
        elif mono:
            self._legatos[zone] = Legato(mono=True)

    def _voiced(self, events: list[TouchEvent]) -> list[TouchEvent]:
        """Even what the hand does, and play the touches of mono zones as one voice each."""
        if self._eveners or self._evened:
            events = [self._even(event) for event in events]
        if not self._legatos:
            return events
        return [told for event in events if (told := self._voice(event))]

    def _even(self, event: TouchEvent) -> TouchEvent:
        if event.kind > _LAST_OF_A_TOUCH:
            return event
        if event.kind is Kind.STRIKE and self._eveners:
            is_relative = event.zone - zone_number(self._port, 0) in self._relative_zones
            self._evened[event.touch] = EvenTouch(self._eveners[is_relative], event.time_s)
        touch = self._evened.get(event.touch)
        if event.kind is Kind.LIFT or event.kind is Kind.STOP:
            self._evened.pop(event.touch, None)
        return touch.apply(event) if touch else event

    def _voice(self, event: TouchEvent) -> TouchEvent | None:
        if event.kind is Kind.PANIC:
            for one in self._legatos.values():
                one.hear(event)
            return event
        legato = self._legatos.get(event.zone)
        return legato.hear(event) if legato else event

    def _detect(self, detection: Detection, message: bytes) -> None:
        is_certain = detection.hear(message)
        if detection.mode is not self._receiver.mode and (
            is_certain or not self._receiver.touches()
        ):
            self._receiver.become(detection.mode)
