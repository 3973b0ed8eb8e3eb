"""Detection: how a controller spreads its notes over channels, found out while it is played."""

from collections import deque
from typing import Final

from mapper.pedals import PEDAL_DOWN
from mapper.rpn import ZONE_SIZE, Parameter
from mapper.zones import LOWER, MAX_MEMBERS, UPPER, Mode

N_STRIKES: Final = 8
"""Strikes remembered: a controller that has changed its ways is believed after so many."""

_NOTE_OFF, _NOTE_ON, _POLY_PRESSURE, _CONTROL = 0x8, 0x9, 0xA, 0xB
_SUSTAIN, _SOSTENUTO, _SILENCE, _LIFT_ALL = 64, 66, 120, 123


class Detection:
    """Judges by whole channel messages; `mode` is its verdict so far.

    - A configuration message is certain: MPE, until both zones are switched off.
    - Notes held at once on channel 1 and on others, or a pedal down on several channels: a channel
      per note.
    - Notes on several of the channels 2-16: MPE.
    - Notes on one channel only: an ordinary keyboard if that is channel 1, or if two notes at once,
      a poly pressure or a pedal come there, which no MPE controller sends.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = mode
        self.is_announced = False
        self._held: list[set[int]] = [set() for _ in range(16)]
        self._strikes: deque[int] = deque(maxlen=N_STRIKES)
        self._pedals_down: set[tuple[int, int]] = set()
        self._parameters = {LOWER: Parameter(), UPPER: Parameter()}
        self._sizes = {LOWER: 0, UPPER: 0}

    def hear(self, message: bytes) -> bool:
        """Judge a message; return whether the verdict is certain and must count at once."""
        status, channel = message[0] >> 4, message[0] & 0x0F
        if status == _CONTROL:
            return self._hear_control(channel, message[1], message[2])
        if status == _NOTE_ON and message[2]:
            self._hear_strike(channel, message[1])
        elif status in {_NOTE_ON, _NOTE_OFF}:
            self._held[channel].discard(message[1])
        elif status == _POLY_PRESSURE:
            self._suspect_keyboard(channel)
        return False

    def forget_notes(self) -> None:
        """Take every key and pedal to be up."""
        for notes in self._held:
            notes.clear()
        self._pedals_down.clear()

    def _hear_strike(self, channel: int, note: int) -> None:
        is_second = bool(self._held[channel] - {note})
        self._held[channel].add(note)
        self._strikes.append(channel)
        if not self.is_announced:
            self._judge_strike(channel, is_second=is_second)

    def _judge_strike(self, channel: int, *, is_second: bool) -> None:
        others = self._held[1:] if channel == LOWER else self._held[:1]
        members = set(self._strikes) - {LOWER}
        if any(others):
            self.mode = Mode.CHANNEL_PER_NOTE
        elif self.mode is Mode.CHANNEL_PER_NOTE and not self._has_long_used_one_channel():
            return
        elif members and len(set(self._strikes)) > 1:
            self.mode = Mode.MPE
        elif not members or is_second:
            self.mode = Mode.ONE_CHANNEL

    def _has_long_used_one_channel(self) -> bool:
        return len(self._strikes) == N_STRIKES and len(set(self._strikes)) == 1

    def _suspect_keyboard(self, channel: int) -> None:
        is_only_one = set(self._strikes) == {channel}
        if is_only_one and not self.is_announced and self.mode is Mode.MPE:
            self.mode = Mode.ONE_CHANNEL

    def _hear_control(self, channel: int, control: int, value: int) -> bool:
        if control in {_SUSTAIN, _SOSTENUTO}:
            self._hear_pedal(channel, control, is_down=value >= PEDAL_DOWN)
        elif control in {_SILENCE, _LIFT_ALL}:
            self._hear_end(channel)
        elif parameter := self._parameters.get(channel):
            return self._hear_parameter(parameter, channel, control, value)
        return False

    def _hear_pedal(self, channel: int, control: int, *, is_down: bool) -> None:
        if not is_down:
            self._pedals_down.discard((control, channel))
            return
        self._pedals_down.add((control, channel))
        if not self.is_announced and sum(down == control for down, _ in self._pedals_down) > 1:
            self.mode = Mode.CHANNEL_PER_NOTE
        else:
            self._suspect_keyboard(channel)

    def _hear_end(self, channel: int) -> None:
        for notes in self._held if channel in self._parameters else [self._held[channel]]:
            notes.clear()

    def _hear_parameter(self, parameter: Parameter, channel: int, control: int, value: int) -> bool:
        match control:
            case 100:
                parameter.select_low(value)
            case 101:
                parameter.select_high(value)
            case 98 | 99:
                parameter.close()
            case 6 if parameter.number == ZONE_SIZE and value <= MAX_MEMBERS:
                self._announce(channel, value)
                return True
        return False

    def _announce(self, manager: int, n_members: int) -> None:
        """Believe a configuration message; the newest zone wins where two overlap."""
        other = LOWER + UPPER - manager
        self._sizes[manager] = n_members
        if n_members:
            self._sizes[other] = min(self._sizes[other], max(0, 14 - n_members))
        self.is_announced = any(self._sizes.values())
        self.mode = Mode.MPE if self.is_announced else Mode.ONE_CHANNEL
        self._strikes.clear()
        self.forget_notes()
