"""Faders: a zone's volume, expression and macros, and the preset that it asks for."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from mapper.book import Book
from mapper.touch import Kind
from mapper.zones import Zone

N_MACROS: Final = 4
MODULATION: Final = 1
VOLUME: Final = 7
EXPRESSION: Final = 11
MACRO_CONTROLS: Final = (MODULATION, 17, 18, 19)
"""The modulation wheel and three general-purpose controllers."""


class Faders:
    """Obeys the controllers that shape a whole zone; each is told only when it changes.

    The level of a zone is the squares of volume and expression multiplied, as MIDI recommends, and
    1 until one of them is sent. `handlers` gives, by controller number, what takes a zone and the
    controller's value.
    """

    def __init__(self, book: Book, macro_controls: Sequence[int] = MACRO_CONTROLS) -> None:
        self._book = book
        self._macro_controls = tuple(macro_controls)
        self._volumes = [1.0] * 16
        self._expressions = [1.0] * 16
        self._levels = [1.0] * 16
        self._macros = [[0.0] * 16 for _ in range(N_MACROS)]
        self._told_macros: list[list[float | None]] = [[0.0] * 16 for _ in range(N_MACROS)]
        self.handlers: dict[int, Callable[[Zone, int], None]] = {}
        self.bind_macros(macro_controls)

    def bind_macros(self, macro_controls: Sequence[int]) -> None:
        """Let these four controllers turn the macros, which stay where they are."""
        self._macro_controls = tuple(macro_controls)
        self.handlers = {
            control: partial(self._turn, number) for number, control in enumerate(macro_controls)
        }
        self.handlers |= {VOLUME: self._set_volume, EXPRESSION: self._express}

    def let_macro_go(self, number: int) -> None:
        """Let whatever a controller says of a macro next count, as somebody else has turned it."""
        self._told_macros[number] = [None] * 16

    def reset(self, zone: Zone) -> None:
        """Obey Reset All Controllers: expression and modulation wheel; volume and knobs stay."""
        self._express(zone, 127)
        for number, control in enumerate(self._macro_controls):
            if control == MODULATION:
                self._turn(number, zone, 0)

    def configuration(self) -> list[bytes]:
        """Messages that bring other faders, at rest, to where these are."""
        control_values = [(VOLUME, self._volumes), (EXPRESSION, self._expressions)]
        at_rest = [1.0, 1.0] + [0.0] * N_MACROS
        control_values += zip(self._macro_controls, self._macros, strict=True)
        return [
            bytes((0xB0 | index, control, round(127 * value)))
            for (control, values), rest in zip(control_values, at_rest, strict=True)
            for index, value in enumerate(values)
            if value != rest
        ]

    def select(self, zone: Zone, program: int) -> None:
        """Ask for a preset."""
        self._book.tell_zone(Kind.PROGRAM, zone.index, touch=program)

    def _set_volume(self, zone: Zone, value: int) -> None:
        self._volumes[zone.index] = value / 127.0
        self._tell_level(zone.index)

    def _express(self, zone: Zone, value: int) -> None:
        self._expressions[zone.index] = value / 127.0
        self._tell_level(zone.index)

    def _tell_level(self, index: int) -> None:
        level = (self._volumes[index] * self._expressions[index]) ** 2
        if level != self._levels[index]:
            self._levels[index] = level
            self._book.tell_zone(Kind.LEVEL, index, press=level)

    def _turn(self, number: int, zone: Zone, value: int) -> None:
        macro = value / 127.0
        self._macros[number][zone.index] = macro
        if macro != self._told_macros[number][zone.index]:
            self._told_macros[number][zone.index] = macro
            self._book.tell_zone(Kind.MACRO, zone.index, touch=number, press=macro)
