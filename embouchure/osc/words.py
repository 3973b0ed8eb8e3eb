"""The words of OSC: each address that is understood, what it takes, and what it does."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from embouchure.errors import ProgramError
from embouchure.osc.notes import Notes
from mapper.surface import Finger, Phase


class Session(Protocol):
    """What OSC commands of a live session."""

    def select(self, preset: str, zone: int | None = None) -> None:
        """Select a preset."""

    def step(self, step: Any) -> None:  # noqa: ANN401
        """Go to the next preset, or back."""

    def set_macro(self, number: int, value: float) -> None:
        """Turn a macro, 1 to 4."""

    def set_cached(self, *, on: bool) -> None:
        """Take controls from caches."""

    def panic(self) -> None:
        """Silence everything."""


class Word(NamedTuple):
    """What an address takes, by name and kind, the optional ones last, and what it does.

    One that `takes_long` is done on a thread apart, so that no note waits for it; where the
    `newest_counts`, those that still wait for that thread are left out.
    """

    takes: tuple[tuple[str, type], ...]
    act: Callable[..., None]
    n_optional: int = 0
    takes_long: bool = False
    newest_counts: bool = False

    def say(self, address: str, arguments: Sequence[Any]) -> None:
        """Do it.

        Raises
        ------
        ProgramError
            When the arguments are not those it takes.
        """
        least = len(self.takes) - self.n_optional
        if not least <= len(arguments) <= len(self.takes):
            names = ", ".join(name for name, _ in self.takes) or "nothing"
            raise ProgramError(f"{address} takes {names}, not {len(arguments)} values")
        pairs = zip(self.takes, arguments, strict=False)
        self.act(*(_taken(address, *what, value) for what, value in pairs))


def _taken(address: str, name: str, kind: type, value: object) -> Any:  # noqa: ANN401
    """Take one argument; whole numbers and others stand for each other where nothing is lost."""
    if kind is str and isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is not str and is_number and math.isfinite(value):  # type: ignore[arg-type]
        number = kind(value)
        if number == value:
            return number
    wanted = {str: "a text", float: "a finite number", int: "a whole number"}[kind]
    raise ProgramError(f"{address}: {name} must be {wanted}, not {str(value)[:40]!r}")


ID: Final = ("id", int)


def words(session: Session, notes: Notes) -> Mapping[str, Word]:
    """List every address below `/embouchure` that is understood."""
    number = ("value", float)

    def touch(id_: int, note: float, *rest: float) -> None:
        glide, press, slide, strike = rest
        notes.touch(Finger(id_, Phase.MOVES, note, glide, press, slide, strike))

    def panic() -> None:
        notes.end_all()
        session.panic()

    return {
        "note/on": Word((ID, ("note", float), ("strike", float)), notes.on),
        "note/off": Word((ID,), notes.off),
        "note/press": Word((ID, number), partial(notes.move, "press")),
        "note/slide": Word((ID, number), partial(notes.move, "slide")),
        "note/glide": Word((ID, ("semitones", float)), partial(notes.move, "glide_semitones")),
        "touch": Word((ID, *((d, float) for d in TOUCH_ORDER)), touch),
        "notes/off": Word((), notes.end_all),
        "frm": Word((("counter", int),), lambda _: notes.count_frame()),
        "preset/load": Word((("name", str), ("zone", int)), session.select, 1),
        "preset/next": Word((), lambda: session.step(1)),
        "preset/prev": Word((), lambda: session.step(-1)),
        "macro": Word((("number", int), number), _macro(session)),
        "cached": Word((("on", int),), lambda on: session.set_cached(on=bool(on))),
        "panic": Word((), panic),
    }


TOUCH_ORDER: Final = ("note", "glide", "press", "slide", "strike")


def _macro(session: Session) -> Callable[[int, float], None]:
    def turn(number: int, value: float) -> None:
        if not 1 <= number <= 4:
            raise ProgramError(f"there is no macro {number}; turn one of 1 to 4")
        session.set_macro(number, min(1.0, max(0.0, value)))

    return turn
